//! Which users are in a group. A membership brings the roles of the group and of those above it.

use model::{
    event::Operation,
    id::{GroupId, UserId},
    realm::Realm,
    user::User,
};
use representation::GroupRepresentation;
use store::{Tx, users::memberships};

use super::{MANAGE, VIEW, find};
use crate::{
    Caller, Error, Result, Services, What,
    admin_events::{self, Resource},
    administrators::require_covers_roles,
    error::Found,
    roles::{input, or_gone},
};

/// The users that are in a group themselves, by name.
///
/// # Errors
/// `NotFound`, or `Forbidden` without `view-users` or `manage-users`.
pub async fn list(
    services: &Services,
    caller: &Caller,
    realm: &Realm,
    group: &GroupId,
    first: i64,
    max: Option<i64>,
) -> Result<Vec<User>> {
    caller.require(VIEW)?;
    let mut searching = services.store.searching().await?;
    find(&mut searching, realm, group, What::Group).await?;
    let users = store::groups::members::list(&mut searching, realm.id, group, first, max).await?;
    searching.end().await?;
    crate::users::as_seen(services, realm, users).await
}

/// Puts a user into a group.
///
/// # Errors
/// `NotFound`, or `Forbidden` without `manage-users` or if the membership brings more than the caller holds.
pub async fn add(services: &Services, caller: &Caller, realm: &Realm, group: &GroupId, user: &UserId) -> Result<()> {
    let mut tx = begin(services, caller, realm, group, user).await?;
    or_gone(memberships::join(&mut tx, user, std::slice::from_ref(group)).await, What::Group)?;
    end(services, caller, realm, (group, user), tx, Operation::Create).await
}

/// Takes a user out of a group.
///
/// # Errors
/// As of [`add`].
pub async fn remove(services: &Services, caller: &Caller, realm: &Realm, group: &GroupId, user: &UserId) -> Result<()> {
    let mut tx = begin(services, caller, realm, group, user).await?;
    memberships::leave(&mut tx, user, group).await?;
    end(services, caller, realm, (group, user), tx, Operation::Delete).await
}

async fn begin(services: &Services, caller: &Caller, realm: &Realm, group: &GroupId, user: &UserId) -> Result<Tx> {
    caller.require(MANAGE)?;
    let mut tx = services.store.begin(realm.id).await?;
    find(&mut tx, realm, group, What::Group).await?;
    if !input::is_askable(user.as_str()) {
        return Err(Error::NotFound(What::User));
    }
    store::users::find(&mut tx, realm.id, user).await?.found(What::User)?;
    let roles = memberships::roles_of_groups(&mut tx, realm.id, std::slice::from_ref(group)).await?;
    require_covers_roles(&mut tx, caller, realm, &roles).await?;
    Ok(tx)
}

async fn end(
    services: &Services,
    caller: &Caller,
    realm: &Realm,
    (group, user): (&GroupId, &UserId),
    mut tx: Tx,
    operation: Operation,
) -> Result<()> {
    let path = format!("users/{user}/groups/{group}");
    let resource = Resource { kind: "GROUP_MEMBERSHIP", path: &path };
    admin_events::record::<GroupRepresentation>(services, &mut tx, caller, realm, operation, resource, None).await?;
    services.commit(tx).await
}
