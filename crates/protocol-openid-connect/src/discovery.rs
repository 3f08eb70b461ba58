//! The metadata of a realm (OpenID Connect Discovery 1.0 section 3, RFC 8414 section 2): what is served, and nothing
//! else.

use std::collections::BTreeSet;

use actix_web::{HttpResponse, http::header::CACHE_CONTROL, web::Path};
use jose::{ContentEncryption, Family, KeyManagementAlgorithm, SignatureAlgorithm};
use serde_json::{Value, json};
use services::{Services, cache, keys};
use web::Hosted;

use crate::{
    authentication::{ASSERTION_ALGORITHMS, Method},
    authorize::{OBJECT_ALGORITHMS, ResponseMode, ResponseType},
    endpoint::no_realm,
    grants::Grant,
    refusal::Refusal,
};

/// Where a realm publishes it, below its address.
pub const PATH: &str = ".well-known/openid-configuration";

/// `GET /realms/{realm}/.well-known/openid-configuration`, and the paths of RFC 8414.
pub async fn get(services: Hosted, realm: Path<String>) -> HttpResponse {
    match metadata(&services, &realm).await {
        Ok(Some(metadata)) => {
            let mut answer = HttpResponse::Ok()
                .insert_header((CACHE_CONTROL, "no-cache, must-revalidate, no-transform, no-store"))
                .json(metadata);
            web::cors::permit_all(&mut answer);
            answer
        }
        Ok(None) => no_realm(),
        Err(error) => Refusal::from(error).answer(),
    }
}

async fn metadata(services: &Services, realm: &str) -> services::Result<Option<Value>> {
    let Some(realm) = services::realms::enabled(services, realm).await? else { return Ok(None) };
    let scopes = cache::client_scope_names(services, &realm, model::client::OPENID_CONNECT).await?;
    let keys = keys::complete(services, &realm).await?;
    Ok(Some(document(&services.realm_url(&realm), &scopes, &keys.encryption_algorithms())))
}

/// The algorithms that others can verify. A realm makes a key of any of them when a client first asks for it.
fn signing() -> BTreeSet<&'static str> {
    let pairs = SignatureAlgorithm::ALL.into_iter().filter(|algorithm| algorithm.family() != Family::Hmac);
    pairs.map(SignatureAlgorithm::as_str).collect()
}

/// What the realm whose address this is publishes. `scopes` are those that it has beside `openid`, `encrypted_to` what request
/// objects may be encrypted with.
pub fn document(issuer: &str, scopes: &[String], encrypted_to: &BTreeSet<KeyManagementAlgorithm>) -> Value {
    let protocol = format!("{issuer}/protocol/openid-connect");
    let at = |path: &str| format!("{protocol}/{path}");
    let scopes: Vec<_> = std::iter::once("openid").chain(scopes.iter().map(String::as_str)).collect();
    let methods = Method::ALL.map(Method::as_str);
    let assertion = ASSERTION_ALGORITHMS.map(SignatureAlgorithm::as_str);
    let management = KeyManagementAlgorithm::ALL.map(KeyManagementAlgorithm::as_str);
    let encryption = ContentEncryption::ALL.map(ContentEncryption::as_str);
    let mut document = json!({
        "issuer": issuer,
        "authorization_endpoint": at("auth"),
        "token_endpoint": at("token"),
        "introspection_endpoint": at("token/introspect"),
        "userinfo_endpoint": at("userinfo"),
        "end_session_endpoint": at("logout"),
        "frontchannel_logout_session_supported": true,
        "frontchannel_logout_supported": true,
        "backchannel_logout_supported": true,
        "backchannel_logout_session_supported": true,
        "jwks_uri": at("certs"),
        "check_session_iframe": at("login-status-iframe.html"),
        "registration_endpoint": format!("{issuer}/clients-registrations/openid-connect"),
        "revocation_endpoint": at("revoke"),
        "device_authorization_endpoint": at("auth/device"),
        "pushed_authorization_request_endpoint": at("ext/par/request"),
        "require_pushed_authorization_requests": false,
        "grant_types_supported": grant_types(),
    });
    let capabilities = json!({
        "response_types_supported": ResponseType::ALL,
        "response_modes_supported": ResponseMode::ALL.map(ResponseMode::as_str),
        "prompt_values_supported": ["none", "login", "consent"],
        "acr_values_supported": ["0", "1"],
        "subject_types_supported": ["public", "pairwise"],
        "id_token_signing_alg_values_supported": signing(),
        "id_token_encryption_alg_values_supported": management,
        "id_token_encryption_enc_values_supported": encryption,
        "userinfo_signing_alg_values_supported": signing(),
        "userinfo_encryption_alg_values_supported": management,
        "userinfo_encryption_enc_values_supported": encryption,
        "request_object_signing_alg_values_supported": OBJECT_ALGORITHMS.map(SignatureAlgorithm::as_str),
        "request_object_encryption_alg_values_supported":
            encrypted_to.iter().map(|algorithm| algorithm.as_str()).collect::<Vec<_>>(),
        "request_object_encryption_enc_values_supported": encryption,
        "token_endpoint_auth_methods_supported": methods,
        "token_endpoint_auth_signing_alg_values_supported": assertion,
        "introspection_endpoint_auth_methods_supported": methods,
        "introspection_endpoint_auth_signing_alg_values_supported": assertion,
        "revocation_endpoint_auth_methods_supported": methods,
        "revocation_endpoint_auth_signing_alg_values_supported": assertion,
        "claims_supported": [
            "iss", "sub", "aud", "exp", "iat", "auth_time", "acr", "azp", "nonce", "name", "given_name", "family_name",
            "preferred_username", "email", "email_verified",
        ],
        "claim_types_supported": ["normal"],
        "claims_parameter_supported": true,
        "scopes_supported": scopes,
        "request_parameter_supported": true,
        "request_uri_parameter_supported": true,
        "require_request_uri_registration": true,
        "code_challenge_methods_supported": ["S256"],
        "authorization_response_iss_parameter_supported": true,
    });
    if let (Value::Object(document), Value::Object(capabilities)) = (&mut document, capabilities) {
        document.extend(capabilities);
    }
    document
}

/// The grants of the token endpoint and the one that has none, sorted.
fn grant_types() -> Vec<&'static str> {
    let mut names: Vec<_> = Grant::ALL.map(Grant::as_str).into_iter().chain(["implicit"]).collect();
    names.sort_unstable();
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_document_names_what_is_served() {
        let document = document("https://id.example/realms/acme", &["email".to_owned()], &BTreeSet::new());
        assert_eq!(document["issuer"], "https://id.example/realms/acme");
        assert_eq!(document["token_endpoint"], "https://id.example/realms/acme/protocol/openid-connect/token");
        assert_eq!(document["jwks_uri"], "https://id.example/realms/acme/protocol/openid-connect/certs");
        assert_eq!(document["scopes_supported"], json!(["openid", "email"]));
        assert_eq!(
            document["grant_types_supported"],
            json!([
                "authorization_code",
                "client_credentials",
                "implicit",
                "password",
                "refresh_token",
                "urn:ietf:params:oauth:grant-type:device_code",
                "urn:ietf:params:oauth:grant-type:token-exchange",
            ])
        );
        let algorithms = document["id_token_signing_alg_values_supported"].as_array().unwrap();
        assert!(algorithms.contains(&json!("RS256")) && !algorithms.contains(&json!("none")));
    }
}
