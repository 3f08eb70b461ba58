//! Events: what users and clients did.

use crate::{StringMap, define::representation};

representation! {
    /// One user event.
    EventRepresentation {
        /// Event id.
        id: String,
        /// Time, epoch milliseconds.
        time: i64,
        /// Event type, for instance `LOGIN` or `LOGIN_ERROR`.
        r#type: String,
        /// Realm id.
        realm_id: String,
        /// `clientId`.
        client_id: String,
        /// User id.
        user_id: String,
        /// Session id.
        session_id: String,
        /// Address of the caller.
        ip_address: String,
        /// Error code of a failure.
        error: String,
        /// Further facts.
        details: StringMap,
    }

    /// Which events a realm stores.
    RealmEventsConfigRepresentation {
        /// Whether user events are stored.
        events_enabled: bool,
        /// Seconds after which stored events go.
        events_expiration: i64,
        /// Names of the event listeners.
        events_listeners: Vec<String>,
        /// Types stored; on reads the list in effect.
        enabled_event_types: Vec<String>,
        /// Whether admin events are stored.
        admin_events_enabled: bool,
        /// Whether admin events hold the representation.
        admin_events_details_enabled: bool,
    }
}
