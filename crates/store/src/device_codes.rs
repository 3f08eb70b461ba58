//! Device authorization requests (RFC 8628). Only hashes of the two codes are stored.

use model::id::{ClientId, RealmId, SessionId};
use serde_json::Value;
use sqlx::PgConnection;
use time::OffsetDateTime;

use crate::{Result, Store};

/// A request that a device makes.
#[derive(Clone, Copy, Debug)]
pub struct NewDeviceCode<'a> {
    /// A hash of the code that the device keeps.
    pub hash: &'a [u8],
    /// A hash of the code that people type.
    pub user_code_hash: &'a [u8],
    /// The client.
    pub client: &'a ClientId,
    /// What was asked for.
    pub request: &'a Value,
    /// Seconds between two questions of the device.
    pub interval: i32,
    /// When it is made.
    pub now: OffsetDateTime,
    /// When it ends.
    pub expires: OffsetDateTime,
}

/// Stores a request.
///
/// # Errors
/// A conflict on `device_codes_user_code` if the typed code is taken; a conflict (missing) if the client is gone.
pub async fn insert(store: &Store, realm: RealmId, new: NewDeviceCode<'_>) -> Result<()> {
    sqlx::query!(
        "insert into device_codes (realm_id, hash, user_code_hash, client, request, next_poll_at, interval_seconds,
             expires_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
        realm.0,
        new.hash,
        new.user_code_hash,
        new.client.as_str(),
        new.request,
        new.now,
        new.interval,
        new.expires
    )
    .execute(&mut *store.acquire().await?)
    .await?;
    Ok(())
}

/// A request that waits for a decision.
#[derive(Clone, Debug)]
pub struct Waiting {
    /// The client's `clientId`.
    pub client_id: String,
    /// What was asked for.
    pub request: Value,
}

/// The request with this typed code that ends after `now` and waits for a decision.
///
/// # Errors
/// If the database fails.
pub async fn waiting(
    conn: &mut PgConnection,
    realm: RealmId,
    user_code_hash: &[u8],
    now: OffsetDateTime,
) -> Result<Option<Waiting>> {
    Ok(sqlx::query_as!(
        Waiting,
        "select c.client_id, d.request from device_codes d
         join clients c on c.realm_id = d.realm_id and c.id = d.client
         where d.realm_id = $1 and d.user_code_hash = $2 and d.expires_at > $3 and d.approved is null",
        realm.0,
        user_code_hash,
        now
    )
    .fetch_optional(conn)
    .await?)
}

/// Decides about a request that waits. False if it doesn't wait any more: one decision counts.
///
/// # Errors
/// If the database fails.
pub async fn decide(
    store: &Store,
    realm: RealmId,
    user_code_hash: &[u8],
    approved: Option<&SessionId>,
    now: OffsetDateTime,
) -> Result<bool> {
    let done = sqlx::query!(
        "update device_codes set approved = $3::text is not null, session_id = $3
         where realm_id = $1 and user_code_hash = $2 and expires_at > $4 and approved is null",
        realm.0,
        user_code_hash,
        approved.map(SessionId::as_str),
        now
    )
    .execute(&mut *store.acquire().await?)
    .await?;
    Ok(done.rows_affected() > 0)
}

/// What a device hears when it asks.
#[derive(Clone, Debug)]
pub enum Polled {
    /// There is no such code of this client.
    Unknown,
    /// It ended.
    Expired,
    /// It asked too soon.
    TooSoon,
    /// Nobody has decided yet.
    Pending,
    /// A person refused.
    Denied,
    /// A person approved in this session. The code is used up.
    Approved(SessionId, Value),
}

/// Answers a device that asks. A decision is given out once; each question moves the moment of the next one.
///
/// # Errors
/// If the database fails.
pub async fn poll(
    store: &Store,
    realm: RealmId,
    hash: &[u8],
    client: &ClientId,
    now: OffsetDateTime,
) -> Result<Polled> {
    let row = sqlx::query!(
        r#"with held as materialized (
               select * from device_codes where realm_id = $1 and hash = $2 and client = $3 for update
           ),
           taken as (
               delete from device_codes d using held
               where d.realm_id = $1 and d.hash = $2 and held.approved is not null and held.next_poll_at <= $4
           ),
           asked as (
               -- Whoever asks too soon has to wait longer (RFC 8628 section 3.5).
               update device_codes d set
                   interval_seconds = least(d.interval_seconds + case when held.next_poll_at > $4 then 5 else 0 end, 300),
                   next_poll_at = $4 + make_interval(secs =>
                       d.interval_seconds + case when held.next_poll_at > $4 then 5 else 0 end)
               from held
               where d.realm_id = $1 and d.hash = $2 and (held.approved is null or held.next_poll_at > $4)
           )
           select approved, session_id, request, next_poll_at > $4 as "too_soon!", expires_at from held"#,
        realm.0,
        hash,
        client.as_str(),
        now
    )
    .fetch_optional(&mut *store.acquire().await?)
    .await?;
    let Some(row) = row else { return Ok(Polled::Unknown) };
    Ok(match (row.approved, row.session_id) {
        _ if row.expires_at <= now => Polled::Expired,
        _ if row.too_soon => Polled::TooSoon,
        (None, _) => Polled::Pending,
        (Some(true), Some(session)) => Polled::Approved(SessionId(session), row.request),
        (Some(_), _) => Polled::Denied,
    })
}
