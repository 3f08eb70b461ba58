//! Grant types and response types (RFC 7591 section 2) as Keycloak's switches, and back.

use model::client::Client;
use representation::ClientRepresentation;
use services::client_registration::{Result, attributes::SEPARATOR};

use super::members::{Members, invalid};
use crate::{authorize::ResponseType, grants::DEVICE_GRANT_ENABLED};

/// Attribute: whether the client gets refresh tokens; Keycloak's name. Without it it does.
const REFRESH_TOKENS: &str = "use.refresh.tokens";
/// Attribute: whether the client may exchange tokens; Keycloak's name.
const EXCHANGE_ENABLED: &str = "standard.token.exchange.enabled";
/// Attribute: the response types that a client registered. Keycloak keeps no more of them than the switches.
const RESPONSE_TYPES: &str = "registered.response.types";

const CODE: &str = "authorization_code";
const IMPLICIT: &str = "implicit";
const PASSWORD: &str = "password";
const CLIENT_CREDENTIALS: &str = "client_credentials";
const REFRESH: &str = "refresh_token";
const DEVICE: &str = "urn:ietf:params:oauth:grant-type:device_code";
const EXCHANGE: &str = "urn:ietf:params:oauth:grant-type:token-exchange";

/// The attributes that are written here.
pub const ATTRIBUTES: [&str; 4] = [REFRESH_TOKENS, RESPONSE_TYPES, DEVICE_GRANT_ENABLED, EXCHANGE_ENABLED];

/// Sets the switches of a client. Grant types, where any are named, decide over the code flow, else the response types
/// do; either opens the implicit flow. Grant types that nobody here knows are left out.
///
/// # Errors
/// If a response type is none.
pub fn read(
    members: &Members,
    given: &mut ClientRepresentation,
    mut attribute: impl FnMut(&str, String),
) -> Result<()> {
    let named = members.list("grant_types")?;
    let grants = named.clone().unwrap_or_default();
    let mut types = Vec::new();
    for text in members.list("response_types")?.unwrap_or_default() {
        types.push(ResponseType::parse(text).ok_or_else(|| invalid("response_types", "holds an unknown value"))?);
    }
    let has = |grant: &str| grants.contains(&grant);
    given.standard_flow_enabled = Some(match grants.is_empty() {
        true => types.is_empty() || types.iter().any(|kind| kind.code || !kind.is_front_channel()),
        false => has(CODE),
    });
    given.implicit_flow_enabled = Some(has(IMPLICIT) || types.iter().any(|kind| kind.is_front_channel()));
    given.direct_access_grants_enabled = Some(has(PASSWORD));
    given.service_accounts_enabled = Some(has(CLIENT_CREDENTIALS));
    let text = |on: bool| if on { "true" } else { "" }.to_owned();
    attribute(DEVICE_GRANT_ENABLED, text(has(DEVICE)));
    attribute(EXCHANGE_ENABLED, text(has(EXCHANGE)));
    attribute(REFRESH_TOKENS, named.map(|_| has(REFRESH).to_string()).unwrap_or_default());
    let types: Vec<_> = types.into_iter().map(ResponseType::text).collect();
    attribute(RESPONSE_TYPES, types.join(SEPARATOR));
    Ok(())
}

fn is_on(client: &Client, attribute: &str) -> bool {
    client.attributes.get(attribute).is_some_and(|value| value == "true")
}

/// The grants that a client may use.
pub fn grant_types(client: &Client) -> Vec<&'static str> {
    let settings = &client.settings;
    [
        (settings.standard_flow_enabled, CODE),
        (settings.implicit_flow_enabled, IMPLICIT),
        (settings.direct_access_grants_enabled, PASSWORD),
        (settings.service_accounts_enabled, CLIENT_CREDENTIALS),
        (is_on(client, DEVICE_GRANT_ENABLED), DEVICE),
        (uses_refresh_tokens(client), REFRESH),
        (is_on(client, EXCHANGE_ENABLED), EXCHANGE),
    ]
    .into_iter()
    .filter_map(|(on, grant)| on.then_some(grant))
    .collect()
}

/// Whether a client that registered response types registered this one (RFC 7591 section 2). Who registered none may use
/// what the switches allow.
pub fn registered(client: &Client, kind: ResponseType) -> bool {
    let registered = client.attributes.get(RESPONSE_TYPES).filter(|text| !text.is_empty());
    registered.is_none_or(|text| text.split(SEPARATOR).filter_map(ResponseType::parse).any(|one| one == kind))
}

/// Whether a client gets refresh tokens and may use them.
pub fn uses_refresh_tokens(client: &Client) -> bool {
    client.attributes.get(REFRESH_TOKENS).is_none_or(|value| value != "false")
}

