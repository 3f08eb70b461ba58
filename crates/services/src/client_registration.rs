//! Clients that register and manage themselves (RFC 7591, RFC 7592), with Keycloak's tokens and policies.
//!
//! Who asks is found out by [`admit`]; everything else takes what it gives, so that nothing is done for a caller who was
//! not looked at. What a caller may do is decided by the kind of token: an initial access token registers so many
//! clients, a registration access token manages the one client that it was given for and is good until the next change,
//! an administrator's token does what the administrator may do. Whoever comes without a token meets the policies for
//! strangers, which a new realm keeps closed.
//!
//! Policies and rules judge the client as it would be afterwards, within the transaction that makes it so.

mod admission;
pub mod attributes;
mod policies;
mod refusal;
mod rules;
mod scopes;
pub(crate) mod tokens;

use std::sync::Arc;

use model::{
    client::{Client, OPENID_CONNECT},
    event::Operation,
    id::ClientId,
    permission::Permission,
    protocol_mapper::{MapperOwner, ProtocolMapper},
    realm::Realm,
    secret::Secret,
};
use representation::ClientRepresentation;
use store::Tx;

pub(crate) use self::policies::{check as check_policy, default_components};
pub use self::{
    admission::{Action, Admitted, Registrant, admit},
    policies::{PROVIDER_TYPE, PROVIDERS},
    refusal::{Refusal, Result},
};
use self::{policies::State, rules::Strictness, tokens::Signer};
use crate::{
    Caller, Error, Services, What,
    admin_events::{self, Resource},
    cache,
    clients::{self, ClientConfig},
    error::Found as _,
    random,
};

/// How a client came to be registered: its later changes meet the policies for that.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// By somebody without a token.
    Anonymous,
    /// With a token of an administrator, or one that an administrator made.
    Authenticated,
}

impl Access {
    /// Keycloak's word, which is also the sub type of the policies.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Anonymous => "anonymous",
            Self::Authenticated => "authenticated",
        }
    }

    fn parse(text: &str) -> Self {
        if text == "authenticated" { Self::Authenticated } else { Self::Anonymous }
    }
}

/// In whose words a client is described.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// RFC 7591's, in which every redirect URI is one address.
    Standard,
    /// Keycloak's own.
    Keycloak,
}

/// A client as its registrant may see it.
#[derive(Debug)]
pub struct Registered {
    /// The client with its mappers and client scopes.
    pub config: Arc<ClientConfig>,
    /// Its secret, if it has one and the registrant may see it.
    pub secret: Option<Secret>,
    /// The registration access token that is good from now on, for those who hold one.
    pub token: Option<Secret>,
}

/// Registers a client.
///
/// # Errors
/// If the token is good for no more clients, the client can't be as it is described, or a policy is against it. Nothing
/// is counted then.
pub async fn register(
    services: &Services,
    realm: &Realm,
    admitted: &Admitted,
    dialect: Dialect,
    mut given: ClientRepresentation,
) -> Result<Registered> {
    rules::restrict(&mut given, &admitted.registrant);
    admitted.policies.shape(&mut given);
    if given.public_client.unwrap_or_else(|| clients::initial_settings(&given).public_client) {
        rules::require_pkce(&mut given);
    }
    let signer = Signer::of(services, realm).await?;
    let mut tx = services.configure(realm).await?;
    if let Registrant::InitialAccess { id, .. } = &admitted.registrant {
        use_once(services, &mut tx, realm, id).await?;
    }
    let wanted = scopes::of_new(&mut tx, realm, &mut given).await?;
    let client = clients::insert(services, &mut tx, realm, given).await?;
    let after = state(&mut tx, realm, client).await?;
    scopes::require_all(wanted, &after.client)?;
    let strictness = Strictness::of(&admitted.registrant, dialect);
    rules::judge(strictness, None, &after)?;
    admitted.policies.judge(&mut tx, realm, None, &after).await?;
    let token = new_token(services, &mut tx, &signer, &after.client, admitted.policies.access()).await?;
    services.commit(tx).await?;
    shown(services, realm, &after.client.client_id, Some(token)).await
}

