//! Login events of this protocol, with Keycloak's types and names.

use std::collections::BTreeMap;

use model::{
    event::Event,
    id::{SessionId, UserId},
    realm::Realm,
};
use services::{Origin, Services, events};

/// What is known of a request when it ends.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// The `clientId`, as far as it could be told.
    pub client: Option<String>,
    /// The user.
    pub user: Option<UserId>,
    /// The session.
    pub session: Option<SessionId>,
    /// Further facts by name.
    pub details: BTreeMap<String, String>,
}

impl Facts {
    /// Adds a fact.
    pub fn detail(&mut self, name: &str, value: impl Into<String>) {
        // A stranger chooses some of the values; what is longer than any name of ours tells nothing more.
        let value: String = value.into().chars().filter(|letter| !letter.is_control()).take(255).collect();
        self.details.insert(name.to_owned(), value);
    }

    /// Says why, in the sentence that the caller hears, unless a better one is there.
    pub fn reason(&mut self, text: &str) {
        if !self.details.contains_key("reason") {
            self.detail("reason", text);
        }
    }
}

/// Records that something was done.
///
/// # Errors
/// If it can't be written.
pub async fn done(
    services: &Services,
    realm: &Realm,
    kind: &str,
    origin: &Origin,
    facts: Facts,
) -> services::Result<()> {
    events::record(services, realm, event(services, realm, kind, origin, facts, None)).await
}

/// Records that something was done, without waiting until it is written.
///
/// # Errors
/// `Busy` if too many events wait.
pub async fn noted(
    services: &Services,
    realm: &Realm,
    kind: &str,
    origin: &Origin,
    facts: Facts,
) -> services::Result<()> {
    events::record_later(services, realm, event(services, realm, kind, origin, facts, None)).await
}

/// Records that something was refused, with Keycloak's error code, and gives the event's id. If it can't be written, the
/// log says so: the refusal stands all the same.
pub async fn refused(
    services: &Services,
    realm: &Realm,
    kind: &str,
    origin: &Origin,
    facts: Facts,
    error: &str,
) -> Option<String> {
    let kind = format!("{kind}_ERROR");
    let event = event(services, realm, &kind, origin, facts, Some(error));
    let id = event.id.0.clone();
    match events::record(services, realm, event).await {
        Ok(()) => Some(id),
        Err(failure) => {
            tracing::error!(error = &failure as &dyn std::error::Error, kind, "an event can't be written");
            None
        }
    }
}

fn event(services: &Services, realm: &Realm, kind: &str, origin: &Origin, facts: Facts, error: Option<&str>) -> Event {
    let mut event = events::event(services, realm, kind, origin);
    event.client_id = facts.client;
    event.user_id = facts.user;
    event.session_id = facts.session;
    event.error = error.map(str::to_owned);
    event.details = facts.details;
    if let Some(user_agent) = &origin.user_agent {
        event.details.insert("user_agent".to_owned(), user_agent.clone());
    }
    event
}
