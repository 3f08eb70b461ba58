//! Login events: what was tried, by whom, from where, and why it was refused.
//!
//! An answer that tells somebody an event's id is given only after the event was written, so that an administrator
//! finds it. Writing is shared: see [`Recorder`].

pub mod counts;
pub mod export;
mod kinds;
mod recorder;

use std::collections::BTreeMap;

use model::{
    event::{Event, Operation},
    id::{EventId, SessionId, UserId},
    permission::Permission,
    realm::{EventSettings, Realm},
};
use representation::RealmEventsConfigRepresentation;
use store::events::{Filter, Use};

use crate::{
    Caller, Error, Origin, Result, Services, What,
    admin_events::{self, Resource},
    error::Found as _,
    webhooks,
};

pub use kinds::{SAVED_BY_DEFAULT, is_saved_by_default};
pub(crate) use recorder::Entry;
pub use recorder::{Batch, Receiver, Recorder};

/// The listeners that Keycloak knows. None of them is ours: they are kept so that exports survive a round trip.
const LISTENERS: [&str; 3] = ["jboss-logging", "email", "micrometer-user-event-metrics"];
/// More types than Keycloak has.
const MAX_TYPES: usize = 500;

/// Whether the realm stores events of this type.
#[must_use]
pub fn is_recorded(realm: &Realm, kind: &str) -> bool {
    let wanted = &realm.settings.events;
    wanted.events_enabled
        && match wanted.enabled_event_types.as_slice() {
            [] => is_saved_by_default(kind),
            types => types.iter().any(|wanted| wanted == kind),
        }
}

/// An event of this type that happens now, with nothing else known yet.
#[must_use]
pub fn event(services: &Services, realm: &Realm, kind: &str, origin: &Origin) -> Event {
    Event {
        id: EventId(services.new_id()),
        realm_id: realm.id,
        time: services.now(),
        kind: kind.to_owned(),
        client_id: None,
        user_id: None::<UserId>,
        session_id: None::<SessionId>,
        ip_address: origin.ip_address.clone(),
        error: None,
        details: BTreeMap::new(),
    }
}

/// What is to be written of an event: the event itself if the realm wants that, and what webhooks are to be told of it.
/// None if there is nothing.
fn entry(services: &Services, realm: &Realm, event: Event) -> Option<Entry> {
    let (stored, heard) = (is_recorded(realm, &event.kind), webhooks::hears(realm, &event.kind));
    if !stored && !heard {
        return None;
    }
    let event = recorder::storable(event);
    let told = webhooks::of_event(services, realm, &event);
    Some(Entry::new(stored.then_some(event), told))
}

/// Writes an event to the log and, if the realm wants that, to the database. Returns when it is there.
///
/// # Errors
/// `Busy` if too many events wait, `Store` if the database fails.
pub async fn record(services: &Services, realm: &Realm, event: Event) -> Result<()> {
    note(services, realm, &event);
    match entry(services, realm, event) {
        Some(entry) => services.events.write(entry).await,
        None => Ok(()),
    }
}

/// Writes an event to the log and, if the realm wants that, soon to the database: for what went well, whose event nobody
/// is told of. A crash may lose the events of the last moment.
///
/// # Errors
/// `Busy` if too many events wait.
pub async fn record_later(services: &Services, realm: &Realm, event: Event) -> Result<()> {
    note(services, realm, &event);
    match entry(services, realm, event) {
        Some(entry) => services.events.write_later(entry).await,
        None => Ok(()),
    }
}

/// As [`record`], and notes in the same write that an identity token was used.
///
/// # Errors
/// As [`record`].
pub async fn record_with_use(services: &Services, realm: &Realm, event: Event, token: &SessionId) -> Result<()> {
    note(services, realm, &event);
    let used = Use { realm_id: realm.id, token: token.clone(), at: event.time };
    let entry = entry(services, realm, event).unwrap_or_default();
    services.events.write(entry.with_use(used)).await
}

