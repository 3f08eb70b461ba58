//! What webhooks were told, or are to be, for whoever looks after them.

use model::{
    clock::epoch_millis,
    event::Operation,
    id::{DeliveryId, WebhookId},
    realm::Realm,
};
use representation::WebhookDeliveryRepresentation;
use store::webhooks::deliveries::{self, Delivery, State};

use super::{MANAGE, VIEW, path, record};
use crate::{Caller, Error, Result, Services, What, error::Found as _};

const STATES: [(&str, State); 3] =
    [("WAITING", State::Waiting), ("DELIVERED", State::Delivered), ("GIVEN_UP", State::GivenUp)];

/// Which deliveries are looked for.
#[derive(Clone, Debug, Default)]
pub struct DeliveryQuery {
    /// `WAITING`, `DELIVERED` or `GIVEN_UP`; none is all.
    pub state: Option<String>,
    /// How many to skip.
    pub first: i64,
    /// How many to give; none is all.
    pub max: Option<i64>,
}

fn shown(delivery: Delivery) -> WebhookDeliveryRepresentation {
    let state = STATES.iter().find(|(_, state)| *state == delivery.state);
    WebhookDeliveryRepresentation {
        id: Some(delivery.id.0),
        r#type: Some(delivery.kind),
        state: state.map(|(name, _)| (*name).to_owned()),
        created_date: Some(epoch_millis(delivery.created)),
        attempts: Some(delivery.attempts),
        last_attempt: delivery.attempted.map(epoch_millis),
        next_attempt: delivery.next.map(epoch_millis),
        failure: delivery.failure,
        body: delivery.body,
    }
}

/// What a webhook was told or is to be, the newest first, without the messages themselves.
///
/// # Errors
/// `Invalid` for an unknown state, `NotFound`, or `Forbidden` without `view-events` or `manage-events`.
pub async fn deliveries(
    services: &Services,
    caller: &Caller,
    realm: &Realm,
    webhook: &WebhookId,
    query: &DeliveryQuery,
) -> Result<Vec<WebhookDeliveryRepresentation>> {
    caller.require(VIEW)?;
    let state = match &query.state {
        None => None,
        Some(given) => match STATES.iter().find(|(name, _)| name == given) {
            Some((_, state)) => Some(*state),
            None => return Err(Error::invalid("state", "The state is WAITING, DELIVERED or GIVEN_UP")),
        },
    };
    let mut conn = services.store.read().await?;
    store::webhooks::find(&mut conn, realm.id, webhook).await?.found(What::Webhook)?;
    let found = deliveries::list(&mut conn, realm.id, webhook, state, query.first, query.max).await?;
    Ok(found.into_iter().map(shown).collect())
}

/// One delivery, with its message.
///
/// # Errors
/// `NotFound`, or `Forbidden` without `view-events` or `manage-events`.
pub async fn delivery(
    services: &Services,
    caller: &Caller,
    realm: &Realm,
    webhook: &WebhookId,
    id: &DeliveryId,
) -> Result<WebhookDeliveryRepresentation> {
    caller.require(VIEW)?;
    let found = deliveries::find(&mut *services.store.read().await?, realm.id, webhook, id).await?;
    Ok(shown(found.found(What::Delivery)?))
}

/// Has something sent from the start, also if it was delivered or given up. The other side sees the same id.
///
/// # Errors
/// `NotFound`, or `Forbidden` without `manage-events`.
pub async fn send_again(
    services: &Services,
    caller: &Caller,
    realm: &Realm,
    webhook: &WebhookId,
    id: &DeliveryId,
) -> Result<()> {
    caller.require(MANAGE)?;
    let mut tx = services.store.begin(realm.id).await?;
    if !deliveries::send_again(&mut tx, webhook, id, services.now()).await? {
        return Err(Error::NotFound(What::Delivery));
    }
    let path = format!("{}/deliveries/{id}/redeliver", path(webhook));
    record(services, &mut tx, caller, realm, Operation::Action, &path, None).await?;
    services.commit(tx).await
}
