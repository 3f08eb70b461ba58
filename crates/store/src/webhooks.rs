//! Webhooks, and what they were told or are to be. The job that sends a message is written with it.

pub mod deliveries;

use model::{
    id::{RealmId, WebhookId},
    webhook::Webhook,
};
use serde_json::Value;
use sqlx::PgConnection;
use time::OffsetDateTime;

use crate::{Result, Tx, row};

struct Row {
    id: String,
    url: String,
    secret: String,
    enabled: bool,
    filter: Value,
    created_at: OffsetDateTime,
}

impl Row {
    fn read(self) -> Result<Webhook> {
        Ok(Webhook {
            id: WebhookId(self.id),
            url: self.url,
            sealed_secret: self.secret,
            enabled: self.enabled,
            filter: row::read("webhooks", "filter", self.filter)?,
            created: self.created_at,
        })
    }
}

/// All webhooks of the realm, the oldest first.
///
/// # Errors
/// If the database fails.
pub async fn list(conn: &mut PgConnection, realm: RealmId) -> Result<Vec<Webhook>> {
    let rows = sqlx::query_as!(
        Row,
        "select id, url, secret, enabled, filter, created_at from webhooks where realm_id = $1 order by created_at, id",
        realm.0
    )
    .fetch_all(conn)
    .await?;
    rows.into_iter().map(Row::read).collect()
}

/// One webhook.
///
/// # Errors
/// If the database fails.
pub async fn find(conn: &mut PgConnection, realm: RealmId, id: &WebhookId) -> Result<Option<Webhook>> {
    let row = sqlx::query_as!(
        Row,
        "select id, url, secret, enabled, filter, created_at from webhooks where realm_id = $1 and id = $2",
        realm.0,
        id.as_str()
    )
    .fetch_optional(conn)
    .await?;
    row.map(Row::read).transpose()
}

/// Reads a webhook and keeps others from changing it until the transaction ends.
///
/// # Errors
/// If the database fails.
pub async fn lock(tx: &mut Tx, id: &WebhookId) -> Result<Option<Webhook>> {
    let realm = tx.realm();
    let row = sqlx::query_as!(
        Row,
        "select id, url, secret, enabled, filter, created_at from webhooks where realm_id = $1 and id = $2
         for no key update",
        realm.0,
        id.as_str()
    )
    .fetch_optional(&mut **tx)
    .await?;
    row.map(Row::read).transpose()
}

/// How many webhooks the realm has.
///
/// # Errors
/// If the database fails.
pub async fn count(conn: &mut PgConnection, realm: RealmId) -> Result<i64> {
    let count = sqlx::query_scalar!(r#"select count(*) as "count!" from webhooks where realm_id = $1"#, realm.0);
    Ok(count.fetch_one(conn).await?)
}

/// Makes a webhook.
///
/// # Errors
/// A conflict on `webhooks_pkey` if the id is taken.
pub async fn insert(tx: &mut Tx, webhook: &Webhook) -> Result<()> {
    let realm = tx.realm();
    sqlx::query!(
        "insert into webhooks (realm_id, id, url, secret, enabled, filter, created_at) values ($1, $2, $3, $4, $5, $6, $7)",
        realm.0,
        webhook.id.as_str(),
        webhook.url,
        webhook.sealed_secret,
        webhook.enabled,
        row::write(&webhook.filter),
        webhook.created
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Writes everything of a webhook that can change.
///
/// # Errors
/// If the database fails.
pub async fn update(tx: &mut Tx, webhook: &Webhook) -> Result<()> {
    let realm = tx.realm();
    sqlx::query!(
        "update webhooks set url = $3, secret = $4, enabled = $5, filter = $6 where realm_id = $1 and id = $2",
        realm.0,
        webhook.id.as_str(),
        webhook.url,
        webhook.sealed_secret,
        webhook.enabled,
        row::write(&webhook.filter)
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Removes a webhook with everything that it was told or is to be. False if it isn't there.
///
/// # Errors
/// If the database fails.
pub async fn delete(tx: &mut Tx, id: &WebhookId) -> Result<bool> {
    let realm = tx.realm();
    // A job that is written at this moment finds nothing to send and goes by itself.
    let gone = sqlx::query_scalar!(
        r#"with gone as (
               delete from webhooks where realm_id = $1 and id = $2 returning id
           ),
           jobs_gone as (
               delete from jobs j using webhook_deliveries d
               where d.realm_id = $1 and d.webhook_id = $2 and d.delivered is null
                   and j.realm_id = d.realm_id and j.id = $3::text || ':' || d.id
           )
           select count(*) as "count!" from gone"#,
        realm.0,
        id.as_str(),
        deliveries::JOB
    )
    .fetch_one(&mut **tx)
    .await?;
    Ok(gone > 0)
}
