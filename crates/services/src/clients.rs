//! Clients: applications and registries.

mod brief;
mod change;
mod config;
mod examine;
pub(crate) mod import;
pub mod keys;
pub mod listing;
mod mend;
pub mod nodes;
mod secret;
pub(crate) mod service_account;

use std::collections::{BTreeMap, HashMap};

use model::{
    client::{Client, ClientSettings, OPENID_CONNECT},
    event::Operation,
    id::ClientId,
    permission::Permission,
    protocol_mapper::{MapperOwner, ProtocolMapper},
    realm::Realm,
    secret::Secret,
};
use representation::ClientRepresentation;
use store::{PgConnection, Tx, clients::Filter};

pub use self::{
    brief::{brief, find},
    config::{ClientConfig, ClientScopeConfig},
    examine::{examine, try_out},
    secret::{regenerate_secret, secret},
};
pub(crate) use self::{
    change::further_names,
    config::load,
    secret::{SECRET_CREATED, has_secret, open_secret, require_covers},
};
use crate::{
    Caller, Error, Result, Services, What,
    admin_events::{self, Resource},
    error::Found,
    mappers,
    realms::{client_in_master, given_id},
};

const MANAGE: &[Permission] = &[Permission::ManageClients];
const VIEW: &[Permission] = &[Permission::ViewClients, Permission::ManageClients];
const LIST: &[Permission] = &[Permission::ViewClients, Permission::ManageClients, Permission::QueryClients];

/// A client with its own mappers and, for those who may manage it, its secret.
#[derive(Debug)]
pub struct ClientView {
    /// The client.
    pub client: Client,
    /// Its own mappers.
    pub mappers: Vec<ProtocolMapper>,
    /// Its secret.
    pub secret: Option<Secret>,
}

/// What counts as another version of a client: its settings and its mappers.
#[must_use]
pub fn versioned<'a>(client: &'a Client, mappers: &'a [ProtocolMapper]) -> impl std::fmt::Debug + use<'a> {
    let mappers: BTreeMap<_, _> = mappers.iter().map(|mapper| (&mapper.id, mapper)).collect();
    (client, mappers)
}

async fn require_version(tx: &mut Tx, caller: &Caller, realm: &Realm, client: &Client) -> Result<()> {
    if caller.only_for.is_none() {
        return Ok(());
    }
    let mappers = store::mappers::list(tx, realm.id, &MapperOwner::Client(client.id.clone())).await?;
    caller.require_version(&versioned(client, &mappers))
}

async fn view(
    services: &Services,
    conn: &mut PgConnection,
    caller: &Caller,
    realm: &Realm,
    clients: Vec<Client>,
) -> Result<Vec<ClientView>> {
    if !caller.may(VIEW) {
        return Ok(clients
            .into_iter()
            .map(|client| ClientView { client, mappers: Vec::new(), secret: None })
            .collect());
    }
    let ids: Vec<_> = clients.iter().map(|client| client.id.clone()).collect();
    let mut mappers: HashMap<ClientId, Vec<ProtocolMapper>> = HashMap::new();
    for (owner, mapper) in store::mappers::of_clients(conn, realm.id, &ids).await? {
        if let MapperOwner::Client(client) = owner {
            mappers.entry(client).or_default().push(mapper);
        }
    }
    let mut sealed: HashMap<ClientId, String> = HashMap::new();
    if caller.may(MANAGE) {
        sealed.extend(store::clients::sealed_secrets(conn, realm.id, &ids).await?);
        // Whoever has the secret of an administrator's client is that administrator: such a secret is shown alone only,
        // to those who hold as much.
        for client in store::permissions::privileged_clients(conn, realm.id, &ids).await? {
            sealed.remove(&client);
        }
    }
    clients
        .into_iter()
        .map(|client| {
            let secret = secret::open_secret(services, realm.id, &client.id, sealed.remove(&client.id).as_deref())?;
            Ok(ClientView { mappers: mappers.remove(&client.id).unwrap_or_default(), client, secret })
        })
        .collect()
}

/// Clients that pass `filter`, by `clientId`. A caller who may only query sees them without settings that matter; secrets
/// of administrators' clients are not in a list.
///
/// # Errors
/// `Forbidden` without `query-clients`, `view-clients` or `manage-clients`.
pub async fn list(services: &Services, caller: &Caller, realm: &Realm, filter: &Filter) -> Result<Vec<ClientView>> {
    caller.require(LIST)?;
    let mut conn = services.store.read().await?;
    let mut clients = store::clients::list(&mut conn, realm.id, filter).await?;
    if let Some(name) = &filter.client_id
        && clients.is_empty()
        && realm.is_master()
    {
        client_in_master::ensure(services, realm, name).await?;
        clients = store::clients::list(&mut conn, realm.id, filter).await?;
    }
    view(services, &mut conn, caller, realm, clients).await
}

