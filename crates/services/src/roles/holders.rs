//! Who was given a role directly.

use model::{permission::Permission, realm::Realm, user::User};

use super::{Address, reach, viewers};
use crate::{Caller, Result, Services, groups::ListedGroup};

const VIEW_USERS: &[Permission] = &[Permission::ViewUsers, Permission::ManageUsers];

/// The users that were given a role themselves, by name.
///
/// # Errors
/// `NotFound`, or `Forbidden` as for [`super::list`] or without `view-users` or `manage-users`.
pub async fn users(
    services: &Services,
    caller: &Caller,
    realm: &Realm,
    address: &Address,
    first: i64,
    max: Option<i64>,
) -> Result<Vec<User>> {
    caller.require(VIEW_USERS)?;
    let mut searching = services.store.searching().await?;
    let role = reach(&mut searching, caller, realm, address, viewers).await?;
    let users = store::roles::holders::users(&mut searching, realm.id, &role.id, first, max).await?;
    searching.end().await?;
    crate::users::as_seen(services, realm, users).await
}

/// The groups that were given a role themselves, by name; each with its own roles if `with_roles`.
///
/// # Errors
/// As of [`users`].
pub async fn groups(
    services: &Services,
    caller: &Caller,
    realm: &Realm,
    address: &Address,
    with_roles: bool,
    (first, max): (i64, Option<i64>),
) -> Result<Vec<ListedGroup>> {
    caller.require(VIEW_USERS)?;
    let mut conn = services.store.read().await?;
    let role = reach(&mut conn, caller, realm, address, viewers).await?;
    let groups = store::roles::holders::groups(&mut conn, realm.id, &role.id, first, max).await?;
    crate::groups::listed(&mut conn, realm, groups, with_roles).await
}
