//! Who asks for a registration, and whether they may.

use std::sync::Arc;

use model::{client::OPENID_CONNECT, permission::Permission, realm::Realm, secret::Secret};

use super::{
    Access,
    policies::Policies,
    refusal::{Refusal, Result},
    tokens::{self, Presented},
};
use crate::{Caller, Origin, Services, administrators, cache, clients::ClientConfig};

const CREATE: &[Permission] = &[Permission::CreateClient, Permission::ManageClients];
const VIEW: &[Permission] = &[Permission::ViewClients, Permission::ManageClients];
const MANAGE: &[Permission] = &[Permission::ManageClients];

const NOT_AUTHORIZED_TO_VIEW: Refusal =
    Refusal::InvalidToken("Not authorized to view client. Not valid token or client credentials provided.");
pub(super) const NOT_AUTHORIZED_TO_UPDATE: Refusal =
    Refusal::InvalidToken("Not authorized to update client. Maybe missing token or bad token type.");

/// The longest `clientId` that is looked for, in bytes.
const MAX_CLIENT_ID: usize = 255;

/// What a caller wants to do; to the client with this `clientId` if it is about one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action<'a> {
    /// Register a client.
    Register,
    /// See it.
    View(&'a str),
    /// Change it.
    Update(&'a str),
    /// Remove it.
    Remove(&'a str),
}

/// Who asks.
#[derive(Clone, Debug)]
pub enum Registrant {
    /// Somebody without a token.
    Anonymous,
    /// The holder of an initial access token.
    InitialAccess {
        /// Its id.
        id: String,
        /// The origins of pages that may use it.
        origins: Vec<String>,
    },
    /// The client itself, or whoever registered it: the holder of its registration access token.
    Client {
        /// The token's id.
        id: String,
        /// How the client was registered.
        access: Access,
    },
    /// An administrator.
    Administrator(Caller),
}

/// A caller who may do what they ask for.
#[derive(Debug)]
pub struct Admitted {
    /// Who it is.
    pub registrant: Registrant,
    /// The policies that apply to them.
    pub policies: Policies,
    client: Option<Arc<ClientConfig>>,
}

impl Admitted {
    /// The client that it is about.
    ///
    /// # Errors
    /// `NotFound` if the action was about none.
    pub fn client(&self) -> Result<&Arc<ClientConfig>> {
        self.client.as_ref().ok_or(Refusal::NotFound)
    }

    /// How the client is or was registered.
    #[must_use]
    pub fn access(&self) -> Access {
        self.policies.access()
    }
}

/// Finds out who asks and goes on only if they may. Nothing is counted or spent yet.
///
/// # Errors
/// If the token isn't good, its holder may not do this, or the client isn't there.
pub async fn admit(
    services: &Services,
    realm: &Realm,
    token: Option<&Secret>,
    action: Action<'_>,
    origin: &Origin,
) -> Result<Admitted> {
    let registrant = match token {
        None => Registrant::Anonymous,
        Some(token) => registrant(services, realm, token, origin).await?,
    };
    let client = match action {
        Action::Register => None,
        Action::View(name) | Action::Update(name) | Action::Remove(name) => client(services, realm, name).await?,
    };
    may(&registrant, action, client.as_deref())?;
    let access = match &registrant {
        Registrant::Anonymous => Access::Anonymous,
        Registrant::Client { access, .. } => *access,
        Registrant::InitialAccess { .. } | Registrant::Administrator(_) => Access::Authenticated,
    };
    let policies = Policies::of(&mut *services.store.read().await?, realm, access).await?;
    policies.admit(origin)?;
    Ok(Admitted { registrant, policies, client })
}

async fn registrant(services: &Services, realm: &Realm, token: &Secret, origin: &Origin) -> Result<Registrant> {
    Ok(match tokens::read(services, realm, token.expose()).await? {
        Presented::InitialAccess(stored, origins) => Registrant::InitialAccess { id: stored.id, origins },
        Presented::RegistrationAccess(id, access) => Registrant::Client { id, access },
        Presented::Other => {
            let caller = administrators::authenticate(services, token.expose(), Some(realm), origin.clone()).await?;
            Registrant::Administrator(caller.ok_or(Refusal::InvalidToken("Failed decode token"))?)
        }
    })
}

/// Only clients of OpenID Connect, under their own name.
async fn client(services: &Services, realm: &Realm, name: &str) -> Result<Option<Arc<ClientConfig>>> {
    if name.len() > MAX_CLIENT_ID {
        return Ok(None);
    }
    let found = cache::client(services, realm, name).await?;
    Ok(found.filter(|found| found.client.client_id == name && found.client.protocol == OPENID_CONNECT))
}

/// Whoever proves nothing doesn't learn whether a client is there.
fn may(registrant: &Registrant, action: Action<'_>, client: Option<&ClientConfig>) -> Result<()> {
    let refusal = match action {
        Action::View(_) => NOT_AUTHORIZED_TO_VIEW,
        Action::Update(_) | Action::Remove(_) => NOT_AUTHORIZED_TO_UPDATE,
        Action::Register => Refusal::InvalidToken("Invalid type of token"),
    };
    match (registrant, action) {
        (Registrant::Anonymous | Registrant::InitialAccess { .. }, Action::Register) => Ok(()),
        (Registrant::InitialAccess { .. }, Action::View(_)) => {
            Err(Refusal::InvalidToken("Not initial access token allowed"))
        }
        (Registrant::Anonymous | Registrant::InitialAccess { .. }, _)
        | (Registrant::Client { .. }, Action::Register) => Err(refusal),
        // A disabled client does nothing for itself any more, least of all enable itself.
        (Registrant::Client { id, .. }, _) => {
            let good =
                client.is_some_and(|found| found.client.enabled && found.registration_token.as_ref() == Some(id));
            if good { Ok(()) } else { Err(refusal) }
        }
        (Registrant::Administrator(caller), action) => {
            let (needed, about_one) = match action {
                Action::Register => (CREATE, false),
                Action::View(_) => (VIEW, true),
                Action::Update(_) | Action::Remove(_) => (MANAGE, true),
            };
            caller.require(needed)?;
            if about_one && client.is_none() { Err(Refusal::NotFound) } else { Ok(()) }
        }
    }
}
