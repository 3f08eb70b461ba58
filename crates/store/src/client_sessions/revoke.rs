//! Revoking tokens (RFC 7009): a whole family, or one access token.

use model::id::RealmId;
use time::OffsetDateTime;

use super::Part;
use crate::{Result, Store, Tx};

/// Ends a family, and with the last one the client's part of the session. True if that was the last part of the session.
///
/// # Errors
/// If the database fails.
pub async fn revoke_family(tx: &mut Tx, part: Part<'_>, family: &str) -> Result<bool> {
    Ok(sqlx::query_scalar!(
        r#"with held as materialized (
               select families - $5::text as families, families ? $5::text as had, codes from client_sessions
               where realm_id = $1 and session_id = $2 and client = $3 and offline = $4 for update
           ),
           taken as (
               update client_sessions k set families = held.families from held
               where k.realm_id = $1 and k.session_id = $2 and k.client = $3 and k.offline = $4
                   and held.had and (held.families <> '{}' or held.codes <> '{}')
           ),
           emptied as (
               delete from client_sessions k using held
               where k.realm_id = $1 and k.session_id = $2 and k.client = $3 and k.offline = $4
                   and held.families = '{}' and held.codes = '{}'
               returning k.client
           )
           -- Reads the state before the deletion.
           select exists (select from emptied) and not exists (
               select from client_sessions
               where realm_id = $1 and session_id = $2 and client <> $3 and offline = $4) as "last!""#,
        part.realm.0,
        part.session.as_str(),
        part.client.as_str(),
        part.offline,
        family
    )
    .fetch_one(&mut **tx)
    .await?)
}

/// Revokes an access token by its id.
///
/// # Errors
/// If the database fails.
pub async fn revoke_access_token(store: &Store, realm: RealmId, id: &str, expires: OffsetDateTime) -> Result<()> {
    sqlx::query!(
        "insert into revoked_tokens (realm_id, id, expires_at) values ($1, $2, $3) on conflict do nothing",
        realm.0,
        id,
        expires
    )
    .execute(&mut *store.acquire().await?)
    .await?;
    Ok(())
}
