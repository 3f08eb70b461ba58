//! What people are told about the application that sent them: its name, its logo and its own documents.

use model::client::Client;

use crate::{address::WebAddress, shown::Shown};

/// A client as pages show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClientShown {
    /// Its name for people.
    pub name: Shown,
    /// Its logo (attribute `logoUri`).
    pub logo: Option<WebAddress>,
    /// Its privacy policy (attribute `policyUri`).
    pub policy: Option<WebAddress>,
    /// Its terms of service (attribute `tosUri`).
    pub terms: Option<WebAddress>,
}

impl ClientShown {
    /// A client of which only the name is shown.
    #[must_use]
    pub fn named(name: &str) -> Self {
        Self { name: Shown::name(name), logo: None, policy: None, terms: None }
    }

    /// The client with its attributes, as far as they are addresses on the web. Without a name of its own it goes by
    /// its client id.
    #[must_use]
    pub fn of(client: &Client) -> Self {
        let address = |attribute: &str| client.attributes.get(attribute).and_then(|text| WebAddress::parse(text));
        let given = client.settings.name.as_deref().and_then(name).filter(|name| !name.is_empty());
        Self {
            name: given.unwrap_or_else(|| Shown::name(&client.client_id)),
            logo: address("logoUri"),
            policy: address("policyUri"),
            terms: address("tosUri"),
        }
    }

    /// As in tests and on pictures of the pages.
    #[must_use]
    pub fn sample() -> Self {
        Self {
            name: Shown::name("Field Notes"),
            logo: Some(WebAddress::sample("/logo.svg")),
            policy: Some(WebAddress::sample("/privacy")),
            terms: Some(WebAddress::sample("/terms")),
        }
    }
}

/// The name to show. Keycloak's own clients are called by a key of its message bundles, in realms imported from it too;
/// a key that isn't known says nothing to people.
fn name(given: &str) -> Option<Shown> {
    let Some(key) = given.trim().strip_prefix("${").and_then(|rest| rest.strip_suffix('}')) else {
        return Some(Shown::name(given));
    };
    let known = match key {
        "client_account" | "client_account-console" => "Account",
        "client_admin-cli" => "Administration by command line",
        "client_security-admin-console" => "Administration",
        "client_realm-management" => "Realm management",
        "client_broker" => "Broker",
        _ => return None,
    };
    Some(Shown::name(known))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_message_bundles_are_put_into_words() {
        let shown = |given: &str| name(given).map(|name| name.as_str().to_owned());
        assert_eq!(shown("Field Notes").as_deref(), Some("Field Notes"));
        assert_eq!(shown("${client_account-console}").as_deref(), Some("Account"));
        assert_eq!(shown("${client_unknown}"), None);
        assert_eq!(shown("a ${b}").as_deref(), Some("a ${b}"));
    }
}
