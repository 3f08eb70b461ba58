//! The groups that every new user of a realm joins.

use model::{event::Operation, id::GroupId, permission::Permission, realm::Realm};
use representation::GroupRepresentation;

use super::{GroupInTree, find, record};
use crate::{Caller, Result, Services, What, administrators::require_covers_roles, roles::or_gone};

/// The groups that every new user joins, by name.
///
/// # Errors
/// `Forbidden` without `view-realm` or `manage-realm`.
pub async fn list(services: &Services, caller: &Caller, realm: &Realm) -> Result<Vec<GroupInTree>> {
    caller.require(&[Permission::ViewRealm, Permission::ManageRealm])?;
    Ok(store::groups::default_groups(&mut *services.store.read().await?, realm.id).await?)
}

/// Lets every new user join a group.
///
/// # Errors
/// `NotFound`, or `Forbidden` without `manage-realm` or if the group brings more than the caller holds.
pub async fn add(services: &Services, caller: &Caller, realm: &Realm, id: &GroupId) -> Result<()> {
    caller.require(&[Permission::ManageRealm])?;
    let mut tx = services.configure(realm).await?;
    find(&mut tx, realm, id, What::Membership).await?;
    let roles = store::users::memberships::roles_of_groups(&mut tx, realm.id, std::slice::from_ref(id)).await?;
    require_covers_roles(&mut tx, caller, realm, &roles).await?;
    or_gone(store::groups::defaults::add(&mut tx, std::slice::from_ref(id)).await, What::Membership)?;
    let path = format!("default-groups/{id}");
    record::<GroupRepresentation>(services, &mut tx, caller, realm, Operation::Create, &path, None).await?;
    services.commit(tx).await
}

/// No longer lets every new user join a group.
///
/// # Errors
/// `NotFound`, or `Forbidden` without `manage-realm`.
pub async fn remove(services: &Services, caller: &Caller, realm: &Realm, id: &GroupId) -> Result<()> {
    caller.require(&[Permission::ManageRealm])?;
    let mut tx = services.configure(realm).await?;
    find(&mut tx, realm, id, What::Membership).await?;
    store::groups::defaults::remove(&mut tx, id).await?;
    let path = format!("default-groups/{id}");
    record::<GroupRepresentation>(services, &mut tx, caller, realm, Operation::Delete, &path, None).await?;
    services.commit(tx).await
}
