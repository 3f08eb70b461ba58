//! What the token endpoint answers.

use serde_json::Value;
use tests::{Answer, jwt};

use super::{entropy, text};

/// The tokens (RFC 6749, section 5.1; `OpenID` Connect Core, section 3.1.3.3).
#[track_caller]
pub fn success(answer: Answer) -> Value {
    let answer = answer.expect(200);
    is_json_for_nobody_else(&answer);
    let tokens = answer.json();
    entropy::of_token(tokens["access_token"].as_str().expect("an access token"));
    assert!(tokens["token_type"].as_str().is_some_and(|kind| kind.eq_ignore_ascii_case("bearer")), "{tokens}");
    assert!(tokens["expires_in"].as_u64().is_some_and(|seconds| seconds > 0), "{tokens}");
    if let Some(refresh_token) = tokens["refresh_token"].as_str() {
        entropy::of_token(refresh_token);
    }
    tokens
}

/// An error (RFC 6749, section 5.2) with one of these codes.
#[track_caller]
pub fn error(answer: &Answer, codes: &[&str]) {
    is_json_for_nobody_else(answer);
    let body = answer.json();
    let code = body["error"].as_str().expect("an error");
    assert!(codes.contains(&code), "{codes:?} expected: {}", answer.shown());
    let allowed: &[u16] = if code == "invalid_client" { &[400, 401] } else { &[400] };
    assert!(allowed.contains(&answer.status), "{}", answer.shown());
    assert!(text::is_error_text(code), "{}", answer.shown());
    match &body["error_description"] {
        Value::Null => {}
        description => assert!(description.as_str().is_some_and(text::is_error_text), "{}", answer.shown()),
    }
    assert!(body["access_token"].is_null() && body["id_token"].is_null(), "{}", answer.shown());
}

#[track_caller]
fn is_json_for_nobody_else(answer: &Answer) {
    let content_type = answer.header("content-type").unwrap_or_default();
    assert!(content_type.starts_with("application/json"), "{content_type}: {}", answer.shown());
    let cache = answer.header("cache-control").unwrap_or_default();
    assert!(cache.split(',').any(|part| part.trim() == "no-store"), "Cache-Control: {cache}");
}

/// What came of a refresh: the same user and client, at a later time or the same.
#[track_caller]
pub fn refreshed(before: &Value, after: &jwt::Jwt) {
    for name in ["iss", "sub", "aud", "azp", "auth_time"] {
        assert_eq!(before[name], after.claims[name], "{name} (OpenID Connect Core, section 12.2)");
    }
    assert!(after.claims["iat"].as_i64() > before["iat"].as_i64(), "iat is no later");
}
