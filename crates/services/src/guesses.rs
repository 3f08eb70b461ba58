//! How often an address may guess: short codes that people type are safe only if nobody can try many.
//!
//! Counted on each node for itself, which bounds the guesses by the number of nodes.

use std::sync::{Arc, Mutex, PoisonError};

use model::{id::RealmId, realm::Realm};
use moka::sync::Cache;
use time::{Duration, OffsetDateTime};

/// The most failures of one address within [`WINDOW`].
const MOST: u32 = 20;
/// How long failures count.
const WINDOW: Duration = Duration::minutes(10);
/// The most addresses that are counted.
const ADDRESSES: u64 = 20_000;

/// The failures of addresses, by realm.
#[derive(Clone)]
pub struct Guesses(Cache<(RealmId, String), Arc<Mutex<Failures>>>);

struct Failures {
    count: u32,
    since: OffsetDateTime,
}

impl Default for Guesses {
    fn default() -> Self {
        Self(Cache::builder().max_capacity(ADDRESSES).build())
    }
}

impl Guesses {
    fn of(&self, realm: &Realm, address: Option<&str>, now: OffsetDateTime) -> Arc<Mutex<Failures>> {
        let key = (realm.id, address.unwrap_or_default().to_owned());
        self.0.get_with(key, || Arc::new(Mutex::new(Failures { count: 0, since: now })))
    }

    /// Whether an address may try.
    #[must_use]
    pub fn may_try(&self, realm: &Realm, address: Option<&str>, now: OffsetDateTime) -> bool {
        let failures = self.of(realm, address, now);
        let failures = failures.lock().unwrap_or_else(PoisonError::into_inner);
        failures.count < MOST || now - failures.since >= WINDOW
    }

    /// Counts a failure.
    pub fn failed(&self, realm: &Realm, address: Option<&str>, now: OffsetDateTime) {
        let failures = self.of(realm, address, now);
        let mut failures = failures.lock().unwrap_or_else(PoisonError::into_inner);
        if now - failures.since >= WINDOW {
            *failures = Failures { count: 0, since: now };
        }
        failures.count = failures.count.saturating_add(1);
    }
}
