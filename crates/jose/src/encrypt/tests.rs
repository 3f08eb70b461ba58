use std::sync::LazyLock;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use josekit::{
    jwe::JweDecrypter,
    jwk::{Jwk, alg::ecx::EcxKeyPair},
};
use openssl::pkey::PKey;
use serde_json::{Map, Value, json};

use super::{examples::EXAMPLES, *};
use crate::{
    generate::{generate_ec, generate_ed25519, generate_rsa},
    public_key::{Curve, PublicKeyKind},
};

/// One private key of each kind that can be encrypted to, as PKCS#8.
static PRIVATE_KEYS: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| {
    let mut keys =
        vec![generate_rsa(2048).unwrap().to_vec(), PKey::generate_x25519().unwrap().private_key_to_pkcs8().unwrap()];
    keys.extend(Curve::ALL.map(|curve| generate_ec(curve).unwrap().to_vec()));
    keys
});

/// josekit's decrypter, which the examples of the RFCs are tried on.
fn decrypter_from_der(algorithm: KeyManagementAlgorithm, der: &[u8]) -> Box<dyn JweDecrypter> {
    match algorithm {
        KeyManagementAlgorithm::RsaOaep => Box::new(RSA_OAEP.decrypter_from_der(der).unwrap()),
        KeyManagementAlgorithm::RsaOaep256 => Box::new(RSA_OAEP_256.decrypter_from_der(der).unwrap()),
        KeyManagementAlgorithm::EcdhEs => Box::new(ECDH_ES.decrypter_from_der(der).unwrap()),
        KeyManagementAlgorithm::EcdhEsA128Kw => Box::new(ECDH_ES_A128KW.decrypter_from_der(der).unwrap()),
        KeyManagementAlgorithm::EcdhEsA192Kw => Box::new(ECDH_ES_A192KW.decrypter_from_der(der).unwrap()),
        KeyManagementAlgorithm::EcdhEsA256Kw => Box::new(ECDH_ES_A256KW.decrypter_from_der(der).unwrap()),
    }
}

fn header_of(token: &str) -> Map<String, Value> {
    let (header, _) = token.split_once('.').unwrap();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(header).unwrap()).unwrap()
}

#[test]
fn the_decrypter_reads_the_examples_of_the_rfcs() {
    for example in EXAMPLES {
        let jwk = Jwk::from_bytes(example.jwk).unwrap();
        let decrypter: Box<dyn JweDecrypter> = match header_of(example.token)["alg"].as_str().unwrap() {
            "RSA-OAEP" => Box::new(RSA_OAEP.decrypter_from_jwk(&jwk).unwrap()),
            "ECDH-ES" => Box::new(ECDH_ES.decrypter_from_jwk(&jwk).unwrap()),
            "ECDH-ES+A128KW" => Box::new(ECDH_ES_A128KW.decrypter_from_jwk(&jwk).unwrap()),
            other => panic!("{other}"),
        };
        let (plaintext, _) = jwe::deserialize_compact(example.token, &*decrypter).unwrap();
        assert_eq!(String::from_utf8(plaintext).unwrap(), example.plaintext, "{}", example.name);
    }
}

#[test]
fn every_algorithm_encrypts_to_every_key_that_fits_it() {
    let mut tried = 0;
    for der in PRIVATE_KEYS.iter() {
        let public = PublicKey::from_pkcs8_der(der).unwrap();
        for algorithm in KeyManagementAlgorithm::ALL {
            let key = match EncryptionKey::from_public_key(algorithm, &public) {
                Ok(key) => key.with_kid(Some("k".to_owned())),
                Err(error) => {
                    assert_eq!(error, Error::EncryptionKeyDoesNotFit(algorithm));
                    assert_eq!(matches!(public.kind(), PublicKeyKind::Rsa { .. }), !algorithm.is_rsa());
                    continue;
                }
            };
            for encryption in ContentEncryption::ALL {
                let token = encrypt(&key, encryption, Types::NESTED_JWT, b"a.signed.jwt").unwrap();
                let mut header = header_of(&token);
                assert_eq!(header.remove("epk").is_some(), !algorithm.is_rsa());
                let expected = json!({"alg": algorithm.as_str(), "enc": encryption.as_str(), "kid": "k", "typ": "JWT", "cty": "JWT"});
                assert_eq!(Value::Object(header), expected);
                let decrypter = decrypter_from_der(algorithm, der);
                let (plaintext, _) = jwe::deserialize_compact(&token, &*decrypter).unwrap();
                assert_eq!(plaintext, b"a.signed.jwt", "{algorithm} {encryption} {:?}", public.kind());
                tried += 1;
            }
        }
    }
    // Two algorithms for RSA; four for X25519 and each of three curves; six content encryptions each.
    assert_eq!(tried, (2 + 4 * 4) * 6);
}

