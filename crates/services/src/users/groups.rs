//! The groups of a user.

use model::{
    event::Operation,
    id::{GroupId, UserId},
    permission::Permission,
    realm::Realm,
};
use representation::GroupRepresentation;
use store::{
    Tx,
    groups::GroupInTree,
    users::{memberships, search::containing},
};

use super::{VIEW, existing, locked};
use crate::{
    Caller, Error, Result, Services, What,
    admin_events::{self, Resource},
    administrators::{require_covers_roles, require_covers_user},
};

/// The longest text to search for, in bytes.
const MAX_SEARCH: usize = 1_024;

/// The pattern of a search; none of the groups can have a text that is none.
fn pattern(search: Option<&str>) -> Result<Option<String>> {
    match search.map(str::trim).filter(|search| !search.is_empty()) {
        Some(search) if search.len() > MAX_SEARCH || search.contains('\0') => {
            Err(Error::invalid("search", "The search can't be understood"))
        }
        search => Ok(search.map(containing)),
    }
}

/// The groups that a user is a direct member of, by name; only those with `search` in their name.
///
/// # Errors
/// `Forbidden` without `view-users` or `manage-users`, `NotFound` if there is no such user.
pub async fn groups(
    services: &Services,
    caller: &Caller,
    realm: &Realm,
    user: &UserId,
    search: Option<&str>,
    first: i64,
    max: Option<i64>,
) -> Result<Vec<GroupInTree>> {
    caller.require(VIEW)?;
    let pattern = pattern(search)?;
    let mut conn = services.store.read().await?;
    existing(&mut conn, realm, user).await?;
    Ok(memberships::list(&mut conn, realm.id, user, pattern.as_deref(), first, max).await?)
}

/// How many groups a user is a direct member of.
///
/// # Errors
/// As [`groups`].
pub async fn count_groups(
    services: &Services,
    caller: &Caller,
    realm: &Realm,
    user: &UserId,
    search: Option<&str>,
) -> Result<i64> {
    caller.require(VIEW)?;
    let pattern = pattern(search)?;
    let mut conn = services.store.read().await?;
    existing(&mut conn, realm, user).await?;
    Ok(memberships::count(&mut conn, realm.id, user, pattern.as_deref()).await?)
}

/// Makes a user a member of a group.
///
/// # Errors
/// `Forbidden` without `manage-users` or if the group brings more than the caller has, `NotFound` if the user or the
/// group is missing.
pub async fn join(services: &Services, caller: &Caller, realm: &Realm, user: &UserId, group: &GroupId) -> Result<()> {
    caller.require(&[Permission::ManageUsers])?;
    let mut tx = services.store.begin(realm.id).await?;
    locked(&mut tx, user).await?;
    require_group(&mut tx, realm, group).await?;
    let roles = memberships::roles_of_groups(&mut tx, realm.id, std::slice::from_ref(group)).await?;
    require_covers_roles(&mut tx, caller, realm, &roles).await?;
    memberships::join(&mut tx, user, std::slice::from_ref(group)).await?;
    record(services, &mut tx, caller, realm, Operation::Create, user, group).await?;
    services.commit(tx).await
}

/// Ends a membership.
///
/// # Errors
/// `Forbidden` without `manage-users` or if the user may do more than the caller, `NotFound` if the user or the group
/// is missing.
pub async fn leave(services: &Services, caller: &Caller, realm: &Realm, user: &UserId, group: &GroupId) -> Result<()> {
    caller.require(&[Permission::ManageUsers])?;
    let mut tx = services.store.begin(realm.id).await?;
    locked(&mut tx, user).await?;
    require_group(&mut tx, realm, group).await?;
    require_covers_user(&mut tx, caller, realm, user).await?;
    if memberships::leave(&mut tx, user, group).await? {
        record(services, &mut tx, caller, realm, Operation::Delete, user, group).await?;
    }
    services.commit(tx).await
}

async fn require_group(tx: &mut Tx, realm: &Realm, group: &GroupId) -> Result<()> {
    let fits = group.0.len() <= model::id::MAX_ID_LENGTH && !group.0.contains('\0');
    if fits && memberships::exists(tx, realm.id, group).await? {
        Ok(())
    } else {
        Err(Error::NotFound(What::Membership))
    }
}

async fn record(
    services: &Services,
    tx: &mut Tx,
    caller: &Caller,
    realm: &Realm,
    operation: Operation,
    user: &UserId,
    group: &GroupId,
) -> Result<()> {
    let resource = Resource { kind: "GROUP_MEMBERSHIP", path: &format!("users/{user}/groups/{group}") };
    let shown = GroupRepresentation { id: Some(group.0.clone()), ..GroupRepresentation::default() };
    admin_events::record(services, tx, caller, realm, operation, resource, Some(&shown)).await
}