/// One client.
///
/// # Errors
/// `NotFound` to those who may list clients, else `Forbidden` without `view-clients` or `manage-clients`.
pub async fn get(services: &Services, caller: &Caller, realm: &Realm, id: &ClientId) -> Result<ClientView> {
    caller.require(LIST)?;
    let mut conn = services.store.read().await?;
    let client = store::clients::find(&mut conn, realm.id, id).await?.found(What::Client)?;
    caller.require(VIEW)?;
    let mut views = view(services, &mut conn, caller, realm, vec![client]).await?;
    let mut view = views.pop().found(What::Client)?;
    if view.secret.is_none()
        && caller.may(MANAGE)
        && secret::has_secret(&view.client)
        && secret::require_covers(&mut conn, caller, realm, id).await.is_ok()
    {
        let sealed = store::clients::sealed_secret(&mut conn, realm.id, id).await?;
        view.secret = secret::open_secret(services, realm.id, id, sealed.as_deref())?;
    }
    Ok(view)
}

/// Goes on only if there is such a client, for those who may know it.
///
/// # Errors
/// `NotFound`, or `Forbidden` without a permission on clients or on their authorization.
pub async fn require_there(services: &Services, caller: &Caller, realm: &Realm, id: &ClientId) -> Result<()> {
    if !caller.may(LIST) {
        caller.require(&[Permission::ViewAuthorization, Permission::ManageAuthorization])?;
    }
    store::clients::find(&mut *services.store.read().await?, realm.id, id).await?.found(What::Client).map(|_| ())
}

/// Makes a client with everything that belongs to it.
///
/// # Errors
/// `Conflict` for a taken name, `Invalid`, `NotFound` for a mapper's kind, or `Forbidden` without `manage-clients`.
pub async fn create(
    services: &Services,
    caller: &Caller,
    realm: &Realm,
    given: ClientRepresentation,
) -> Result<ClientId> {
    caller.require(MANAGE)?;
    let mut tx = services.configure(realm).await?;
    let client = insert(services, &mut tx, realm, given).await?;
    record(services, &mut tx, caller, realm, Operation::Create, &client).await?;
    let id = client.id;
    services.commit(tx).await?;
    Ok(id)
}

/// Makes a client within a transaction that makes more.
pub(crate) async fn insert(
    services: &Services,
    tx: &mut Tx,
    realm: &Realm,
    mut given: ClientRepresentation,
) -> Result<Client> {
    let id = ClientId(given_id(services, given.id.take())?);
    let given_mappers = given.protocol_mappers.take().unwrap_or_default();
    let given_secret = given.secret.take();
    let scopes = (given.default_client_scopes.take(), given.optional_client_scopes.take());
    let mut client = draft(id, given)?;
    change::check(services, &client)?;
    mappers::check_count(given_mappers.len())?;
    let own = given_mappers
        .into_iter()
        .map(|mapper| mappers::read(services, mapper, &client.protocol))
        .collect::<Result<Vec<_>>>()?;
    let sealed = match secret::has_secret(&client) {
        false => None,
        true => {
            let now = services.now().unix_timestamp().to_string();
            client.attributes.entry(secret::SECRET_CREATED.to_owned()).or_insert(now);
            let secret =
                given_secret.map_or_else(|| secret::new_secret(services), |given| Secret::new(given.into_inner()));
            Some(secret::seal(services, realm, &client.id, &secret)?)
        }
    };
    let names = change::further_names(services, &client);
    store::clients::insert(tx, &client, &names, sealed.as_deref(), services.now())
        .await
        .map_err(|error| change::taken(error.into(), &client))?;
    store::mappers::insert(tx, &MapperOwner::Client(client.id.clone()), &own).await.map_err(|error| {
        Error::from(error)
            .on_conflict("protocol_mappers_client", || Error::Conflict("Protocol mapper exists with same name".into()))
    })?;
    service_account::follow(services, tx, realm, &client, false).await?;
    assign_scopes(tx, &client, scopes).await?;
    Ok(client)
}

/// The client that a representation asks for, not yet checked.
fn draft(id: ClientId, given: ClientRepresentation) -> Result<Client> {
    let mut client = Client {
        client_id: id.0.clone(),
        id,
        protocol: OPENID_CONNECT.to_owned(),
        enabled: true,
        settings: initial_settings(&given),
        attributes: model::Attributes::new(),
        default_scopes: Vec::new(),
        optional_scopes: Vec::new(),
    };
    change::apply(&mut client, given)?;
    Ok(client)
}

async fn assign_scopes(
    tx: &mut Tx,
    client: &Client,
    (default, optional): (Option<Vec<String>>, Option<Vec<String>>),
) -> Result<()> {
    use model::client_scope::ScopeAssignment;
    if default.is_none() && optional.is_none() {
        return Ok(store::client_scopes::assign_defaults(tx, std::slice::from_ref(&client.id)).await?);
    }
    let default = default.unwrap_or_default();
    store::client_scopes::assign_by_name(tx, &client.id, &default, ScopeAssignment::Default).await?;
    let optional = optional.unwrap_or_default();
    Ok(store::client_scopes::assign_by_name(tx, &client.id, &optional, ScopeAssignment::Optional).await?)
}

