//! The claims and the header of a registry token, exactly as registries 2.8 and 3 verify them.

use base64::{Engine, engine::general_purpose::STANDARD};
use jose::SignatureAlgorithm;
use serde::Serialize;
use serde_json::{Map, Value};
use time::OffsetDateTime;

use crate::{access::Access, client::TokenHeader};

/// The value of `typ`. No other door takes tokens of this type, whoever signed them.
pub const TOKEN_TYPE: &str = "Registry";

/// The longest token, in bytes. It travels in an `Authorization` header, and proxies refuse a header line of more than
/// 8 KiB; a certificate and a signature take about 2.3 KiB, which leaves room for some 40 to 60 repositories.
pub const MAX_TOKEN_LENGTH: usize = 7 * 1024;

/// Seconds by which a token is valid before it was issued, for registries and tools whose clocks are late.
const NOT_BEFORE_LEEWAY: i64 = 10;

/// The claims of a registry token.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Claims {
    iss: String,
    sub: String,
    /// One string: registry 2.8 refuses an array.
    aud: String,
    exp: i64,
    nbf: i64,
    iat: i64,
    jti: String,
    typ: &'static str,
    /// Never null: some registries drop the connection on incomplete entries.
    access: Vec<Access>,
}

/// What the claims of a token are made from.
#[derive(Clone, Debug)]
pub struct TokenFacts<'a> {
    /// The realm's address, as the registry is configured with it.
    pub issuer: &'a str,
    /// The user's name; none without credentials.
    pub username: Option<&'a str>,
    /// The service name of the request.
    pub service: &'a str,
    /// When it is issued.
    pub issued_at: OffsetDateTime,
    /// Seconds that it lives.
    pub lifespan: u32,
    /// An id with at least 128 bits of randomness.
    pub token_id: &'a str,
    /// What it grants.
    pub access: Vec<Access>,
}

impl Claims {
    /// Makes the claims of a token.
    #[must_use]
    pub fn new(facts: TokenFacts<'_>) -> Self {
        let iat = facts.issued_at.unix_timestamp();
        Self {
            iss: facts.issuer.to_owned(),
            sub: facts.username.unwrap_or_default().to_owned(),
            aud: facts.service.to_owned(),
            exp: iat.saturating_add(i64::from(facts.lifespan)),
            nbf: iat.saturating_sub(NOT_BEFORE_LEEWAY),
            iat,
            jti: facts.token_id.to_owned(),
            typ: TOKEN_TYPE,
            access: facts.access,
        }
    }
}

/// A token that clients could not send.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("The token for all these repositories would not fit into a request. Ask for fewer repositories at once.")]
pub struct TokenTooLong;

/// Checks a signed token against [`MAX_TOKEN_LENGTH`].
///
/// # Errors
/// If it is longer.
pub fn check_length(token: &str) -> Result<(), TokenTooLong> {
    if token.len() > MAX_TOKEN_LENGTH { Err(TokenTooLong) } else { Ok(()) }
}

/// The names of the signing key.
#[derive(Clone, Copy, Debug)]
pub struct KeyNames<'a> {
    /// Its RFC 7638 thumbprint.
    pub thumbprint: &'a str,
    /// Its libtrust key id.
    pub libtrust: &'a str,
    /// Its certificate under the realm's registry authority, as DER.
    pub leaf: &'a [u8],
}

/// The header of tokens of a client. It depends on the key only, so it can be prepared once per key.
///
/// There is never a `jwk`: a registry that took its key from there was CVE-2025-24976.
#[must_use]
pub fn header(mode: TokenHeader, algorithm: SignatureAlgorithm, key: KeyNames<'_>) -> Value {
    let kid = if mode == TokenHeader::Libtrust { key.libtrust } else { key.thumbprint };
    let mut header = Map::new();
    header.insert("typ".to_owned(), "JWT".into());
    header.insert("alg".to_owned(), algorithm.as_str().into());
    header.insert("kid".to_owned(), kid.into());
    if mode == TokenHeader::X5c {
        // standard base64, not its URL form (RFC 7515 section 4.1.6)
        header.insert("x5c".to_owned(), Value::Array(vec![STANDARD.encode(key.leaf).into()]));
    }
    Value::Object(header)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn facts(access: Vec<Access>) -> TokenFacts<'static> {
        TokenFacts {
            issuer: "https://id.example.org/realms/acme",
            username: Some("alice"),
            service: "registry",
            issued_at: OffsetDateTime::from_unix_timestamp(1_700_000_000).unwrap(),
            lifespan: 900,
            token_id: "id",
            access,
        }
    }

    #[test]
    fn pitfall_26_and_27_claims_have_the_types_that_registries_take() {
        let access = vec![Access { type_name: "repository".to_owned(), name: "a/b".to_owned(), actions: vec!["pull"] }];
        assert_eq!(
            serde_json::to_value(Claims::new(facts(access))).unwrap(),
            json!({
                "iss": "https://id.example.org/realms/acme",
                "sub": "alice",
                "aud": "registry",
                "exp": 1_700_000_900_i64,
                "nbf": 1_699_999_990_i64,
                "iat": 1_700_000_000_i64,
                "jti": "id",
                "typ": "Registry",
                "access": [{"type": "repository", "name": "a/b", "actions": ["pull"]}],
            })
        );
        let nobody = serde_json::to_value(Claims::new(TokenFacts { username: None, ..facts(Vec::new()) })).unwrap();
        assert_eq!(nobody["sub"], "");
        assert_eq!(nobody["access"], json!([]));
    }

    #[test]
    fn pitfall_04_headers_name_the_key_and_never_carry_one() {
        let key = KeyNames { thumbprint: "T", libtrust: "L:L", leaf: &[0xfb, 0xff, 0xfe] };
        let made = |mode| header(mode, SignatureAlgorithm::Es256, key);
        assert_eq!(made(TokenHeader::X5c), json!({"typ": "JWT", "alg": "ES256", "kid": "T", "x5c": ["+//+"]}));
        assert_eq!(made(TokenHeader::Libtrust), json!({"typ": "JWT", "alg": "ES256", "kid": "L:L"}));
        assert_eq!(made(TokenHeader::Thumbprint), json!({"typ": "JWT", "alg": "ES256", "kid": "T"}));
    }

    #[test]
    fn pitfall_40_long_tokens_are_refused() {
        assert!(check_length(&"x".repeat(MAX_TOKEN_LENGTH)).is_ok());
        assert_eq!(check_length(&"x".repeat(MAX_TOKEN_LENGTH + 1)), Err(TokenTooLong));
    }
}