/// Counts the initial access token down. Of several requests at once, as many go on as the token is good for.
async fn use_once(services: &Services, tx: &mut Tx, realm: &Realm, id: &str) -> Result<()> {
    if store::initial_access_tokens::use_once(tx, id, services.now()).await? {
        return Ok(());
    }
    let stored = store::initial_access_tokens::find(tx, realm.id, id).await?;
    let why = stored.and_then(|stored| tokens::exhausted(services, &stored));
    Err(why.unwrap_or(Refusal::InvalidToken("Initial Access Token not found")))
}

/// The client that the caller was admitted to. `token` is what the caller showed: a registration access token stays
/// good.
///
/// # Errors
/// If the client's secret can't be opened.
pub async fn read(
    services: &Services,
    realm: &Realm,
    admitted: &Admitted,
    token: Option<&Secret>,
) -> Result<Registered> {
    let config = admitted.client()?;
    let (secret, token) = match &admitted.registrant {
        Registrant::Client { .. } => (secret(services, realm, config)?, token.cloned()),
        Registrant::Administrator(caller) => {
            (clients::get(services, caller, realm, &config.client.id).await?.secret, None)
        }
        Registrant::Anonymous | Registrant::InitialAccess { .. } => (None, None),
    };
    Ok(Registered { config: Arc::clone(config), secret, token })
}

fn secret(services: &Services, realm: &Realm, config: &ClientConfig) -> Result<Option<Secret>> {
    match clients::has_secret(&config.client) {
        true => Ok(config.secret(services, realm)?.cloned()),
        false => Ok(None),
    }
}

/// Changes the client that the caller was admitted to. A registration access token is spent by that; the answer has the
/// next one.
///
/// # Errors
/// If the token was spent meanwhile, the client can't be as it is described, or a policy is against it.
pub async fn update(
    services: &Services,
    realm: &Realm,
    admitted: &Admitted,
    dialect: Dialect,
    mut given: ClientRepresentation,
) -> Result<Registered> {
    let known = &admitted.client()?.client;
    if given.client_id.as_ref() != Some(&known.client_id) {
        return Err(Refusal::InvalidMetadata("Client Identifier modified".to_owned()));
    }
    rules::restrict(&mut given, &admitted.registrant);
    let signer = Signer::of(services, realm).await?;
    let mut tx = services.configure(realm).await?;
    let before = locked(&mut tx, realm, admitted, known).await?;
    if given.public_client.unwrap_or(before.client.settings.public_client) {
        rules::require_pkce(&mut given);
    }
    let wanted = scopes::of_known(&mut given, &before.client)?;
    let changed = clients::apply(services, &mut tx, realm, before.client.clone(), given).await?;
    if let Some(wanted) = &wanted {
        scopes::assign(&mut tx, &changed, wanted).await?;
    }
    let after = state(&mut tx, realm, changed).await?;
    scopes::require_all(wanted, &after.client)?;
    let strictness = Strictness::of(&admitted.registrant, dialect);
    rules::judge(strictness, Some(&before), &after)?;
    admitted.policies.judge(&mut tx, realm, Some(&before), &after).await?;
    let token = match &admitted.registrant {
        Registrant::Client { access, .. } => Some(new_token(services, &mut tx, &signer, &after.client, *access).await?),
        _ => None,
    };
    services.commit(tx).await?;
    shown(services, realm, &after.client.client_id, token).await
}

