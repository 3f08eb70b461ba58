//! Sessions seen from the clients that are in them.

use model::id::{ClientId, RealmId};
use sqlx::PgConnection;

use super::Open;
use crate::Result;

/// How many open sessions of one kind a client is in.
///
/// # Errors
/// If the database fails.
pub async fn count_of_client(
    conn: &mut PgConnection,
    realm: RealmId,
    client: &ClientId,
    offline: bool,
    open: Open,
) -> Result<i64> {
    Ok(sqlx::query_scalar!(
        r#"select count(*) as "count!" from client_sessions k
           join user_sessions s on s.realm_id = k.realm_id and s.id = k.session_id and s.offline = k.offline
           where k.realm_id = $1 and k.client = $2 and s.offline = $6 and s.expires_at > $3
               and s.last_access_at > ($4::timestamptz[])[1 + s.remember_me::integer + 2 * s.offline::integer]
               and s.started_at > ($5::timestamptz[])[1 + s.remember_me::integer + 2 * s.offline::integer]"#,
        realm.0,
        client.as_str(),
        open.now,
        &open.used_since,
        &open.started_since,
        offline
    )
    .fetch_one(conn)
    .await?)
}

/// A client with the number of its sessions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClientCount {
    /// The client.
    pub id: ClientId,
    /// Its `clientId`.
    pub client_id: String,
    /// Open sessions.
    pub sessions: i64,
    /// Open offline sessions, identity tokens among them.
    pub offline: i64,
}

/// The clients that are in an open session or have an identity token, by `clientId`.
///
/// # Errors
/// If the database fails.
pub async fn count_by_client(conn: &mut PgConnection, realm: RealmId, open: Open) -> Result<Vec<ClientCount>> {
    let rows = sqlx::query!(
        r#"with counts as (
               select k.client, count(*) filter (where not s.offline) as sessions,
                   count(*) filter (where s.offline) as offline
               from client_sessions k
               join user_sessions s on s.realm_id = k.realm_id and s.id = k.session_id and s.offline = k.offline
               where k.realm_id = $1 and s.expires_at > $2
                   and s.last_access_at > ($3::timestamptz[])[1 + s.remember_me::integer + 2 * s.offline::integer]
                   and s.started_at > ($4::timestamptz[])[1 + s.remember_me::integer + 2 * s.offline::integer]
               group by k.client
               union all
               select client, 0, count(*) from identity_tokens where realm_id = $1 and expires_at > $2 group by client
           )
           select c.id as "id!", c.client_id as "client_id!", sum(n.sessions)::bigint as "sessions!",
               sum(n.offline)::bigint as "offline!"
           from counts n join clients c on c.realm_id = $1 and c.id = n.client
           group by c.id, c.client_id order by c.client_id"#,
        realm.0,
        open.now,
        &open.used_since,
        &open.started_since
    )
    .fetch_all(conn)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| ClientCount {
            id: ClientId(row.id),
            client_id: row.client_id,
            sessions: row.sessions,
            offline: row.offline,
        })
        .collect())
}

/// Whether there is such a client.
///
/// # Errors
/// If the database fails.
pub async fn client_exists(conn: &mut PgConnection, realm: RealmId, client: &ClientId) -> Result<bool> {
    Ok(sqlx::query_scalar!(
        r#"select exists (select from clients where realm_id = $1 and id = $2) as "exists!""#,
        realm.0,
        client.as_str()
    )
    .fetch_one(conn)
    .await?)
}

/// The client with this `clientId`.
///
/// # Errors
/// If the database fails.
pub async fn client_called(conn: &mut PgConnection, realm: RealmId, client_id: &str) -> Result<Option<ClientId>> {
    let id = sqlx::query_scalar!("select id from clients where realm_id = $1 and client_id = $2", realm.0, client_id)
        .fetch_optional(conn)
        .await?;
    Ok(id.map(ClientId))
}
