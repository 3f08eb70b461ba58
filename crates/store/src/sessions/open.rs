//! Sessions that begin, and finding the one that a browser or a token names.

use model::{
    id::{ClientId, RealmId, SessionId, UserId},
    session::{TokenFamily, UserSession},
    subject::Assignments,
    user::User,
};
use sqlx::PgConnection;
use time::OffsetDateTime;

use super::{Open, Row};
use crate::{Result, Store, client_sessions::MOST_FAMILIES, row, subjects::assigned, users::user_of};

/// A session that is to be opened.
#[derive(Clone, Debug)]
pub struct NewSession<'a> {
    /// Its id.
    pub id: &'a SessionId,
    /// Whose it is.
    pub user: &'a UserId,
    /// The client that is in it from the start, with its first token family; none if a browser opens it for itself.
    pub client: Option<(&'a ClientId, &'a str, &'a TokenFamily)>,
    /// A hash of the browser's cookie.
    pub browser_hash: Option<&'a [u8]>,
    /// It is to last longer.
    pub remember_me: bool,
    /// From where it is opened.
    pub ip_address: Option<&'a str>,
    /// When.
    pub now: OffsetDateTime,
    /// When it ends, unless it is used before.
    pub expires: OffsetDateTime,
}

/// Opens a session of a user.
///
/// # Errors
/// A conflict (missing) if the user or the client is gone.
pub async fn insert(store: &Store, realm: RealmId, new: &NewSession<'_>) -> Result<UserSession> {
    let names = sqlx::query!(
        r#"with opened as (
               insert into user_sessions (realm_id, id, user_id, ip_address, started_at, last_access_at, expires_at,
                   authenticated_at, remember_me, browser_hash)
               values ($1, $2, $3, $4, $5, $5, $6, $5, $8, $9)
           ),
           joined as (
               insert into client_sessions (realm_id, session_id, client, started_at, families)
               select $1, $2, $7, $5, jsonb_build_object($10::text, $11::jsonb) where $7::text is not null
           )
           select (select username from users where realm_id = $1 and id = $3) as username,
               (select client_id from clients where realm_id = $1 and id = $7) as client_id"#,
        realm.0,
        new.id.as_str(),
        new.user.as_str(),
        new.ip_address,
        new.now,
        new.expires,
        new.client.map(|(client, ..)| client.as_str()),
        new.remember_me,
        new.browser_hash,
        new.client.map(|(_, family, _)| family),
        new.client.map(|(.., family)| row::write(family))
    )
    .fetch_one(&mut *store.acquire().await?)
    .await?;
    Ok(UserSession {
        id: new.id.clone(),
        user_id: new.user.clone(),
        username: names.username.unwrap_or_default(),
        ip_address: new.ip_address.map(str::to_owned),
        started: new.now,
        last_access: new.now,
        authenticated: new.now,
        remember_me: new.remember_me,
        offline: false,
        clients: new
            .client
            .map(|(client, ..)| (client.clone(), names.client_id.unwrap_or_default()))
            .into_iter()
            .collect(),
    })
}

/// A token family that begins in an offline session.
#[derive(Clone, Copy, Debug)]
pub struct OfflineFamily<'a> {
    /// Its id.
    pub id: &'a str,
    /// How it begins there.
    pub offline: &'a TokenFamily,
    /// How it begins in the session that the offline one goes with; none if it is there already.
    pub here: Option<&'a TokenFamily>,
}

/// Opens the offline session that goes with a session, or finds it open, and lets a token family of a client go on in it.
/// Nothing is done if the family is to be in the session already and isn't any more: a code that came a second time may
/// have taken it away in between. The lock on the family's row keeps such a moment from falling in here.
///
/// # Errors
/// A conflict (missing) if the user or the client is gone.
pub async fn insert_offline(
    store: &Store,
    realm: RealmId,
    session: &UserSession,
    client: &ClientId,
    family: OfflineFamily<'_>,
    now: OffsetDateTime,
    expires: OffsetDateTime,
) -> Result<()> {
    sqlx::query!(
        "with held as materialized (
             select from client_sessions
             where realm_id = $1 and session_id = $2 and client = $9 and not offline and families ? $10::text for share
         ),
         begun as (select from held union all select where $12::jsonb is not null),
         opened as (
             insert into user_sessions (realm_id, id, offline, user_id, ip_address, started_at, last_access_at,
                 expires_at, authenticated_at, remember_me)
             select $1::uuid, $2::text, true, $3::text, $4::text, $5::timestamptz, $5, $6::timestamptz, $7::timestamptz,
                 $8::boolean
             from begun
             on conflict (realm_id, id, offline) do update
                 set last_access_at = excluded.last_access_at, expires_at = excluded.expires_at
         )
         insert into client_sessions as k (realm_id, session_id, client, offline, started_at, families)
         select $1, $2, $9, begins.offline, $5, jsonb_build_object($10, begins.family)
         from begun, (values (true, $11::jsonb), (false, $12::jsonb)) as begins (offline, family)
         where begins.family is not null
         on conflict (realm_id, session_id, client, offline) do update
             set families = unended(k.families, 'e', $13, $14) || excluded.families",
        realm.0,
        session.id.as_str(),
        session.user_id.as_str(),
        session.ip_address,
        now,
        expires,
        session.authenticated,
        session.remember_me,
        client.as_str(),
        family.id,
        row::write(family.offline),
        family.here.map(row::write),
        now.unix_timestamp(),
        MOST_FAMILIES - 1
    )
    .execute(&mut *store.acquire().await?)
    .await?;
    Ok(())
}

