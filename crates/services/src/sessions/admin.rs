//! Sessions and identity tokens as administrators see and end them. Identity tokens are shown beside the offline
//! sessions, which they resemble: a login that outlives the browser's session.

use model::{
    event::Operation,
    id::{ClientId, SessionId, UserId},
    permission::Permission,
    realm::Realm,
    session::UserSession,
};
use serde_json::Value;
use store::{
    identity_tokens::Listed,
    sessions::{ClientCount, Which},
};

use super::{delete, end_all, is_id, open_at};
use crate::{
    Caller, Error, Result, Services, What,
    admin_events::{self, Resource},
    administrators::require_covers_user,
    error::Found as _,
    listing::{self, Direction, Page},
    users,
};

const VIEW_USERS: &[Permission] = &[Permission::ViewUsers, Permission::ManageUsers];
const VIEW_CLIENTS: &[Permission] = &[Permission::ViewClients, Permission::ManageClients];
const NO_BODY: Option<&Value> = None;

/// The open sessions of a user.
///
/// # Errors
/// `Forbidden` without `view-users` or `manage-users`, `NotFound` if there is no such user.
pub async fn of_user(services: &Services, caller: &Caller, realm: &Realm, user: &UserId) -> Result<Vec<UserSession>> {
    caller.require(VIEW_USERS)?;
    let mut conn = services.store.read().await?;
    users::existing(&mut conn, realm, user).await?;
    let open = open_at(realm, services.now());
    Ok(store::sessions::list(&mut conn, realm.id, Some(user), None, false, open, 0, None).await?)
}

/// Logins that outlive the browser's session.
#[derive(Debug, Default)]
pub struct Offline {
    /// Sessions of refresh tokens with the scope `offline_access`.
    pub sessions: Vec<UserSession>,
    /// What docker clients keep.
    pub identity_tokens: Vec<Listed>,
}

/// The offline sessions of a user that a client is in, and the user's identity tokens for it.
///
/// # Errors
/// `Forbidden` without `view-users` or `manage-users`, `NotFound` if there is no such user or client.
pub async fn offline_of_user(
    services: &Services,
    caller: &Caller,
    realm: &Realm,
    user: &UserId,
    client: &ClientId,
) -> Result<Offline> {
    caller.require(VIEW_USERS)?;
    let mut conn = services.store.read().await?;
    users::existing(&mut conn, realm, user).await?;
    require_client(&mut conn, realm, client).await?;
    let now = services.now();
    let (open, whose) = (open_at(realm, now), (Some(user), Some(client)));
    Ok(Offline {
        sessions: store::sessions::list(&mut conn, realm.id, whose.0, whose.1, true, open, 0, None).await?,
        identity_tokens: store::identity_tokens::list(&mut conn, realm.id, whose.0, whose.1, now, 0, None).await?,
    })
}

async fn require_client(conn: &mut store::PgConnection, realm: &Realm, client: &ClientId) -> Result<()> {
    let fits = client.0.len() <= model::id::MAX_ID_LENGTH && !client.0.contains('\0');
    let exists = fits && store::sessions::client_exists(conn, realm.id, client).await?;
    exists.then_some(()).found(What::Client)
}

/// The open sessions that a client is in.
///
/// # Errors
/// `Forbidden` without `view-clients` or `manage-clients`, `NotFound` if there is no such client.
pub async fn of_client(
    services: &Services,
    caller: &Caller,
    realm: &Realm,
    client: &ClientId,
    first: i64,
    max: Option<i64>,
) -> Result<Vec<UserSession>> {
    caller.require(VIEW_CLIENTS)?;
    let mut conn = services.store.read().await?;
    require_client(&mut conn, realm, client).await?;
    let open = open_at(realm, services.now());
    Ok(store::sessions::list(&mut conn, realm.id, None, Some(client), false, open, first, max).await?)
}

/// The offline sessions that a client is in, then the identity tokens for it, as one list.
///
/// # Errors
/// As [`of_client`].
pub async fn offline_of_client(
    services: &Services,
    caller: &Caller,
    realm: &Realm,
    client: &ClientId,
    first: i64,
    max: Option<i64>,
) -> Result<Offline> {
    caller.require(VIEW_CLIENTS)?;
    let mut conn = services.store.read().await?;
    require_client(&mut conn, realm, client).await?;
    let now = services.now();
    let open = open_at(realm, now);
    let sessions = store::sessions::list(&mut conn, realm.id, None, Some(client), true, open, first, max).await?;
    let shown = i64::try_from(sessions.len()).unwrap_or(i64::MAX);
    let left = max.map(|max| max.saturating_sub(shown));
    if left.is_some_and(|left| left <= 0) {
        return Ok(Offline { sessions, identity_tokens: Vec::new() });
    }
    // The page goes on where the sessions end.
    let before = match first {
        0 => 0,
        first => (first - store::sessions::count_of_client(&mut conn, realm.id, client, true, open).await?).max(0),
    };
    let tokens = store::identity_tokens::list(&mut conn, realm.id, None, Some(client), now, before, left).await?;
    Ok(Offline { sessions, identity_tokens: tokens })
}

