//! The public keys of clients: given with the client, or fetched from the client's own address and kept for a while.

use std::{sync::Arc, time::Duration};

use jose::{KeySet, key_set::MAX_KEY_SET_LENGTH};
use model::{client::Client, id::RealmId, realm::Realm};
use moka::future::Cache;
use outgoing::AddressPolicy;
use time::OffsetDateTime;

use crate::{Error, Result, Services};

/// Client attributes, Keycloak's names.
const USE_URL: &str = "use.jwks.url";
const URL: &str = "jwks.url";
const USE_TEXT: &str = "use.jwks.string";
const TEXT: &str = "jwks.string";
const CERTIFICATE: &str = "jwt.credential.certificate";
const PUBLIC_KEY: &str = "jwt.credential.public.key";
/// Realm attribute: the networks that the server may call beside the public internet.
pub const ALLOWED_NETWORKS: &str = "outgoing.allowed-networks";
/// How long fetched keys are used.
const FRESH: time::Duration = time::Duration::minutes(10);
/// The least time between two fetches: an unknown key id is no way to make this server call somebody all the time.
const PAUSE: time::Duration = time::Duration::seconds(10);
/// The most key sets that are kept.
const MOST: u64 = 2_000;

/// Key sets that were fetched or read before.
#[derive(Clone)]
pub struct ClientKeys(Cache<(RealmId, String), Arc<Kept>>);

struct Kept {
    keys: Arc<KeySet>,
    fetched: OffsetDateTime,
}

impl Default for ClientKeys {
    fn default() -> Self {
        Self(
            Cache::builder()
                .max_capacity(MOST)
                .time_to_live(Duration::from_secs(3_600))
                .support_invalidation_closures()
                .build(),
        )
    }
}

impl ClientKeys {
    /// Forgets the keys of a realm's clients.
    pub(crate) fn forget(&self, realm: RealmId) {
        // It fails only without the closures that the cache was built with.
        if self.0.invalidate_entries_if(move |(of, _), _| *of == realm).is_err() {
            self.0.invalidate_all();
        }
    }
}

/// The addresses that the server may call on behalf of a realm.
#[must_use]
pub fn address_policy(realm: &Realm) -> AddressPolicy {
    AddressPolicy::of_attribute(realm.settings.attributes.get(ALLOWED_NETWORKS).map(String::as_str))
}

/// The keys of a client, as they are known.
///
/// # Errors
/// `Refused`, with a sentence, if it has none or they can't be had.
pub async fn of(services: &Services, realm: &Realm, client: &Client) -> Result<Arc<KeySet>> {
    load(services, realm, client, None).await
}

/// The keys of a client, fetched anew if none has this id and the last fetch is not just past.
///
/// # Errors
/// As [`of`].
pub async fn with_kid(services: &Services, realm: &Realm, client: &Client, kid: Option<&str>) -> Result<Arc<KeySet>> {
    load(services, realm, client, kid).await
}

async fn load(services: &Services, realm: &Realm, client: &Client, kid: Option<&str>) -> Result<Arc<KeySet>> {
    let attribute = |name: &str| client.attributes.get(name).map(String::as_str).filter(|text| !text.is_empty());
    let on = |name: &str| attribute(name) == Some("true");
    let refuse = |text: String| Error::Refused(text);
    match (attribute(URL), attribute(TEXT)) {
        (Some(url), _) if on(USE_URL) => fetched(services, realm, url, kid).await,
        (_, Some(text)) if on(USE_TEXT) => read(services, realm, client, text, KeySet::parse).await,
        (url, text) => match (attribute(CERTIFICATE), attribute(PUBLIC_KEY)) {
            (Some(certificate), _) => read(services, realm, client, certificate, KeySet::from_certificate).await,
            (None, Some(key)) => read(services, realm, client, key, KeySet::from_public_key).await,
            (None, None) => match (url, text) {
                (Some(url), _) => fetched(services, realm, url, kid).await,
                (None, Some(text)) => read(services, realm, client, text, KeySet::parse).await,
                (None, None) => Err(refuse("the client has no public keys".to_owned())),
            },
        },
    }
}

/// Keys that stand with the client: read once for each text.
async fn read(
    services: &Services,
    realm: &Realm,
    client: &Client,
    text: &str,
    parse: impl FnOnce(&str) -> std::result::Result<KeySet, jose::Error>,
) -> Result<Arc<KeySet>> {
    let name = (realm.id, format!("{}\n{text}", client.id));
    if let Some(kept) = services.client_keys.0.get(&name).await {
        return Ok(Arc::clone(&kept.keys));
    }
    let keys = parse(text).map_err(|error| Error::Refused(format!("the client's keys can't be read: {error}")))?;
    let keys = Arc::new(keys);
    let kept = Kept { keys: Arc::clone(&keys), fetched: services.now() };
    services.client_keys.0.insert(name, Arc::new(kept)).await;
    Ok(keys)
}

async fn fetched(services: &Services, realm: &Realm, url: &str, kid: Option<&str>) -> Result<Arc<KeySet>> {
    let name = (realm.id, url.to_owned());
    let kept = services.client_keys.0.get(&name).await;
    let now = services.now();
    if let Some(kept) = &kept {
        let known = kid.is_none_or(|kid| kept.keys.has_kid(kid));
        let age = now - kept.fetched;
        if (known && age < FRESH) || age < PAUSE {
            return Ok(Arc::clone(&kept.keys));
        }
    }
    match fetch(services, realm, url).await {
        Ok(keys) => {
            let keys = Arc::new(keys);
            let fetched = Kept { keys: Arc::clone(&keys), fetched: now };
            services.client_keys.0.insert(name, Arc::new(fetched)).await;
            Ok(keys)
        }
        // What was good a while ago is better than to lock a client out because its address fails once.
        Err(error) => match kept.filter(|kept| kid.is_none_or(|kid| kept.keys.has_kid(kid))) {
            Some(kept) => {
                tracing::warn!(%error, url, "the keys of a client could not be fetched again");
                Ok(Arc::clone(&kept.keys))
            }
            None => Err(Error::Refused(format!("the client's keys can't be fetched: {error}"))),
        },
    }
}

async fn fetch(services: &Services, realm: &Realm, url: &str) -> std::result::Result<KeySet, String> {
    let policy = address_policy(realm);
    let answer = services.outgoing.get(url, &policy, MAX_KEY_SET_LENGTH).await.map_err(|error| error.to_string())?;
    let text = String::from_utf8(answer.body).map_err(|error| error.utf8_error().to_string())?;
    KeySet::parse(&text).map_err(|error| error.to_string())
}
