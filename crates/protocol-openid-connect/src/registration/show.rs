//! A client in the words of RFC 7591 (sections 2 and 3.2.1, RFC 7592 section 3).

use model::{client::Client, client_scope::ScopeAssignment};
use serde_json::{Map, Value, json};
use services::{
    client_registration::{Registered, attributes::SECRET_METHOD},
    clients::ClientConfig,
};

use super::{document::SCOPE, flows, keys, sector, table};
use crate::default_scopes::IN_TOKEN_SCOPE;

/// The client information response. `uri` is where the client manages itself.
pub fn document(registered: &Registered, uri: &str) -> Map<String, Value> {
    let config = &registered.config;
    let (client, settings) = (&config.client, &config.client.settings);
    let mut shown = Map::new();
    let mut put = |name: &str, value: Value| drop(shown.insert(name.to_owned(), value));
    put("client_id", json!(client.client_id));
    let method = authentication_method(client);
    if let Some(secret) = registered.secret.as_ref().filter(|_| method.starts_with("client_secret_")) {
        put("client_secret", json!(secret.expose()));
        put("client_secret_expires_at", json!(0));
    }
    for (name, text) in [("client_name", &settings.name), ("client_uri", &settings.base_url)] {
        if let Some(text) = text.as_ref().filter(|text| !text.is_empty()) {
            put(name, json!(text));
        }
    }
    put("redirect_uris", json!(settings.redirect_uris));
    put("grant_types", json!(flows::grant_types(client)));
    put("response_types", json!(flows::response_types(client)));
    put("token_endpoint_auth_method", json!(method));
    put("scope", json!(scope(config)));
    let pairwise = sector::pairwise_mapper(&config.own_mappers);
    put("subject_type", json!(if pairwise.is_some() { "pairwise" } else { "public" }));
    if let Some(uri) = pairwise.and_then(sector::sector_of) {
        put("sector_identifier_uri", json!(uri));
    }
    let keys = client.attributes.get(keys::TEXT).and_then(|text| serde_json::from_str::<Value>(text).ok());
    if let Some(keys) = keys {
        put("jwks", keys);
    }
    put("registration_client_uri", json!(uri));
    if let Some(token) = &registered.token {
        put("registration_access_token", json!(token.expose()));
    }
    table::show(client, &mut shown);
    shown
}

fn authentication_method(client: &Client) -> &str {
    let only = client.attributes.get(SECRET_METHOD).map(String::as_str);
    match client.settings.client_authenticator_type.as_str() {
        _ if client.settings.public_client => "none",
        "client-secret" => only.filter(|method| !method.is_empty()).unwrap_or("client_secret_basic"),
        "client-secret-jwt" => "client_secret_jwt",
        "client-jwt" => "private_key_jwt",
        other => other,
    }
}

/// The scope that the client registered, as far as it has it still; everything that it may ask for if it registered none.
fn scope(config: &ClientConfig) -> String {
    let has = |name: &str| name == "openid" || config.scopes.iter().any(|scope| scope.name == name);
    if let Some(registered) = config.client.attributes.get(SCOPE) {
        return registered.split_ascii_whitespace().filter(|name| has(name)).collect::<Vec<_>>().join(" ");
    }
    let is_shown = |name: &str| {
        let scope = config.scopes.iter().find(|scope| scope.name == name);
        scope.and_then(|scope| scope.attributes.get(IN_TOKEN_SCOPE)).is_none_or(|shown| shown != "false")
    };
    let of = |assignment: ScopeAssignment| {
        let scopes = config.scopes.iter().filter(move |scope| scope.assignment == assignment);
        scopes.map(|scope| scope.name.as_str()).filter(|name| is_shown(name))
    };
    let names = std::iter::once("openid").chain(of(ScopeAssignment::Default)).chain(of(ScopeAssignment::Optional));
    names.collect::<Vec<_>>().join(" ")
}
