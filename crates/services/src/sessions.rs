//! Sessions of users: opened at a login, touched at a refresh, ended by a logout or an administrator.

mod admin;
pub mod lifespans;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use model::{
    client::Client,
    id::{SessionId, UserId},
    realm::Realm,
    secret::Secret,
    session::{TokenFamily, UserSession},
    subject::Assignments,
    user::User,
};
use openssl::sha::sha256;
use store::{
    Tx,
    sessions::{Browser, NewSession, Which},
};
use time::{Duration, OffsetDateTime};

use crate::{Error, Origin, Result, Services, What, random};

pub use admin::*;
pub(crate) use lifespans::open_at;

/// How exactly the last use of a session is known. A busy session is written once in this time.
const TOUCH_EVERY: Duration = Duration::seconds(30);
/// 256 bits in base64url without padding: the length of a browser's cookie.
const COOKIE_LENGTH: usize = 43;

fn expires(realm: &Realm, remember_me: bool, now: OffsetDateTime) -> OffsetDateTime {
    let lifespan = lifespans::lifespan(realm, remember_me, false);
    now.saturating_add(Duration::seconds(lifespan.idle.min(lifespan.max)))
}

/// Opens a session of a user with one client in it, for a client that has the user's password itself.
///
/// # Errors
/// `NotFound` if the user or the client is gone.
pub async fn open(
    services: &Services,
    realm: &Realm,
    user: &UserId,
    client: &Client,
    family: (&str, &TokenFamily),
    origin: &Origin,
) -> Result<UserSession> {
    let now = services.now();
    let new = NewSession {
        id: &SessionId(services.new_id()),
        user,
        client: Some((&client.id, family.0, family.1)),
        browser_hash: None,
        remember_me: false,
        ip_address: origin.ip_address.as_deref(),
        now,
        expires: expires(realm, false, now),
    };
    store::sessions::insert(&services.store, realm.id, &new).await.map_err(gone)
}

/// Opens a session of a user in a browser, and gives what the browser is to show from now on.
///
/// # Errors
/// `NotFound` if the user is gone.
pub async fn open_in_browser(
    services: &Services,
    realm: &Realm,
    user: &UserId,
    remember_me: bool,
    origin: &Origin,
) -> Result<(UserSession, Secret)> {
    let now = services.now();
    let cookie = new_cookie(services);
    let new = NewSession {
        id: &SessionId(services.new_id()),
        user,
        client: None,
        browser_hash: Some(&hash(cookie.expose())),
        remember_me,
        ip_address: origin.ip_address.as_deref(),
        now,
        expires: expires(realm, remember_me, now),
    };
    let session = store::sessions::insert(&services.store, realm.id, &new).await.map_err(gone)?;
    Ok((session, cookie))
}

/// Notes that the user of a browser's session proved again who they are. The browser gets something else to show, so
/// that what it showed before is good no more. None if the session is gone.
///
/// # Errors
/// If the database fails.
pub async fn authenticated_again(
    services: &Services,
    realm: &Realm,
    session: &UserSession,
) -> Result<Option<(UserSession, Secret)>> {
    let now = services.now();
    let cookie = new_cookie(services);
    let left = lifespans::left(realm, session, now).unwrap_or(i64::from(i32::MAX));
    let ends = expires(realm, session.remember_me, now).min(now.saturating_add(Duration::seconds(left)));
    let hash = hash(cookie.expose());
    let there = store::sessions::authenticated_again(&services.store, realm.id, &session.id, &hash, now, ends).await?;
    Ok(there.then(|| (UserSession { authenticated: now, last_access: now, ..session.clone() }, cookie)))
}

fn new_cookie(services: &Services) -> Secret {
    Secret::new(URL_SAFE_NO_PAD.encode(random::bytes::<32>(&*services.random)))
}

fn hash(text: &str) -> [u8; 32] {
    sha256(text.as_bytes())
}

/// What a missing row means where a session or a token is made for a user and a client.
pub(crate) fn gone(error: store::Error) -> Error {
    match error {
        store::Error::Conflict { constraint, missing: true } if constraint.contains("client") => {
            Error::NotFound(What::Client)
        }
        store::Error::Conflict { missing: true, .. } => Error::NotFound(What::User),
        other => Error::Store(other),
    }
}

/// A session that is neither over nor too long unused, with its user. None also if the user is disabled, or logged out
/// of everything after the session was opened.
///
/// # Errors
/// If the database fails.
pub async fn find_active(
    services: &Services,
    realm: &Realm,
    id: &SessionId,
    offline: bool,
) -> Result<Option<(UserSession, User)>> {
    let found = find_active_with_given(services, realm, id, offline).await?;
    Ok(found.map(|(session, user, _)| (session, user)))
}

