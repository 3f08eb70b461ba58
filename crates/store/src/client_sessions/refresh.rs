//! Exchanging a refresh token (RFC 6749 section 6), with rotation (RFC 9700 section 4.14.2).

use model::{
    session::{TokenFamily, UserSession},
    subject::Assignments,
    user::User,
};

use super::{Part, session_of};
use crate::{Result, Store, row, sessions::Open, subjects::assigned, users::user_of};

/// How refresh tokens are renewed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rotation {
    /// A refresh token is good until it ends.
    Off,
    /// Each is good once; the one before the newest may be used again so many times.
    On {
        /// How many times.
        max_reuse: i64,
    },
}

/// A refresh token that is to be exchanged.
#[derive(Clone, Copy, Debug)]
pub struct Refresh<'a> {
    /// Its family.
    pub family: &'a str,
    /// Its generation.
    pub generation: i64,
    /// The realm's rule.
    pub rotation: Rotation,
    /// When the family ends from now on, unless it is refreshed before: seconds since 1970.
    pub expires: i64,
}

/// What exchanging a refresh token led to.
#[derive(Clone, Debug)]
pub struct Refreshed {
    /// The family as it is now; none if there is none, or none any more.
    pub family: Option<TokenFamily>,
    /// An older token was used again: the family is gone now.
    pub replayed: bool,
    /// The session.
    pub session: UserSession,
    /// Its user.
    pub user: User,
    /// What was given to the user.
    pub given: Assignments,
}

/// Exchanges a refresh token: its family goes on to the next generation. A token that was exchanged before takes the
/// whole family with it. None if there is no open session that the client is in.
///
/// # Errors
/// If the database fails.
pub async fn refresh(store: &Store, part: Part<'_>, token: Refresh<'_>, open: Open) -> Result<Option<Refreshed>> {
    let (rotate, max_reuse) = match token.rotation {
        Rotation::Off => (false, 0),
        Rotation::On { max_reuse } => (true, max_reuse),
    };
    let row = sqlx::query!(
        r#"with held as materialized (
               select k.families -> $5::text as family, (k.families -> $5::text ->> 'g')::bigint as generation,
                   coalesce((k.families -> $5::text ->> 'u')::bigint, 0) as reused,
                   (k.families -> $5::text ->> 'e')::bigint as expires
               from client_sessions k
               where k.realm_id = $1 and k.session_id = $2 and k.client = $3 and k.offline = $4 for update
           ),
           judged as materialized (
               select family, case
                   when family is null or generation is null or expires <= extract(epoch from $9::timestamptz) then 'gone'
                   when not $7::boolean then case when expires < $8::bigint - 60 then 'prolonged' else 'kept' end
                   when generation = $6::bigint then 'turned'
                   when generation - 1 = $6::bigint and reused < $12::bigint then 'reused'
                   else 'replayed' end as verdict
               from held
           ),
           changed as (
               update client_sessions k set families = case judged.verdict
                   when 'replayed' then k.families - $5::text
                   else jsonb_set(k.families, array[$5::text], judged.family || case judged.verdict
                       when 'turned' then jsonb_build_object('g', $6::bigint + 1, 'u', 0, 'e', $8::bigint)
                       when 'reused' then jsonb_build_object('u', coalesce((judged.family ->> 'u')::bigint, 0) + 1)
                       else jsonb_build_object('e', $8::bigint) end) end
               from judged
               where k.realm_id = $1 and k.session_id = $2 and k.client = $3 and k.offline = $4
                   and judged.verdict in ('turned', 'reused', 'prolonged', 'replayed')
               returning k.families -> $5::text as family
           )
           select judged.verdict as "verdict!", coalesce((select family from changed), judged.family) as family,
               s.id as session_id, s.ip_address, s.started_at, s.last_access_at, s.authenticated_at, s.remember_me,
               s.offline,
               u.id, u.username, u.email, u.email_verified, u.first_name, u.last_name, u.enabled, u.created_at,
               u.not_before, u.attributes, u.required_actions, u.service_account_of,
               array(select role_id from user_roles where realm_id = $1 and user_id = u.id order by role_id) as "role_ids!",
               array(select group_id from user_groups where realm_id = $1 and user_id = u.id order by group_id)
                   as "group_ids!"
           from judged
           join user_sessions s on s.realm_id = $1 and s.id = $2 and s.offline = $4
           join users u on u.realm_id = $1 and u.id = s.user_id
           where s.expires_at > $9
               and s.last_access_at > ($10::timestamptz[])[1 + s.remember_me::integer + 2 * s.offline::integer]
               and s.started_at > ($11::timestamptz[])[1 + s.remember_me::integer + 2 * s.offline::integer]"#,
        part.realm.0,
        part.session.as_str(),
        part.client.as_str(),
        part.offline,
        token.family,
        token.generation,
        rotate,
        token.expires,
        open.now,
        &open.used_since,
        &open.started_since,
        max_reuse
    )
    .fetch_optional(&mut *store.acquire().await?)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let session = session_of!(row, row.offline);
    let replayed = row.verdict == "replayed";
    let family = row.family.filter(|_| !replayed && row.verdict != "gone");
    let family = family.map(|family| row::read("client_sessions", "families", family)).transpose()?;
    let given = assigned(row.role_ids, row.group_ids);
    Ok(Some(Refreshed { family, replayed, session, user: user_of!(row)?, given }))
}
