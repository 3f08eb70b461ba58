//! Protection against password guessing: counting wrong passwords, locking accounts, and what administrators see of it.
//!
//! Counting is one atomic statement in the database ([`store::login::count_failure`]), so that no number of parallel
//! attempts, on any number of nodes, is counted wrongly. A password is judged first and counted then. Guesses that are
//! being judged at the moment when one of them locks the account are therefore judged too; how many that are is bounded
//! by the queue of the hashing threads. So that none of them gets in, a right password is checked against the lock once
//! more: see [`accept`].

use std::sync::{
    OnceLock,
    atomic::{AtomicU64, Ordering},
};

use model::{event::Operation, id::UserId, permission::Permission, realm::Realm, secret::Secret};
use openssl::{error::ErrorStack, hash::MessageDigest, pkey::PKey, sign::Signer};
use serde_json::Value;
use store::login::{Attempt, Counted, LoginFailures};
use time::Duration;

use crate::{
    Caller, Error, Origin, Result, Services,
    admin_events::{self, Resource},
    administrators::require_covers_user,
    random, users,
};

/// The same wrong attempt within this time is one attempt: clients try a password over two request forms, and
/// `docker compose pull` logs in once per image.
const SAME_ATTEMPT: Duration = Duration::seconds(10);

const NO_BODY: Option<&Value> = None;

/// How many wrong passwords this process has counted. A login that sees it grow while its own password is judged asks
/// the database once more whether the account is locked.
static COUNTED: AtomicU64 = AtomicU64::new(0);

/// A moment in the count of wrong passwords, to be taken before the account is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark(u64);

/// The present moment in the count of wrong passwords.
#[must_use]
pub fn mark() -> Mark {
    Mark(COUNTED.load(Ordering::SeqCst))
}

/// Counts a wrong password of a user and locks the account if the realm's rules say so. None if nothing was counted:
/// the account was locked already, or there is no such user.
///
/// # Errors
/// If the database fails.
pub async fn count(
    services: &Services,
    realm: &Realm,
    user: &UserId,
    password: &Secret,
    origin: &Origin,
) -> Result<Option<Counted>> {
    let ip_address = origin.ip_address.as_deref();
    let fingerprint = fingerprint(services, realm, user, ip_address, password)?;
    let attempt = Attempt { now: services.now(), ip_address, fingerprint: &fingerprint, same_within: SAME_ATTEMPT };
    let rules = &realm.settings.brute_force;
    let counted = store::login::count_failure(&services.store, realm.id, user, rules, &attempt).await;
    COUNTED.fetch_add(1, Ordering::SeqCst);
    Ok(counted?)
}

/// Whether a right password may be accepted: false if the account was locked or disabled while it was judged. Forgets
/// earlier failures. Costs a statement only if there were failures, or if wrong passwords were counted in this process
/// since `mark`.
///
/// # Errors
/// If the database fails.
pub async fn accept(
    services: &Services,
    realm: &Realm,
    user: &UserId,
    had_failures: bool,
    since: Mark,
) -> Result<bool> {
    if !had_failures && mark() == since {
        return Ok(true);
    }
    Ok(store::login::succeed(&services.store, realm.id, user, services.now()).await?)
}

/// A hash by which the same attempt is recognised. Its key is drawn when the process starts and never leaves it, so
/// that the stored hash helps nobody to guess the password; in return another node counts the same attempt again.
fn fingerprint(
    services: &Services,
    realm: &Realm,
    user: &UserId,
    ip_address: Option<&str>,
    password: &Secret,
) -> Result<Vec<u8>> {
    static KEY: OnceLock<[u8; 32]> = OnceLock::new();
    let key = KEY.get_or_init(|| random::bytes(&*services.random));
    let parts = [user.as_str(), ip_address.unwrap_or_default(), password.expose()];
    let hash = || -> std::result::Result<Vec<u8>, ErrorStack> {
        let key = PKey::hmac(key)?;
        let mut signer = Signer::new(MessageDigest::sha256(), &key)?;
        signer.update(realm.id.0.as_bytes())?;
        for part in parts {
            // With its length, so that no two lists of parts are the same bytes.
            signer.update(&(part.len() as u64).to_be_bytes())?;
            signer.update(part.as_bytes())?;
        }
        signer.sign_to_vec()
    };
    hash().map_err(|error| Error::Credential(Box::new(error)))
}

/// What administrators see of a user's failed logins.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Status {
    /// Logins are refused at the moment, or for good.
    pub disabled: bool,
    /// The failed logins, if there are any.
    pub failures: Option<LoginFailures>,
}

/// The failed logins of a user. A user that there isn't has none.
///
/// # Errors
/// `Forbidden` without `view-users` or `manage-users`.
pub async fn status(services: &Services, caller: &Caller, realm: &Realm, user: &UserId) -> Result<Status> {
    caller.require(&[Permission::ViewUsers, Permission::ManageUsers])?;
    if !realm.settings.brute_force.brute_force_protected || !users::is_id(user) {
        return Ok(Status::default());
    }
    let mut conn = services.store.read().await?;
    let account = store::users::find(&mut conn, realm.id, user).await?;
    let failures = store::login::failures(&mut conn, realm.id, user).await?;
    let locked = failures.as_ref().is_some_and(|failures| failures.locked_at(services.now()));
    let disabled = locked || account.is_some_and(|account| users::is_permanently_locked(&account));
    Ok(Status { disabled, failures })
}

/// Forgets the failed logins of a user and ends a temporary lockout. An account that was disabled stays disabled until
/// an administrator enables it.
///
/// # Errors
/// `Forbidden` without `manage-users` or if the user may do more than the caller.
pub async fn forget(services: &Services, caller: &Caller, realm: &Realm, user: &UserId) -> Result<()> {
    caller.require(&[Permission::ManageUsers])?;
    if !users::is_id(user) {
        return Ok(());
    }
    let mut tx = services.store.begin(realm.id).await?;
    require_covers_user(&mut tx, caller, realm, user).await?;
    if store::login::forget_failures(&mut tx, Some(user)).await? > 0 {
        let path = format!("attack-detection/brute-force/users/{user}");
        let resource = Resource { kind: "USER_LOGIN_FAILURE", path: &path };
        admin_events::record(services, &mut tx, caller, realm, Operation::Delete, resource, NO_BODY).await?;
    }
    services.commit(tx).await
}

/// Forgets the failed logins of all users.
///
/// # Errors
/// `Forbidden` without `manage-users`.
pub async fn forget_all(services: &Services, caller: &Caller, realm: &Realm) -> Result<()> {
    caller.require(&[Permission::ManageUsers])?;
    let mut tx = services.store.begin(realm.id).await?;
    store::login::forget_failures(&mut tx, None).await?;
    let resource = Resource { kind: "USER_LOGIN_FAILURE", path: "attack-detection/brute-force/users" };
    admin_events::record(services, &mut tx, caller, realm, Operation::Delete, resource, NO_BODY).await?;
    services.commit(tx).await
}
