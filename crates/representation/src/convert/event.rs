//! Events as representations. They name their realm by the id that representations show.

use model::{
    clock::epoch_millis,
    event::{AdminEvent, Event},
    realm::EventSettings,
};

use crate::{
    AdminEventRepresentation, AuthDetailsRepresentation, EventRepresentation, Masked, RealmEventsConfigRepresentation,
};

impl EventRepresentation {
    /// A login event of the realm with this given id.
    #[must_use]
    pub fn of(event: &Event, realm_given_id: &str) -> Self {
        Self {
            id: Some(event.id.0.clone()),
            time: Some(epoch_millis(event.time)),
            r#type: Some(event.kind.clone()),
            realm_id: Some(realm_given_id.to_owned()),
            client_id: event.client_id.clone(),
            user_id: event.user_id.as_ref().map(|id| id.0.clone()),
            session_id: event.session_id.as_ref().map(|id| id.0.clone()),
            ip_address: event.ip_address.clone(),
            error: event.error.clone(),
            details: Some(event.details.clone()),
        }
    }
}

impl AdminEventRepresentation {
    /// An admin event about the realm with this given id.
    #[must_use]
    pub fn of(event: &AdminEvent, realm_given_id: &str) -> Self {
        Self {
            id: Some(event.id.0.clone()),
            time: Some(epoch_millis(event.time)),
            realm_id: Some(realm_given_id.to_owned()),
            auth_details: Some(AuthDetailsRepresentation {
                realm_id: Some(event.auth_realm_id.clone()),
                client_id: event.auth_client_id.as_ref().map(|id| id.0.clone()),
                user_id: event.auth_user_id.as_ref().map(|id| id.0.clone()),
                ip_address: event.ip_address.clone(),
            }),
            operation_type: Some(event.operation.clone()),
            resource_type: Some(event.resource_type.clone()),
            resource_path: Some(event.resource_path.clone()),
            representation: event.representation.clone().map(Masked::new),
            error: None,
            details: None,
        }
    }
}

impl From<&EventSettings> for RealmEventsConfigRepresentation {
    fn from(settings: &EventSettings) -> Self {
        Self {
            events_enabled: Some(settings.events_enabled),
            events_expiration: Some(settings.events_expiration),
            events_listeners: Some(settings.events_listeners.clone()),
            enabled_event_types: Some(settings.enabled_event_types.clone()),
            admin_events_enabled: Some(settings.admin_events_enabled),
            admin_events_details_enabled: Some(settings.admin_events_details_enabled),
        }
    }
}
