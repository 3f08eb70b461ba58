//! Whether an access token is still good, and whose it is.

use model::{
    id::{RealmId, UserId},
    session::{TokenFamily, UserSession},
    user::User,
};
use sqlx::PgConnection;

use super::{Part, session_of};
use crate::{Result, row, sessions::Open, users::user_of};

/// Who stands behind a token.
#[derive(Clone, Debug)]
pub struct Holder {
    /// The session.
    pub session: UserSession,
    /// Its user.
    pub user: User,
    /// The family that the token belongs to.
    pub family: TokenFamily,
}

/// The open session, the user and the family of a token. None if one of them is gone, or if the token was revoked.
///
/// # Errors
/// If the database fails.
pub async fn token_holder(
    conn: &mut PgConnection,
    part: Part<'_>,
    family: &str,
    token_id: &str,
    open: Open,
) -> Result<Option<Holder>> {
    let row = sqlx::query!(
        r#"select k.families -> $5::text as "family!", s.id as session_id, s.ip_address, s.started_at, s.last_access_at,
               s.authenticated_at, s.remember_me, s.offline,
               u.id, u.username, u.email, u.email_verified, u.first_name, u.last_name, u.enabled, u.created_at,
               u.not_before, u.attributes, u.required_actions, u.service_account_of
           from client_sessions k
           join user_sessions s on s.realm_id = $1 and s.id = k.session_id and s.offline = k.offline
           join users u on u.realm_id = $1 and u.id = s.user_id
           where k.realm_id = $1 and k.session_id = $2 and k.client = $3 and k.offline = $4 and k.families ? $5::text
               and not exists (select from revoked_tokens where realm_id = $1 and id = $6)
               and s.expires_at > $7
               and s.last_access_at > ($8::timestamptz[])[1 + s.remember_me::integer + 2 * s.offline::integer]
               and s.started_at > ($9::timestamptz[])[1 + s.remember_me::integer + 2 * s.offline::integer]"#,
        part.realm.0,
        part.session.as_str(),
        part.client.as_str(),
        part.offline,
        family,
        token_id,
        open.now,
        &open.used_since,
        &open.started_since
    )
    .fetch_optional(conn)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let session = session_of!(row, row.offline);
    let family = row::read("client_sessions", "families", row.family)?;
    Ok(Some(Holder { session, user: user_of!(row)?, family }))
}

/// The user of a token that belongs to no session. None if the user is gone, or if the token was revoked.
///
/// # Errors
/// If the database fails.
pub async fn user_of_token(
    conn: &mut PgConnection,
    realm: RealmId,
    user: &UserId,
    token_id: &str,
) -> Result<Option<User>> {
    let row = sqlx::query!(
        "select id, username, email, email_verified, first_name, last_name, enabled, created_at, not_before,
             attributes, required_actions, service_account_of
         from users where realm_id = $1 and id = $2
             and not exists (select from revoked_tokens where realm_id = $1 and id = $3)",
        realm.0,
        user.as_str(),
        token_id
    )
    .fetch_optional(conn)
    .await?;
    row.map(|row| user_of!(row)).transpose()
}
