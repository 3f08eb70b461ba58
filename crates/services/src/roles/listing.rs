//! Roles page by page, and all that somebody has.

use model::{
    permission::Permission,
    realm::Realm,
    role::{Role, RoleContainer},
};
use store::roles::listing::Narrowed;

pub use store::roles::listing::ListedRole;

use super::viewers;
use crate::{
    Caller, Error, Result, Services, What,
    listing::{self, Direction, Listed, Page},
    role_mappings::Holder,
};

const VIEW_USERS: &[Permission] = &[Permission::ViewUsers, Permission::ManageUsers];

/// The most roles of somebody that are given.
pub const MOST: usize = 1_000;

/// Roles of the realm by name: those with `text` in their name or description.
///
/// # Errors
/// `Forbidden` without `view-realm` or `manage-realm`.
pub async fn page(
    services: &Services,
    caller: &Caller,
    realm: &Realm,
    text: Option<&str>,
    direction: Direction,
    page: Page,
) -> Result<Listed<ListedRole>> {
    caller.require(viewers(&RoleContainer::Realm))?;
    listed(services, realm, (true, false), text, direction, page).await
}

/// Roles of the realm and of its clients by name, as far as the caller may know them: those with `text` in their name,
/// their description or the `clientId`. Whoever sees users sees which roles they could have.
///
/// # Errors
/// `Forbidden` if the caller may know none.
pub async fn everywhere(
    services: &Services,
    caller: &Caller,
    realm: &Realm,
    text: Option<&str>,
    page: Page,
) -> Result<Listed<ListedRole>> {
    let users = caller.may(VIEW_USERS);
    let of_realm = users || caller.may(viewers(&RoleContainer::Realm));
    let of_clients = users || caller.may(&[Permission::ViewClients, Permission::ManageClients]);
    if !of_realm && !of_clients {
        return Err(Error::Forbidden);
    }
    listed(services, realm, (of_realm, of_clients), text, Direction::Ascending, page).await
}

async fn listed(
    services: &Services,
    realm: &Realm,
    (of_realm, of_clients): (bool, bool),
    text: Option<&str>,
    direction: Direction,
    page: Page,
) -> Result<Listed<ListedRole>> {
    let Ok(text) = listing::text(text) else { return Ok(Listed::empty()) };
    let narrowed = Narrowed { of_realm, of_clients, text: text.as_deref() };
    let mut searching = services.store.searching().await?;
    let (descending, first) = (direction.is_descending(), page.first());
    let found =
        store::roles::listing::listing(&mut searching, realm.id, narrowed, descending, first, page.asked()).await?;
    searching.end().await?;
    Ok(page.of(found))
}

/// Up to [`MOST`] roles that a user or group has, those granted to them first: directly, through groups, or as part of
/// such a role.
///
/// # Errors
/// `NotFound`, or `Forbidden` without `view-users` or `manage-users`.
pub async fn in_effect(
    services: &Services,
    caller: &Caller,
    realm: &Realm,
    holder: Holder<'_>,
) -> Result<Vec<ListedRole>> {
    caller.require(VIEW_USERS)?;
    let most = i64::try_from(MOST).unwrap_or(i64::MAX);
    let mut conn = services.store.read().await?;
    crate::role_mappings::require_holder(&mut conn, realm, holder).await?;
    Ok(store::roles::listing::in_effect(&mut conn, realm.id, holder, most).await?)
}

/// The `clientId` of a role's client.
///
/// # Errors
/// `NotFound` if the client is gone.
pub async fn client_of(services: &Services, realm: &Realm, role: &Role) -> Result<Option<String>> {
    match &role.container {
        RoleContainer::Realm => Ok(None),
        RoleContainer::Client(client) => {
            let name = store::roles::client_name(&mut *services.store.read().await?, realm.id, client).await?;
            name.map(Some).ok_or(Error::NotFound(What::Client))
        }
    }
}
