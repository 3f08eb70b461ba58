//! Public keys as JWK (RFC 7517), for a realm's `certs` endpoint and a registry's JWKS file.

use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use openssl::hash::{MessageDigest, hash};
use serde_json::{Value, json};

use crate::{
    error::{Error, Step},
    public_key::PublicKey,
};

/// What a JWK is for (RFC 7517 section 4.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyUse {
    /// `sig`.
    Signature,
    /// `enc`.
    Encryption,
}

impl KeyUse {
    /// The `use` value.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Signature => "sig",
            Self::Encryption => "enc",
        }
    }
}

/// The public JWK of `key` under the id `kid`, for the algorithm `alg`. With `certificates` (DER, the key's own first)
/// it gets `x5c`, `x5t` and `x5t#S256` (RFC 7517 sections 4.7 to 4.9).
///
/// # Errors
/// [`Error::Cryptography`] if OpenSSL can't take the key apart.
pub fn jwk(key: &PublicKey, kid: &str, key_use: KeyUse, alg: &str, certificates: &[Vec<u8>]) -> Result<Value, Error> {
    let mut members = key.jwk_members()?;
    members.insert("kid".to_owned(), json!(kid));
    members.insert("use".to_owned(), json!(key_use.as_str()));
    members.insert("alg".to_owned(), json!(alg));
    if let Some(own) = certificates.first() {
        let chain: Vec<String> = certificates.iter().map(|certificate| STANDARD.encode(certificate)).collect();
        members.insert("x5c".to_owned(), json!(chain));
        for (name, digest) in [("x5t", MessageDigest::sha1()), ("x5t#S256", MessageDigest::sha256())] {
            let print = hash(digest, own).step("hash a certificate")?;
            members.insert(name.to_owned(), json!(URL_SAFE_NO_PAD.encode(print)));
        }
    }
    Ok(Value::Object(members))
}

/// A JWK Set (RFC 7517 section 5).
#[must_use]
pub fn jwk_set(keys: Vec<Value>) -> Value {
    json!({ "keys": keys })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        generate::{generate_ec, generate_ed25519, generate_rsa},
        public_key::Curve,
    };

    #[test]
    fn a_jwk_reads_back_as_the_same_key_and_holds_no_private_part() {
        for der in [generate_rsa(2048).unwrap(), generate_ec(Curve::P521).unwrap(), generate_ed25519().unwrap()] {
            let key = PublicKey::from_pkcs8_der(&der).unwrap();
            let jwk = jwk(&key, "a kid", KeyUse::Signature, "an alg", &[]).unwrap();
            assert_eq!((&jwk["kid"], &jwk["use"], &jwk["alg"]), (&json!("a kid"), &json!("sig"), &json!("an alg")));
            assert!(jwk.get("d").is_none() && jwk.get("x5c").is_none());
            let again = PublicKey::from_jwk(&jwk).unwrap();
            assert_eq!(again.to_spki_der().unwrap(), key.to_spki_der().unwrap());
        }
    }

    #[test]
    fn certificates_add_their_members() {
        let key = PublicKey::from_pkcs8_der(&generate_ed25519().unwrap()).unwrap();
        let jwk = jwk(&key, "k", KeyUse::Encryption, "EdDSA", &[b"abc".to_vec(), b"d".to_vec()]).unwrap();
        assert_eq!(jwk["x5c"], json!(["YWJj", "ZA=="]));
        assert_eq!(jwk["x5t"], json!("qZk-NkcGgWq6PiVxeFDCbJzQ2J0"));
        assert_eq!(jwk["x5t#S256"], json!("ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0"));
        assert_eq!(jwk_set(vec![jwk])["keys"].as_array().unwrap().len(), 1);
    }

    #[test]
    fn a_point_off_the_curve_is_refused() {
        let jwk = json!({"kty": "EC", "crv": "P-256", "x": "AQ", "y": "AQ"});
        assert!(matches!(PublicKey::from_jwk(&jwk), Err(Error::InvalidKey(_))));
        for jwk in [json!(null), json!({"kty": "oct", "k": "AQ"}), json!({"kty": "RSA", "n": "!", "e": "AQAB"})] {
            assert!(PublicKey::from_jwk(&jwk).is_err());
        }
    }
}
