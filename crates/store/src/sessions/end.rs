//! Sessions that end. Clients that want to hear of it get a job in the same statement, so that no notice is lost.

use model::id::{SessionId, UserId};
use time::OffsetDateTime;

use crate::{Result, Store, Tx};

/// The client attribute with the address that hears of ended sessions (OpenID Connect Back-Channel Logout 1.0).
pub const BACKCHANNEL_LOGOUT_URL: &str = "backchannel.logout.url";
/// The kind of the jobs that tell clients.
pub const BACKCHANNEL_LOGOUT: &str = "backchannel-logout";

/// Which sessions end.
#[derive(Clone, Copy, Debug, Default)]
pub struct Which<'a> {
    /// The one with this id.
    pub id: Option<&'a SessionId>,
    /// Those of this user.
    pub user: Option<&'a UserId>,
    /// Those of these users.
    pub users: Option<&'a [UserId]>,
    /// All but the one with this id.
    pub except: Option<&'a SessionId>,
    /// Only offline ones, or only others; none is both.
    pub offline: Option<bool>,
}

/// Ends sessions of the realm and tells whose they were. Clients will be told under `public_url`, the address that the
/// server has at this moment, as the issuer of their tokens.
///
/// # Errors
/// If the database fails.
pub async fn delete(
    tx: &mut Tx,
    which: Which<'_>,
    public_url: &str,
    now: OffsetDateTime,
) -> Result<Vec<(SessionId, UserId)>> {
    let realm = tx.realm();
    let users: Option<Vec<String>> = which.users.map(|users| users.iter().map(|user| user.0.clone()).collect());
    let rows = sqlx::query!(
        r#"with gone as (
               delete from user_sessions s
               where s.realm_id = $1 and ($2::text is null or s.id = $2) and ($3::text is null or s.user_id = $3)
                   and ($4::text is null or s.id <> $4) and ($5::boolean is null or s.offline = $5)
                   and ($10::text[] is null or s.user_id = any($10))
               returning s.id, s.offline, s.user_id
           ),
           told as (
               insert into jobs (realm_id, id, kind, payload, run_at, created_at)
               select $1, $8::text || ':' || gone.id || ':' || c.id, $8,
                   jsonb_build_object('client', c.client_id, 'session', gone.id, 'user', gone.user_id,
                       'public_url', $9::text), $6, $6
               from gone
               join client_sessions k on k.realm_id = $1 and k.session_id = gone.id and k.offline = gone.offline
               join clients c on c.realm_id = $1 and c.id = k.client
                   and c.attributes ->> $7::text <> ''
               on conflict (realm_id, id) do nothing
           )
           select id as "id!", user_id as "user_id!" from gone"#,
        realm.0,
        which.id.map(SessionId::as_str),
        which.user.map(UserId::as_str),
        which.except.map(SessionId::as_str),
        which.offline,
        now,
        BACKCHANNEL_LOGOUT_URL,
        BACKCHANNEL_LOGOUT,
        public_url,
        users.as_deref() as Option<&[String]>
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(rows.into_iter().map(|row| (SessionId(row.id), UserId(row.user_id))).collect())
}

/// Deletes up to `limit` sessions that ended, in whatever realm, and tells how many. Several nodes may do it at once.
///
/// # Errors
/// If the database fails.
pub async fn expire(store: &Store, now: OffsetDateTime, limit: i64) -> Result<u64> {
    let done = sqlx::query!(
        "with over as materialized (
             select o.realm_id, o.id, o.offline from realms r
             cross join lateral (
                 select realm_id, id, offline from user_sessions where realm_id = r.realm_id and expires_at <= $1
                 order by expires_at limit $2 for update skip locked
             ) o
             limit $2
         )
         delete from user_sessions s using over
         where s.realm_id = over.realm_id and s.id = over.id and s.offline = over.offline",
        now,
        limit
    )
    .execute(&mut *store.acquire().await?)
    .await?;
    Ok(done.rows_affected())
}