/// Counts an event and writes it to the log.
fn note(services: &Services, realm: &Realm, event: &Event) {
    services.event_counts.note(event);
    tracing::info!(
        target: "events",
        id = %event.id,
        realm = realm.name,
        kind = event.kind,
        client = event.client_id,
        user = event.user_id.as_ref().map(UserId::as_str),
        session = event.session_id.as_ref().map(SessionId::as_str),
        ip_address = event.ip_address,
        error = event.error,
        details = ?event.details,
    );
}

/// The events of a realm that pass `filter`.
///
/// # Errors
/// `Forbidden` without `view-events` or `manage-events`.
pub async fn list(services: &Services, caller: &Caller, realm: &Realm, filter: &Filter) -> Result<Vec<Event>> {
    caller.require(&[Permission::ViewEvents, Permission::ManageEvents])?;
    let mut searching = services.store.searching().await?;
    let found = store::events::list(&mut searching, realm.id, filter).await?;
    searching.end().await?;
    Ok(found)
}

/// Deletes all events of a realm.
///
/// # Errors
/// `Forbidden` without `manage-events`.
pub async fn clear(services: &Services, caller: &Caller, realm: &Realm) -> Result<()> {
    caller.require(&[Permission::ManageEvents])?;
    let mut tx = services.store.begin(realm.id).await?;
    store::events::clear(&mut tx).await?;
    services.commit(tx).await
}

/// What a realm records, with the types in effect.
///
/// # Errors
/// `Forbidden` without `view-events` or `manage-events`.
pub fn config(caller: &Caller, realm: &Realm) -> Result<EventSettings> {
    caller.require(&[Permission::ViewEvents, Permission::ManageEvents])?;
    let mut settings = realm.settings.events.clone();
    if settings.enabled_event_types.is_empty() {
        settings.enabled_event_types = SAVED_BY_DEFAULT.iter().map(|&kind| kind.to_owned()).collect();
    }
    Ok(settings)
}

/// Changes what a realm records.
///
/// # Errors
/// `Forbidden` without `manage-events`, `Invalid` if a listener is not known or a value is out of bounds.
pub async fn update_config(
    services: &Services,
    caller: &Caller,
    realm: &Realm,
    change: RealmEventsConfigRepresentation,
) -> Result<()> {
    caller.require(&[Permission::ManageEvents])?;
    check_config(&change)?;
    let mut tx = services.store.begin(realm.id).await?;
    let mut realm = store::realms::lock(&mut tx).await?.found(What::Realm)?;
    apply(&mut realm.settings.events, &change);
    store::realms::update(&mut tx, &realm).await?;
    let resource = Resource { kind: "REALM", path: "events/config" };
    admin_events::record(services, &mut tx, caller, &realm, Operation::Update, resource, Some(&change)).await?;
    services.commit(tx).await
}

fn check_config(change: &RealmEventsConfigRepresentation) -> Result<()> {
    let listeners = change.events_listeners.as_deref().unwrap_or_default();
    if !listeners.iter().all(|name| LISTENERS.contains(&name.as_str())) {
        return Err(Error::invalid("eventsListeners", "Unknown event listener"));
    }
    let types = change.enabled_event_types.as_deref().unwrap_or_default();
    let fits =
        |name: &String| name.len() <= 64 && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    if types.len() > MAX_TYPES || !types.iter().all(fits) {
        return Err(Error::invalid("enabledEventTypes", "Unknown event type"));
    }
    if change.events_expiration.is_some_and(|seconds| !(0..=i64::from(i32::MAX)).contains(&seconds)) {
        return Err(Error::invalid("eventsExpiration", "The number of seconds is out of bounds"));
    }
    Ok(())
}

fn apply(settings: &mut EventSettings, change: &RealmEventsConfigRepresentation) {
    settings.events_enabled = change.events_enabled.unwrap_or(settings.events_enabled);
    settings.events_expiration = change.events_expiration.unwrap_or(settings.events_expiration);
    settings.admin_events_enabled = change.admin_events_enabled.unwrap_or(settings.admin_events_enabled);
    settings.admin_events_details_enabled =
        change.admin_events_details_enabled.unwrap_or(settings.admin_events_details_enabled);
    if let Some(listeners) = &change.events_listeners {
        settings.events_listeners.clone_from(listeners);
    }
    if let Some(types) = &change.enabled_event_types {
        settings.enabled_event_types.clone_from(types);
    }
}