/// The response types that a client registered, as far as its switches allow them still; all that they allow if it
/// registered none.
pub fn response_types(client: &Client) -> Vec<String> {
    let (code, implicit) = (client.settings.standard_flow_enabled, client.settings.implicit_flow_enabled);
    let allowed = |kind: ResponseType| match kind.is_front_channel() {
        true => implicit && (code || !kind.code),
        false => code,
    };
    let registered = client.attributes.get(RESPONSE_TYPES).filter(|text| !text.is_empty());
    let registered: Vec<_> = match registered {
        Some(text) => text.split(SEPARATOR).collect(),
        // Keycloak lists no `token` alone.
        None => ResponseType::ALL.into_iter().filter(|text| *text != "token").collect(),
    };
    let kinds = registered.into_iter().filter_map(ResponseType::parse).filter(|kind| allowed(*kind));
    kinds.map(ResponseType::text).collect()
}

#[cfg(test)]
mod tests {
    use model::{Attributes, client::ClientSettings, id::ClientId};
    use serde_json::{Value, json};

    use super::*;

    /// What a client is after it was described so.
    fn client(document: Value) -> Client {
        let mut given = ClientRepresentation::default();
        let mut attributes = Attributes::new();
        let members = Members::of(document).unwrap();
        read(&members, &mut given, |name, value| drop(attributes.insert(name.to_owned(), value))).unwrap();
        attributes.retain(|_, value| !value.is_empty());
        Client {
            id: ClientId("id".into()),
            client_id: "app".into(),
            protocol: "openid-connect".into(),
            enabled: true,
            settings: ClientSettings {
                standard_flow_enabled: given.standard_flow_enabled.unwrap(),
                implicit_flow_enabled: given.implicit_flow_enabled.unwrap(),
                direct_access_grants_enabled: given.direct_access_grants_enabled.unwrap(),
                service_accounts_enabled: given.service_accounts_enabled.unwrap(),
                ..ClientSettings::default()
            },
            attributes,
            default_scopes: Vec::new(),
            optional_scopes: Vec::new(),
        }
    }

    #[test]
    fn the_switches_are_keycloaks() {
        for (document, standard, implicit) in [
            (json!({}), true, false),
            (json!({"response_types": []}), true, false),
            (json!({"response_types": ["none"]}), true, false),
            (json!({"response_types": ["code"]}), true, false),
            (json!({"response_types": ["token"]}), false, true),
            (json!({"response_types": ["id_token token"]}), false, true),
            (json!({"response_types": ["code", "token"]}), true, true),
            (json!({"grant_types": []}), true, false),
            (json!({"grant_types": ["authorization_code"]}), true, false),
            (json!({"grant_types": ["password"]}), false, false),
            (json!({"grant_types": ["bogus"]}), false, false),
            (json!({"grant_types": ["authorization_code", "implicit"]}), true, true),
            (json!({"grant_types": ["client_credentials"], "response_types": ["token"]}), false, true),
        ] {
            let settings = client(document.clone()).settings;
            let found = (settings.standard_flow_enabled, settings.implicit_flow_enabled);
            assert_eq!(found, (standard, implicit), "{document}");
        }
    }

    #[test]
    fn what_was_registered_is_shown() {
        for (grants, types) in [
            (json!(["authorization_code"]), json!(["code"])),
            (json!(["authorization_code", "refresh_token"]), json!(["code", "none"])),
            (json!(["implicit"]), json!(["id_token"])),
            (json!(["authorization_code", "implicit", "refresh_token"]), json!(["code id_token"])),
            (json!(["client_credentials", DEVICE, EXCHANGE]), json!([])),
        ] {
            let client = client(json!({"grant_types": grants, "response_types": types}));
            assert_eq!(json!(grant_types(&client)), grants);
            assert_eq!(json!(response_types(&client)), types);
        }
    }

    #[test]
    fn without_a_word_it_is_the_code_flow_with_refresh_tokens() {
        let mut client = client(json!({}));
        assert_eq!(grant_types(&client), [CODE, REFRESH]);
        assert_eq!(response_types(&client), ["code", "none"]);
        client.attributes.insert(RESPONSE_TYPES.into(), "code##id_token".into());
        assert_eq!(response_types(&client), ["code"], "an administrator closed the implicit flow");
    }

    #[test]
    fn an_unknown_response_type_is_refused() {
        let members = Members::of(json!({"response_types": ["code code"]})).unwrap();
        assert!(read(&members, &mut ClientRepresentation::default(), |_, _| {}).is_err());
    }
}
