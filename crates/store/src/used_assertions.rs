//! Assertions that clients authenticated with (RFC 7523 section 3): each is good once.

use model::id::RealmId;
use time::OffsetDateTime;

use crate::{Result, Store};

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
