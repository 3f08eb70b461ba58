//! Configuration that was read before, valid as long as its realm's generation is the newest that this node heard of.
//!
//! Never held here: users, credentials, sessions, so that taking something away works at once.

use std::{
    collections::HashMap,
    sync::{Arc, RwLock},
    time::Duration,
};

use model::{id::RealmId, permission::Permission, realm::Realm};
use moka::sync::Cache;
use store::change::Moment;

use crate::{Caller, Result, Services, clients::ClientConfig, keys::RealmKeys};

/// How long an entry is used at the most, whatever was heard.
const TIME_TO_LIVE: Duration = Duration::from_secs(600);

/// A value with the generation of its realm at which it was read.
#[derive(Debug)]
struct Entry<T> {
    realm: RealmId,
    generation: i64,
    value: Arc<T>,
}

impl<T> Clone for Entry<T> {
    fn clone(&self) -> Self {
        Self { realm: self.realm, generation: self.generation, value: Arc::clone(&self.value) }
    }
}

/// The caches of a node.
pub struct Caches {
    newest: RwLock<HashMap<RealmId, i64>>,
    realms: Cache<String, Entry<Realm>>,
    clients: Cache<(RealmId, String), Entry<ClientConfig>>,
    keys: Cache<RealmId, Entry<RealmKeys>>,
}

impl Default for Caches {
    fn default() -> Self {
        fn bounded<K: std::hash::Hash + Eq + Send + Sync + 'static, V: Clone + Send + Sync + 'static>(
            entries: u64,
        ) -> Cache<K, V> {
            Cache::builder().max_capacity(entries).time_to_live(TIME_TO_LIVE).build()
        }
        Self { newest: RwLock::default(), realms: bounded(10_000), clients: bounded(10_000), keys: bounded(2_000) }
    }
}

impl Caches {
    /// Takes note of a realm's generation.
    pub fn heard(&self, realm: RealmId, generation: i64) {
        let mut newest = self.newest.write().unwrap_or_else(std::sync::PoisonError::into_inner);
        let known = newest.entry(realm).or_insert(generation);
        *known = generation.max(*known);
    }

    /// Forgets what was read: notices were lost, anything may have changed. What was heard stays true, also for what is
    /// being read at this moment.
    pub fn forget(&self) {
        self.realms.invalidate_all();
        self.clients.invalidate_all();
        self.keys.invalidate_all();
    }

    /// Forgets what was read of one realm.
    fn forget_realm(&self, realm: RealmId) {
        fn forget<K, T>(cache: &Cache<K, Entry<T>>, realm: RealmId)
        where
            K: std::hash::Hash + Eq + Send + Sync + 'static,
            T: Send + Sync + 'static,
        {
            for (key, entry) in cache {
                if entry.realm == realm {
                    cache.invalidate(&*key);
                }
            }
        }
        forget(&self.realms, realm);
        forget(&self.clients, realm);
        forget(&self.keys, realm);
    }

    /// Forgets what was heard too: the database is another one.
    fn begin_anew(&self) {
        self.newest.write().unwrap_or_else(std::sync::PoisonError::into_inner).clear();
        self.forget();
    }

    fn is_newest(&self, realm: RealmId, generation: i64) -> bool {
        let newest = self.newest.read().unwrap_or_else(std::sync::PoisonError::into_inner);
        newest.get(&realm).is_none_or(|newest| generation >= *newest)
    }

    fn get<K, T>(&self, cache: &Cache<K, Entry<T>>, key: &K) -> Option<Arc<T>>
    where
        K: std::hash::Hash + Eq + Send + Sync + 'static,
        T: Send + Sync + 'static,
    {
        let entry = cache.get(key)?;
        self.is_newest(entry.realm, entry.generation).then_some(entry.value)
    }

    fn put<K, T>(&self, cache: &Cache<K, Entry<T>>, key: K, realm: RealmId, generation: i64, value: T) -> Arc<T>
    where
        K: std::hash::Hash + Eq + Send + Sync + 'static,
        T: Send + Sync + 'static,
    {
        let value = Arc::new(value);
        self.heard(realm, generation);
        cache.insert(key, Entry { realm, generation, value: Arc::clone(&value) });
        value
    }
}

/// The realm of this name.
///
/// # Errors
/// If the database fails.
pub async fn realm(services: &Services, name: &str) -> Result<Option<Arc<Realm>>> {
    // No text in the database holds NUL, and it refuses questions that do.
    if name.contains('\0') {
        return Ok(None);
    }
    let caches = &services.cache;
    let key = name.to_owned();
    if let Some(realm) = caches.get(&caches.realms, &key) {
        return Ok(Some(realm));
    }
    let found = store::realms::find_by_name(&mut *services.store.read().await?, name).await?;
    Ok(found.map(|(realm, generation)| caches.put(&caches.realms, key, realm.id, generation, realm)))
}

/// The client that answers to this name in protocol requests, with the mappers that apply to it.
///
/// # Errors
/// If the database fails.
pub async fn client(services: &Services, realm: &Realm, name: &str) -> Result<Option<Arc<ClientConfig>>> {
    if name.contains('\0') {
        return Ok(None);
    }
    let caches = &services.cache;
    let key = (realm.id, name.to_owned());
    if let Some(client) = caches.get(&caches.clients, &key) {
        return Ok(Some(client));
    }
    let mut snapshot = services.store.snapshot().await?;
    let found = crate::clients::load(&mut snapshot, realm.id, name).await?;
    snapshot.end().await?;
    Ok(found.map(|(client, generation)| caches.put(&caches.clients, key, realm.id, generation, client)))
}

/// The keys of a realm, prepared for use.
///
/// # Errors
/// If the database fails or a key can't be opened.
pub async fn keys(services: &Services, realm: &Realm) -> Result<Arc<RealmKeys>> {
    let caches = &services.cache;
    if let Some(keys) = caches.get(&caches.keys, &realm.id) {
        return Ok(keys);
    }
    let (keys, generation) = crate::keys::load(services, realm).await?;
    Ok(caches.put(&caches.keys, realm.id, realm.id, generation, keys))
}

/// Forgets what this node has read of a realm.
///
/// # Errors
/// `Forbidden` without `manage-realm`.
pub fn clear(services: &Services, caller: &Caller, realm: &Realm) -> Result<()> {
    caller.require(&[Permission::ManageRealm])?;
    services.cache.forget_realm(realm.id);
    Ok(())
}

/// Forgets the keys that this node has fetched from clients of a realm.
///
/// # Errors
/// `Forbidden` without `manage-realm`.
pub fn clear_keys(services: &Services, caller: &Caller, realm: &Realm) -> Result<()> {
    caller.require(&[Permission::ManageRealm])?;
    services.client_keys.forget(realm.id);
    Ok(())
}

/// Looks for changes since a moment, in case a notice was lost, and gives the moment of the look.
///
/// # Errors
/// If the database fails.
pub async fn look(services: &Services, since: &Moment) -> Result<Moment> {
    let look = store::change::look(&mut *services.store.read().await?, since).await?;
    if look.rewound {
        services.cache.begin_anew();
    }
    for (realm, generation) in look.changed {
        services.cache.heard(realm, generation);
    }
    Ok(look.moment)
}
