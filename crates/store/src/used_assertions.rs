//! What is good once: assertions that clients authenticated with (RFC 7523 section 3), links that users were mailed.

use model::id::RealmId;
use sqlx::PgConnection;
use time::OffsetDateTime;

use crate::{Result, Store, Tx};

/// Notes that an assertion was used. False if it had been used before.
///
/// # Errors
/// If the database fails.
pub async fn use_once(store: &Store, realm: RealmId, hash: &[u8], expires: OffsetDateTime) -> Result<bool> {
    let done = sqlx::query!(
        "insert into used_assertions (realm_id, hash, expires_at) values ($1, $2, $3) on conflict do nothing",
        realm.0,
        hash,
        expires
    )
    .execute(&mut *store.acquire().await?)
    .await?;
    Ok(done.rows_affected() > 0)
}

/// As [`use_once`], within a larger change: whoever comes second waits for the first one's transaction.
///
/// # Errors
/// If the database fails.
pub async fn use_once_within(tx: &mut Tx, hash: &[u8], expires: OffsetDateTime) -> Result<bool> {
    let realm = tx.realm();
    let done = sqlx::query!(
        "insert into used_assertions (realm_id, hash, expires_at) values ($1, $2, $3) on conflict do nothing",
        realm.0,
        hash,
        expires
    )
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected() > 0)
}

/// Whether something was used.
///
/// # Errors
/// If the database fails.
pub async fn is_used(conn: &mut PgConnection, realm: RealmId, hash: &[u8]) -> Result<bool> {
    Ok(sqlx::query_scalar!(
        r#"select exists (select from used_assertions where realm_id = $1 and hash = $2) as "used!""#,
        realm.0,
        hash
    )
    .fetch_one(conn)
    .await?)
}
