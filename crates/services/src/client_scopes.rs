//! Client scopes: which there are, which clients have them, and which new clients get.

pub(crate) mod import;

use model::{
    Attributes,
    client_scope::{ClientScope, ScopeAssignment},
    event::Operation,
    id::{ClientId, ClientScopeId},
    permission::Permission,
    protocol_mapper::{MapperOwner, ProtocolMapper},
    realm::Realm,
};
use representation::ClientScopeRepresentation;

use crate::{
    Caller, Error, Result, Services, What,
    admin_events::{self, Resource},
    error::{Found, OnConflict},
    mappers,
    realms::{given_id, given_name},
};

const MANAGE: &[Permission] = &[Permission::ManageClients];
const VIEW: &[Permission] = &[Permission::ViewClients, Permission::ManageClients];

/// All client scopes of a realm, each with its mappers.
///
/// # Errors
/// `Forbidden` without `view-clients` or `manage-clients`.
pub async fn list(
    services: &Services,
    caller: &Caller,
    realm: &Realm,
) -> Result<Vec<(ClientScope, Vec<ProtocolMapper>)>> {
    caller.require(VIEW)?;
    let mut conn = services.store.read().await?;
    let scopes = store::client_scopes::list(&mut conn, realm.id).await?;
    let mut mappers = store::mappers::of_client_scopes(&mut conn, realm.id).await?;
    let with_mappers = |scope: ClientScope| {
        let owner = MapperOwner::ClientScope(scope.id.clone());
        let own = mappers.extract_if(.., |(of, _)| *of == owner).map(|(_, mapper)| mapper).collect();
        (scope, own)
    };
    Ok(scopes.into_iter().map(with_mappers).collect())
}

/// One client scope with its mappers.
///
/// # Errors
/// `NotFound`, or `Forbidden` without `view-clients` or `manage-clients`.
pub async fn get(
    services: &Services,
    caller: &Caller,
    realm: &Realm,
    id: &ClientScopeId,
) -> Result<(ClientScope, Vec<ProtocolMapper>)> {
    caller.require(VIEW)?;
    let mut conn = services.store.read().await?;
    let scope = store::client_scopes::find(&mut conn, realm.id, id).await?.found(What::ClientScope)?;
    let mappers = store::mappers::list(&mut conn, realm.id, &MapperOwner::ClientScope(id.clone())).await?;
    Ok((scope, mappers))
}

fn check(services: &Services, scope: &ClientScope) -> Result<()> {
    if services.protocols.get(&scope.protocol).is_none() {
        return Err(Error::Refused("Unexpected protocol".to_owned()));
    }
    let name = &scope.name;
    if name.chars().any(|letter| letter.is_whitespace() || letter == '"' || letter == '\\') {
        return Err(Error::Refused(format!("Unexpected name \"{name}\" for ClientScope")));
    }
    Ok(())
}

fn taken(name: &str) -> impl Fn() -> String {
    let text = format!("Client Scope {name} already exists");
    move || text.clone()
}

/// Makes a client scope with its mappers.
///
/// # Errors
/// `Conflict` for a taken name, `Invalid`, `Refused`, or `Forbidden` without `manage-clients`.
pub async fn create(
    services: &Services,
    caller: &Caller,
    realm: &Realm,
    given: ClientScopeRepresentation,
) -> Result<ClientScope> {
    caller.require(MANAGE)?;
    let scope = ClientScope {
        id: ClientScopeId(given_id(services, given.id)?),
        name: given_name("name", given.name.unwrap_or_default())?,
        description: given.description,
        protocol: given.protocol.unwrap_or_else(|| model::client::OPENID_CONNECT.to_owned()),
        attributes: given.attributes.unwrap_or_default(),
    };
    check(services, &scope)?;
    let given_mappers = given.protocol_mappers.unwrap_or_default();
    mappers::check_count(given_mappers.len())?;
    let own = given_mappers
        .into_iter()
        .map(|mapper| mappers::read(services, mapper, &scope.protocol))
        .collect::<Result<Vec<_>>>()?;
    let mut tx = services.configure(realm).await?;
    store::client_scopes::insert(&mut tx, std::slice::from_ref(&scope))
        .await
        .on_conflict("client_scopes_name", taken(&scope.name))
        .map_err(|error| error.on_conflict("client_scopes_pkey", || Error::Conflict(taken(&scope.name)())))?;
    store::mappers::insert(&mut tx, &MapperOwner::ClientScope(scope.id.clone()), &own).await?;
    record(services, &mut tx, caller, realm, Operation::Create, &scope).await?;
    services.commit(tx).await?;
    Ok(scope)
}

/// Changes a client scope. Attributes are merged, an empty one is removed; mappers have routes of their own.
///
/// # Errors
/// `NotFound`, `Conflict` for a taken name, `Refused`, or `Forbidden` without `manage-clients`.
pub async fn update(
    services: &Services,
    caller: &Caller,
    realm: &Realm,
    id: &ClientScopeId,
    given: ClientScopeRepresentation,
) -> Result<()> {
    caller.require(MANAGE)?;
    let mut tx = services.configure(realm).await?;
    let mut scope = store::client_scopes::find(&mut tx, realm.id, id).await?.found(What::ClientScope)?;
    caller.require_version(&scope)?;
    if let Some(name) = given.name {
        scope.name = given_name("name", name)?;
    }
    scope.description = given.description.or(scope.description);
    scope.protocol = given.protocol.unwrap_or(scope.protocol);
    merge(&mut scope.attributes, given.attributes.unwrap_or_default());
    check(services, &scope)?;
    store::client_scopes::update(&mut tx, &scope).await.on_conflict("client_scopes_name", taken(&scope.name))?;
    record(services, &mut tx, caller, realm, Operation::Update, &scope).await?;
    services.commit(tx).await
}

