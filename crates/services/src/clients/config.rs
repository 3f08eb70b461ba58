//! A client as protocol requests see it: with all that decides about its tokens, read once and kept in the cache.

use std::{
    any::Any,
    sync::{Arc, OnceLock},
};

use model::{
    client::Client,
    client_scope::ScopeAssignment,
    id::{ClientScopeId, RealmId},
    protocol_mapper::{MapperOwner, ProtocolMapper},
    realm::Realm,
    role::RoleName,
    secret::Secret,
    subject::Subject,
    user::User,
};
use store::PgConnection;

use super::secret::open_secret;
use crate::{Result, Services, subjects};

/// A client as protocol requests see it.
pub struct ClientConfig {
    /// The client.
    pub client: Client,
    /// Its secret, still sealed.
    sealed_secret: Option<String>,
    opened_secret: OnceLock<Option<Secret>>,
    /// The id of the only registration access token that is good for it.
    pub registration_token: Option<String>,
    /// Its own mappers and those of its default client scopes.
    pub mappers: Vec<ProtocolMapper>,
    /// Its own mappers.
    pub own_mappers: Vec<ProtocolMapper>,
    /// Its client scopes.
    pub scopes: Vec<ClientScopeConfig>,
    /// The roles mapped to it, with what they contain.
    pub scope_roles: Vec<RoleName>,
    /// The account that it acts as when it acts for itself.
    pub service_account: Option<(User, Subject)>,
    prepared: OnceLock<Arc<dyn Any + Send + Sync>>,
}

/// A client scope as it applies to a client.
#[derive(Clone, Debug)]
pub struct ClientScopeConfig {
    /// The id in admin paths.
    pub id: ClientScopeId,
    /// Its name.
    pub name: String,
    /// Always, or on request.
    pub assignment: ScopeAssignment,
    /// Its attributes.
    pub attributes: model::Attributes,
    /// Its mappers.
    pub mappers: Vec<ProtocolMapper>,
    /// The roles mapped to it, with what they contain.
    pub roles: Vec<RoleName>,
}

impl std::fmt::Debug for ClientConfig {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ClientConfig").field("client", &self.client).finish_non_exhaustive()
    }
}

impl ClientConfig {
    /// A client with its own mappers and its scopes, and nothing else: no secret, no roles, no service account.
    #[must_use]
    pub fn of(client: Client, own_mappers: Vec<ProtocolMapper>, scopes: Vec<ClientScopeConfig>) -> Self {
        let defaults = scopes.iter().filter(|scope| scope.assignment == ScopeAssignment::Default);
        let mappers = own_mappers.iter().chain(defaults.flat_map(|scope| &scope.mappers)).cloned().collect();
        Self {
            client,
            sealed_secret: None,
            opened_secret: OnceLock::new(),
            registration_token: None,
            mappers,
            own_mappers,
            scopes,
            scope_roles: Vec::new(),
            service_account: None,
            prepared: OnceLock::new(),
        }
    }

    /// The client's secret, if it has one. It is opened once.
    ///
    /// # Errors
    /// If it was sealed with a key that this server doesn't have.
    pub fn secret(&self, services: &Services, realm: &Realm) -> Result<Option<&Secret>> {
        if let Some(opened) = self.opened_secret.get() {
            return Ok(opened.as_ref());
        }
        let opened = open_secret(services, realm.id, &self.client.id, self.sealed_secret.as_deref())?;
        Ok(self.opened_secret.get_or_init(|| opened).as_ref())
    }

    /// What the client's protocol makes of it, made once. A client has one protocol, so there is one such thing.
    pub fn prepared<T: Any + Send + Sync>(&self, prepare: impl Fn(&Self) -> T) -> Arc<T> {
        let kept = self.prepared.get_or_init(|| Arc::new(prepare(self)));
        Arc::clone(kept).downcast().unwrap_or_else(|_| Arc::new(prepare(self)))
    }
}

/// Reads what the cache keeps of a client. Call it in one snapshot.
pub(crate) async fn load(conn: &mut PgConnection, realm: RealmId, name: &str) -> Result<Option<(ClientConfig, i64)>> {
    let Some(found) = store::clients::load_by_name(conn, realm, name).await? else { return Ok(None) };
    let service_account = match found.client.settings.service_accounts_enabled {
        true => store::users::find_service_account(conn, realm, &found.client.id).await?,
        false => None,
    };
    let service_account = match service_account {
        Some(user) => {
            let subject = subjects::load(conn, realm, &user).await?;
            Some((user, subject))
        }
        None => None,
    };
    let of = |owner: &MapperOwner| -> Vec<ProtocolMapper> {
        found.mappers.iter().filter(|(of, _)| of == owner).map(|(_, mapper)| mapper.clone()).collect()
    };
    let own_mappers = of(&MapperOwner::Client(found.client.id.clone()));
    let scopes: Vec<_> = found
        .scopes
        .into_iter()
        .map(|scope| ClientScopeConfig {
            mappers: of(&MapperOwner::ClientScope(scope.id.clone())),
            id: scope.id,
            name: scope.name,
            assignment: if scope.optional { ScopeAssignment::Optional } else { ScopeAssignment::Default },
            attributes: scope.attributes,
            roles: scope.roles,
        })
        .collect();
    let config = ClientConfig {
        sealed_secret: found.sealed_secret,
        registration_token: found.registration_token,
        scope_roles: found.scope_roles,
        service_account,
        ..ClientConfig::of(found.client, own_mappers, scopes)
    };
    Ok(Some((config, found.generation)))
}