/// What names a session.
#[derive(Clone, Copy, Debug)]
pub enum Browser<'a> {
    /// Its id, and whether it is an offline one.
    Id(&'a SessionId, bool),
    /// A hash of the browser's cookie.
    Cookie(&'a [u8]),
}

/// An open session with its user and what was given to the user, in one statement.
///
/// # Errors
/// If the database fails.
pub async fn find_open(
    conn: &mut PgConnection,
    realm: RealmId,
    named: Browser<'_>,
    open: Open,
) -> Result<Option<(UserSession, User, Assignments)>> {
    let (id, offline, cookie) = match named {
        Browser::Id(id, offline) => (Some(id.as_str()), offline, None),
        Browser::Cookie(hash) => (None, false, Some(hash)),
    };
    let row = sqlx::query!(
        r#"select s.id as session_id, s.ip_address, s.started_at, s.last_access_at, s.authenticated_at, s.remember_me,
               s.offline,
               coalesce((
                   select jsonb_agg(jsonb_build_array(c.id, c.client_id) order by c.client_id)
                   from client_sessions k join clients c on c.realm_id = k.realm_id and c.id = k.client
                   where k.realm_id = s.realm_id and k.session_id = s.id and k.offline = s.offline
               ), '[]') as "clients!",
               u.id, u.username, u.email, u.email_verified, u.first_name, u.last_name, u.enabled, u.created_at,
               u.not_before, u.attributes, u.required_actions, u.service_account_of,
               array(select role_id from user_roles where realm_id = $1 and user_id = u.id order by role_id) as "role_ids!",
               array(select group_id from user_groups where realm_id = $1 and user_id = u.id order by group_id)
                   as "group_ids!"
           from user_sessions s join users u on u.realm_id = s.realm_id and u.id = s.user_id
           where s.realm_id = $1
               and s.id = coalesce($2, (select id from user_sessions where realm_id = $1 and browser_hash = $7))
               and s.offline = $3 and s.expires_at > $4
               and s.last_access_at > ($5::timestamptz[])[1 + s.remember_me::integer + 2 * s.offline::integer]
               and s.started_at > ($6::timestamptz[])[1 + s.remember_me::integer + 2 * s.offline::integer]"#,
        realm.0,
        id,
        offline,
        open.now,
        &open.used_since,
        &open.started_since,
        cookie
    )
    .fetch_optional(conn)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let session = Row {
        id: row.session_id,
        user_id: row.id.clone(),
        username: row.username.clone(),
        ip_address: row.ip_address,
        started_at: row.started_at,
        last_access_at: row.last_access_at,
        authenticated_at: row.authenticated_at,
        remember_me: row.remember_me,
        offline: row.offline,
        clients: row.clients,
    };
    let given = assigned(row.role_ids, row.group_ids);
    Ok(Some((session.read()?, user_of!(row)?, given)))
}

/// Notes that the user of a session proved again who they are, and gives the browser another cookie. False if the
/// session is gone.
///
/// # Errors
/// If the database fails.
pub async fn authenticated_again(
    store: &Store,
    realm: RealmId,
    session: &SessionId,
    browser_hash: &[u8],
    now: OffsetDateTime,
    expires: OffsetDateTime,
) -> Result<bool> {
    let done = sqlx::query!(
        "update user_sessions set authenticated_at = $4, last_access_at = $4, expires_at = $5, browser_hash = $3
         where realm_id = $1 and id = $2 and not offline",
        realm.0,
        session.as_str(),
        browser_hash,
        now,
        expires
    )
    .execute(&mut *store.acquire().await?)
    .await?;
    Ok(done.rows_affected() > 0)
}
