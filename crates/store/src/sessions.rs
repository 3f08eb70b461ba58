//! Sessions of users and the clients in them.
//!
//! Opening and touching are single statements, each a transaction of its own: they are part of every login and every
//! refresh, and a longer transaction would only cost round trips.

mod clients;

use model::{
    id::{ClientId, RealmId, SessionId, UserId},
    session::UserSession,
    user::User,
};
use serde_json::Value;
use sqlx::PgConnection;
use time::OffsetDateTime;

use crate::{Result, Store, Tx, row, users::user_of};

pub use clients::{ClientCount, client_called, client_exists, count_by_client, count_of_client};

struct Row {
    id: String,
    user_id: String,
    username: String,
    ip_address: Option<String>,
    started_at: OffsetDateTime,
    last_access_at: OffsetDateTime,
    clients: Value,
}

impl Row {
    fn read(self) -> Result<UserSession> {
        Ok(UserSession {
            id: SessionId(self.id),
            user_id: UserId(self.user_id),
            username: self.username,
            ip_address: self.ip_address,
            started: self.started_at,
            last_access: self.last_access_at,
            clients: row::read("client_sessions", "client", self.clients)?,
        })
    }
}

/// When sessions count as open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Open {
    /// The present moment: sessions that end later are open.
    pub now: OffsetDateTime,
    /// And they were used since then.
    pub used_since: OffsetDateTime,
    /// And they were opened since then.
    pub started_since: OffsetDateTime,
}

/// A session that is to be opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewSession<'a> {
    /// Its id.
    pub id: &'a SessionId,
    /// Whose it is.
    pub user: &'a UserId,
    /// The client that is in it from the start.
    pub client: &'a ClientId,
    /// From where it is opened.
    pub ip_address: Option<&'a str>,
    /// When.
    pub now: OffsetDateTime,
    /// When it ends, unless it is used before.
    pub expires: OffsetDateTime,
}

/// Opens a session of a user with one client in it.
///
/// # Errors
/// A conflict (missing) if the user or the client is gone.
pub async fn insert(store: &Store, realm: RealmId, new: &NewSession<'_>) -> Result<UserSession> {
    let names = sqlx::query!(
        r#"with opened as (
               insert into user_sessions (realm_id, id, user_id, ip_address, started_at, last_access_at, expires_at)
               values ($1, $2, $3, $4, $5, $5, $6)
           ),
           joined as (
               insert into client_sessions (realm_id, session_id, client, started_at) values ($1, $2, $7, $5)
           )
           select (select username from users where realm_id = $1 and id = $3) as username,
               (select client_id from clients where realm_id = $1 and id = $7) as client_id"#,
        realm.0,
        new.id.as_str(),
        new.user.as_str(),
        new.ip_address,
        new.now,
        new.expires,
        new.client.as_str()
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
        clients: vec![(new.client.clone(), names.client_id.unwrap_or_default())],
    })
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
    id: &SessionId,
    now: OffsetDateTime,
    noted_before: OffsetDateTime,
    lifespan: Lifespan,
) -> Result<()> {
    sqlx::query!(
        "update user_sessions set last_access_at = $3, expires_at = least(
             started_at + make_interval(secs => $5), $3::timestamptz + make_interval(secs => $6))
         where realm_id = $1 and id = $2 and last_access_at < $4",
        realm.0,
        id.as_str(),
        now,
        noted_before,
        seconds(lifespan.max),
        seconds(lifespan.idle)
    )
    .execute(&mut *store.acquire().await?)
    .await?;
    Ok(())
}

/// Seconds as PostgreSQL's intervals take them; more than a hundred years are all the same.
fn seconds(count: i64) -> f64 {
    f64::from(i32::try_from(count).unwrap_or(i32::MAX))
}

/// An open session with its user, in one statement.
///
/// # Errors
/// If the database fails.
pub async fn find_open(
    conn: &mut PgConnection,
    realm: RealmId,
    id: &SessionId,
    open: Open,
) -> Result<Option<(UserSession, User)>> {
    let row = sqlx::query!(
        r#"select s.id as session_id, s.ip_address, s.started_at, s.last_access_at,
               coalesce((
                   select jsonb_agg(jsonb_build_array(c.id, c.client_id) order by c.client_id)
                   from client_sessions k join clients c on c.realm_id = k.realm_id and c.id = k.client
                   where k.realm_id = s.realm_id and k.session_id = s.id
               ), '[]') as "clients!",
               u.id, u.username, u.email, u.email_verified, u.first_name, u.last_name, u.enabled, u.created_at,
               u.not_before, u.attributes, u.required_actions, u.service_account_of
           from user_sessions s join users u on u.realm_id = s.realm_id and u.id = s.user_id
           where s.realm_id = $1 and s.id = $2 and s.expires_at > $3 and s.last_access_at > $4
               and s.started_at > $5"#,
        realm.0,
        id.as_str(),
        open.now,
        open.used_since,
        open.started_since
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
        clients: row.clients,
    };
    Ok(Some((session.read()?, user_of!(row)?)))
}

