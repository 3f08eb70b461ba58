//! Webhooks: addresses outside this server that are told of events.

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use crate::id::WebhookId;

/// Which events a webhook is told of. A list that is empty narrows nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct WebhookFilter {
    /// Login events.
    pub events: bool,
    /// Their types, such as `LOGIN_ERROR`.
    pub event_types: Vec<String>,
    /// Admin events.
    pub admin_events: bool,
    /// What was done: `CREATE`, `UPDATE`, `DELETE` or `ACTION`.
    pub operation_types: Vec<String>,
    /// To what, such as `USER`.
    pub resource_types: Vec<String>,
}

impl WebhookFilter {
    /// Whether login events of this type are told.
    #[must_use]
    pub fn hears(&self, kind: &str) -> bool {
        self.events && is_among(&self.event_types, kind)
    }

    /// Whether it is told that this was done to a resource of this type.
    #[must_use]
    pub fn hears_of(&self, operation: &str, resource_type: &str) -> bool {
        self.admin_events && is_among(&self.operation_types, operation) && is_among(&self.resource_types, resource_type)
    }
}

fn is_among(wanted: &[String], value: &str) -> bool {
    wanted.is_empty() || wanted.iter().any(|wanted| wanted == value)
}

/// An enabled webhook, as far as whoever writes an event has to know it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listener {
    /// The webhook.
    pub id: WebhookId,
    /// What it is told of.
    pub filter: WebhookFilter,
}

/// A webhook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Webhook {
    /// Its id.
    pub id: WebhookId,
    /// Where its messages go.
    pub url: String,
    /// The secret that signs them, sealed.
    pub sealed_secret: String,
    /// One that is not is told of nothing.
    pub enabled: bool,
    /// What it is told of.
    pub filter: WebhookFilter,
    /// When it was made.
    pub created: OffsetDateTime,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(texts: &[&str]) -> Vec<String> {
        texts.iter().map(|&text| text.to_owned()).collect()
    }

    #[test]
    fn an_empty_list_narrows_nothing_and_a_switch_everything() {
        let all = WebhookFilter { events: true, ..WebhookFilter::default() };
        assert!(all.hears("LOGIN") && all.hears("ANY") && !all.hears_of("CREATE", "USER"));
        let failed = WebhookFilter { event_types: texts(&["LOGIN_ERROR"]), ..all };
        assert!(failed.hears("LOGIN_ERROR") && !failed.hears("LOGIN"));
        let changes = WebhookFilter {
            admin_events: true,
            operation_types: texts(&["CREATE", "DELETE"]),
            resource_types: texts(&["USER"]),
            ..WebhookFilter::default()
        };
        assert!(changes.hears_of("DELETE", "USER") && !changes.hears("LOGIN"));
        assert!(!changes.hears_of("UPDATE", "USER") && !changes.hears_of("CREATE", "CLIENT"));
    }
}
