//! Key ids that are computed from the key.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use data_encoding::BASE32_NOPAD;
use openssl::sha::sha256;
use serde_json::Value;

use crate::{
    error::{Error, Step},
    public_key::PublicKey,
};

/// The JWK thumbprint with SHA-256 (RFC 7638), base64url without padding.
///
/// # Errors
/// [`Error::Cryptography`] if OpenSSL can't take the key apart.
pub fn thumbprint(key: &PublicKey) -> Result<String, Error> {
    // The members are in lexicographic order, which is the order that section 3.3 hashes. All values are base64url or
    // fixed names, so serde_json escapes nothing and writes no white space.
    let members = key.jwk_members()?;
    let sorted: std::collections::BTreeMap<&str, &Value> =
        members.iter().map(|(name, value)| (name.as_str(), value)).collect();
    let text = serde_json::to_vec(&sorted).step("write a JWK")?;
    Ok(URL_SAFE_NO_PAD.encode(sha256(&text)))
}

/// The id that Docker's libtrust gives a key, which is what registries up to 2.8 look for: the first 30 bytes of the
/// SHA-256 of the SubjectPublicKeyInfo in base32, in twelve groups of four joined by colons.
///
/// # Errors
/// [`Error::Cryptography`] if OpenSSL can't write the key.
pub fn libtrust(key: &PublicKey) -> Result<String, Error> {
    let hash = sha256(&key.to_spki_der()?);
    let (used, _) = hash.split_at(30);
    let text = BASE32_NOPAD.encode(used);
    let mut id = String::with_capacity(59);
    for (index, letter) in text.chars().enumerate() {
        if index > 0 && index % 4 == 0 {
            id.push(':');
        }
        id.push(letter);
    }
    Ok(id)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn ec_key_of_the_distribution_documentation() {
        let key = PublicKey::from_jwk(&json!({
            "kty": "EC", "crv": "P-256",
            "x": "m7zUpx3b-zmVE5cymSs64POG9QcyEpJaYCD82-549_Q",
            "y": "dU3biz8sZ_8GPB-odm8Wxz3lNDr1xcAQQPQaOcr1fmc",
        }))
        .unwrap();
        assert_eq!(libtrust(&key).unwrap(), "PYYO:TEWU:V7JH:26JV:AQTZ:LJC3:SXVJ:XGHA:34F2:2LAQ:ZRMK:Z7Q6");
        assert_eq!(thumbprint(&key).unwrap(), "8qjioA3ZA7ti2JIE7c-U8smBFuZolQZvhSHDPU3hhB8");
    }

    #[test]
    fn rsa_key_of_rfc_7638_section_3_1() {
        let key = PublicKey::from_jwk(&json!({
            "kty": "RSA", "alg": "RS256", "kid": "2011-04-29", "e": "AQAB",
            "n": "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCi\
                  FV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb\
                  9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls\
                  1jF44-csFCur-kEgU8awapJzKnqDKgw",
        }))
        .unwrap();
        assert_eq!(libtrust(&key).unwrap(), "VUZD:EDHW:YWLN:RBFQ:KOA3:UVZ2:XKG5:2V2J:WTPI:6SRD:U6PZ:VCO5");
        assert_eq!(thumbprint(&key).unwrap(), "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs");
    }

    #[test]
    fn ed25519_key_of_rfc_8037_appendix_a_3() {
        let key = PublicKey::from_jwk(&json!({
            "kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
        }))
        .unwrap();
        assert_eq!(thumbprint(&key).unwrap(), "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
    }
}
