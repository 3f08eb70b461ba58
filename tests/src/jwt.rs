//! JWTs, read and made with OpenSSL alone: what a client finds out about a token without our own JOSE code.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use openssl::{
    hash::{MessageDigest, hash},
    pkey::PKey,
    sign::Signer,
};
use serde_json::Value;

use crate::verifier::{key, signature};

/// A token that was taken apart.
#[derive(Clone, Debug)]
pub struct Jwt {
    /// The header.
    pub header: Value,
    /// The claims.
    pub claims: Value,
    signed: String,
    signature: Vec<u8>,
}

impl Jwt {
    /// Takes a signed token apart, without a look at the signature.
    ///
    /// # Errors
    /// If it is none.
    pub fn parse(token: &str) -> Result<Self, String> {
        let parts: Vec<&str> = token.split('.').collect();
        let &[header, claims, signature] = parts.as_slice() else { return Err(format!("no three parts: {token}")) };
        let decode = |part: &str| URL_SAFE_NO_PAD.decode(part).map_err(|error| format!("no base64url: {error}"));
        let json = |part: &str| serde_json::from_slice::<Value>(&decode(part)?).map_err(|error| error.to_string());
        Ok(Self {
            header: json(header)?,
            claims: json(claims)?,
            signed: format!("{header}.{claims}"),
            signature: decode(signature)?,
        })
    }

    /// The `alg` of the header.
    #[must_use]
    pub fn algorithm(&self) -> &str {
        self.header["alg"].as_str().unwrap_or_default()
    }

    /// Whether exactly one key in this JWKS is the header's `kid`, is for signatures by the header's `alg`, and has
    /// signed the token.
    ///
    /// # Errors
    /// The reason why it is not so.
    pub fn verify(&self, jwks: &Value) -> Result<(), String> {
        let kid = self.header["kid"].as_str().ok_or("the header has no kid")?;
        let keys: Vec<_> = jwks["keys"].as_array().ok_or("no JWKS")?.iter().filter(|jwk| jwk["kid"] == kid).collect();
        let &[jwk] = keys.as_slice() else { return Err(format!("{} keys have the kid {kid}", keys.len())) };
        if !(jwk["use"].is_null() || jwk["use"] == "sig") {
            return Err(format!("the key {kid} is not for signatures: {jwk}"));
        }
        if !(jwk["alg"].is_null() || jwk["alg"] == self.header["alg"]) {
            return Err(format!("the key {kid} is for {}, the header says {}", jwk["alg"], self.header["alg"]));
        }
        let key = key::from_jwk(jwk).ok_or_else(|| format!("no key: {jwk}"))?;
        signature::verify(self.algorithm(), &key, self.signed.as_bytes(), &self.signature)
    }
}

/// A token signed with HMAC and SHA-256 by a client's secret.
///
/// # Panics
/// If OpenSSL fails.
#[must_use]
pub fn with_secret(secret: &str, claims: &Value) -> String {
    let text = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let signed = format!("{}.{}", text(&serde_json::json!({"alg": "HS256"})), text(claims));
    let key = PKey::hmac(secret.as_bytes()).expect("a key");
    let mut signer = Signer::new(MessageDigest::sha256(), &key).expect("a signer");
    let signature = signer.sign_oneshot_to_vec(signed.as_bytes()).expect("a signature");
    format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))
}

/// `at_hash` and its like (`OpenID` Connect Core, section 3.3.2.11): the left half of the hash that the ID token's
/// algorithm uses.
///
/// # Panics
/// If OpenSSL fails.
#[must_use]
pub fn half_hash(algorithm: &str, text: &str) -> String {
    let digest = match (algorithm, algorithm.get(2..)) {
        // Ed25519 itself uses SHA-512.
        ("EdDSA", _) | (_, Some("512")) => MessageDigest::sha512(),
        (_, Some("384")) => MessageDigest::sha384(),
        _ => MessageDigest::sha256(),
    };
    let hash = hash(digest, text.as_bytes()).expect("a hash");
    URL_SAFE_NO_PAD.encode(&hash[..hash.len() / 2])
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::verifier::forge::KeyPair;

    #[test]
    fn a_token_is_good_only_by_the_one_key_with_its_kid() {
        let (key, other) = (KeyPair::p256(), KeyPair::p256());
        let token = key.token(&json!({"alg": "ES256", "kid": "a"}), &json!({"sub": "x"}));
        let jwt = Jwt::parse(&token).unwrap();
        assert_eq!(jwt.claims["sub"], "x");
        assert_eq!(jwt.verify(&json!({"keys": [key.jwk("a"), other.jwk("b")]})), Ok(()));
        let _ = jwt.verify(&json!({"keys": [key.jwk("b"), other.jwk("a")]})).unwrap_err();
        let _ = jwt.verify(&json!({"keys": [key.jwk("a"), key.jwk("a")]})).unwrap_err();
        let mut encryption = key.jwk("a");
        encryption["use"] = "enc".into();
        let _ = jwt.verify(&json!({"keys": [encryption]})).unwrap_err();
    }

    #[test]
    fn hashes_are_the_left_half_of_what_the_algorithm_uses() {
        // OpenID Connect Core, appendix A.4
        let code = "Qcb0Orv1zh30vL1MPRsbm-diHiMwcLyZvn1arpZv-Jxf_11jnpEX3Tgfvk";
        assert_eq!(half_hash("RS256", code), "LDktKdoQak3Pk0cnXxCltA");
        assert_eq!(half_hash("ES512", code).len(), 43);
    }
}
