//! Webhooks: addresses outside this server that are told of login events and admin events.
//!
//! What is to be told is written together with the event and sent by a job that is tried again, so that a receiver that is
//! down, or a crash of this server, loses nothing. Whoever writes an event knows from the realm whether anybody listens.

mod change;
mod deliveries;
mod message;
mod secret;
mod send;

use model::{
    event::Operation,
    id::{RealmId, WebhookId},
    permission::Permission,
    realm::Realm,
    secret::Secret,
    webhook::{Webhook, WebhookFilter},
};
use representation::{MASK, WebhookRepresentation};
use store::Tx;

pub use deliveries::{DeliveryQuery, deliveries, delivery, send_again};
pub(crate) use message::{hears, of_admin_events, of_event};
pub use send::{KIND, deliver, delivered, failed, gave_up, test};

use crate::{
    Caller, Error, Result, Services, What,
    admin_events::{self, Resource},
    error::{Found as _, OnConflict as _},
    realms::given_id,
};

const VIEW: &[Permission] = &[Permission::ViewEvents, Permission::ManageEvents];
const MANAGE: &[Permission] = &[Permission::ManageEvents];

/// The most webhooks that a realm may have: each costs a row for each event that it hears of.
const MOST: i64 = 20;
/// What Keycloak calls resources that are none of its own.
const RESOURCE: &str = "CUSTOM";

/// The place that a secret is sealed for.
fn place(realm: RealmId, id: &WebhookId) -> String {
    format!("{realm}/webhook-secret/{id}")
}

/// A webhook as it is shown: with the mask in the place of its secret.
fn shown(webhook: &Webhook) -> WebhookRepresentation {
    let filter = &webhook.filter;
    WebhookRepresentation {
        id: Some(webhook.id.0.clone()),
        url: Some(webhook.url.clone()),
        enabled: Some(webhook.enabled),
        secret: Some(MASK.into()),
        events_enabled: Some(filter.events),
        event_types: Some(filter.event_types.clone()),
        admin_events_enabled: Some(filter.admin_events),
        operation_types: Some(filter.operation_types.clone()),
        resource_types: Some(filter.resource_types.clone()),
        created_date: Some(model::clock::epoch_millis(webhook.created)),
    }
}

/// A webhook with its secret, for the one answer that holds it.
fn shown_with(webhook: &Webhook, secret: &Secret) -> WebhookRepresentation {
    WebhookRepresentation { secret: Some(secret.expose().into()), ..shown(webhook) }
}

/// All webhooks of a realm, the oldest first.
///
/// # Errors
/// `Forbidden` without `view-events` or `manage-events`.
pub async fn list(services: &Services, caller: &Caller, realm: &Realm) -> Result<Vec<WebhookRepresentation>> {
    caller.require(VIEW)?;
    let found = store::webhooks::list(&mut *services.store.read().await?, realm.id).await?;
    Ok(found.iter().map(shown).collect())
}

/// One webhook.
///
/// # Errors
/// `NotFound`, or `Forbidden` without `view-events` or `manage-events`.
pub async fn get(services: &Services, caller: &Caller, realm: &Realm, id: &WebhookId) -> Result<WebhookRepresentation> {
    caller.require(VIEW)?;
    Ok(shown(&store::webhooks::find(&mut *services.store.read().await?, realm.id, id).await?.found(What::Webhook)?))
}

/// Makes a webhook. This answer and that of [`new_secret`] are the only ones that hold the secret.
///
/// # Errors
/// `Invalid` for values that can't be, `Refused` if there are too many, `Conflict` if the id is taken, `Forbidden` without
/// `manage-events`.
pub async fn create(
    services: &Services,
    caller: &Caller,
    realm: &Realm,
    mut given: WebhookRepresentation,
) -> Result<WebhookRepresentation> {
    caller.require(MANAGE)?;
    let id = WebhookId(given_id(services, given.id.take())?);
    let secret = match given.secret.take() {
        None => secret::new(services),
        Some(text) if text.expose() == MASK => {
            return Err(Error::invalid("secret", "The mask stands for a secret, and none is kept"));
        }
        Some(text) => secret::given(text)?,
    };
    let mut webhook = Webhook {
        sealed_secret: services.sealing.seal(&place(realm.id, &id), secret.expose().as_bytes())?,
        id,
        url: String::new(),
        enabled: true,
        filter: WebhookFilter::default(),
        created: services.now(),
    };
    change::apply(realm, &mut webhook, given)?;
    if webhook.url.is_empty() {
        return Err(Error::invalid("url", "The url is missing"));
    }
    let mut tx = services.configure(realm).await?;
    // Whoever makes another one at the same time is waited for.
    store::realms::lock(&mut tx).await?.found(What::Realm)?;
    if store::webhooks::count(&mut tx, realm.id).await? >= MOST {
        return Err(Error::Refused(format!("A realm has {MOST} webhooks at the most")));
    }
    let taken = || format!("Webhook {} already exists", webhook.id);
    store::webhooks::insert(&mut tx, &webhook).await.on_conflict("webhooks_pkey", taken)?;
    record(services, &mut tx, caller, realm, Operation::Create, &path(&webhook.id), Some(&webhook)).await?;
    services.commit(tx).await?;
    Ok(shown_with(&webhook, &secret))
}

