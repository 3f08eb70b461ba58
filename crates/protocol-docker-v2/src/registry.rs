//! A registry's client, made ready for token requests: its settings and rules read, its token header prepared.
//!
//! It is kept as long as the cached client and keys are the ones that it was made from.

use std::sync::Arc;

use jose::PreparedHeader;
use model::{
    client::DOCKER_V2,
    id::{ClientId, RealmId},
    realm::Realm,
};
use moka::sync::Cache;
use services::{
    Services, cache,
    clients::ClientConfig,
    keys::{self, RealmKeys},
};

use crate::{
    claims::{self, KeyNames},
    client::RegistrySettings,
    error::TokenError,
    explain,
    mapper::PermissionMapper,
};

/// How many registries are kept ready.
const MOST_READY: u64 = 10_000;

/// A registry, ready.
pub struct Registry {
    /// The client that it was made from.
    pub config: Arc<ClientConfig>,
    /// The client's settings.
    pub settings: RegistrySettings,
    /// The rules of the client and its client scopes.
    pub rules: Vec<PermissionMapper>,
    keys: Arc<RealmKeys>,
    header: PreparedHeader,
}

impl Registry {
    /// Signs a token's claims with the realm's key for this registry.
    ///
    /// # Errors
    /// If the cryptographic library fails.
    pub fn sign(&self, claims: &claims::Claims) -> services::Result<String> {
        match self.keys.active(self.settings.algorithm) {
            Some(key) => key.sign_with(&self.header, claims),
            None => Err(services::Error::Jose(jose::Error::UnknownKey)),
        }
    }
}

/// The registries of this node that had a token request lately.
pub struct Registries(Cache<(RealmId, ClientId), Arc<Registry>>);

impl Default for Registries {
    fn default() -> Self {
        Self(Cache::new(MOST_READY))
    }
}

impl Registries {
    /// The enabled registry that answers to `service`.
    ///
    /// # Errors
    /// [`TokenError::UnknownService`] if there is none, [`TokenError::Internal`] if its settings or rules can't be
    /// read: a rule that denies must not be passed over.
    pub async fn find(
        &self,
        services: &Services,
        realm: &Realm,
        service: &str,
    ) -> services::Result<Result<Arc<Registry>, TokenError>> {
        let Some(config) = cache::client(services, realm, service).await? else {
            return Ok(Err(TokenError::UnknownService));
        };
        if !config.client.enabled || config.client.protocol != DOCKER_V2 {
            return Ok(Err(TokenError::UnknownService));
        }
        let place = (realm.id, config.client.id.clone());
        let ready = self.0.get(&place).filter(|ready| Arc::ptr_eq(&ready.config, &config));
        let algorithm = match &ready {
            Some(ready) => ready.settings.algorithm,
            None => match RegistrySettings::parse(&config.client) {
                Ok(settings) => settings.algorithm,
                Err(problems) => return Ok(Err(unreadable(&config, &format!("{problems:?}")))),
            },
        };
        let keys = keys::with_active(services, realm, algorithm).await?;
        if let Some(ready) = ready.filter(|ready| Arc::ptr_eq(&ready.keys, &keys)) {
            return Ok(Ok(ready));
        }
        let made = match make(config, keys)? {
            Ok(made) => Arc::new(made),
            Err(error) => return Ok(Err(error)),
        };
        self.0.insert(place, Arc::clone(&made));
        Ok(Ok(made))
    }
}

fn unreadable(config: &ClientConfig, problem: &str) -> TokenError {
    tracing::error!(client = config.client.client_id, problem, "a registry's settings can't be read");
    TokenError::Internal
}

fn make(config: Arc<ClientConfig>, keys: Arc<RealmKeys>) -> services::Result<Result<Registry, TokenError>> {
    let settings = match RegistrySettings::parse(&config.client) {
        Ok(settings) => settings,
        Err(problems) => return Ok(Err(unreadable(&config, &format!("{problems:?}")))),
    };
    let rules = match explain::rules(&config.mappers) {
        Ok(rules) => rules,
        Err(problem) => return Ok(Err(unreadable(&config, &problem))),
    };
    let Some(key) = keys.active(settings.algorithm) else {
        return Err(services::Error::Jose(jose::Error::UnknownKey));
    };
    let names = KeyNames {
        thumbprint: &key.kid,
        libtrust: key.libtrust_id.as_deref().unwrap_or_default(),
        leaf: key.registry_leaf.as_deref().unwrap_or_default(),
    };
    let header = PreparedHeader::new(&claims::header(settings.header, settings.algorithm, names))?;
    Ok(Ok(Registry { settings, rules, header, config, keys }))
}
