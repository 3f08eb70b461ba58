//! Redeeming an authorization code (RFC 6749 section 4.1.3): once.

use model::{session::UserSession, subject::Assignments, user::User};
use serde_json::Value;
use time::OffsetDateTime;

use super::{Part, session_of};
use crate::{Result, Store, subjects::assigned, users::user_of};

/// What redeeming a code led to.
#[derive(Clone, Debug)]
pub struct Redeemed {
    /// What the code was good for; none if it waits no more.
    pub code: Option<Value>,
    /// It was redeemed before: the client's part of the session is gone now, and every token with it.
    pub replayed: bool,
    /// The session.
    pub session: UserSession,
    /// Its user.
    pub user: User,
    /// What was given to the user.
    pub given: Assignments,
}

/// Redeems the code with this id: it waits no more, and its family begins and lasts until `expires` unless it is
/// refreshed. A code that was redeemed before ends the client's part of the session (RFC 6749 section 4.1.2).
///
/// None if there is no such session or the client is not in it.
///
/// # Errors
/// If the database fails.
pub async fn redeem(
    store: &Store,
    part: Part<'_>,
    id: &str,
    now: OffsetDateTime,
    expires: i64,
) -> Result<Option<Redeemed>> {
    let row = sqlx::query!(
        r#"with held as materialized (
               select k.codes -> $4::text as code, k.families ? $4::text as spent from client_sessions k
               where k.realm_id = $1 and k.session_id = $2 and k.client = $3 and not k.offline for update
           ),
           redeemed as (
               update client_sessions k set codes = k.codes - $4::text,
                   families = k.families || jsonb_build_object($4::text,
                       coalesce(held.code -> 'family', '{}') || jsonb_build_object('e', $6::bigint))
               from held
               where k.realm_id = $1 and k.session_id = $2 and k.client = $3 and not k.offline
                   and held.code is not null and (held.code ->> 'expires')::bigint > $5
           ),
           replayed as (
               delete from client_sessions k using held
               where k.realm_id = $1 and k.session_id = $2 and k.client = $3 and not k.offline
                   and held.code is null and held.spent
           )
           select held.code, held.code is null and held.spent as "replayed!", s.id as session_id, s.ip_address,
               s.started_at, s.last_access_at, s.authenticated_at, s.remember_me,
               u.id, u.username, u.email, u.email_verified, u.first_name, u.last_name, u.enabled, u.created_at,
               u.not_before, u.attributes, u.required_actions, u.service_account_of,
               array(select role_id from user_roles where realm_id = $1 and user_id = u.id order by role_id) as "role_ids!",
               array(select group_id from user_groups where realm_id = $1 and user_id = u.id order by group_id)
                   as "group_ids!"
           from held
           join user_sessions s on s.realm_id = $1 and s.id = $2 and not s.offline
           join users u on u.realm_id = $1 and u.id = s.user_id"#,
        part.realm.0,
        part.session.as_str(),
        part.client.as_str(),
        id,
        now.unix_timestamp(),
        expires
    )
    .fetch_optional(&mut *store.acquire().await?)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let session = session_of!(row, false);
    let given = assigned(row.role_ids, row.group_ids);
    Ok(Some(Redeemed { code: row.code, replayed: row.replayed, session, user: user_of!(row)?, given }))
}
