//! Configuration that was read before, valid as long as its realm's generation is the newest that this node heard of.
//!
//! Never held here: users, what was given to them, credentials, sessions, so that taking something away works at once.

use std::{
    collections::HashMap,
    sync::{Arc, RwLock},
    time::Duration,
};

use model::{
    id::RealmId,
    permission::Permission,
    realm::Realm,
    subject::{Assignments, RolesAndGroups},
};
use moka::sync::Cache;
use store::change::Moment;

use crate::{Caller, Result, Services, clients::ClientConfig, keys::RealmKeys, user_profile::UserProfile};

/// How long an entry is used at the most, whatever was heard.
const TIME_TO_LIVE: Duration = Duration::from_secs(600);
/// How much all roles and groups of users may take, in bytes: their number is up to what users are given.
const ROLES_AND_GROUPS: u64 = 16 * 1_024 * 1_024;

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
    profiles: Cache<RealmId, Entry<UserProfile>>,
    roles_and_groups: Cache<(RealmId, Assignments), Entry<RolesAndGroups>>,
    client_scopes: Cache<(RealmId, &'static str), Entry<Vec<String>>>,
}

impl Default for Caches {
    fn default() -> Self {
        fn bounded<K: std::hash::Hash + Eq + Send + Sync + 'static, V: Clone + Send + Sync + 'static>(
            entries: u64,
        ) -> Cache<K, V> {
            Cache::builder().max_capacity(entries).time_to_live(TIME_TO_LIVE).build()
        }
        let roles_and_groups = Cache::builder()
            .weigher(|(_, given): &(_, Assignments), entry: &Entry<RolesAndGroups>| weight(given, &entry.value))
            .max_capacity(ROLES_AND_GROUPS)
            .time_to_live(TIME_TO_LIVE)
            .build();
        Self {
            newest: RwLock::default(),
            realms: bounded(10_000),
            clients: bounded(10_000),
            keys: bounded(2_000),
            profiles: bounded(1_000),
            roles_and_groups,
            client_scopes: bounded(2_000),
        }
    }
}

/// About how many bytes an entry takes.
fn weight(given: &Assignments, has: &RolesAndGroups) -> u32 {
    const EACH: usize = 64;
    let text = |text: &String| EACH + text.len();
    let ids = given.roles.iter().map(|id| text(&id.0)).chain(given.groups.iter().map(|id| text(&id.0)));
    let roles = has.roles.iter().map(|role| text(&role.name) + role.client.as_ref().map_or(0, String::len));
    let groups = has.groups.iter().map(|group| group.path.iter().map(text).sum::<usize>() + text(&group.id.0));
    let attributes = has.group_attributes.iter().flatten();
    let attributes = attributes.map(|(name, values)| text(name) + values.iter().map(text).sum::<usize>());
    let all = EACH + ids.sum::<usize>() + roles.chain(groups).chain(attributes).sum::<usize>();
    u32::try_from(all).unwrap_or(u32::MAX)
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
        self.profiles.invalidate_all();
        self.roles_and_groups.invalidate_all();
        self.client_scopes.invalidate_all();
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

/// What a realm says about the attributes of its users, ready to be asked.
///
/// # Errors
/// If the database fails.
pub async fn user_profile(services: &Services, realm: &Realm) -> Result<Arc<UserProfile>> {
    let caches = &services.cache;
    if let Some(profile) = caches.get(&caches.profiles, &realm.id) {
        return Ok(profile);
    }
    let (profile, generation) = crate::user_profile::load(services, realm).await?;
    Ok(caches.put(&caches.profiles, realm.id, realm.id, generation, profile))
}

/// The roles and groups that follow from what was given to a user.
///
/// # Errors
/// If the database fails.
pub async fn roles_and_groups(services: &Services, realm: RealmId, given: Assignments) -> Result<Arc<RolesAndGroups>> {
    let caches = &services.cache;
    let key = (realm, given);
    if let Some(has) = caches.get(&caches.roles_and_groups, &key) {
        return Ok(has);
    }
    let (has, generation) = store::subjects::resolve(&mut *services.store.read().await?, realm, &key.1).await?;
    Ok(caches.put(&caches.roles_and_groups, key, realm, generation, has))
}

/// The names of a realm's client scopes for a protocol.
///
/// # Errors
/// If the database fails.
pub async fn client_scope_names(
    services: &Services,
    realm: &Realm,
    protocol: &'static str,
) -> Result<Arc<Vec<String>>> {
    let caches = &services.cache;
    let key = (realm.id, protocol);
    if let Some(names) = caches.get(&caches.client_scopes, &key) {
        return Ok(names);
    }
    let mut conn = services.store.read().await?;
    let (names, generation) = store::client_scopes::names_of_protocol(&mut conn, realm.id, protocol).await?;
    Ok(caches.put(&caches.client_scopes, key, realm.id, generation, names))
}

/// Goes on only if the caller may have caches of a realm cleared.
///
/// # Errors
/// `Forbidden` without `manage-realm`.
pub fn require_manage(caller: &Caller) -> Result<()> {
    caller.require(&[Permission::ManageRealm])
}

/// Has every node read the configuration of a realm anew.
///
/// # Errors
/// `Forbidden` without `manage-realm`.
pub async fn clear_realm(services: &Services, caller: &Caller, realm: &Realm) -> Result<()> {
    require_manage(caller)?;
    let mut tx = services.store.begin(realm.id).await?;
    store::realms::touch(&mut tx).await?;
    services.commit(tx).await
}

/// Has this node fetch the keys of a realm's clients anew. The others do so within minutes, or as soon as they meet a key
/// that they don't know.
///
/// # Errors
/// `Forbidden` without `manage-realm`.
pub fn clear_client_keys(services: &Services, caller: &Caller, realm: &Realm) -> Result<()> {
    require_manage(caller)?;
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