/// Removes the client that the caller was admitted to.
///
/// # Errors
/// If the token was spent meanwhile, or the client is a built-in one.
pub async fn remove(services: &Services, realm: &Realm, admitted: &Admitted) -> Result<()> {
    let mut tx = services.configure(realm).await?;
    let client = locked(&mut tx, realm, admitted, &admitted.client()?.client).await?.client;
    clients::refuse_built_in(realm, &client)?;
    store::clients::delete(&mut tx, &client.id).await?;
    Ok(services.commit(tx).await?)
}

/// Reads the client anew, and goes on only if the caller may still do something to it. Nobody else changes it until the
/// transaction ends: of two requests with one registration access token, the second one finds it spent.
async fn locked(tx: &mut Tx, realm: &Realm, admitted: &Admitted, known: &Client) -> Result<State> {
    let client = store::clients::lock(tx, &known.id).await?.ok_or(Refusal::NotFound)?;
    match &admitted.registrant {
        Registrant::Client { id, .. } => {
            let good = store::clients::registration_token(tx, realm.id, &client.id).await?;
            if good.as_ref() != Some(id) || !client.enabled {
                return Err(admission::NOT_AUTHORIZED_TO_UPDATE);
            }
        }
        Registrant::Administrator(caller) => clients::require_covers(tx, caller, realm, &client.id).await?,
        Registrant::Anonymous | Registrant::InitialAccess { .. } => return Err(admission::NOT_AUTHORIZED_TO_UPDATE),
    }
    let mappers = mappers(tx, realm, &client).await?;
    Ok(State { client, mappers })
}

async fn mappers(tx: &mut Tx, realm: &Realm, client: &Client) -> Result<Vec<ProtocolMapper>> {
    Ok(store::mappers::list(tx, realm.id, &MapperOwner::Client(client.id.clone())).await?)
}

/// A client as it stands in the transaction.
async fn state(tx: &mut Tx, realm: &Realm, client: Client) -> Result<State> {
    let client = store::clients::find(tx, realm.id, &client.id).await?.ok_or(Refusal::NotFound)?;
    let mappers = mappers(tx, realm, &client).await?;
    Ok(State { client, mappers })
}

/// Gives a client another registration access token, as an administrator who hands it to the client.
///
/// # Errors
/// `NotFound`, `Refused` for a client of another protocol, or `Forbidden` without `manage-clients` or if the client's
/// service account may do more than the caller: whoever holds the token learns the client's secret.
pub async fn regenerate_token(
    services: &Services,
    caller: &Caller,
    realm: &Realm,
    id: &ClientId,
) -> crate::Result<Secret> {
    caller.require(&[Permission::ManageClients])?;
    let signer = Signer::of(services, realm).await?;
    let mut tx = services.configure(realm).await?;
    let client = store::clients::lock(&mut tx, id).await?.found(What::Client)?;
    clients::require_covers(&mut tx, caller, realm, id).await?;
    if client.protocol != OPENID_CONNECT {
        return Err(Error::Refused("Only clients of OpenID Connect manage themselves".to_owned()));
    }
    let token = new_token(services, &mut tx, &signer, &client, Access::Authenticated).await?;
    let path = format!("clients/{id}/registration-access-token");
    let resource = Resource { kind: "CLIENT", path: &path };
    admin_events::record::<()>(services, &mut tx, caller, realm, Operation::Action, resource, None).await?;
    services.commit(tx).await?;
    Ok(token)
}

/// Makes another registration access token the only one that is good for a client.
async fn new_token(
    services: &Services,
    tx: &mut Tx,
    signer: &Signer,
    client: &Client,
    access: Access,
) -> crate::Result<Secret> {
    let id = random::hexadecimal(&*services.random);
    store::clients::set_registration_token(tx, &client.id, Some(&id)).await?;
    signer.registration_access(client, &id, access)
}

async fn shown(services: &Services, realm: &Realm, client_id: &str, token: Option<Secret>) -> Result<Registered> {
    let config = cache::client(services, realm, client_id).await?.ok_or(Refusal::NotFound)?;
    Ok(Registered { secret: secret(services, realm, &config)?, config, token })
}
