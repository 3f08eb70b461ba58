//! The provider's keys.

use std::collections::BTreeSet;

use serde_json::Value;

/// Every key has an id of its own, a kind that everybody knows, and nothing secret.
#[track_caller]
pub fn jwks(jwks: &Value) {
    let keys = jwks["keys"].as_array().expect("a JWKS");
    assert!(!keys.is_empty(), "{jwks}");
    let kids: BTreeSet<_> = keys.iter().map(|key| key["kid"].as_str().expect("a kid")).collect();
    assert_eq!(kids.len(), keys.len(), "a kid twice: {jwks}");
    for key in keys {
        for secret in ["d", "p", "q", "dp", "dq", "qi", "oth", "k"] {
            assert!(key[secret].is_null(), "{secret} is published: {key}");
        }
        match key["kty"].as_str() {
            Some("RSA") => assert!(key["n"].is_string() && key["e"].is_string(), "{key}"),
            Some("EC") => {
                assert!(matches!(key["crv"].as_str(), Some("P-256" | "P-384" | "P-521")), "{key}");
                assert!(key["x"].is_string() && key["y"].is_string(), "{key}");
            }
            Some("OKP") => assert!(key["crv"].is_string() && key["x"].is_string(), "{key}"),
            other => panic!("the key type {other:?}: {key}"),
        }
        assert!(matches!(key["use"].as_str(), Some("sig" | "enc")), "what is it for? {key}");
        assert!(key["alg"].is_string(), "{key}");
    }
}

/// The ids of the keys.
pub fn kids(jwks: &Value) -> BTreeSet<String> {
    let keys = jwks["keys"].as_array().into_iter().flatten();
    keys.filter_map(|key| key["kid"].as_str()).map(str::to_owned).collect()
}
