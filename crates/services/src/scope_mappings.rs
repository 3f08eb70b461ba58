//! Scope mappings: the roles that tokens of a client without full scope may carry, mapped to the client itself or to one
//! of its client scopes.

pub(crate) mod import;

use model::{
    client::Client,
    event::Operation,
    id::{ClientId, ClientScopeId},
    permission::Permission,
    protocol_mapper::MapperOwner,
    realm::Realm,
    role::{Role, RoleContainer},
};
use representation::RoleRepresentation;
use store::{PgConnection, Tx};

use crate::{
    Caller, Result, Services, What,
    admin_events::{self, Resource},
    administrators::require_covers_roles,
    error::Found,
    role_mappings::{Selection, chosen},
    roles::{input, or_gone, require_container},
};

const VIEW: &[Permission] = &[Permission::ViewClients, Permission::ManageClients];
const MANAGE: &[Permission] = &[Permission::ManageClients];

/// Goes on only if the owner is there; gives the client if it is one.
async fn require_owner(conn: &mut PgConnection, realm: &Realm, owner: &MapperOwner) -> Result<Option<Client>> {
    match owner {
        MapperOwner::Client(id) => {
            let client = match input::is_askable(id.as_str()) {
                true => store::clients::find(conn, realm.id, id).await?,
                false => None,
            };
            client.found(What::Client).map(Some)
        }
        MapperOwner::ClientScope(id) => {
            let scope = match input::is_askable(id.as_str()) {
                true => store::client_scopes::find(conn, realm.id, id).await?,
                false => None,
            };
            scope.found(What::ClientScope).map(|_| None)
        }
    }
}

/// All roles mapped to a client or client scope, and the clients that define any of them with their `clientId`s.
///
/// # Errors
/// `NotFound`, or `Forbidden` without `view-clients` or `manage-clients`.
pub async fn all(
    services: &Services,
    caller: &Caller,
    realm: &Realm,
    owner: &MapperOwner,
) -> Result<(Vec<Role>, Vec<(ClientId, String)>)> {
    caller.require(VIEW)?;
    let mut conn = services.store.read().await?;
    require_owner(&mut conn, realm, owner).await?;
    let roles = store::scope_mappings::direct(&mut conn, realm.id, owner, None).await?;
    let clients = store::role_mappings::clients_of(&mut conn, realm.id, &roles).await?;
    Ok((roles, clients))
}

/// The roles of a realm or client that are or could be in the scope of a client or client scope, by name.
///
/// # Errors
/// `NotFound` if the owner or the roles' client is missing, or `Forbidden` without `view-clients` or `manage-clients`.
pub async fn list(
    services: &Services,
    caller: &Caller,
    realm: &Realm,
    owner: &MapperOwner,
    container: &RoleContainer,
    selection: Selection,
) -> Result<Vec<Role>> {
    caller.require(VIEW)?;
    let mut conn = services.store.read().await?;
    let client = require_owner(&mut conn, realm, owner).await?;
    require_container(&mut conn, realm, container).await?;
    Ok(match selection {
        Selection::Direct => store::scope_mappings::direct(&mut conn, realm.id, owner, Some(container)).await?,
        Selection::Available => store::scope_mappings::available(&mut conn, realm.id, owner, container).await?,
        Selection::Effective => {
            let full = client.is_some_and(|client| client.settings.full_scope_allowed);
            store::scope_mappings::effective(&mut conn, realm.id, owner, container, full).await?
        }
    })
}

/// Maps roles of a realm or client to a client or client scope.
///
/// # Errors
/// `NotFound` if the owner, the roles' client or a role is missing, or `Forbidden` without `manage-clients` or if a role
/// brings more than the caller holds: whoever runs the client gets tokens that carry it.
pub async fn add(
    services: &Services,
    caller: &Caller,
    realm: &Realm,
    owner: &MapperOwner,
    container: &RoleContainer,
    given: Vec<RoleRepresentation>,
) -> Result<()> {
    caller.require(MANAGE)?;
    let mut tx = services.configure(realm).await?;
    require_owner(&mut tx, realm, owner).await?;
    require_container(&mut tx, realm, container).await?;
    let roles = chosen(&mut tx, realm, container, &given).await?;
    require_covers_roles(&mut tx, caller, realm, &roles).await?;
    or_gone(store::scope_mappings::add(&mut tx, owner, &roles).await, What::MappedRole)?;
    record(services, &mut tx, caller, realm, Operation::Create, (owner, container), &given).await?;
    services.commit(tx).await
}

/// Takes roles of a realm or client out of the scope of a client or client scope; all of them if none are given.
///
/// # Errors
/// As of [`add`].
pub async fn remove(
    services: &Services,
    caller: &Caller,
    realm: &Realm,
    owner: &MapperOwner,
    container: &RoleContainer,
    given: Option<Vec<RoleRepresentation>>,
) -> Result<()> {
    caller.require(MANAGE)?;
    let mut tx = services.configure(realm).await?;
    require_owner(&mut tx, realm, owner).await?;
    require_container(&mut tx, realm, container).await?;
    let (roles, given) = match given {
        Some(given) => (chosen(&mut tx, realm, container, &given).await?, given),
        None => {
            let roles = store::scope_mappings::direct(&mut tx, realm.id, owner, Some(container)).await?;
            let shown = roles.iter().map(|role| RoleRepresentation::brief(role, realm)).collect();
            (roles.into_iter().map(|role| role.id).collect(), shown)
        }
    };
    require_covers_roles(&mut tx, caller, realm, &roles).await?;
    store::scope_mappings::remove(&mut tx, owner, &roles).await?;
    record(services, &mut tx, caller, realm, Operation::Delete, (owner, container), &given).await?;
    services.commit(tx).await
}

async fn record(
    services: &Services,
    tx: &mut Tx,
    caller: &Caller,
    realm: &Realm,
    operation: Operation,
    (owner, container): (&MapperOwner, &RoleContainer),
    given: &Vec<RoleRepresentation>,
) -> Result<()> {
    let owner = match owner {
        MapperOwner::Client(ClientId(id)) => format!("clients/{id}"),
        MapperOwner::ClientScope(ClientScopeId(id)) => format!("client-scopes/{id}"),
    };
    let (kind, path) = match container {
        RoleContainer::Realm => ("REALM_SCOPE_MAPPING", format!("{owner}/scope-mappings/realm")),
        RoleContainer::Client(client) => ("CLIENT_SCOPE_MAPPING", format!("{owner}/scope-mappings/clients/{client}")),
    };
    admin_events::record(services, tx, caller, realm, operation, Resource { kind, path: &path }, Some(given)).await
}
