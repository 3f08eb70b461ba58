//! Sending: one attempt at a delivery, and what is noted of it. The job is tried again by `jobs`.

use model::{
    event::Operation,
    id::{DeliveryId, WebhookId},
    realm::Realm,
    secret::Secret,
};
use serde::Deserialize;
use store::{
    jobs::Job,
    webhooks::deliveries::{self, Letter},
};
use time::{Duration, OffsetDateTime};

use super::{MANAGE, message, path, place, record, secret::signature};
use crate::{
    Caller, Error, Result, Services, What, cache, client_keys::address_policy, error::Found as _, work::Outcome,
};

/// The kind of these jobs.
pub const KIND: &str = deliveries::JOB;
/// For how long it is shown that something was delivered.
const DELIVERED: Duration = Duration::days(1);
/// For how long it is shown that something was not, and can be sent again.
const GIVEN_UP: Duration = Duration::days(14);

/// What the job says.
#[derive(Debug, Deserialize)]
struct Payload {
    delivery: DeliveryId,
}

fn delivery_of(job: &Job) -> Result<DeliveryId> {
    serde_json::from_value(job.payload.clone())
        .map(|payload: Payload| payload.delivery)
        .map_err(|error| Error::Refused(format!("the job can't be read: {error}")))
}

/// Tries to deliver.
///
/// # Errors
/// If the database or the cryptographic library fails, or the job can't be read.
pub async fn deliver(services: &Services, job: &Job) -> Result<Outcome> {
    let id = delivery_of(job)?;
    let Some(realm) = cache::realm(services, &job.realm_name).await? else { return Ok(Outcome::Nobody) };
    // What is sent is read before the call, whose length is the other side's to say: no connection is held for it.
    let letter = deliveries::letter(&mut *services.store.read().await?, job.realm, &id).await?;
    let Some(letter) = letter else { return Ok(Outcome::Nobody) };
    if !letter.enabled {
        return Ok(Outcome::Failed("the webhook is disabled".to_owned()));
    }
    Ok(match post(services, &realm, &letter, id.as_str()).await? {
        Ok(()) => Outcome::Told,
        Err(reason) => Outcome::Failed(reason),
    })
}

/// Sends a message once. What the other side makes of it is in the inner result.
async fn post(
    services: &Services,
    realm: &Realm,
    letter: &Letter,
    id: &str,
) -> Result<std::result::Result<(), String>> {
    let opened = services.sealing.open(&place(realm.id, &letter.webhook), &letter.sealed_secret)?;
    let secret = Secret::new(String::from_utf8_lossy(&opened).into_owned());
    let moment = services.now().unix_timestamp();
    let headers = [
        ("webhook-id", id.to_owned()),
        ("webhook-timestamp", moment.to_string()),
        ("webhook-signature", signature(&secret, id, moment, &letter.body)?),
    ];
    let sent = services.outgoing.post_json(&letter.url, &address_policy(realm), &headers, letter.body.clone()).await;
    Ok(match sent {
        Ok(200..=299) => Ok(()),
        Ok(status) => Err(format!("it answered with status {status}")),
        Err(refused) => Err(refused.to_string()),
    })
}

/// Notes that a delivery was made.
///
/// # Errors
/// If the database fails.
pub async fn delivered(services: &Services, job: &Job) -> Result<()> {
    let now = services.now();
    let forgotten = now.saturating_add(DELIVERED);
    Ok(deliveries::settle(&services.store, job, &delivery_of(job)?, None, now, forgotten).await?)
}

/// Notes that an attempt failed, and that the next one is at `until`.
///
/// # Errors
/// If the database fails.
pub async fn failed(services: &Services, job: &Job, reason: &str, until: OffsetDateTime) -> Result<()> {
    let id = delivery_of(job)?;
    Ok(deliveries::postpone(&services.store, job, &id, reason, services.now(), until).await?)
}

/// Notes that there will be no further attempt.
///
/// # Errors
/// If the database fails.
pub async fn gave_up(services: &Services, job: &Job, reason: &str) -> Result<()> {
    tracing::error!(
        realm = job.realm_name,
        job = job.id,
        attempts = job.attempts,
        reason,
        "a webhook could not be told of an event, and will not be unless somebody has it sent again"
    );
    let now = services.now();
    let forgotten = now.saturating_add(GIVEN_UP);
    Ok(deliveries::settle(&services.store, job, &delivery_of(job)?, Some(reason), now, forgotten).await?)
}

/// Sends a message of the type `ping` at once and once, whether the webhook is enabled or not.
///
/// # Errors
/// `Refused` with the reason if it isn't taken, `NotFound`, or `Forbidden` without `manage-events`.
pub async fn test(services: &Services, caller: &Caller, realm: &Realm, id: &WebhookId) -> Result<()> {
    caller.require(MANAGE)?;
    let mut tx = services.store.begin(realm.id).await?;
    let webhook = store::webhooks::find(&mut tx, realm.id, id).await?.found(What::Webhook)?;
    record(services, &mut tx, caller, realm, Operation::Action, &format!("{}/test", path(id)), None).await?;
    services.commit(tx).await?;
    let letter = Letter {
        body: message::ping(services, realm, id),
        webhook: webhook.id,
        url: webhook.url,
        sealed_secret: webhook.sealed_secret,
        enabled: webhook.enabled,
    };
    post(services, realm, &letter, &services.new_id())
        .await?
        .map_err(|reason| Error::Refused(format!("The webhook did not take the message: {reason}")))
}
