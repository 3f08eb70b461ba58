//! What a client would get, for administrators who look into its scopes: the mappers that take part, the roles that tokens
//! may carry, and example tokens.

use std::collections::BTreeSet;

use model::{
    client_scope::ScopeAssignment,
    id::{ClientId, UserId},
    permission::Permission,
    protocol_mapper::ProtocolMapper,
    realm::Realm,
    role::{Role, RoleContainer},
    subject::Subject,
    user::User,
};
use representation::ClientRepresentation;
use serde_json::Value;

use crate::{
    Caller, Error, Result, Services, What,
    access::LOOK_INTO,
    cache,
    clients::{ClientConfig, ClientScopeConfig},
    error::Found,
    subjects,
};

const VIEW: &[Permission] = &[Permission::ViewClients, Permission::ManageClients];

/// What is to be made.
#[derive(Clone, Copy, Debug)]
pub enum Example<'a> {
    /// An access token, for these audiences alone if there are any.
    AccessToken(&'a [&'a str]),
    /// An ID token.
    IdToken,
    /// The answer of userinfo.
    UserInfo,
}

/// What OpenID Connect would make of a client. The rules don't know protocols, so the server hands this in.
pub trait Examples: Send + Sync + 'static {
    /// The claims that a client would get for a user.
    ///
    /// # Errors
    /// A sentence for the administrator, if it would get nothing.
    fn example(
        &self,
        services: &Services,
        realm: &Realm,
        config: &ClientConfig,
        who: (&User, &Subject),
        what: Example<'_>,
        scope: Option<&str>,
    ) -> std::result::Result<Value, String>;

    /// The client that a document in the protocol's own words describes. None if it is none.
    fn describe(&self, realm: &Realm, description: &Value)
    -> Option<std::result::Result<ClientRepresentation, String>>;
}

/// A mapper that takes part, and whose it is.
#[derive(Clone, Debug)]
pub struct Applying {
    /// The mapper.
    pub mapper: ProtocolMapper,
    /// The id of the client or client scope.
    pub container: String,
    /// Its name.
    pub container_name: String,
    /// It is a client scope.
    pub of_scope: bool,
}

async fn config(services: &Services, realm: &Realm, id: &ClientId) -> Result<std::sync::Arc<ClientConfig>> {
    let client = store::clients::find(&mut *services.store.read().await?, realm.id, id).await?.found(What::Client)?;
    cache::client(services, realm, &client.client_id).await?.found(What::Client)
}

/// The client scopes that apply if `scope` is asked for: the default ones, and those on request that it names.
fn applying<'a>(config: &'a ClientConfig, scope: &str) -> impl Iterator<Item = &'a ClientScopeConfig> {
    let asked: BTreeSet<String> = scope.split_ascii_whitespace().map(str::to_owned).collect();
    config
        .scopes
        .iter()
        .filter(move |scope| scope.assignment == ScopeAssignment::Default || asked.contains(&scope.name))
}

/// The mappers that take part in tokens of a client.
///
/// # Errors
/// `NotFound`, or `Forbidden` without `view-clients` or `manage-clients`.
pub async fn mappers(
    services: &Services,
    caller: &Caller,
    realm: &Realm,
    id: &ClientId,
    scope: &str,
) -> Result<Vec<Applying>> {
    caller.require(VIEW)?;
    let config = config(services, realm, id).await?;
    let own = config.own_mappers.iter().map(|mapper| Applying {
        mapper: mapper.clone(),
        container: config.client.id.0.clone(),
        container_name: config.client.client_id.clone(),
        of_scope: false,
    });
    let of_scopes = applying(&config, scope).flat_map(|scope| {
        scope.mappers.iter().map(|mapper| Applying {
            mapper: mapper.clone(),
            container: scope.id.0.clone(),
            container_name: scope.name.clone(),
            of_scope: true,
        })
    });
    Ok(own.chain(of_scopes).collect())
}

/// The roles of the realm (`container` is its name or its id) or of a client that tokens of a client may carry, or those
/// that they may not.
///
/// # Errors
/// `NotFound` for the client or the container, or `Forbidden` without `view-clients` or `manage-clients`.
pub async fn roles(
    services: &Services,
    caller: &Caller,
    realm: &Realm,
    id: &ClientId,
    container: &str,
    scope: &str,
    granted: bool,
) -> Result<Vec<Role>> {
    caller.require(VIEW)?;
    let config = config(services, realm, id).await?;
    let mut conn = services.store.read().await?;
    let (container, of_client) = match container == realm.name || container == realm.given_id {
        true => (RoleContainer::Realm, None),
        false => {
            let id = ClientId(container.to_owned());
            let client = store::clients::find(&mut conn, realm.id, &id).await?.found(What::RoleContainer)?;
            (RoleContainer::Client(id), Some(client.client_id))
        }
    };
    let all = store::roles::list(&mut conn, realm.id, &container, None, 0, None).await?;
    let mapped: BTreeSet<&str> = config
        .scope_roles
        .iter()
        .chain(applying(&config, scope).flat_map(|scope| &scope.roles))
        .filter(|role| role.client == of_client)
        .map(|role| role.name.as_str())
        .collect();
    // A client's own roles are always within its scope.
    let all_are = config.client.settings.full_scope_allowed || of_client.as_deref() == Some(&config.client.client_id);
    Ok(all.into_iter().filter(|role| (all_are || mapped.contains(role.name.as_str())) == granted).collect())
}

/// An example of what a client would get for a user.
///
/// # Errors
/// `NotFound` for the client or the user, `Refused` with the reason if it would get nothing, or `Forbidden` without
/// permission to view clients and users.
pub async fn example(
    services: &Services,
    caller: &Caller,
    realm: &Realm,
    id: &ClientId,
    user: &UserId,
    what: Example<'_>,
    scope: Option<&str>,
) -> Result<Value> {
    for either in LOOK_INTO {
        caller.require(either)?;
    }
    let config = config(services, realm, id).await?;
    if config.client.protocol != model::client::OPENID_CONNECT {
        return Err(Error::Refused(format!(
            "The client '{}' gets no tokens of OpenID Connect",
            config.client.client_id
        )));
    }
    let mut conn = services.store.read().await?;
    let user = store::users::find(&mut conn, realm.id, user).await?.found(What::User)?;
    let subject = subjects::load(&mut conn, realm.id, &user).await?;
    services.examples.example(services, realm, &config, (&user, &subject), what, scope).map_err(Error::Refused)
}

/// Reads the description of a client: as Keycloak's representation, or as metadata of OpenID Connect.
///
/// # Errors
/// `Refused` for anything else, or `Forbidden` without `manage-clients`.
pub fn describe(services: &Services, caller: &Caller, realm: &Realm, text: &str) -> Result<ClientRepresentation> {
    caller.require(&[Permission::ManageClients])?;
    let unsupported = || Error::Refused("Unsupported format".to_owned());
    let description: Value = serde_json::from_str(text.trim()).or(Err(unsupported()))?;
    match services.examples.describe(realm, &description) {
        Some(described) => described.map_err(Error::Refused),
        None if description.get("clientId").is_some() => {
            representation::parse(text.as_bytes()).map_err(|error| Error::Refused(error.to_string()))
        }
        None => Err(unsupported()),
    }
}
