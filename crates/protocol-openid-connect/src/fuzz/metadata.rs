//! What a client says of itself when it registers.

use representation::ClientRepresentation;
use serde_json::Value;
use services::outgoing::AddressPolicy;

use crate::registration::{
    document::{self, Time},
    members::Members,
};

/// Any text as the metadata of a client, in the standard's words and in Keycloak's.
pub fn client_metadata(text: &str) {
    let _ = representation::parse::<ClientRepresentation>(text.as_bytes());
    let Ok(document) = serde_json::from_str::<Value>(text) else { return };
    let Some(members) = Members::of(document) else { return };
    for time in [Time::First, Time::Again] {
        let Ok(described) = document::read(&members, time, &AddressPolicy::public_only()) else { continue };
        let client = described.client;
        assert_eq!(client.protocol.as_deref(), Some("openid-connect"));
        for (name, value) in client.attributes.map(|attributes| attributes.into_inner()).unwrap_or_default() {
            assert!(document::writes(&name), "{name}");
            assert!(!value.contains('\0'), "{name}: {value}");
            if ["logoUri", "policyUri", "tosUri", "frontchannel.logout.url"].contains(&name.as_str()) {
                let lower = value.to_ascii_lowercase();
                assert!(value.is_empty() || lower.trim_start().starts_with("http"), "{name}: {value}");
            }
        }
        for uri in client.redirect_uris.unwrap_or_default() {
            assert!(!uri.is_empty() && !uri.chars().any(char::is_control));
        }
    }
}
