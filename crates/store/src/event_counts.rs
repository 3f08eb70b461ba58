//! How often things happened in each hour.

use model::id::RealmId;
use sqlx::PgConnection;
use time::{Duration, OffsetDateTime};

use crate::{Result, Store};

/// For how long counts are kept. An overview looks back fourteen days.
const KEPT: Duration = Duration::days(15);

/// How often something happened in an hour.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Count {
    /// In which realm.
    pub realm_id: RealmId,
    /// The beginning of the hour.
    pub hour: OffsetDateTime,
    /// What happened.
    pub what: String,
    /// Why, for refusals; else empty.
    pub reason: String,
    /// How often.
    pub n: i64,
}

/// Adds counts to those that are there. Counts of realms that are gone are dropped.
///
/// # Errors
/// If the database fails: then nothing was added.
pub async fn add(store: &Store, counts: &[Count]) -> Result<()> {
    let texts = |text: fn(&Count) -> &str| counts.iter().map(text).collect::<Vec<_>>();
    // In one order, so that two nodes wait for each other in no circle.
    sqlx::query!(
        "insert into event_counts as present (realm_id, hour, what, reason, n)
         select given.realm_id, given.hour, given.what, given.reason, sum(given.n)::bigint
         from unnest($1::uuid[], $2::timestamptz[], $3::text[], $4::text[], $5::bigint[])
             as given (realm_id, hour, what, reason, n)
         join realms r on r.realm_id = given.realm_id
         group by given.realm_id, given.hour, given.what, given.reason
         order by given.realm_id, given.hour, given.what, given.reason
         on conflict (realm_id, hour, what, reason) do update set n = present.n + excluded.n",
        &counts.iter().map(|count| count.realm_id.0).collect::<Vec<_>>(),
        &counts.iter().map(|count| count.hour).collect::<Vec<_>>(),
        &texts(|count| &count.what) as &[&str],
        &texts(|count| &count.reason) as &[&str],
        &counts.iter().map(|count| count.n).collect::<Vec<_>>(),
    )
    .execute(&mut *store.acquire().await?)
    .await?;
    Ok(())
}

struct Row {
    hour: OffsetDateTime,
    what: String,
    reason: String,
    n: i64,
}

/// The counts of a realm since an hour, in no order.
///
/// # Errors
/// If the database fails.
pub async fn since(conn: &mut PgConnection, realm: RealmId, from: OffsetDateTime) -> Result<Vec<Count>> {
    let rows = sqlx::query_as!(
        Row,
        "select hour, what, reason, n from event_counts where realm_id = $1 and hour >= $2",
        realm.0,
        from
    )
    .fetch_all(conn)
    .await?;
    let count = |row: Row| Count { realm_id: realm, hour: row.hour, what: row.what, reason: row.reason, n: row.n };
    Ok(rows.into_iter().map(count).collect())
}

/// Deletes up to `limit` counts that no overview looks at any more, and tells how many. Several nodes may do it at once.
///
/// # Errors
/// If the database fails.
pub async fn expire(store: &Store, now: OffsetDateTime, limit: i64) -> Result<u64> {
    let done = sqlx::query!(
        "delete from event_counts where (realm_id, hour, what, reason) in (
             select realm_id, hour, what, reason from event_counts where hour < $1
             order by hour limit $2 for update skip locked)",
        now - KEPT,
        limit
    )
    .execute(&mut *store.acquire().await?)
    .await?;
    Ok(done.rows_affected())
}
