//! What the authorization endpoint tells an application.

use tests::oidc_client::{AuthorizationResponse, Provider};
use url::Url;

use super::{entropy, text};
use crate::conformance::variant::Variant;

/// It is meant for this application: address, query of the address, state and issuer.
#[track_caller]
pub fn addressed(response: &AuthorizationResponse, redirect_uri: &str, state: Option<&str>, provider: &Provider) {
    let url = Url::parse(redirect_uri).expect("a URL");
    let query: Vec<_> = url.query_pairs().into_owned().collect();
    assert_eq!(response.other_query, query, "the query of the redirect URI");
    let mut endpoint = url;
    endpoint.set_query(None);
    assert_eq!(response.endpoint, endpoint.as_str());
    assert_eq!(response.get("state"), state, "state");
    // RFC 9207, section 2.4
    assert_eq!(response.get("iss"), Some(provider.issuer.as_str()), "iss");
}

/// It is what the response type asks for, and no more.
#[track_caller]
pub fn success(variant: &Variant, response: &AuthorizationResponse) {
    for name in ["error", "error_description", "error_uri"] {
        assert_eq!(response.get(name), None, "{response:?}");
    }
    for (name, is_asked_for) in [
        ("code", variant.has_code()),
        ("id_token", variant.has_front_id_token()),
        ("access_token", variant.has_front_access_token()),
        ("token_type", variant.has_front_access_token()),
        ("refresh_token", false),
    ] {
        assert_eq!(response.get(name).is_some(), is_asked_for, "{name} in {response:?}");
    }
    if let Some(code) = response.get("code") {
        entropy::of_code(code);
    }
    if let Some(token) = response.get("access_token") {
        entropy::of_token(token);
        assert!(response.expect("token_type").eq_ignore_ascii_case("bearer"), "{response:?}");
        let seconds: u64 = response.expect("expires_in").parse().expect("expires_in is a number");
        assert!(seconds > 0);
    }
}

/// It is an error and nothing beside it.
#[track_caller]
pub fn error(response: &AuthorizationResponse) {
    let error = response.expect("error");
    assert!(text::is_error_text(error), "{response:?}");
    assert!(response.get("error_description").is_none_or(text::is_error_text), "{response:?}");
    for (name, _) in &response.parameters {
        let is_known =
            matches!(name.as_str(), "error" | "error_description" | "error_uri" | "state" | "session_state" | "iss");
        assert!(is_known, "{name} beside the error {error}");
    }
}
