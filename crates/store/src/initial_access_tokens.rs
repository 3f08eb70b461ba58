//! Tokens with which strangers may register clients (RFC 7591 section 3).

use model::id::RealmId;
use sqlx::PgConnection;
use time::OffsetDateTime;

use crate::{Result, Tx};

/// An initial access token, without the token itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InitialAccessToken {
    /// Its id.
    pub id: String,
    /// When it was made.
    pub created: OffsetDateTime,
    /// When it ends; none never.
    pub expires: Option<OffsetDateTime>,
    /// For how many clients it was made.
    pub total: i32,
    /// For how many it is still good.
    pub remaining: i32,
}

/// Stores a token.
///
/// # Errors
/// If the database fails.
pub async fn insert(tx: &mut Tx, token: &InitialAccessToken) -> Result<()> {
    let realm = tx.realm();
    sqlx::query!(
        "insert into initial_access_tokens (realm_id, id, created_at, expires_at, total, remaining)
         values ($1, $2, $3, $4, $5, $6)",
        realm.0,
        token.id,
        token.created,
        token.expires,
        token.total,
        token.remaining
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// All tokens of the realm, the oldest first.
///
/// # Errors
/// If the database fails.
pub async fn list(conn: &mut PgConnection, realm: RealmId) -> Result<Vec<InitialAccessToken>> {
    Ok(sqlx::query_as!(
        InitialAccessToken,
        "select id, created_at as created, expires_at as expires, total, remaining from initial_access_tokens
         where realm_id = $1 order by created_at, id",
        realm.0
    )
    .fetch_all(conn)
    .await?)
}

/// One token.
///
/// # Errors
/// If the database fails.
pub async fn find(conn: &mut PgConnection, realm: RealmId, id: &str) -> Result<Option<InitialAccessToken>> {
    Ok(sqlx::query_as!(
        InitialAccessToken,
        "select id, created_at as created, expires_at as expires, total, remaining from initial_access_tokens
         where realm_id = $1 and id = $2",
        realm.0,
        id
    )
    .fetch_optional(conn)
    .await?)
}

/// Uses a token for one client. False if it isn't good for another one.
///
/// # Errors
/// If the database fails.
pub async fn use_once(tx: &mut Tx, id: &str, now: OffsetDateTime) -> Result<bool> {
    let realm = tx.realm();
    let done = sqlx::query!(
        "update initial_access_tokens set remaining = remaining - 1
         where realm_id = $1 and id = $2 and remaining > 0 and (expires_at is null or expires_at > $3)",
        realm.0,
        id,
        now
    )
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected() > 0)
}

/// Removes a token. False if there is none with this id.
///
/// # Errors
/// If the database fails.
pub async fn delete(tx: &mut Tx, id: &str) -> Result<bool> {
    let realm = tx.realm();
    let done = sqlx::query!("delete from initial_access_tokens where realm_id = $1 and id = $2", realm.0, id)
        .execute(&mut **tx)
        .await?;
    Ok(done.rows_affected() > 0)
}
