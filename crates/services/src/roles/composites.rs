//! What composite roles are made of.

use model::{
    event::Operation,
    id::{ClientId, RoleId},
    realm::Realm,
    role::{Role, RoleContainer, RoleName},
};
use representation::{Composites, RoleRepresentation};
use store::{PgConnection, Tx};

pub use store::roles::composites::Parts;

use super::{Address, input, lock, managers, or_gone, reach, record, require_container, viewers};
use crate::{Caller, Error, Result, Services, What, administrators::require_covers_roles};

/// The roles that a role directly contains, by name; those whose name contains `search`.
///
/// # Errors
/// `NotFound` if the role or the client of `parts` is missing, or `Forbidden` as for [`super::list`].
pub async fn list(
    services: &Services,
    caller: &Caller,
    realm: &Realm,
    address: &Address,
    parts: Parts<'_>,
    search: Option<&str>,
    (first, max): (i64, Option<i64>),
) -> Result<Vec<Role>> {
    let mut conn = services.store.read().await?;
    let role = reach(&mut conn, caller, realm, address, viewers).await?;
    if let Parts::Client(client) = parts {
        require_container(&mut conn, realm, &RoleContainer::Client(client.clone())).await?;
    }
    if !search.is_none_or(input::is_askable) {
        return Ok(Vec::new());
    }
    Ok(store::roles::composites::list(&mut conn, realm.id, &role.id, parts, search, first, max).await?)
}

/// All roles that a role directly contains, and the clients that define any of them with their `clientId`s.
///
/// # Errors
/// `NotFound` if the role is missing, or `Forbidden` as for [`super::list`].
pub async fn all(
    services: &Services,
    caller: &Caller,
    realm: &Realm,
    address: &Address,
) -> Result<(Vec<Role>, Vec<(ClientId, String)>)> {
    let mut conn = services.store.read().await?;
    let role = reach(&mut conn, caller, realm, address, viewers).await?;
    let parts = store::roles::composites::list(&mut conn, realm.id, &role.id, Parts::All, None, 0, None).await?;
    let clients = store::role_mappings::clients_of(&mut conn, realm.id, &parts).await?;
    Ok((parts, clients))
}

/// Makes roles, given by their ids, parts of a role.
///
/// # Errors
/// `NotFound` if the role or one of the given ones is missing, or `Forbidden` if the caller may not manage the role and
/// each of the given ones, or one of them brings more than the caller holds.
pub async fn add(
    services: &Services,
    caller: &Caller,
    realm: &Realm,
    address: &Address,
    given: Vec<RoleRepresentation>,
) -> Result<()> {
    let mut tx = services.configure(realm).await?;
    let role = lock(&mut tx, caller, realm, address).await?;
    let parts = chosen(&mut tx, realm, &given).await?;
    let ids: Vec<_> = parts.iter().map(|part| part.id.clone()).collect();
    for part in &parts {
        caller.require(managers(&part.container))?;
    }
    require_covers_roles(&mut tx, caller, realm, &ids).await?;
    let pairs: Vec<_> = ids.into_iter().map(|part| (role.id.clone(), part)).collect();
    or_gone(store::roles::add_composites(&mut tx, &pairs).await, What::CompositeRole)?;
    record_parts(services, &mut tx, caller, realm, Operation::Create, (&role, address), &given).await?;
    services.commit(tx).await
}

/// Takes roles, given by their ids, out of a role.
///
/// # Errors
/// `NotFound` if the role or one of the given ones is missing, or `Forbidden` if the caller may not manage the role or
/// it brings more than the caller holds.
pub async fn remove(
    services: &Services,
    caller: &Caller,
    realm: &Realm,
    address: &Address,
    given: Vec<RoleRepresentation>,
) -> Result<()> {
    let mut tx = services.configure(realm).await?;
    let role = lock(&mut tx, caller, realm, address).await?;
    let parts: Vec<_> = chosen(&mut tx, realm, &given).await?.into_iter().map(|part| part.id).collect();
    store::roles::remove_composites(&mut tx, &role.id, &parts).await?;
    record_parts(services, &mut tx, caller, realm, Operation::Delete, (&role, address), &given).await?;
    services.commit(tx).await
}

async fn record_parts(
    services: &Services,
    tx: &mut Tx,
    caller: &Caller,
    realm: &Realm,
    operation: Operation,
    (role, address): (&Role, &Address),
    given: &Vec<RoleRepresentation>,
) -> Result<()> {
    let path = format!("{}/composites", address.path());
    record(services, tx, caller, realm, operation, (role, &path), Some(given)).await
}

/// The roles that a request gives by their ids. All of them have to be there.
async fn chosen(conn: &mut PgConnection, realm: &Realm, given: &[RoleRepresentation]) -> Result<Vec<Role>> {
    input::role_count(given.len())?;
    let mut ids = given
        .iter()
        .map(|role| role.id.clone().filter(|id| input::is_askable(id)).map(RoleId))
        .collect::<Option<Vec<_>>>()
        .ok_or(Error::NotFound(What::CompositeRole))?;
    ids.sort_unstable();
    ids.dedup();
    let roles = store::roles::find_many(conn, realm.id, &ids).await?;
    if roles.len() == ids.len() { Ok(roles) } else { Err(Error::NotFound(What::CompositeRole)) }
}

/// The roles that a new role names as its parts, for a caller who may hand them on.
pub(super) async fn named(
    conn: &mut PgConnection,
    caller: &Caller,
    realm: &Realm,
    given: Composites,
) -> Result<Vec<RoleId>> {
    let of_realm = given.realm.unwrap_or_default().into_iter().map(|name| RoleName { client: None, name });
    let of_clients = given.client.unwrap_or_default().into_iter().chain(given.application.unwrap_or_default());
    let of_clients = of_clients
        .flat_map(|(client, names)| names.into_iter().map(move |name| RoleName { client: Some(client.clone()), name }));
    let mut names: Vec<RoleName> = of_realm.chain(of_clients).collect();
    if names.is_empty() {
        return Ok(Vec::new());
    }
    input::role_count(names.len())?;
    names.sort_unstable();
    names.dedup();
    for RoleName { client, name } in &names {
        let container = match client {
            None => RoleContainer::Realm,
            Some(client) => RoleContainer::Client(ClientId(client.clone())),
        };
        caller.require(managers(&container))?;
        if !client.iter().chain([name]).all(|text| input::is_askable(text)) {
            return Err(Error::NotFound(What::CompositeRole));
        }
    }
    let found = store::roles::find_by_names(conn, realm.id, &names).await?;
    if found.len() != names.len() {
        return Err(Error::NotFound(What::CompositeRole));
    }
    let ids: Vec<_> = found.into_iter().map(|(_, id)| id).collect();
    require_covers_roles(conn, caller, realm, &ids).await?;
    Ok(ids)
}
