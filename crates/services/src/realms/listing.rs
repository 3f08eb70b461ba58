//! The realms of an administrator, page by page.

use store::{PgConnection, permissions::Reach};

pub use store::realms::listing::ListedRealm;

use crate::{
    Caller, Result, Services,
    listing::{self, Direction, Listed, Page},
};

/// The realms that a caller may see: those that the caller holds a permission on, which for administrators of another
/// realm than master can only be their own.
pub(crate) async fn reach(conn: &mut PgConnection, caller: &Caller) -> Result<Reach> {
    let Some(user) = &caller.user else { return Ok(Reach { everywhere: true, realms: Vec::new() }) };
    let mut reach = store::permissions::reach_of_user(conn, caller.realm, user).await?;
    if !caller.of_master {
        let own = reach.everywhere || reach.realms.contains(&caller.realm);
        reach = Reach { everywhere: false, realms: own.then_some(caller.realm).into_iter().collect() };
    }
    Ok(reach)
}

/// The realms that the caller holds any permission on, by name: those with `text` in their names. None for a caller
/// without any permission.
///
/// # Errors
/// If the database fails.
pub async fn page(
    services: &Services,
    caller: &Caller,
    text: Option<&str>,
    direction: Direction,
    page: Page,
) -> Result<Listed<ListedRealm>> {
    let Ok(text) = listing::text(text) else { return Ok(Listed::empty()) };
    let mut searching = services.store.searching().await?;
    let reach = reach(&mut searching, caller).await?;
    let among = (!reach.everywhere).then_some(reach.realms.as_slice());
    let (descending, first) = (direction.is_descending(), page.first());
    let found =
        store::realms::listing::listing(&mut searching, text.as_deref(), among, descending, first, page.asked())
            .await?;
    searching.end().await?;
    Ok(page.of(found))
}
