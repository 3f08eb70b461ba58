//! What webhooks are told of an event: its representation, as a list of events would show it.

use model::{
    event::{AdminEvent, Event},
    id::{DeliveryId, WebhookId},
    realm::Realm,
};
use representation::{AdminEventRepresentation, EventRepresentation};
use serde::Serialize;
use serde_json::json;
use store::webhooks::deliveries::New;
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

use crate::Services;

/// The `type` of a message about a login event.
const EVENT: &str = "event";
/// The `type` of a message about an admin event.
const ADMIN_EVENT: &str = "admin-event";
/// A resource whose representation is longer than this, in bytes, is told without it.
const MAX_REPRESENTATION: usize = 256 * 1_024;

#[derive(Serialize)]
struct Message<'a, T> {
    r#type: &'a str,
    timestamp: String,
    /// The realm's name: a receiver may serve several.
    realm: &'a str,
    data: T,
}

fn text<T: Serialize>(kind: &str, moment: OffsetDateTime, realm: &Realm, data: T) -> String {
    let timestamp = moment.format(&Rfc3339).unwrap_or_default();
    let message = Message { r#type: kind, timestamp, realm: &realm.name, data };
    serde_json::to_string(&message).unwrap_or_default()
}

/// Whether anybody is told of login events of this type.
pub(crate) fn hears(realm: &Realm, kind: &str) -> bool {
    realm.listeners.iter().any(|listener| listener.filter.hears(kind))
}

/// What is told of a login event.
pub(crate) fn of_event(services: &Services, realm: &Realm, event: &Event) -> Vec<New> {
    let listeners = realm.listeners.iter().filter(|listener| listener.filter.hears(&event.kind));
    let mut body = None;
    let told = listeners.map(|listener| {
        let body =
            body.get_or_insert_with(|| text(EVENT, event.time, realm, EventRepresentation::of(event, &realm.given_id)));
        delivery(services, realm, &listener.id, EVENT, body, event.time)
    });
    told.collect()
}

/// What is told of admin events.
pub(crate) fn of_admin_events(services: &Services, realm: &Realm, events: &[AdminEvent]) -> Vec<New> {
    let mut told = Vec::new();
    for event in events {
        let hears =
            |listener: &&model::webhook::Listener| listener.filter.hears_of(&event.operation, &event.resource_type);
        let mut body = None;
        for listener in realm.listeners.iter().filter(hears) {
            let body = body.get_or_insert_with(|| {
                let mut shown = AdminEventRepresentation::of(event, &realm.given_id);
                shown.representation = shown.representation.filter(|text| text.expose().len() <= MAX_REPRESENTATION);
                text(ADMIN_EVENT, event.time, realm, shown)
            });
            told.push(delivery(services, realm, &listener.id, ADMIN_EVENT, body, event.time));
        }
    }
    told
}

fn delivery(
    services: &Services,
    realm: &Realm,
    webhook: &WebhookId,
    kind: &'static str,
    body: &str,
    created: OffsetDateTime,
) -> New {
    let id = DeliveryId(services.new_id());
    New { realm_id: realm.id, id, webhook: webhook.clone(), kind, body: body.to_owned(), created }
}

/// A message that tells of nothing but itself.
pub(super) fn ping(services: &Services, realm: &Realm, webhook: &WebhookId) -> String {
    text("ping", services.now(), realm, json!({ "webhook": webhook }))
}