/// Of the ephemeral key only the public part is told, and its coordinates have the length of the curve.
#[test]
fn the_ephemeral_key_is_a_whole_public_key() {
    for der in PRIVATE_KEYS.iter() {
        let public = PublicKey::from_pkcs8_der(der).unwrap();
        let Ok(key) = EncryptionKey::from_public_key(KeyManagementAlgorithm::EcdhEs, &public) else { continue };
        let token = encrypt(&key, ContentEncryption::A128Gcm, Types::default(), b"x").unwrap();
        let header = header_of(&token);
        assert!(header.get("typ").is_none() && header.get("cty").is_none() && header.get("kid").is_none());
        assert!(header["epk"].get("d").is_none());
        assert_eq!(PublicKey::from_jwk(&header["epk"]).unwrap().kind(), public.kind());
        // Key agreement without wrapping has no encrypted key (RFC 7518 section 4.6).
        assert_eq!(token.split('.').nth(1), Some(""));
    }
}

#[test]
fn nothing_is_used_twice() {
    for der in PRIVATE_KEYS.iter() {
        let public = PublicKey::from_pkcs8_der(der).unwrap();
        for algorithm in KeyManagementAlgorithm::ALL {
            let Ok(key) = EncryptionKey::from_public_key(algorithm, &public) else { continue };
            let [one, other] = [(); 2].map(|()| encrypt(&key, ContentEncryption::A256Gcm, Types::JWT, b"{}").unwrap());
            let parts = |token: &str| token.split('.').skip(1).map(str::to_owned).collect::<Vec<_>>();
            let same = parts(&one).into_iter().zip(parts(&other)).filter(|(one, other)| one == other).count();
            // With ECDH-ES the encrypted key is empty both times.
            assert_eq!(same, usize::from(algorithm == KeyManagementAlgorithm::EcdhEs), "{algorithm}");
            assert_eq!(header_of(&one) == header_of(&other), algorithm.is_rsa());
        }
    }
}

#[test]
fn a_changed_token_does_not_decrypt() {
    let der = generate_ec(Curve::P256).unwrap();
    let public = PublicKey::from_pkcs8_der(&der).unwrap();
    let algorithm = KeyManagementAlgorithm::EcdhEsA256Kw;
    let key = EncryptionKey::from_public_key(algorithm, &public).unwrap();
    for encryption in ContentEncryption::ALL {
        let token = encrypt(&key, encryption, Types::JWT, b"some claims").unwrap();
        for part in 0..5 {
            let mut parts: Vec<_> = token.split('.').map(|part| URL_SAFE_NO_PAD.decode(part).unwrap()).collect();
            parts[part][0] ^= 1;
            let changed = parts.iter().map(|part| URL_SAFE_NO_PAD.encode(part)).collect::<Vec<_>>().join(".");
            assert!(jwe::deserialize_compact(&changed, &*decrypter_from_der(algorithm, &der)).is_err(), "{part}");
        }
    }
}

#[test]
fn a_key_that_only_signs_and_a_key_of_low_order_are_refused() {
    let ed25519 = PublicKey::from_pkcs8_der(&generate_ed25519().unwrap()).unwrap();
    for algorithm in KeyManagementAlgorithm::ALL {
        let refused = EncryptionKey::from_public_key(algorithm, &ed25519).unwrap_err();
        assert_eq!(refused, Error::EncryptionKeyDoesNotFit(algorithm));
    }
    // Whatever the ephemeral key, the secret agreed with the point 0 would be 0 (RFC 7748 section 6.1).
    let zero = URL_SAFE_NO_PAD.encode([0; 32]);
    let zero = PublicKey::from_jwk(&json!({"kty": "OKP", "crv": "X25519", "x": zero})).unwrap();
    let key = EncryptionKey::from_public_key(KeyManagementAlgorithm::EcdhEs, &zero).unwrap();
    let refused = encrypt(&key, ContentEncryption::A128Gcm, Types::JWT, b"{}");
    assert_eq!(refused, Err(Error::Cryptography("encrypt")));
}

/// RFC 8037 appendix A.6.
#[test]
fn the_x25519_key_of_rfc_8037() {
    let x = "3p7bfXt9wbTTW2HC7OQ1Nz-DQ8hbeGdNrfx-FG-IK08";
    let public = PublicKey::from_jwk(&json!({"kty": "OKP", "crv": "X25519", "kid": "Bob", "x": x})).unwrap();
    assert_eq!(public.kind(), PublicKeyKind::X25519);
    assert_eq!(Value::Object(public.jwk_members().unwrap()), json!({"kty": "OKP", "crv": "X25519", "x": x}));
    // josekit's own reading of the same text.
    let jwk =
        format!(r#"{{"kty":"OKP","crv":"X25519","x":"{x}","d":"{}"}}"#, "XasIfmJKikt54X-Lg4AO5m87sSkmGLb9HC-LJ_-I4Os");
    let pair = EcxKeyPair::from_jwk(&Jwk::from_bytes(jwk).unwrap()).unwrap();
    assert_eq!(pair.to_der_public_key(), public.to_spki_der().unwrap());
}

#[test]
fn an_encryption_key_is_shared_between_threads_and_shows_little() {
    fn shared<T: Send + Sync>(value: T) -> T {
        value
    }
    let public = PublicKey::from_pkcs8_der(&generate_ec(Curve::P256).unwrap()).unwrap();
    let key = shared(EncryptionKey::from_public_key(KeyManagementAlgorithm::EcdhEs, &public).unwrap());
    assert_eq!(format!("{key:?}"), "EncryptionKey { algorithm: EcdhEs, kid: None, .. }");
    assert_eq!((key.algorithm(), key.kid()), (KeyManagementAlgorithm::EcdhEs, None));
}
