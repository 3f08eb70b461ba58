//! Work that is done after the request that asked for it, and again if it fails.

use model::id::RealmId;
use serde_json::Value;
use time::OffsetDateTime;

use crate::{Result, Store};

/// A job that a node has taken.
#[derive(Clone, Debug)]
pub struct Job {
    /// The realm.
    pub realm: RealmId,
    /// The realm's name.
    pub realm_name: String,
    /// Its id.
    pub id: String,
    /// What is to be done.
    pub kind: String,
    /// With what.
    pub payload: Value,
    /// How often it was tried, this time included.
    pub attempts: i32,
    /// When it was asked for.
    pub created: OffsetDateTime,
}

/// How many jobs are taken.
#[derive(Clone, Copy, Debug)]
pub struct Portion<'a> {
    /// At most this many.
    pub limit: i64,
    /// At most this many of one realm.
    pub of_a_realm: i64,
    /// None of these realms.
    pub except: &'a [RealmId],
}

/// How many jobs are looked at for each that may be taken: one realm's jobs are not to hide those of all others.
const LOOK_AHEAD: i64 = 32;

/// Takes jobs of a kind that are due: until `again` no other node takes them, so a node that dies over one leaves it to the
/// others. What a newer release has left for its own nodes is of other kinds.
///
/// # Errors
/// If the database fails.
pub async fn take(
    store: &Store,
    kind: &str,
    now: OffsetDateTime,
    again: OffsetDateTime,
    portion: Portion<'_>,
) -> Result<Vec<Job>> {
    let except: Vec<uuid::Uuid> = portion.except.iter().map(|realm| realm.0).collect();
    let rows = sqlx::query!(
        "with waiting as materialized (
             select realm_id, id, row_number() over (partition by realm_id order by run_at) as place
             from (
                 select realm_id, id, run_at from jobs where kind = $4 and run_at <= $1 and realm_id <> all($5)
                 order by run_at limit $6
             ) as first
         ),
         due as materialized (
             select j.realm_id, j.id from waiting w join jobs j on j.realm_id = w.realm_id and j.id = w.id
             where w.place <= $7 and j.run_at <= $1
             order by w.place, j.run_at limit $3 for update of j skip locked
         )
         update jobs j set run_at = $2, attempts = j.attempts + 1 from due, realms r
         where j.realm_id = due.realm_id and j.id = due.id and r.realm_id = j.realm_id
         returning j.realm_id, r.name, j.id, j.kind, j.payload, j.attempts, j.created_at",
        now,
        again,
        portion.limit,
        kind,
        &except,
        portion.limit.saturating_mul(LOOK_AHEAD),
        portion.of_a_realm
    )
    .fetch_all(&mut *store.acquire().await?)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| Job {
            realm: RealmId(row.realm_id),
            realm_name: row.name,
            id: row.id,
            kind: row.kind,
            payload: row.payload,
            attempts: row.attempts,
            created: row.created_at,
        })
        .collect())
}

/// Removes a job that is done, or given up.
///
/// # Errors
/// If the database fails.
pub async fn remove(store: &Store, job: &Job) -> Result<()> {
    sqlx::query!("delete from jobs where realm_id = $1 and id = $2", job.realm.0, job.id)
        .execute(&mut *store.acquire().await?)
        .await?;
    Ok(())
}

/// Puts a job off, unless it was taken anew meanwhile because this node was too slow.
///
/// # Errors
/// If the database fails.
pub async fn postpone(store: &Store, job: &Job, until: OffsetDateTime) -> Result<()> {
    sqlx::query!(
        "update jobs set run_at = $3 where realm_id = $1 and id = $2 and attempts = $4",
        job.realm.0,
        job.id,
        until,
        job.attempts
    )
    .execute(&mut *store.acquire().await?)
    .await?;
    Ok(())
}
