//! Sessions of users and the clients in them.
//!
//! Opening and touching are single statements, each a transaction of its own: they are part of every login and every
//! refresh, and a longer transaction would only cost round trips.

mod clients;
mod end;
mod newest;
mod open;

use model::{
    id::{ClientId, RealmId, SessionId, UserId},
    session::UserSession,
};
use serde_json::Value;
use sqlx::PgConnection;
use time::OffsetDateTime;

use crate::{Result, Store, row};

pub use clients::{ClientCount, client_called, client_exists, count_by_client, count_of_client};
pub use end::{BACKCHANNEL_LOGOUT, Which, delete, expire};
pub use newest::by_start;
pub use open::{Browser, NewSession, OfflineFamily, authenticated_again, find_open, insert, insert_offline};

pub(crate) struct Row {
    pub(crate) id: String,
    pub(crate) user_id: String,
    pub(crate) username: String,
    pub(crate) ip_address: Option<String>,
    pub(crate) started_at: OffsetDateTime,
    pub(crate) last_access_at: OffsetDateTime,
    pub(crate) authenticated_at: OffsetDateTime,
    pub(crate) remember_me: bool,
    pub(crate) offline: bool,
    pub(crate) clients: Value,
}

impl Row {
    pub(crate) fn read(self) -> Result<UserSession> {
        Ok(UserSession {
            id: SessionId(self.id),
            user_id: UserId(self.user_id),
            username: self.username,
            ip_address: self.ip_address,
            started: self.started_at,
            last_access: self.last_access_at,
            authenticated: self.authenticated_at,
            remember_me: self.remember_me,
            offline: self.offline,
            clients: row::read("client_sessions", "client", self.clients)?,
        })
    }
}

/// When sessions count as open.
///
/// The limits are those of the four kinds of sessions, in this order: usual, remembered, offline, offline and
/// remembered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Open {
    /// The present moment: sessions that end later are open.
    pub now: OffsetDateTime,
    /// And they were used since then.
    pub used_since: [OffsetDateTime; 4],
    /// And they were opened since then.
    pub started_since: [OffsetDateTime; 4],
}

/// How long a session lasts, seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lifespan {
    /// Since it was last used.
    pub idle: i64,
    /// Since it was opened.
    pub max: i64,
}

/// Notes that a session is in use, unless that was noted after `noted_before`.
///
/// # Errors
/// If the database fails.
pub async fn touch(
    store: &Store,
    realm: RealmId,
    session: &UserSession,
    now: OffsetDateTime,
    noted_before: OffsetDateTime,
    lifespan: Lifespan,
) -> Result<()> {
    sqlx::query!(
        "update user_sessions set last_access_at = $3, expires_at = least(
             started_at + make_interval(secs => $5), $3::timestamptz + make_interval(secs => $6))
         where realm_id = $1 and id = $2 and offline = $7 and last_access_at < $4",
        realm.0,
        session.id.as_str(),
        now,
        noted_before,
        seconds(lifespan.max),
        seconds(lifespan.idle),
        session.offline
    )
    .execute(&mut *store.acquire().await?)
    .await?;
    Ok(())
}

/// Seconds as PostgreSQL's intervals take them; more than a hundred years are all the same.
fn seconds(count: i64) -> f64 {
    f64::from(i32::try_from(count).unwrap_or(i32::MAX))
}

/// Open sessions of one kind, the oldest first: of one user, of one client, or of both.
///
/// # Errors
/// If the database fails.
#[expect(clippy::too_many_arguments, reason = "what to look for, and which page of it")]
pub async fn list(
    conn: &mut PgConnection,
    realm: RealmId,
    user: Option<&UserId>,
    client: Option<&ClientId>,
    offline: bool,
    open: Open,
    first: i64,
    max: Option<i64>,
) -> Result<Vec<UserSession>> {
    sqlx::query_as!(
        Row,
        r#"with page as (
               select s.* from user_sessions s
               where s.realm_id = $1 and s.offline = $9 and ($2::text is null or s.user_id = $2)
                   and ($3::text is null or exists (
                       select from client_sessions k
                       where k.realm_id = $1 and k.client = $3 and k.session_id = s.id and k.offline = s.offline))
                   and s.expires_at > $4
                   and s.last_access_at > ($5::timestamptz[])[1 + s.remember_me::integer + 2 * s.offline::integer]
                   and s.started_at > ($6::timestamptz[])[1 + s.remember_me::integer + 2 * s.offline::integer]
               order by s.started_at, s.id offset $7 limit $8
           )
           select p.id as "id!", p.user_id as "user_id!", u.username as "username!", p.ip_address,
               p.started_at as "started_at!", p.last_access_at as "last_access_at!",
               p.authenticated_at as "authenticated_at!", p.remember_me as "remember_me!", p.offline as "offline!",
               coalesce((
                   select jsonb_agg(jsonb_build_array(c.id, c.client_id) order by c.client_id)
                   from client_sessions k join clients c on c.realm_id = k.realm_id and c.id = k.client
                   where k.realm_id = $1 and k.session_id = p.id and k.offline = p.offline
               ), '[]') as "clients!"
           from page p join users u on u.realm_id = $1 and u.id = p.user_id
           order by p.started_at, p.id"#,
        realm.0,
        user.map(UserId::as_str),
        client.map(ClientId::as_str),
        open.now,
        &open.used_since,
        &open.started_since,
        first,
        max,
        offline
    )
    .fetch_all(conn)
    .await?
    .into_iter()
    .map(Row::read)
    .collect()
}

/// Whose session it is, open or not. None if there is none.
///
/// # Errors
/// If the database fails.
pub async fn owner(conn: &mut PgConnection, realm: RealmId, id: &SessionId) -> Result<Option<UserId>> {
    let user = sqlx::query_scalar!(
        "select user_id from user_sessions where realm_id = $1 and id = $2 limit 1",
        realm.0,
        id.as_str()
    )
    .fetch_optional(conn)
    .await?;
    Ok(user.map(UserId))
}