/// Merges attributes as Keycloak's updates do: an empty text removes one.
pub(crate) fn merge(attributes: &mut Attributes, given: Attributes) {
    attributes.extend(given);
    attributes.retain(|_, value| !value.is_empty());
}

/// Removes a client scope, also from every client that has it.
///
/// # Errors
/// `NotFound`, or `Forbidden` without `manage-clients`.
pub async fn delete(services: &Services, caller: &Caller, realm: &Realm, id: &ClientScopeId) -> Result<()> {
    caller.require(MANAGE)?;
    let mut tx = services.configure(realm).await?;
    let scope = store::client_scopes::find(&mut tx, realm.id, id).await?.found(What::ClientScope)?;
    caller.require_version(&scope)?;
    store::client_scopes::delete(&mut tx, id).await?;
    record(services, &mut tx, caller, realm, Operation::Delete, &scope).await?;
    services.commit(tx).await
}

/// The client scopes of a client in one assignment.
///
/// # Errors
/// `NotFound`, or `Forbidden` without `view-clients` or `manage-clients`.
pub async fn of_client(
    services: &Services,
    caller: &Caller,
    realm: &Realm,
    client: &ClientId,
    assignment: ScopeAssignment,
) -> Result<Vec<ClientScope>> {
    caller.require(VIEW)?;
    let mut conn = services.store.read().await?;
    store::clients::find(&mut conn, realm.id, client).await?.found(What::Client)?;
    Ok(store::client_scopes::of_client(&mut conn, realm.id, client, assignment).await?)
}

/// Gives a client a client scope, or takes it away if `assignment` is none.
///
/// # Errors
/// `NotFound`, or `Forbidden` without `manage-clients`.
pub async fn assign(
    services: &Services,
    caller: &Caller,
    realm: &Realm,
    client: &ClientId,
    id: &ClientScopeId,
    assignment: Option<ScopeAssignment>,
) -> Result<()> {
    caller.require(MANAGE)?;
    let mut tx = services.configure(realm).await?;
    let found = store::clients::find(&mut tx, realm.id, client).await?.found(What::Client)?;
    let scope = store::client_scopes::find(&mut tx, realm.id, id).await?.found(What::ClientScope)?;
    let operation = match assignment {
        Some(_) if scope.protocol != found.protocol => {
            return Err(Error::Refused(format!(
                "The client scope '{}' is for {}, the client for {}",
                scope.name, scope.protocol, found.protocol
            )));
        }
        Some(assignment) => {
            store::client_scopes::assign(&mut tx, client, id, assignment).await?;
            Operation::Create
        }
        None => {
            store::client_scopes::unassign(&mut tx, client, id).await?;
            Operation::Delete
        }
    };
    let path = format!("clients/{client}/default-client-scopes/{id}");
    let resource = Resource { kind: "CLIENT_SCOPE_CLIENT_MAPPING", path: &path };
    admin_events::record::<()>(services, &mut tx, caller, realm, operation, resource, None).await?;
    services.commit(tx).await
}

/// The client scopes that new clients get in one assignment.
///
/// # Errors
/// `Forbidden` without `view-clients` or `manage-clients`.
pub async fn defaults(
    services: &Services,
    caller: &Caller,
    realm: &Realm,
    assignment: ScopeAssignment,
) -> Result<Vec<ClientScope>> {
    caller.require(VIEW)?;
    Ok(store::client_scopes::defaults(&mut *services.store.read().await?, realm.id, assignment).await?)
}

/// Makes a client scope one that new clients get, or no longer if `assignment` is none.
///
/// # Errors
/// `NotFound`, or `Forbidden` without `manage-clients`.
pub async fn set_default(
    services: &Services,
    caller: &Caller,
    realm: &Realm,
    id: &ClientScopeId,
    assignment: Option<ScopeAssignment>,
) -> Result<()> {
    caller.require(MANAGE)?;
    let mut tx = services.configure(realm).await?;
    store::client_scopes::find(&mut tx, realm.id, id).await?.found(What::ClientScope)?;
    let operation = match assignment {
        Some(assignment) => {
            store::client_scopes::set_defaults(&mut tx, &[(id.clone(), assignment)]).await?;
            Operation::Create
        }
        None => {
            store::client_scopes::remove_default(&mut tx, id).await?;
            Operation::Delete
        }
    };
    let path = format!("default-default-client-scopes/{id}");
    let resource = Resource { kind: "CLIENT_SCOPE", path: &path };
    admin_events::record::<()>(services, &mut tx, caller, realm, operation, resource, None).await?;
    services.commit(tx).await
}

async fn record(
    services: &Services,
    tx: &mut store::Tx,
    caller: &Caller,
    realm: &Realm,
    operation: Operation,
    scope: &ClientScope,
) -> Result<()> {
    let path = format!("client-scopes/{}", scope.id);
    let shown = ClientScopeRepresentation::of(scope, &[]);
    let resource = Resource { kind: "CLIENT_SCOPE", path: &path };
    admin_events::record(services, tx, caller, realm, operation, resource, Some(&shown)).await
}
