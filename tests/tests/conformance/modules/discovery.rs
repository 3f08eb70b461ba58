//! The metadata (`OpenID` Connect Discovery 1.0, RFC 8414 and what has registered names with them).

use std::collections::BTreeSet;

use serde_json::{Value, json};
use tests::Answer;
use url::Url;

use crate::conformance::{checks::keys, stage::Stage};

/// The names in IANA's registry of authorization server metadata that a provider without CIBA extensions of its own may
/// publish. The suite warns of every other.
const NAMES: &str = "
    issuer authorization_endpoint token_endpoint jwks_uri registration_endpoint scopes_supported
    response_types_supported response_modes_supported grant_types_supported token_endpoint_auth_methods_supported
    token_endpoint_auth_signing_alg_values_supported service_documentation ui_locales_supported op_policy_uri op_tos_uri
    revocation_endpoint revocation_endpoint_auth_methods_supported
    revocation_endpoint_auth_signing_alg_values_supported introspection_endpoint
    introspection_endpoint_auth_methods_supported introspection_endpoint_auth_signing_alg_values_supported
    code_challenge_methods_supported signed_metadata device_authorization_endpoint
    tls_client_certificate_bound_access_tokens mtls_endpoint_aliases nfv_token_signing_alg_values_supported
    userinfo_endpoint acr_values_supported subject_types_supported id_token_signing_alg_values_supported
    id_token_encryption_alg_values_supported id_token_encryption_enc_values_supported
    userinfo_signing_alg_values_supported userinfo_encryption_alg_values_supported
    userinfo_encryption_enc_values_supported request_object_signing_alg_values_supported
    request_object_encryption_alg_values_supported request_object_encryption_enc_values_supported
    display_values_supported claim_types_supported claims_supported claims_locales_supported
    claims_parameter_supported request_parameter_supported request_uri_parameter_supported
    require_request_uri_registration require_signed_request_object pushed_authorization_request_endpoint
    require_pushed_authorization_requests introspection_signing_alg_values_supported
    introspection_encryption_alg_values_supported introspection_encryption_enc_values_supported
    authorization_response_iss_parameter_supported check_session_iframe frontchannel_logout_supported
    backchannel_logout_supported backchannel_logout_session_supported end_session_endpoint
    frontchannel_logout_session_supported backchannel_token_delivery_modes_supported
    backchannel_authentication_endpoint backchannel_authentication_request_signing_alg_values_supported
    backchannel_user_code_parameter_supported authorization_details_types_supported
    dpop_signing_alg_values_supported client_registration_types_supported prompt_values_supported
    authorization_signing_alg_values_supported authorization_encryption_alg_values_supported
    authorization_encryption_enc_values_supported protected_resources client_id_metadata_document_supported";

pub async fn discovery_endpoint_verification(stage: &Stage) {
    let metadata = &stage.provider.metadata;
    assert_eq!(metadata["issuer"], stage.provider.issuer);
    let known: BTreeSet<_> = NAMES.split_whitespace().collect();
    for (name, value) in metadata.as_object().expect("an object") {
        assert!(known.contains(name.as_str()), "{name} is no registered name");
        has_its_type(name, value);
    }
    for (name, values) in [
        ("response_types_supported", &["code", "id_token", "id_token token"][..]),
        ("grant_types_supported", &["authorization_code", "implicit"]),
        ("subject_types_supported", &["public"]),
        ("id_token_signing_alg_values_supported", &["RS256"]),
        ("request_object_signing_alg_values_supported", &["RS256"]),
        ("scopes_supported", &["openid"]),
        ("claims_supported", &["sub"]),
        ("claim_types_supported", &["normal"]),
        ("token_endpoint_auth_methods_supported", &["client_secret_basic", "private_key_jwt"]),
        ("token_endpoint_auth_signing_alg_values_supported", &["RS256"]),
        ("code_challenge_methods_supported", &["S256"]),
        ("response_modes_supported", &["query", "fragment", "form_post"]),
    ] {
        for value in values {
            assert!(stage.provider.lists(name, value), "{name} does not list {value}: {}", metadata[name]);
        }
    }
    for name in ["authorization_endpoint", "token_endpoint", "userinfo_endpoint", "registration_endpoint", "jwks_uri"] {
        assert!(stage.provider.endpoint(name).starts_with("https://"), "{name}");
    }
    assert_eq!(metadata["claims_parameter_supported"], true);
    assert_eq!(metadata["request_uri_parameter_supported"], true);
    // RFC 9207, section 3
    assert_eq!(metadata["authorization_response_iss_parameter_supported"], true);
    keys::jwks(&stage.provider.jwks().await);
    is_the_same_elsewhere(stage).await;
}

/// Lists hold texts, once each; addresses are https; the rest says yes or no.
fn has_its_type(name: &str, value: &Value) {
    let is_url =
        |value: &Value| value.as_str().is_some_and(|text| text.starts_with("https://") && Url::parse(text).is_ok());
    if name == "issuer" || name.ends_with("_endpoint") || name.ends_with("_uri") || name == "check_session_iframe" {
        assert!(is_url(value), "{name} is {value}");
    } else if name == "mtls_endpoint_aliases" {
        assert!(value.as_object().is_some_and(|aliases| aliases.values().all(is_url)), "{name} is {value}");
    } else if value.is_array() {
        let listed: Vec<_> = value.as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        assert_eq!(listed.len(), value.as_array().map_or(0, Vec::len), "{name} is {value}");
        assert!(!listed.is_empty(), "RFC 8414, section 3.2: {name} is empty");
        assert_eq!(listed.iter().collect::<BTreeSet<_>>().len(), listed.len(), "{name} is {value}");
    } else {
        assert!(value.is_boolean(), "{name} is {value}");
    }
}

/// RFC 8414, section 3.1: the path form, and the name of its own.
async fn is_the_same_elsewhere(stage: &Stage) {
    let issuer: Url = stage.provider.issuer.parse().expect("a URL");
    let origin = issuer.origin().ascii_serialization();
    for url in [
        format!("{issuer}/.well-known/oauth-authorization-server"),
        format!("{origin}/.well-known/oauth-authorization-server{}", issuer.path()),
    ] {
        let other = Answer::to(stage.provider.http().get(url)).await.expect(200).json();
        assert_eq!(other, stage.provider.metadata);
    }
}

pub async fn rp_initiated_logout_discovery_endpoint_verification(stage: &Stage) {
    assert!(stage.provider.endpoint("end_session_endpoint").starts_with("https://"));
}

pub async fn frontchannel_logout_discovery_endpoint_verification(stage: &Stage) {
    rp_initiated_logout_discovery_endpoint_verification(stage).await;
    for name in ["frontchannel_logout_supported", "frontchannel_logout_session_supported"] {
        assert_eq!(stage.provider.metadata[name], json!(true), "{name}");
    }
}

pub async fn backchannel_logout_discovery_endpoint_verification(stage: &Stage) {
    rp_initiated_logout_discovery_endpoint_verification(stage).await;
    for name in ["backchannel_logout_supported", "backchannel_logout_session_supported"] {
        assert_eq!(stage.provider.metadata[name], json!(true), "{name}");
    }
}