/// As [`find_active`], with what was given to the user.
///
/// # Errors
/// If the database fails.
pub async fn find_active_with_given(
    services: &Services,
    realm: &Realm,
    id: &SessionId,
    offline: bool,
) -> Result<Option<(UserSession, User, Assignments)>> {
    if !is_id(id) {
        return Ok(None);
    }
    find(services, realm, Browser::Id(id, offline)).await
}

/// The session of a browser that shows this cookie, as [`find_active`].
///
/// # Errors
/// If the database fails.
pub async fn find_by_cookie(services: &Services, realm: &Realm, cookie: &str) -> Result<Option<(UserSession, User)>> {
    if cookie.len() != COOKIE_LENGTH {
        return Ok(None);
    }
    let found = find(services, realm, Browser::Cookie(&hash(cookie))).await?;
    Ok(found.map(|(session, user, _)| (session, user)))
}

async fn find(
    services: &Services,
    realm: &Realm,
    named: Browser<'_>,
) -> Result<Option<(UserSession, User, Assignments)>> {
    let open = open_at(realm, services.now());
    let found = store::sessions::find_open(&mut *services.store.read().await?, realm.id, named, open).await?;
    Ok(found.filter(|(session, user, _)| may_go_on(realm, session, user)))
}

/// Whether user and realm let a session go on.
pub(crate) fn may_go_on(realm: &Realm, session: &UserSession, user: &User) -> bool {
    let not_before = user.not_before.max(realm.settings.not_before);
    user.enabled && session.started.unix_timestamp() >= not_before
}

/// Whether a text from a token or a path may be the id of a session.
pub(crate) fn is_id(id: &SessionId) -> bool {
    id.0.len() <= model::id::MAX_ID_LENGTH && !id.0.contains('\0')
}

/// Notes that a session is in use.
///
/// # Errors
/// If the database fails.
pub async fn touch(services: &Services, realm: &Realm, session: &UserSession) -> Result<()> {
    let now = services.now();
    if now - session.last_access < TOUCH_EVERY {
        return Ok(());
    }
    let lifespan = lifespans::lifespan(realm, session.remember_me, session.offline);
    Ok(store::sessions::touch(&services.store, realm.id, session, now, now - TOUCH_EVERY, lifespan).await?)
}

/// Notes that a browser's session is in use, by its id alone.
///
/// # Errors
/// If the database fails.
pub async fn keep(services: &Services, realm: &Realm, id: &SessionId) -> Result<()> {
    match find_active(services, realm, id, false).await? {
        Some((session, _)) => touch(services, realm, &session).await,
        None => Ok(()),
    }
}

/// Ends a session, not the offline one of the same id; clients that want to hear of it are told. True if there was one.
///
/// # Errors
/// If the database fails.
pub async fn end(services: &Services, realm: &Realm, id: &SessionId, offline: bool) -> Result<bool> {
    if !is_id(id) {
        return Ok(false);
    }
    let mut tx = services.store.begin(realm.id).await?;
    let which = Which { id: Some(id), offline: Some(offline), ..Which::default() };
    let ended = !delete(services, &mut tx, which).await?.is_empty();
    tx.commit_uncached().await?;
    Ok(ended)
}

/// Ends all sessions of a user, within a larger change.
///
/// # Errors
/// If the database fails.
pub async fn end_all(services: &Services, tx: &mut Tx, user: &UserId, except: Option<&SessionId>) -> Result<()> {
    let which = Which { user: Some(user), except, ..Which::default() };
    delete(services, tx, which).await?;
    Ok(())
}

/// Ends all sessions and identity tokens of several users, within a larger change.
///
/// # Errors
/// If the database fails.
pub(crate) async fn end_all_of(services: &Services, tx: &mut Tx, users: &[UserId]) -> Result<()> {
    if users.is_empty() {
        return Ok(());
    }
    store::transfer::users::delete_identity_tokens(tx, users).await?;
    delete(services, tx, Which { users: Some(users), ..Which::default() }).await?;
    Ok(())
}

/// Ends sessions within a larger change, and tells whose they were. Their clients are told by `jobs`.
pub(crate) async fn delete(services: &Services, tx: &mut Tx, which: Which<'_>) -> Result<Vec<(SessionId, UserId)>> {
    Ok(store::sessions::delete(tx, which, services.public_url(), services.now()).await?)
}
