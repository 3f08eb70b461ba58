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

/// Takes up to `limit` jobs that are due: until `again` no other node takes them, so a node that dies over one leaves it
/// to the others.
///
/// # Errors
/// If the database fails.
pub async fn take(store: &Store, now: OffsetDateTime, again: OffsetDateTime, limit: i64) -> Result<Vec<Job>> {
    let rows = sqlx::query!(
        "with due as materialized (
             select realm_id, id from jobs where run_at <= $1 order by run_at limit $3 for update skip locked
         )
         update jobs j set run_at = $2, attempts = j.attempts + 1 from due, realms r
         where j.realm_id = due.realm_id and j.id = due.id and r.realm_id = j.realm_id
         returning j.realm_id, r.name, j.id, j.kind, j.payload, j.attempts, j.created_at",
        now,
        again,
        limit
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

/// Puts a job off.
///
/// # Errors
/// If the database fails.
pub async fn postpone(store: &Store, job: &Job, until: OffsetDateTime) -> Result<()> {
    sqlx::query!("update jobs set run_at = $3 where realm_id = $1 and id = $2", job.realm.0, job.id, until)
        .execute(&mut *store.acquire().await?)
        .await?;
    Ok(())
}
