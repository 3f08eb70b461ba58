//! What webhooks were told, or are to be. New ones are written by the statements that write events.

use model::id::{DeliveryId, RealmId, WebhookId};
use sqlx::PgConnection;
use time::OffsetDateTime;

use crate::{Result, Store, Tx, jobs::Job};

/// The kind of the jobs that send. The id of such a job is the kind, a colon, and the id of the delivery.
pub const JOB: &str = "webhook";

/// A message for one webhook, to be written with the event that it tells of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct New {
    /// The realm.
    pub realm_id: RealmId,
    /// Its id.
    pub id: DeliveryId,
    /// For which webhook.
    pub webhook: WebhookId,
    /// What it tells of: the `type` in the body.
    pub kind: &'static str,
    /// What is sent, the same each time.
    pub body: String,
    /// When the event happened.
    pub created: OffsetDateTime,
}

/// New deliveries as columns, for the statements that write events.
#[derive(Debug, Default)]
pub(crate) struct Columns<'a> {
    pub(crate) realms: Vec<uuid::Uuid>,
    pub(crate) ids: Vec<&'a str>,
    pub(crate) webhooks: Vec<&'a str>,
    pub(crate) kinds: Vec<&'a str>,
    pub(crate) bodies: Vec<&'a str>,
    pub(crate) times: Vec<OffsetDateTime>,
}

impl<'a> Columns<'a> {
    pub(crate) fn of(rows: impl IntoIterator<Item = &'a New>) -> Self {
        let mut columns = Self::default();
        for row in rows {
            columns.realms.push(row.realm_id.0);
            columns.ids.push(row.id.as_str());
            columns.webhooks.push(row.webhook.as_str());
            columns.kinds.push(row.kind);
            columns.bodies.push(&row.body);
            columns.times.push(row.created);
        }
        columns
    }
}

/// What became of a delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// It will be sent, again or for the first time.
    Waiting,
    /// The other side took it.
    Delivered,
    /// It was tried often enough.
    GivenUp,
}

/// A delivery as it is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// Its id.
    pub id: DeliveryId,
    /// What it tells of.
    pub kind: String,
    /// What is sent; none in lists.
    pub body: Option<String>,
    /// When it was written.
    pub created: OffsetDateTime,
    /// What became of it.
    pub state: State,
    /// How often it was tried.
    pub attempts: i32,
    /// When it was tried last.
    pub attempted: Option<OffsetDateTime>,
    /// Why the last attempt failed.
    pub failure: Option<String>,
    /// When it will be tried next.
    pub next: Option<OffsetDateTime>,
}

struct Row {
    id: String,
    kind: String,
    body: Option<String>,
    created_at: OffsetDateTime,
    attempts: i32,
    attempted_at: Option<OffsetDateTime>,
    failure: Option<String>,
    delivered: Option<bool>,
    next_at: Option<OffsetDateTime>,
}

impl From<Row> for Delivery {
    fn from(row: Row) -> Self {
        let state = match row.delivered {
            None => State::Waiting,
            Some(true) => State::Delivered,
            Some(false) => State::GivenUp,
        };
        Self {
            id: DeliveryId(row.id),
            kind: row.kind,
            body: row.body,
            created: row.created_at,
            state,
            attempts: row.attempts,
            attempted: row.attempted_at,
            failure: row.failure,
            next: row.next_at.filter(|_| state == State::Waiting),
        }
    }
}

/// The deliveries of a webhook, the newest first: all, or those in one state.
///
/// # Errors
/// If the database fails.
pub async fn list(
    conn: &mut PgConnection,
    realm: RealmId,
    webhook: &WebhookId,
    state: Option<State>,
    first: i64,
    max: Option<i64>,
) -> Result<Vec<Delivery>> {
    let delivered = state.and_then(|state| match state {
        State::Waiting => None,
        State::Delivered => Some(true),
        State::GivenUp => Some(false),
    });
    let rows = sqlx::query_as!(
        Row,
        r#"select d.id, d.kind, null::text as body, d.created_at, d.attempts, d.attempted_at, d.failure, d.delivered,
               j.run_at as "next_at?"
           from webhook_deliveries d
           left join jobs j on j.realm_id = d.realm_id and j.id = $7::text || ':' || d.id
           where d.realm_id = $1 and d.webhook_id = $2 and ($3 or d.delivered is not distinct from $4)
           order by d.created_at desc, d.id desc offset $5 limit $6"#,
        realm.0,
        webhook.as_str(),
        state.is_none(),
        delivered,
        first,
        max,
        JOB
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(Delivery::from).collect())
}

/// One delivery of a webhook.
///
/// # Errors
/// If the database fails.
pub async fn find(
    conn: &mut PgConnection,
    realm: RealmId,
    webhook: &WebhookId,
    id: &DeliveryId,
) -> Result<Option<Delivery>> {
    let row = sqlx::query_as!(
        Row,
        r#"select d.id, d.kind, d.body as "body?", d.created_at, d.attempts, d.attempted_at, d.failure, d.delivered,
               j.run_at as "next_at?"
           from webhook_deliveries d
           left join jobs j on j.realm_id = d.realm_id and j.id = $4::text || ':' || d.id
           where d.realm_id = $1 and d.webhook_id = $2 and d.id = $3"#,
        realm.0,
        webhook.as_str(),
        id.as_str(),
        JOB
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.map(Delivery::from))
}

