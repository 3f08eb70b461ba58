//! Refused requests of administrators. They are written together with login events: see [`crate::events::write`].

use model::id::{ClientId, EventId, RealmId, UserId};
use sqlx::PgConnection;
use time::{Duration, OffsetDateTime};

use crate::{Result, Store};

/// For how long refusals are kept in realms that keep events for ever.
const KEPT: Duration = Duration::days(7);

/// A refused request of an administrator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefusedRequest {
    /// Where it is kept.
    pub realm_id: RealmId,
    /// Told to the caller.
    pub id: EventId,
    /// When.
    pub time: OffsetDateTime,
    /// The administrator's realm (its given id).
    pub auth_realm_id: String,
    /// The administrator.
    pub auth_user_id: Option<UserId>,
    /// The client that the administrator used.
    pub auth_client_id: Option<ClientId>,
    /// The administrator's address.
    pub ip_address: Option<String>,
    /// The method.
    pub method: String,
    /// The path, without its query.
    pub path: String,
    /// Which rule refused.
    pub rule: String,
    /// The permissions that the rule is about.
    pub permissions: Vec<String>,
}

/// A refused request with the names that its administrator has by now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// The request.
    pub request: RefusedRequest,
    /// The administrator's name, if the account is still there.
    pub username: Option<String>,
    /// The `clientId`, if the client is still there.
    pub client: Option<String>,
}

struct Row {
    id: String,
    time: OffsetDateTime,
    auth_realm_id: String,
    auth_user_id: Option<String>,
    auth_client_id: Option<String>,
    username: Option<String>,
    client: Option<String>,
    ip_address: Option<String>,
    method: String,
    path: String,
    rule: String,
    permissions: Vec<String>,
}

/// The refused request of this id.
///
/// # Errors
/// If the database fails.
pub async fn find(conn: &mut PgConnection, realm: RealmId, id: &EventId) -> Result<Option<Named>> {
    let row = sqlx::query_as!(
        Row,
        r#"select r.id, r.time, r.auth_realm_id, r.auth_user_id, r.auth_client_id, u.username as "username?",
               c.client_id as "client?", r.ip_address, r.method, r.path, r.rule, r.permissions
           from refused_admin_requests r
           left join realms a on a.given_id = r.auth_realm_id
           left join users u on u.realm_id = a.realm_id and u.id = r.auth_user_id
           left join clients c on c.realm_id = a.realm_id and c.id = r.auth_client_id
           where r.realm_id = $1 and r.id = $2"#,
        realm.0,
        id.as_str()
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.map(|row| Named {
        username: row.username,
        client: row.client,
        request: RefusedRequest {
            realm_id: realm,
            id: EventId(row.id),
            time: row.time,
            auth_realm_id: row.auth_realm_id,
            auth_user_id: row.auth_user_id.map(UserId),
            auth_client_id: row.auth_client_id.map(ClientId),
            ip_address: row.ip_address,
            method: row.method,
            path: row.path,
            rule: row.rule,
            permissions: row.permissions,
        },
    }))
}

/// Deletes up to `limit` refusals that are older than their realm keeps events, and tells how many. Several nodes may do it
/// at once.
///
/// # Errors
/// If the database fails.
pub async fn expire(store: &Store, now: OffsetDateTime, limit: i64) -> Result<u64> {
    let done = sqlx::query!(
        "with over as materialized (
             select o.realm_id, o.id from realms r
             cross join lateral (
                 select realm_id, id from refused_admin_requests
                 where realm_id = r.realm_id and time < $1::timestamptz - make_interval(secs => coalesce(
                     nullif((r.settings ->> 'eventsExpiration')::double precision, 0), $3::double precision))
                 order by time limit $2 for update skip locked
             ) o
             limit $2
         )
         delete from refused_admin_requests e using over
         where e.realm_id = over.realm_id and e.id = over.id",
        now,
        limit,
        KEPT.as_seconds_f64()
    )
    .execute(&mut *store.acquire().await?)
    .await?;
    Ok(done.rows_affected())
}