/// How many open sessions a client is in.
///
/// # Errors
/// As [`of_client`].
pub async fn count_of_client(services: &Services, caller: &Caller, realm: &Realm, client: &ClientId) -> Result<i64> {
    caller.require(VIEW_CLIENTS)?;
    let mut conn = services.store.read().await?;
    require_client(&mut conn, realm, client).await?;
    let open = open_at(realm, services.now());
    Ok(store::sessions::count_of_client(&mut conn, realm.id, client, false, open).await?)
}

/// How many offline sessions a client is in and how many identity tokens there are for it, together.
///
/// # Errors
/// As [`of_client`].
pub async fn count_offline_of_client(
    services: &Services,
    caller: &Caller,
    realm: &Realm,
    client: &ClientId,
) -> Result<i64> {
    caller.require(VIEW_CLIENTS)?;
    let mut conn = services.store.read().await?;
    require_client(&mut conn, realm, client).await?;
    let now = services.now();
    let sessions = store::sessions::count_of_client(&mut conn, realm.id, client, true, open_at(realm, now)).await?;
    Ok(sessions + store::identity_tokens::count_of_client(&mut conn, realm.id, client, now).await?)
}

/// The clients that are in an open session or have identity tokens, with the numbers.
///
/// # Errors
/// `Forbidden` without `view-realm` or `manage-realm`.
pub async fn count_by_client(services: &Services, caller: &Caller, realm: &Realm) -> Result<Vec<ClientCount>> {
    caller.require(&[Permission::ViewRealm, Permission::ManageRealm])?;
    let open = open_at(realm, services.now());
    Ok(store::sessions::count_by_client(&mut *services.store.read().await?, realm.id, open).await?)
}

/// All open sessions of a realm of one kind, the newest first or the oldest.
///
/// # Errors
/// `Forbidden` without `view-users` or `manage-users`.
pub async fn of_realm(
    services: &Services,
    caller: &Caller,
    realm: &Realm,
    offline: bool,
    direction: Direction,
    page: Page,
) -> Result<listing::Listed<UserSession>> {
    caller.require(VIEW_USERS)?;
    let (open, oldest_first) = (open_at(realm, services.now()), !direction.is_descending());
    let mut searching = services.store.searching().await?;
    let (first, asked) = (page.first(), page.asked());
    let found = store::sessions::by_start(&mut searching, realm.id, offline, oldest_first, open, first, asked).await?;
    searching.end().await?;
    Ok(page.of(found))
}

/// Ends one session, or an offline session, or removes one identity token, which passes for one of those.
///
/// # Errors
/// `Forbidden` without `manage-users` or if the user may do more than the caller, `NotFound` if it isn't there.
pub async fn remove(services: &Services, caller: &Caller, realm: &Realm, id: &SessionId, offline: bool) -> Result<()> {
    caller.require(&[Permission::ManageUsers])?;
    if !is_id(id) {
        return Err(Error::NotFound(What::Session));
    }
    let mut tx = services.store.begin(realm.id).await?;
    let of_token = match offline {
        true => store::identity_tokens::owner(&mut tx, realm.id, id).await?,
        false => None,
    };
    if let Some(owner) = of_token {
        require_covers_user(&mut tx, caller, realm, &owner).await?;
        store::identity_tokens::delete(&mut tx, id).await?;
    } else {
        let owner = store::sessions::owner(&mut tx, realm.id, id).await?.found(What::Session)?;
        require_covers_user(&mut tx, caller, realm, &owner).await?;
        let which = Which { id: Some(id), offline: Some(offline), ..Which::default() };
        let ended = delete(services, &mut tx, which).await?;
        (!ended.is_empty()).then_some(()).found(What::Session)?;
    }
    let resource = Resource { kind: "USER_SESSION", path: &format!("sessions/{id}") };
    admin_events::record(services, &mut tx, caller, realm, Operation::Delete, resource, NO_BODY).await?;
    services.commit(tx).await
}

/// Logs a user out everywhere: ends the sessions, removes the identity tokens, and refuses tokens issued before now.
///
/// # Errors
/// `Forbidden` without `manage-users` or if the user may do more than the caller, `NotFound` if there is no such user.
pub async fn logout(services: &Services, caller: &Caller, realm: &Realm, user: &UserId) -> Result<()> {
    caller.require(&[Permission::ManageUsers])?;
    let mut tx = services.store.begin(realm.id).await?;
    users::locked(&mut tx, user).await?;
    require_covers_user(&mut tx, caller, realm, user).await?;
    store::users::set_not_before(&mut tx, user, services.now().unix_timestamp()).await?;
    end_all(services, &mut tx, user, None).await?;
    store::identity_tokens::delete_of_user(&mut tx, user, None).await?;
    let resource = Resource { kind: "USER", path: &format!("users/{user}/logout") };
    admin_events::record(services, &mut tx, caller, realm, Operation::Action, resource, NO_BODY).await?;
    services.commit(tx).await
}

/// Ends all sessions of a realm and removes all its identity tokens.
///
/// # Errors
/// `Forbidden` without `manage-users`.
pub async fn logout_all(services: &Services, caller: &Caller, realm: &Realm) -> Result<()> {
    caller.require(&[Permission::ManageUsers])?;
    let mut tx = services.store.begin(realm.id).await?;
    delete(services, &mut tx, Which::default()).await?;
    store::identity_tokens::delete_all(&mut tx).await?;
    let resource = Resource { kind: "USER", path: "logout-all" };
    admin_events::record(services, &mut tx, caller, realm, Operation::Action, resource, NO_BODY).await?;
    services.commit(tx).await
}
