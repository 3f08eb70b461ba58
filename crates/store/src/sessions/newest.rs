//! All open sessions of a realm, for people.

use model::{id::RealmId, session::UserSession};
use sqlx::PgConnection;

use super::{Open, Row};
use crate::Result;

/// A page of the open sessions of one kind, the newest first, or the oldest. Ids of sessions begin with their time, so that
/// the primary key has them in order.
///
/// # Errors
/// If the database fails.
pub async fn by_start(
    conn: &mut PgConnection,
    realm: RealmId,
    offline: bool,
    oldest_first: bool,
    open: Open,
    first: i64,
    max: i64,
) -> Result<Vec<UserSession>> {
    sqlx::query_as!(
        Row,
        r#"with page as (
               select s.* from user_sessions s
               where s.realm_id = $1 and s.offline = $2 and s.expires_at > $4
                   and s.last_access_at > ($5::timestamptz[])[1 + s.remember_me::integer + 2 * s.offline::integer]
                   and s.started_at > ($6::timestamptz[])[1 + s.remember_me::integer + 2 * s.offline::integer]
               order by case when not $3 then s.id end desc, s.id offset $7 limit $8
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
           order by case when not $3 then p.id end desc, p.id"#,
        realm.0,
        offline,
        oldest_first,
        open.now,
        &open.used_since,
        &open.started_since,
        first,
        max
    )
    .fetch_all(conn)
    .await?
    .into_iter()
    .map(Row::read)
    .collect()
}
