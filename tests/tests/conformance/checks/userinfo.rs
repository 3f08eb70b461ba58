//! What the userinfo endpoint answers.

use serde_json::Value;
use tests::Answer;

use super::id_token::standard_claims;

/// The claims, which are about the user with this `sub`.
#[track_caller]
pub fn success(answer: Answer, subject: &Value) -> Value {
    let answer = answer.expect(200);
    let content_type = answer.header("content-type").unwrap_or_default();
    assert!(content_type.starts_with("application/json"), "{content_type}");
    let claims = answer.json();
    about(&claims, subject);
    claims
}

/// The claims are about the user with this `sub`.
#[track_caller]
pub fn about(claims: &Value, subject: &Value) {
    assert_eq!(&claims["sub"], subject, "sub (OpenID Connect Core, section 5.3.2)");
    assert!(claims["nonce"].is_null(), "{claims}");
    standard_claims(claims);
}

/// The token is refused (RFC 6750, section 3).
#[track_caller]
pub fn refused(answer: &Answer) {
    assert!((400..500).contains(&answer.status), "{}", answer.shown());
    if answer.status == 401 {
        let challenge = answer.header("www-authenticate").unwrap_or_default();
        assert!(challenge.starts_with("Bearer"), "WWW-Authenticate: {challenge}");
    }
}
