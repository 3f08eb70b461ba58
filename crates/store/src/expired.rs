//! Deleting what has ended and leaves nothing behind.
//!
//! Each statement deletes up to `limit` rows, in whatever realm, and tells how many. Several nodes may do it at once.

use time::OffsetDateTime;

use crate::{Result, Store};

macro_rules! expire {
    ($($(#[$doc:meta])* $name:ident: $sql:literal;)*) => {$(
        $(#[$doc])*
        ///
        /// # Errors
        /// If the database fails.
        pub async fn $name(store: &Store, now: OffsetDateTime, limit: i64) -> Result<u64> {
            let done = sqlx::query!($sql, now, limit).execute(&mut *store.acquire().await?).await?;
            Ok(done.rows_affected())
        }
    )*};
}

expire! {
    /// Revoked access tokens that would have ended by now.
    revoked_tokens: "delete from revoked_tokens where (realm_id, id) in (
        select o.realm_id, o.id from realms r cross join lateral (
            select realm_id, id from revoked_tokens where realm_id = r.realm_id and expires_at <= $1
            order by expires_at limit $2 for update skip locked) o limit $2)";
    /// Used assertions that nobody would accept any more.
    used_assertions: "delete from used_assertions where (realm_id, hash) in (
        select o.realm_id, o.hash from realms r cross join lateral (
            select realm_id, hash from used_assertions where realm_id = r.realm_id and expires_at <= $1
            order by expires_at limit $2 for update skip locked) o limit $2)";
    /// Pushed authorization requests that nobody used.
    pushed_requests: "delete from pushed_requests where (realm_id, hash) in (
        select o.realm_id, o.hash from realms r cross join lateral (
            select realm_id, hash from pushed_requests where realm_id = r.realm_id and expires_at <= $1
            order by expires_at limit $2 for update skip locked) o limit $2)";
    /// Device codes that ended.
    device_codes: "delete from device_codes where (realm_id, hash) in (
        select o.realm_id, o.hash from realms r cross join lateral (
            select realm_id, hash from device_codes where realm_id = r.realm_id and expires_at <= $1
            order by expires_at limit $2 for update skip locked) o limit $2)";
    /// Initial access tokens that ended or were used as often as they may be.
    initial_access_tokens: "delete from initial_access_tokens where (realm_id, id) in (
        select realm_id, id from initial_access_tokens where expires_at <= $1 or remaining <= 0
        limit $2 for update skip locked)";
}
