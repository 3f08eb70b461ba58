//! The rules of Portcullis: what may be done to realms, clients, users and everything else, by whom, and with which
//! event.
//!
//! Every surface (REST, consoles, protocols) calls in here and nowhere below. A function that changes or reveals
//! something to an administrator takes the [`Caller`] second and checks its permission first; it writes in one
//! transaction, together with its admin event. What it takes as a change is a Keycloak representation, in which an
//! absent field means "leave as it is".

pub mod access;
pub mod action_links;
pub mod admin_events;
pub mod administrators;
pub mod authentication;
pub mod authorizations;
pub mod bootstrap;
pub mod brute_force;
pub mod cache;
mod caller;
pub mod client_keys;
pub mod client_policies;
pub mod client_registration;
pub mod client_scopes;
pub mod clients;
pub mod components;
pub mod consents;
pub mod credentials;
pub mod device_codes;
mod error;
pub mod evaluation;
pub mod events;
pub mod federated_identities;
pub mod find;
pub mod groups;
pub mod guesses;
pub mod identity_providers;
pub mod identity_tokens;
pub mod impersonation;
pub mod import_report;
pub mod initial_access;
pub mod installations;
pub mod keys;
pub mod listing;
pub mod localization;
pub mod logout_notices;
pub mod mail;
pub mod mappers;
pub mod overview;
pub mod password_hashing;
pub mod permission_table;
pub mod posture;
pub mod provider_settings;
pub mod random;
pub mod realms;
pub mod refusals;
pub mod role_mappings;
pub mod roles;
pub mod scope_mappings;
pub mod sessions;
pub mod subjects;
pub mod themes;
pub mod token_id;
pub mod token_requests;
pub mod user_profile;
pub mod user_storage;
pub mod users;
pub mod version;
pub mod webhooks;
pub mod who_am_i;
pub mod work;

use std::{ops::Deref, sync::Arc};

use jose::seal::SealingKeys;
use model::clock::Clock;
use protocol::Protocols;
use store::{Committed, Store, Tx};
use time::OffsetDateTime;

pub use caller::{Caller, Lacking, Need, Origin};
pub use error::{Error, Result, What};
pub use outgoing;
pub use store;

/// What the services work with, seen under one public address. Cheap to clone.
#[derive(Clone)]
pub struct Services {
    inner: Arc<Inner>,
    public_url: Arc<str>,
}

/// The parts of [`Services`].
pub struct Inner {
    /// The database.
    pub store: Store,
    /// Configuration that was read before.
    pub cache: cache::Caches,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub random: Arc<dyn random::Random>,
    /// The key from outside the database that seals private keys and secrets.
    pub sealing: SealingKeys,
    /// The threads that hash passwords.
    pub passwords: password_hashing::PasswordHashing,
    /// The login protocols that this server speaks.
    pub protocols: Protocols,
    /// What clients of OpenID Connect would get.
    pub examples: Arc<dyn evaluation::Examples>,
    /// How often addresses guessed codes.
    pub guesses: guesses::Guesses,
    /// Public keys of clients.
    pub client_keys: client_keys::ClientKeys,
    /// Keys that were made ahead.
    pub keys_ahead: keys::ahead::KeysAhead,
    /// Where login events go.
    pub events: events::Recorder,
    /// How often things happened.
    pub event_counts: events::counts::Counts,
    /// Refusals of administrators of a moment ago.
    pub recent_refusals: refusals::Recent,
    /// The client of all requests that the server makes.
    pub outgoing: outgoing::Client,
}

impl Services {
    /// Puts the parts together. `public_url` is the server's public address without a path, such as
    /// `https://id.example.org`.
    #[must_use]
    pub fn new(parts: Inner, public_url: &str) -> Self {
        Self { inner: Arc::new(parts), public_url: public_url.trim_end_matches('/').into() }
    }

    /// The same services for a request that reached the server under another address.
    #[must_use]
    pub fn at(&self, public_url: &str) -> Self {
        Self { inner: Arc::clone(&self.inner), public_url: public_url.trim_end_matches('/').into() }
    }

    /// The server's public address without a path or a slash at the end.
    #[must_use]
    pub fn public_url(&self) -> &str {
        &self.public_url
    }

    /// The present moment.
    #[must_use]
    pub fn now(&self) -> OffsetDateTime {
        self.clock.now()
    }

    /// A new id: a UUID of version 7, so that new rows sit together in an index.
    #[must_use]
    pub fn new_id(&self) -> String {
        random::new_id(&*self.random, self.now()).to_string()
    }

    /// The address of a realm, which is also the issuer of its tokens.
    #[must_use]
    pub fn realm_url(&self, realm: &model::realm::Realm) -> String {
        protocol::realm_url(self.public_url(), realm)
    }

    /// Begins a change of a realm's configuration, which is everything but its users, their sessions, and events. Of
    /// several at once, each waits here for the one before it and builds on what that one left: none is lost, and none
    /// waits for another in a circle.
    ///
    /// Whoever has begun one must not ask the store for a second connection that begins another.
    ///
    /// # Errors
    /// `NotFound` if the realm is gone, or if the database can't be reached.
    pub async fn configure(&self, realm: &model::realm::Realm) -> Result<Tx> {
        let mut tx = self.store.begin(realm.id).await?;
        if !store::realms::hold(&mut tx).await? {
            return Err(Error::NotFound(What::Realm));
        }
        Ok(tx)
    }

    /// Commits a change and tells the caches of this node about it.
    ///
    /// # Errors
    /// If the database can't be reached.
    pub async fn commit(&self, tx: Tx) -> Result<()> {
        let Committed { realm, generation } = tx.commit().await?;
        self.cache.heard(realm, generation.unwrap_or(i64::MAX));
        Ok(())
    }
}

impl Deref for Services {
    type Target = Inner;

    fn deref(&self) -> &Inner {
        &self.inner
    }
}
