//! Sessions of users: opened at a login, touched at a refresh, ended by a logout or an administrator.

mod admin;

use model::{
    id::{ClientId, SessionId, UserId},
    realm::Realm,
    session::UserSession,
    user::User,
};
use store::{
    Tx,
    sessions::{Lifespan, NewSession, Open},
};
use time::{Duration, OffsetDateTime};

use crate::{Error, Origin, Result, Services, What};

pub use admin::*;

/// How exactly the last use of a session is known. A busy session is written once in this time.
const TOUCH_EVERY: Duration = Duration::seconds(30);

/// When sessions of `realm` count as open at `now`.
pub(crate) fn open_at(realm: &Realm, now: OffsetDateTime) -> Open {
    let Lifespan { idle, max } = lifespan(realm);
    Open { now, used_since: before(now, idle), started_since: before(now, max) }
}

fn lifespan(realm: &Realm) -> Lifespan {
    Lifespan { idle: realm.settings.sso_session_idle_timeout, max: realm.settings.sso_session_max_lifespan }
}

/// So many seconds before `now`, or the beginning of time.
fn before(now: OffsetDateTime, seconds: i64) -> OffsetDateTime {
    now.checked_sub(Duration::seconds(seconds)).unwrap_or(OffsetDateTime::UNIX_EPOCH)
}

/// Opens a session of a user with one client in it.
///
/// # Errors
/// `NotFound` if the user or the client is gone.
pub async fn open(
    services: &Services,
    realm: &Realm,
    user: &UserId,
    client: &ClientId,
    origin: &Origin,
) -> Result<UserSession> {
    let now = services.now();
    let Lifespan { idle, max } = lifespan(realm);
    let new = NewSession {
        id: &SessionId(services.new_id()),
        user,
        client,
        ip_address: origin.ip_address.as_deref(),
        now,
        expires: now.saturating_add(Duration::seconds(idle.min(max))),
    };
    store::sessions::insert(&services.store, realm.id, &new).await.map_err(gone)
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
pub async fn find_active(services: &Services, realm: &Realm, id: &SessionId) -> Result<Option<(UserSession, User)>> {
    if !is_id(id) {
        return Ok(None);
    }
    let open = open_at(realm, services.now());
    let found = store::sessions::find_open(&mut *services.store.read().await?, realm.id, id, open).await?;
    Ok(found.filter(|(session, user)| {
        let not_before = user.not_before.max(realm.settings.not_before);
        user.enabled && session.started.unix_timestamp() >= not_before
    }))
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
    Ok(store::sessions::touch(&services.store, realm.id, &session.id, now, now - TOUCH_EVERY, lifespan(realm)).await?)
}

/// Ends a session. True if there was one.
///
/// # Errors
/// If the database fails.
pub async fn end(services: &Services, realm: &Realm, id: &SessionId) -> Result<bool> {
    if !is_id(id) {
        return Ok(false);
    }
    let mut tx = services.store.begin(realm.id).await?;
    let ended = store::sessions::delete(&mut tx, id).await?.is_some();
    services.commit(tx).await?;
    Ok(ended)
}

/// Ends all sessions of a user, within a larger change.
///
/// # Errors
/// If the database fails.
pub async fn end_all(tx: &mut Tx, user: &UserId) -> Result<()> {
    store::sessions::delete_of_user(tx, user, None).await?;
    Ok(())
}