/// Has a delivery sent from the start, whatever became of it. False if it isn't there.
///
/// # Errors
/// If the database fails.
pub async fn send_again(tx: &mut Tx, webhook: &WebhookId, id: &DeliveryId, now: OffsetDateTime) -> Result<bool> {
    let realm = tx.realm();
    let done = sqlx::query!(
        "with again as (
             update webhook_deliveries set delivered = null, attempts = 0, failure = null, expires_at = null
             where realm_id = $1 and webhook_id = $2 and id = $3 returning realm_id, id
         )
         insert into jobs (realm_id, id, kind, payload, run_at, created_at)
         select realm_id, $5::text || ':' || id, $5, jsonb_build_object('delivery', id), $4, $4 from again
         on conflict (realm_id, id) do update set run_at = excluded.run_at, created_at = excluded.created_at, attempts = 0",
        realm.0,
        webhook.as_str(),
        id.as_str(),
        now,
        JOB
    )
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected() > 0)
}

/// What is to be sent, and where.
#[derive(Clone, Debug)]
pub struct Letter {
    /// The webhook.
    pub webhook: WebhookId,
    /// Where to.
    pub url: String,
    /// The secret that signs, sealed.
    pub sealed_secret: String,
    /// Nothing is sent to one that is not.
    pub enabled: bool,
    /// What.
    pub body: String,
}

/// A delivery that waits, with its webhook. None if it is settled, or gone with its webhook.
///
/// # Errors
/// If the database fails.
pub async fn letter(conn: &mut PgConnection, realm: RealmId, id: &DeliveryId) -> Result<Option<Letter>> {
    let row = sqlx::query!(
        "select w.id, w.url, w.secret, w.enabled, d.body from webhook_deliveries d
         join webhooks w on w.realm_id = d.realm_id and w.id = d.webhook_id
         where d.realm_id = $1 and d.id = $2 and d.delivered is null",
        realm.0,
        id.as_str()
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.map(|row| Letter {
        webhook: WebhookId(row.id),
        url: row.url,
        sealed_secret: row.secret,
        enabled: row.enabled,
        body: row.body,
    }))
}

/// Notes that an attempt was the last one, with its failure if it was one, and removes the job.
///
/// # Errors
/// If the database fails.
pub async fn settle(
    store: &Store,
    job: &Job,
    id: &DeliveryId,
    failure: Option<&str>,
    now: OffsetDateTime,
    forgotten: OffsetDateTime,
) -> Result<()> {
    // Another node may have been at it when this one was too slow: what was delivered stays so.
    sqlx::query!(
        "with settled as (
             update webhook_deliveries set delivered = $5::text is null, failure = $5, attempts = $4, attempted_at = $6,
                 expires_at = $7
             where realm_id = $1 and id = $3 and (delivered is null or $5::text is null)
         )
         delete from jobs where realm_id = $1 and id = $2 and ($5::text is null or attempts = $4)",
        job.realm.0,
        job.id,
        id.as_str(),
        job.attempts,
        failure,
        now,
        forgotten
    )
    .execute(&mut *store.acquire().await?)
    .await?;
    Ok(())
}

/// Notes that an attempt failed, and puts the job off.
///
/// # Errors
/// If the database fails.
pub async fn postpone(
    store: &Store,
    job: &Job,
    id: &DeliveryId,
    failure: &str,
    now: OffsetDateTime,
    until: OffsetDateTime,
) -> Result<()> {
    sqlx::query!(
        "with failed as (
             update webhook_deliveries set failure = $5, attempts = $4, attempted_at = $6
             where realm_id = $1 and id = $3 and delivered is null
         )
         update jobs set run_at = $7 where realm_id = $1 and id = $2 and attempts = $4",
        job.realm.0,
        job.id,
        id.as_str(),
        job.attempts,
        failure,
        now,
        until
    )
    .execute(&mut *store.acquire().await?)
    .await?;
    Ok(())
}

/// Deletes up to `limit` deliveries that are to be forgotten, in whatever realm, and tells how many. Several nodes may do
/// it at once.
///
/// # Errors
/// If the database fails.
pub async fn expire(store: &Store, now: OffsetDateTime, limit: i64) -> Result<u64> {
    let done = sqlx::query!(
        "with over as materialized (
             select realm_id, id from webhook_deliveries where expires_at <= $1
             order by expires_at limit $2 for update skip locked
         )
         delete from webhook_deliveries d using over where d.realm_id = over.realm_id and d.id = over.id",
        now,
        limit
    )
    .execute(&mut *store.acquire().await?)
    .await?;
    Ok(done.rows_affected())
}
