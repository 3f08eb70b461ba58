//! Whether an access token is still good, and whose it is.

use model::{
    id::{RealmId, UserId},
    session::{TokenFamily, UserSession},
    subject::Assignments,
    user::User,
};
use sqlx::PgConnection;

use super::{Part, session_of};
use crate::{Result, row, sessions::Open, subjects::assigned, users::user_of};

/// Who stands behind a token.
#[derive(Clone, Debug)]
pub struct Holder {
    /// The session.
    pub session: UserSession,
    /// Its user.
    pub user: User,
    /// What was given to the user.
    pub given: Assignments,
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
               u.not_before, u.attributes, u.required_actions, u.service_account_of,
               array(select role_id from user_roles where realm_id = $1 and user_id = u.id order by role_id) as "role_ids!",
               array(select group_id from user_groups where realm_id = $1 and user_id = u.id order by group_id)
                   as "group_ids!"
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
    let given = assigned(row.role_ids, row.group_ids);
    Ok(Some(Holder { session, user: user_of!(row)?, given, family }))
}

/// The user of a token that belongs to no session, with what was given to the user. None if the user is gone, or if the token was revoked.
///
/// # Errors
/// If the database fails.
pub async fn user_of_token(
    conn: &mut PgConnection,
    realm: RealmId,
    user: &UserId,
    token_id: &str,
) -> Result<Option<(User, Assignments)>> {
    let row = sqlx::query!(
        r#"select u.id, u.username, u.email, u.email_verified, u.first_name, u.last_name, u.enabled, u.created_at,
               u.not_before, u.attributes, u.required_actions, u.service_account_of,
               array(select role_id from user_roles where realm_id = $1 and user_id = u.id order by role_id) as "role_ids!",
               array(select group_id from user_groups where realm_id = $1 and user_id = u.id order by group_id)
                   as "group_ids!"
           from users u where u.realm_id = $1 and u.id = $2
               and not exists (select from revoked_tokens where realm_id = $1 and id = $3)"#,
        realm.0,
        user.as_str(),
        token_id
    )
    .fetch_optional(conn)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let given = assigned(row.role_ids, row.group_ids);
    Ok(Some((user_of!(row)?, given)))
}