/// What a client starts with depends on what the request says of it, as in Keycloak: one that names the protocol and
/// not whether it is public is public. Unlike Keycloak's, it does not take passwords unless the request says so (RFC 9700
/// section 2.4).
pub(crate) fn initial_settings(given: &ClientRepresentation) -> ClientSettings {
    let public = given.protocol.as_deref() == Some(OPENID_CONNECT)
        && given.public_client.is_none()
        && given.bearer_only.is_none();
    ClientSettings { public_client: public, ..ClientSettings::default() }
}

/// Changes a client. Absent fields stay; attributes are merged, an empty one is removed; mappers, if given, replace the
/// client's; client scopes have routes of their own.
///
/// # Errors
/// `NotFound`, `Conflict` for a taken name, `Invalid`, or `Forbidden` without `manage-clients`.
pub async fn update(
    services: &Services,
    caller: &Caller,
    realm: &Realm,
    id: &ClientId,
    given: ClientRepresentation,
) -> Result<()> {
    caller.require(MANAGE)?;
    let mut tx = services.configure(realm).await?;
    let client = store::clients::lock(&mut tx, id).await?.found(What::Client)?;
    secret::require_covers(&mut tx, caller, realm, id).await?;
    require_version(&mut tx, caller, realm, &client).await?;
    let client = apply(services, &mut tx, realm, client, given).await?;
    record(services, &mut tx, caller, realm, Operation::Update, &client).await?;
    services.commit(tx).await
}

/// Changes a client that is locked, within a larger change, and gives what it is then. Its client scopes stay.
pub(crate) async fn apply(
    services: &Services,
    tx: &mut Tx,
    realm: &Realm,
    mut client: Client,
    mut given: ClientRepresentation,
) -> Result<Client> {
    let had_account = client.settings.service_accounts_enabled;
    let mappers = given.protocol_mappers.take();
    let secret = given.secret.take().filter(|secret| secret.expose() != representation::MASK);
    change::apply(&mut client, given)?;
    change::check(services, &client)?;
    let names = change::further_names(services, &client);
    store::clients::update(tx, &client, &names).await.map_err(|error| change::taken(error.into(), &client))?;
    if let Some(mappers) = mappers {
        let owner = MapperOwner::Client(client.id.clone());
        mappers::synchronise(services, tx, realm, &owner, mappers, &client.protocol).await?;
    }
    if !secret::has_secret(&client) {
        store::clients::set_secret(tx, &client.id, None).await?;
    } else {
        let secret = match secret {
            Some(secret) => Some(Secret::new(secret.into_inner())),
            None if store::clients::sealed_secret(tx, realm.id, &client.id).await?.is_none() => {
                Some(secret::new_secret(services))
            }
            None => None,
        };
        if let Some(secret) = secret {
            let sealed = secret::seal(services, realm, &client.id, &secret)?;
            store::clients::set_secret(tx, &client.id, Some(&sealed)).await?;
        }
    }
    service_account::follow(services, tx, realm, &client, had_account).await?;
    Ok(client)
}

/// Removes a client with its roles, mappers and service account. Built-in clients stay.
///
/// # Errors
/// `NotFound`, `Refused` for a built-in client, or `Forbidden` without `manage-clients`.
pub async fn delete(services: &Services, caller: &Caller, realm: &Realm, id: &ClientId) -> Result<()> {
    caller.require(MANAGE)?;
    let mut tx = services.configure(realm).await?;
    let client = store::clients::lock(&mut tx, id).await?.found(What::Client)?;
    refuse_built_in(realm, &client)?;
    require_version(&mut tx, caller, realm, &client).await?;
    store::clients::delete(&mut tx, id).await?;
    record(services, &mut tx, caller, realm, Operation::Delete, &client).await?;
    services.commit(tx).await
}

/// Goes on only if the client may be removed.
pub(crate) fn refuse_built_in(realm: &Realm, client: &Client) -> Result<()> {
    let name = client.client_id.as_str();
    if crate::realms::built_in::is_built_in(realm, name) {
        return Err(Error::Refused(format!("The built-in client '{name}' can't be removed")));
    }
    Ok(())
}

/// The user that a client acts as when it acts for itself.
///
/// # Errors
/// `NotFound`, `Refused` if it has none, or `Forbidden` without `view-clients` or `manage-clients`.
pub async fn service_account_user(
    services: &Services,
    caller: &Caller,
    realm: &Realm,
    id: &ClientId,
) -> Result<model::user::User> {
    caller.require(VIEW)?;
    let mut conn = services.store.read().await?;
    store::clients::find(&mut conn, realm.id, id).await?.found(What::Client)?;
    let user = store::users::find_service_account(&mut conn, realm.id, id)
        .await?
        .ok_or_else(|| Error::Refused(format!("Service account not enabled for the client '{id}'")))?;
    crate::users::as_seen(services, realm, vec![user]).await?.pop().found(What::Client)
}

async fn record(
    services: &Services,
    tx: &mut Tx,
    caller: &Caller,
    realm: &Realm,
    operation: Operation,
    client: &Client,
) -> Result<()> {
    let path = format!("clients/{}", client.id);
    let shown = ClientRepresentation::of(client, &[]);
    let resource = Resource { kind: "CLIENT", path: &path };
    admin_events::record(services, tx, caller, realm, operation, resource, Some(&shown)).await
}
