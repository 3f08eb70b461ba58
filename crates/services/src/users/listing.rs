//! The users of a realm, page by page, in an order of one's own.
//!
//! Everybody can be walked through in every order, by an index for each. What a search finds is in the order of names; if it
//! is not too much, it is put into another order here.

use model::{realm::Realm, user::User};
use store::users::search::{Filter, everybody};

pub use store::users::search::Order;

use super::{QUERY, Query, Shown, VIEW, shown};
use crate::{
    Caller, Result, Services,
    listing::{Direction, Listed, Page},
};

/// Up to so many users that a search finds are put into another order than that of their names.
pub const SORTED: usize = 500;

/// A page of users.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Users {
    /// The page.
    pub page: Listed<Shown>,
    /// More than [`SORTED`] users were found, so that they come by name instead of in the order that was asked for.
    pub by_name_instead: bool,
}

/// The users that a query finds. Who may query users only, but not view them, sees none.
///
/// # Errors
/// `Forbidden` without `query-users`, `view-users` or `manage-users`; `Invalid` if the query can't be understood.
pub async fn page(
    services: &Services,
    caller: &Caller,
    realm: &Realm,
    query: &Query,
    (order, direction): (Order, Direction),
    page: Page,
) -> Result<Users> {
    caller.require(QUERY)?;
    let Some(filter) = query.filter()?.filter(|_| caller.may(VIEW)) else {
        return Ok(Users { page: Listed::empty(), by_name_instead: false });
    };
    let (first, asked) = (page.first(), page.asked());
    let mut searching = services.store.searching().await?;
    let mut by_name_instead = false;
    let found = if (order, direction) == (Order::Username, Direction::Ascending) {
        page.of(store::users::search::list(&mut searching, realm.id, &filter, first, Some(asked)).await?)
    } else if (Filter { people_only: true, ..filter.clone() }) == (Filter { people_only: true, ..Filter::default() }) {
        page.of(everybody(&mut searching, realm.id, (order, direction.is_descending()), first, asked).await?)
    } else {
        let most = i64::try_from(SORTED).unwrap_or(i64::MAX).saturating_add(1);
        let mut found = store::users::search::list(&mut searching, realm.id, &filter, 0, Some(most)).await?;
        by_name_instead = found.len() > SORTED;
        if by_name_instead {
            page.of(store::users::search::list(&mut searching, realm.id, &filter, first, Some(asked)).await?)
        } else {
            sort(&mut found, order);
            if direction.is_descending() {
                found.reverse();
            }
            page.cut(found)
        }
    };
    let rows = shown(services, &mut searching, realm, found.rows).await?;
    searching.end().await?;
    Ok(Users { page: Listed { rows, more: found.more }, by_name_instead })
}

/// Puts users into an order, as the indexes of the database have it: what is not there comes last.
fn sort(users: &mut [User], order: Order) {
    let folded = |text: &Option<String>| (text.is_none(), text.as_ref().map(|text| text.to_lowercase()));
    match order {
        Order::Username => users.sort_by(|one, other| one.username.cmp(&other.username)),
        Order::Email => users.sort_by_cached_key(|user| folded(&user.email)),
        Order::FirstName => users.sort_by_cached_key(|user| folded(&user.first_name)),
        Order::LastName => users.sort_by_cached_key(|user| folded(&user.last_name)),
        Order::Created => users.sort_by_key(|user| user.created),
    }
}
