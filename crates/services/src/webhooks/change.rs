//! How a representation makes or changes a webhook.

use model::{event::Operation, realm::Realm, webhook::Webhook};
use representation::WebhookRepresentation;

use crate::{Error, Result, client_keys::address_policy};

/// The most types that a list may name: more than Keycloak has.
const MOST_TYPES: usize = 200;
/// The longest name of a type, in bytes.
const MAX_TYPE: usize = 64;

/// Puts everything that is given into a webhook, but for its secret.
///
/// # Errors
/// `Invalid` for an address that may not be called, for lists that can't be, and if it would hear of nothing.
pub(super) fn apply(realm: &Realm, webhook: &mut Webhook, given: WebhookRepresentation) -> Result<()> {
    if let Some(url) = given.url.filter(|url| *url != webhook.url) {
        if let Err(refused) = address_policy(realm).check(&url) {
            return Err(Error::invalid("url", format!("The url can't be called: {refused}")));
        }
        webhook.url = url;
    }
    webhook.enabled = given.enabled.unwrap_or(webhook.enabled);
    let filter = &mut webhook.filter;
    filter.events = given.events_enabled.unwrap_or(filter.events);
    filter.admin_events = given.admin_events_enabled.unwrap_or(filter.admin_events);
    for (name, list, given) in [
        ("eventTypes", &mut filter.event_types, given.event_types),
        ("operationTypes", &mut filter.operation_types, given.operation_types),
        ("resourceTypes", &mut filter.resource_types, given.resource_types),
    ] {
        if let Some(given) = given {
            check_types(name, &given)?;
            *list = given;
        }
    }
    if !filter.events && !filter.admin_events {
        let text = "A webhook is told of login events, admin events or both: set eventsEnabled or adminEventsEnabled";
        return Err(Error::invalid("eventsEnabled", text));
    }
    Ok(())
}

fn check_types(name: &str, types: &[String]) -> Result<()> {
    const OPERATIONS: [Operation; 4] = [Operation::Create, Operation::Update, Operation::Delete, Operation::Action];
    let fits = |text: &String| match name {
        "operationTypes" => OPERATIONS.iter().any(|operation| operation.as_str() == text),
        _ => {
            (1..=MAX_TYPE).contains(&text.len())
                && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        }
    };
    match types.len() <= MOST_TYPES && types.iter().all(fits) {
        true => Ok(()),
        false => Err(Error::invalid(name, format!("{name} must be up to {MOST_TYPES} names of types, such as UPDATE"))),
    }
}