/// Changes a webhook; absent fields stay. The mask stands for the secret that is kept, as long as the address is the same.
///
/// # Errors
/// `NotFound`, `Invalid` for values that can't be and for another address without another secret, `Forbidden` without
/// `manage-events`.
pub async fn update(
    services: &Services,
    caller: &Caller,
    realm: &Realm,
    id: &WebhookId,
    mut given: WebhookRepresentation,
) -> Result<()> {
    caller.require(MANAGE)?;
    let secret = given.secret.take().filter(|text| text.expose() != MASK).map(secret::given).transpose()?;
    let mut tx = services.configure(realm).await?;
    let mut webhook = store::webhooks::lock(&mut tx, id).await?.found(What::Webhook)?;
    match secret {
        Some(secret) => {
            webhook.sealed_secret = services.sealing.seal(&place(realm.id, id), secret.expose().as_bytes())?;
        }
        // What somebody else signs with it would be believed by whoever was told until now.
        None if given.url.as_ref().is_some_and(|url| *url != webhook.url) => {
            return Err(Error::invalid("secret", "The url changed: give a new secret with it"));
        }
        None => {}
    }
    change::apply(realm, &mut webhook, given)?;
    store::webhooks::update(&mut tx, &webhook).await?;
    record(services, &mut tx, caller, realm, Operation::Update, &path(id), Some(&webhook)).await?;
    services.commit(tx).await
}

/// Gives a webhook a new secret, which is shown this once. What is sent from now on is signed with it.
///
/// # Errors
/// `NotFound`, or `Forbidden` without `manage-events`.
pub async fn new_secret(
    services: &Services,
    caller: &Caller,
    realm: &Realm,
    id: &WebhookId,
) -> Result<WebhookRepresentation> {
    caller.require(MANAGE)?;
    let secret = secret::new(services);
    let mut tx = services.configure(realm).await?;
    let mut webhook = store::webhooks::lock(&mut tx, id).await?.found(What::Webhook)?;
    webhook.sealed_secret = services.sealing.seal(&place(realm.id, id), secret.expose().as_bytes())?;
    store::webhooks::update(&mut tx, &webhook).await?;
    let path = format!("{}/secret", path(id));
    record(services, &mut tx, caller, realm, Operation::Action, &path, None).await?;
    services.commit(tx).await?;
    Ok(shown_with(&webhook, &secret))
}

/// Removes a webhook with everything that it was told or is to be.
///
/// # Errors
/// `NotFound`, or `Forbidden` without `manage-events`.
pub async fn delete(services: &Services, caller: &Caller, realm: &Realm, id: &WebhookId) -> Result<()> {
    caller.require(MANAGE)?;
    let mut tx = services.configure(realm).await?;
    if !store::webhooks::delete(&mut tx, id).await? {
        return Err(Error::NotFound(What::Webhook));
    }
    record(services, &mut tx, caller, realm, Operation::Delete, &path(id), None).await?;
    services.commit(tx).await
}

fn path(id: &WebhookId) -> String {
    format!("webhooks/{id}")
}

async fn record(
    services: &Services,
    tx: &mut Tx,
    caller: &Caller,
    realm: &Realm,
    operation: Operation,
    path: &str,
    webhook: Option<&Webhook>,
) -> Result<()> {
    let resource = Resource { kind: RESOURCE, path };
    admin_events::record(services, tx, caller, realm, operation, resource, webhook.map(shown).as_ref()).await
}
