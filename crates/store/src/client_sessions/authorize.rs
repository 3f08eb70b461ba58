//! A client is authorized: it gets a code, or tokens at once.

use model::session::TokenFamily;
use serde_json::Value;

use super::Part;
use crate::{Result, Store, row};

/// The most codes that wait in one row: the latest ones stay.
const MOST_CODES: i32 = 20;
/// The most families in one row, likewise.
pub(crate) const MOST_FAMILIES: i32 = 100;

/// What an authorization leaves behind.
#[derive(Clone, Copy, Debug)]
pub struct Authorized<'a> {
    /// The id of code and family: a hash of the code, or drawn where there is no code.
    pub id: &'a str,
    /// What the code is good for: an object with `expires` (seconds since 1970) and, as `family`, the family that begins
    /// when it is redeemed. None if no code is issued.
    pub code: Option<&'a Value>,
    /// The family of tokens that are issued at once.
    pub family: Option<&'a TokenFamily>,
}

/// Notes an authorization, making the client's part of the session if it isn't there.
///
/// # Errors
/// A conflict (missing) if the session or the client is gone.
pub async fn authorize(store: &Store, part: Part<'_>, new: Authorized<'_>, now: time::OffsetDateTime) -> Result<()> {
    let codes = new.code.map(|code| serde_json::json!({ new.id: code })).unwrap_or_else(|| serde_json::json!({}));
    let families = match new.family {
        Some(family) => serde_json::json!({ new.id: row::write(family) }),
        None => serde_json::json!({}),
    };
    sqlx::query!(
        "insert into client_sessions as k (realm_id, session_id, client, offline, started_at, codes, families)
         values ($1, $2, $3, $4, $5, $6, $7)
         on conflict (realm_id, session_id, client, offline) do update set
             -- What has ended is swept out once there is something to sweep: it is the dear part of this statement.
             codes = case when k.codes = '{}' then excluded.codes
                 else unended(k.codes, 'expires', $8, $9) || excluded.codes end,
             families = case when pg_column_size(k.families) < 1000 then k.families || excluded.families
                 else unended(k.families, 'e', $8, $10) || excluded.families end",
        part.realm.0,
        part.session.as_str(),
        part.client.as_str(),
        part.offline,
        now,
        codes,
        families,
        now.unix_timestamp(),
        MOST_CODES - 1,
        MOST_FAMILIES - 1
    )
    .execute(&mut *store.acquire().await?)
    .await?;
    Ok(())
}
