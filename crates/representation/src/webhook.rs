//! Webhooks: not Keycloak's, but declared like everything that is.

use crate::{SecretText, define::representation};

representation! {
    /// An address that is told of events.
    WebhookRepresentation {
        /// Its id.
        id: String,
        /// Where its messages go.
        url: String,
        /// Whether it is told anything.
        enabled: bool,
        /// The secret that signs its messages: `whsec_` and 24 to 64 bytes in base64. Shown once, then masked.
        secret: SecretText,
        /// Whether it is told of login events.
        events_enabled: bool,
        /// Of which types; empty means all.
        event_types: Vec<String>,
        /// Whether it is told of admin events.
        admin_events_enabled: bool,
        /// Of which operations; empty means all.
        operation_types: Vec<String>,
        /// On which types of resources; empty means all.
        resource_types: Vec<String>,
        /// When it was made, epoch milliseconds.
        created_date: i64,
    }

    /// What a webhook was told, or is to be.
    WebhookDeliveryRepresentation {
        /// Its id, which the other side sees too.
        id: String,
        /// What it tells of: `event` or `admin-event`.
        r#type: String,
        /// `WAITING`, `DELIVERED` or `GIVEN_UP`.
        state: String,
        /// When it was written, epoch milliseconds.
        created_date: i64,
        /// How often it was tried.
        attempts: i32,
        /// When it was tried last, epoch milliseconds.
        last_attempt: i64,
        /// When it will be tried next, epoch milliseconds.
        next_attempt: i64,
        /// Why the last attempt failed.
        failure: String,
        /// What is sent; in single reads only.
        body: String,
    }
}
