//! How a representation changes a client, and what every client must satisfy.

use model::{client::Client, problem::Problem};
use representation::ClientRepresentation;

use super::nodes;
use crate::{
    Error, Result, Services,
    client_scopes::merge,
    realms::{check_text, given_name},
};

/// The longest list of redirect URIs or web origins.
const MOST_URLS: usize = 1_000;

/// Puts every given field into the client.
pub(super) fn apply(client: &mut Client, given: ClientRepresentation) -> Result<()> {
    if let Some(client_id) = given.client_id {
        client.client_id = given_name("clientId", client_id)?;
    }
    if let Some(protocol) = given.protocol {
        client.protocol = protocol;
    }
    client.enabled = given.enabled.unwrap_or(client.enabled);
    let settings = &mut client.settings;
    for (field, text) in [
        (&mut settings.name, given.name),
        (&mut settings.description, given.description),
        (&mut settings.admin_url, given.admin_url),
        (&mut settings.base_url, given.base_url),
    ] {
        if text.is_some() {
            *field = text;
        }
    }
    if let Some(root_url) = given.root_url {
        derive_from_root(settings, &root_url, given.redirect_uris.is_none());
        settings.root_url = Some(root_url);
    }
    for (field, value) in [
        (&mut settings.public_client, given.public_client),
        (&mut settings.bearer_only, given.bearer_only),
        (&mut settings.consent_required, given.consent_required),
        (&mut settings.standard_flow_enabled, given.standard_flow_enabled),
        (&mut settings.implicit_flow_enabled, given.implicit_flow_enabled),
        (&mut settings.direct_access_grants_enabled, given.direct_access_grants_enabled),
        (&mut settings.service_accounts_enabled, given.service_accounts_enabled),
        (&mut settings.frontchannel_logout, given.frontchannel_logout),
        (&mut settings.full_scope_allowed, given.full_scope_allowed),
        (&mut settings.always_display_in_console, given.always_display_in_console),
        (&mut settings.surrogate_auth_required, given.surrogate_auth_required),
    ] {
        *field = value.unwrap_or(*field);
    }
    if let Some(kind) = given.client_authenticator_type {
        settings.client_authenticator_type = kind;
    }
    settings.redirect_uris = given.redirect_uris.unwrap_or_else(|| std::mem::take(&mut settings.redirect_uris));
    settings.web_origins = given.web_origins.unwrap_or_else(|| std::mem::take(&mut settings.web_origins));
    settings.not_before = given.not_before.map_or(settings.not_before, i64::from);
    settings.node_re_registration_timeout =
        given.node_re_registration_timeout.map_or(settings.node_re_registration_timeout, i64::from);
    if let Some(nodes) = given.registered_nodes {
        settings.registered_nodes = nodes.into_iter().map(|(node, at)| (node, i64::from(at))).collect();
    }
    if let Some(overrides) = given.authentication_flow_binding_overrides {
        merge(&mut settings.authentication_flow_binding_overrides, overrides);
    }
    if let Some(attributes) = given.attributes {
        merge(&mut client.attributes, attributes.into_inner());
        // It is shown of every client, and kept of those that are not like the others.
        if client.attributes.get("realm_client").is_some_and(|value| value == "false") {
            client.attributes.remove("realm_client");
        }
    }
    Ok(())
}

/// A root URL alone is the application's redirect URI and origin. In Keycloak it stands for every page below it; here
/// redirect URIs match exactly unless somebody writes the wildcard (RFC 9700 section 2.1).
fn derive_from_root(settings: &mut model::client::ClientSettings, root_url: &str, derive: bool) {
    if !derive || !settings.redirect_uris.is_empty() {
        return;
    }
    if let Ok(url) = url::Url::parse(root_url) {
        settings.redirect_uris = vec![format!("{}/", root_url.trim_end_matches('/'))];
        settings.web_origins = vec![url.origin().ascii_serialization()];
        settings.admin_url.get_or_insert_with(|| root_url.to_owned());
    }
}

/// Checks what holds for every client, then what its protocol asks for.
pub(super) fn check(services: &Services, client: &Client) -> Result<()> {
    let settings = &client.settings;
    let Some(protocol) = services.protocols.get(&client.protocol) else {
        return Err(Error::invalid("protocol", format!("The protocol '{}' is not offered here", client.protocol)));
    };
    for (field, text) in [("name", &settings.name), ("description", &settings.description)] {
        check_text(field, text.as_deref().unwrap_or_default())?;
    }
    nodes::check(settings)?;
    for (field, urls) in [("redirectUris", &settings.redirect_uris), ("webOrigins", &settings.web_origins)] {
        if urls.len() > MOST_URLS {
            return Err(Error::invalid(field, format!("at most {MOST_URLS} are possible")));
        }
    }
    let mut problems = protocol.check_client(client);
    if settings.public_client && settings.service_accounts_enabled {
        problems.push(Problem::new(
            "serviceAccountsEnabled",
            "A public client can't act for itself: anybody could claim to be it",
        ));
    }
    if problems.is_empty() { Ok(()) } else { Err(Error::Invalid(problems)) }
}

/// The names under which protocol requests address the client, beside its `clientId`.
pub(crate) fn further_names(services: &Services, client: &Client) -> Vec<String> {
    services.protocols.get(&client.protocol).map(|protocol| protocol.further_names(client)).unwrap_or_default()
}

/// Says which name is taken.
pub(super) fn taken(error: Error, client: &Client) -> Error {
    let exists = || Error::Conflict(format!("Client {} already exists", client.client_id));
    error.on_conflict("clients_client_id", exists).on_conflict("clients_pkey", exists).on_conflict(
        "client_names_pkey",
        || {
            Error::Conflict(format!(
                "Another client already answers to '{}' or to one of its further service names",
                client.client_id
            ))
        },
    )
}
