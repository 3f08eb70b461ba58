//! Authorization requests that clients sent ahead (RFC 9126). Only a hash of their `request_uri` is stored.

use model::id::{ClientId, RealmId};
use serde_json::Value;
use time::OffsetDateTime;

use crate::{Result, Store};

/// Stores a request.
///
/// # Errors
/// A conflict (missing) if the client is gone.
pub async fn insert(
    store: &Store,
    realm: RealmId,
    hash: &[u8],
    client: &ClientId,
    parameters: &Value,
    expires: OffsetDateTime,
) -> Result<()> {
    sqlx::query!(
        "insert into pushed_requests (realm_id, hash, client, parameters, expires_at) values ($1, $2, $3, $4, $5)",
        realm.0,
        hash,
        client.as_str(),
        parameters,
        expires
    )
    .execute(&mut *store.acquire().await?)
    .await?;
    Ok(())
}

/// Takes the request of this client that ends after `now`: whoever comes second finds nothing. A request of another
/// client stays.
///
/// # Errors
/// If the database fails.
pub async fn take(
    store: &Store,
    realm: RealmId,
    hash: &[u8],
    client: &ClientId,
    now: OffsetDateTime,
) -> Result<Option<Value>> {
    Ok(sqlx::query_scalar!(
        "delete from pushed_requests where realm_id = $1 and hash = $2 and client = $3 and expires_at > $4
         returning parameters",
        realm.0,
        hash,
        client.as_str(),
        now
    )
    .fetch_optional(&mut *store.acquire().await?)
    .await?)
}