/// Open sessions, the oldest first: of one user, of one client, or of both.
///
/// # Errors
/// If the database fails.
pub async fn list(
    conn: &mut PgConnection,
    realm: RealmId,
    user: Option<&UserId>,
    client: Option<&ClientId>,
    open: Open,
    first: i64,
    max: Option<i64>,
) -> Result<Vec<UserSession>> {
    sqlx::query_as!(
        Row,
        r#"with page as (
               select s.* from user_sessions s
               where s.realm_id = $1 and ($2::text is null or s.user_id = $2)
                   and ($3::text is null or exists (
                       select from client_sessions k where k.realm_id = $1 and k.client = $3 and k.session_id = s.id))
                   and s.expires_at > $4 and s.last_access_at > $5 and s.started_at > $6
               order by s.started_at, s.id offset $7 limit $8
           )
           select p.id as "id!", p.user_id as "user_id!", u.username as "username!", p.ip_address,
               p.started_at as "started_at!", p.last_access_at as "last_access_at!",
               coalesce((
                   select jsonb_agg(jsonb_build_array(c.id, c.client_id) order by c.client_id)
                   from client_sessions k join clients c on c.realm_id = k.realm_id and c.id = k.client
                   where k.realm_id = $1 and k.session_id = p.id
               ), '[]') as "clients!"
           from page p join users u on u.realm_id = $1 and u.id = p.user_id
           order by p.started_at, p.id"#,
        realm.0,
        user.map(UserId::as_str),
        client.map(ClientId::as_str),
        open.now,
        open.used_since,
        open.started_since,
        first,
        max
    )
    .fetch_all(conn)
    .await?
    .into_iter()
    .map(Row::read)
    .collect()
}

/// Ends a session and tells whose it was. None if there was none.
///
/// # Errors
/// If the database fails.
pub async fn delete(tx: &mut Tx, id: &SessionId) -> Result<Option<UserId>> {
    let realm = tx.realm();
    let user = sqlx::query_scalar!(
        "delete from user_sessions where realm_id = $1 and id = $2 returning user_id",
        realm.0,
        id.as_str()
    )
    .fetch_optional(&mut **tx)
    .await?;
    Ok(user.map(UserId))
}

/// Whose session it is, open or not. None if there is none.
///
/// # Errors
/// If the database fails.
pub async fn owner(conn: &mut PgConnection, realm: RealmId, id: &SessionId) -> Result<Option<UserId>> {
    let user =
        sqlx::query_scalar!("select user_id from user_sessions where realm_id = $1 and id = $2", realm.0, id.as_str())
            .fetch_optional(conn)
            .await?;
    Ok(user.map(UserId))
}

/// Ends all sessions of a user, but for one if `except` names it.
///
/// # Errors
/// If the database fails.
pub async fn delete_of_user(tx: &mut Tx, user: &UserId, except: Option<&SessionId>) -> Result<u64> {
    let realm = tx.realm();
    let done = sqlx::query!(
        "delete from user_sessions where realm_id = $1 and user_id = $2 and ($3::text is null or id <> $3)",
        realm.0,
        user.as_str(),
        except.map(SessionId::as_str)
    )
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected())
}

/// Ends all sessions of the realm.
///
/// # Errors
/// If the database fails.
pub async fn delete_all(tx: &mut Tx) -> Result<u64> {
    let realm = tx.realm();
    let done = sqlx::query!("delete from user_sessions where realm_id = $1", realm.0).execute(&mut **tx).await?;
    Ok(done.rows_affected())
}

/// Deletes up to `limit` sessions that ended, in whatever realm, and tells how many. Several nodes may do it at once.
///
/// # Errors
/// If the database fails.
pub async fn expire(store: &Store, now: OffsetDateTime, limit: i64) -> Result<u64> {
    let done = sqlx::query!(
        "with over as materialized (
             select o.realm_id, o.id from realms r
             cross join lateral (
                 select realm_id, id from user_sessions where realm_id = r.realm_id and expires_at <= $1
                 order by expires_at limit $2 for update skip locked
             ) o
             limit $2
         )
         delete from user_sessions s using over
         where s.realm_id = over.realm_id and s.id = over.id",
        now,
        limit
    )
    .execute(&mut *store.acquire().await?)
    .await?;
    Ok(done.rows_affected())
}
