use std::sync::LazyLock;

use proptest::prelude::*;
use serde_json::{Map, json};

use super::*;
use crate::{
    certificate,
    encrypt::{ContentEncryption, Types, encrypt},
    generate::{generate_ec, generate_ed25519, generate_rsa},
    public_key::Curve,
    sign::{PreparedHeader, SigningKey},
    verify::UnverifiedToken,
};

use SignatureAlgorithm::{EdDsa, Es256, Hs256, Ps256, Rs256};

static RSA: LazyLock<Vec<u8>> = LazyLock::new(|| generate_rsa(2048).unwrap().to_vec());

fn public(der: &[u8]) -> PublicKey {
    PublicKey::from_pkcs8_der(der).unwrap()
}

/// The JWK of a private key's public part, with further members.
fn jwk(der: &[u8], more: Value) -> Value {
    let mut members = public(der).jwk_members().unwrap();
    let Value::Object(more) = more else { panic!("not an object") };
    members.extend(more);
    Value::Object(members)
}

fn set(keys: &[Value]) -> KeySet {
    KeySet::parse(&json!({ "keys": keys }).to_string()).unwrap()
}

fn p256() -> Vec<u8> {
    generate_ec(Curve::P256).unwrap().to_vec()
}

/// Whether the set verifies a token of this key under this `kid`.
fn verifies(set: &KeySet, der: &[u8], algorithm: SignatureAlgorithm, kid: Option<&str>) -> bool {
    let key = SigningKey::from_pkcs8_der(algorithm, der).unwrap();
    let token = key.sign_jwt(&PreparedHeader::with_type(algorithm, kid, None), &json!({"sub": "c"})).unwrap();
    let token = UnverifiedToken::parse(&token).unwrap();
    let keys = set.verification_keys(token.kid(), token.algorithm());
    token.verify_any(keys).is_ok()
}

#[test]
fn keys_with_and_without_kid_verify() {
    let (one, other, unnamed) = (p256(), p256(), p256());
    let set = set(&[jwk(&one, json!({"kid": "1"})), jwk(&other, json!({"kid": "2"})), jwk(&unnamed, json!({}))]);
    assert_eq!(set.len(), 3);
    assert!(set.has_kid("1") && set.has_kid("2") && !set.has_kid("3") && !set.has_kid(""));
    assert!(verifies(&set, &one, Es256, Some("1")) && verifies(&set, &other, Es256, Some("2")));
    // Another key's id is not good enough, nor is an id that isn't in the set.
    assert!(!verifies(&set, &one, Es256, Some("2")) && !verifies(&set, &one, Es256, Some("3")));
    assert!(!verifies(&set, &unnamed, Es256, Some("1")));
    // A token without id is tried with all; a key without id is tried for ids that no other key has.
    for key in [&one, &other, &unnamed] {
        assert!(verifies(&set, key, Es256, None));
    }
    assert!(verifies(&set, &unnamed, Es256, Some("3")));
    assert!(!verifies(&set, &p256(), Es256, None));
}

/// What the conformance suite registers first: one RSA key that says nothing about itself.
#[test]
fn a_bare_rsa_key_verifies_every_rsa_algorithm_and_can_be_encrypted_to() {
    let set = set(&[jwk(&RSA, json!({}))]);
    for algorithm in SignatureAlgorithm::ALL {
        let found = set.verification_keys(None, algorithm);
        assert_eq!(found.len(), usize::from(algorithm.family() == crate::Family::Rsa), "{algorithm}");
        assert!(found.iter().all(|key| key.algorithm() == algorithm));
    }
    assert!(verifies(&set, &RSA, Rs256, None) && verifies(&set, &RSA, Ps256, Some("any")));
    for algorithm in KeyManagementAlgorithm::ALL {
        assert_eq!(set.encryption_key(algorithm).is_some(), algorithm.is_rsa());
    }
}

#[test]
fn a_key_is_prepared_once() {
    let set = set(&[jwk(&RSA, json!({}))]);
    let [one, again] = [(); 2].map(|()| set.verification_keys(None, Rs256)[0]);
    assert!(std::ptr::eq(one, again));
}

#[test]
fn alg_narrows_to_one_algorithm() {
    let ec = p256();
    let set = set(&[jwk(&RSA, json!({"alg": "PS256"})), jwk(&ec, json!({"alg": "ECDH-ES"}))]);
    assert!(verifies(&set, &RSA, Ps256, None) && !verifies(&set, &RSA, Rs256, None));
    assert!(set.encryption_key(KeyManagementAlgorithm::RsaOaep).is_none());
    assert!(!verifies(&set, &ec, Es256, None));
    assert!(set.encryption_key(KeyManagementAlgorithm::EcdhEs).is_some());
    assert!(set.encryption_key(KeyManagementAlgorithm::EcdhEsA128Kw).is_none());
}

#[test]
fn use_and_key_ops_are_honoured() {
    let may = |more: Value| {
        let set = set(&[jwk(&RSA, more)]);
        let verify = !set.verification_keys(None, Rs256).is_empty();
        (verify, set.encryption_key(KeyManagementAlgorithm::RsaOaep256).is_some())
    };
    assert_eq!(may(json!({"use": "sig"})), (true, false));
    assert_eq!(may(json!({"use": "enc"})), (false, true));
    assert_eq!(may(json!({"use": "other"})), (false, false));
    assert_eq!(may(json!({"key_ops": ["verify"]})), (true, false));
    assert_eq!(may(json!({"key_ops": ["sign"]})), (false, false));
    assert_eq!(may(json!({"key_ops": ["wrapKey", "x"]})), (false, true));
    assert_eq!(may(json!({"key_ops": ["encrypt", "verify"]})), (true, true));
    assert_eq!(may(json!({"key_ops": ["deriveKey"]})), (false, false));
    assert_eq!(may(json!({"key_ops": []})), (true, true));
    assert_eq!(may(json!({"use": "sig", "key_ops": ["encrypt"]})), (false, false));
    assert_eq!(may(json!({"use": "sig", "key_ops": ["verify"], "alg": "RS256"})), (true, false));
    assert_eq!(may(json!({"use": "sig", "alg": "RSA-OAEP-256"})), (false, false));
    for (ops, encrypts) in [(json!(["deriveKey"]), true), (json!(["deriveBits"]), true), (json!(["encrypt"]), false)] {
        let set = set(&[jwk(&p256(), json!({"key_ops": ops}))]);
        assert_eq!(set.encryption_key(KeyManagementAlgorithm::EcdhEs).is_some(), encrypts);
    }
}

#[test]
fn keys_that_cannot_be_used_are_passed_over() {
    let good = p256();
    let short = openssl::rsa::Rsa::generate(1024).unwrap();
    let short = json!({"kty": "RSA", "n": base64url(&short.n().to_vec()), "e": "AQAB", "kid": "short"});
    let set = set(&[
        json!({}),
        json!({"kty": "oct", "k": "c2VjcmV0", "kid": "secret"}),
        json!({"kty": "AKP", "alg": "ML-DSA-44", "pub": "AQ", "kid": "future"}),
        json!({"kty": "EC", "crv": "secp256k1", "x": "AQ", "y": "AQ", "kid": "curve"}),
        json!({"kty": "EC", "crv": "P-256", "x": "AQ", "y": "AQ", "kid": "off the curve"}),
        json!({"kty": "OKP", "crv": "Ed448", "x": "AQ", "kid": "okp"}),
        json!({"kty": 1}),
        short,
        jwk(&good, json!({"alg": "ES256K", "kid": "alg"})),
        jwk(&good, json!({"alg": "ES384", "kid": "another curve's alg"})),
        jwk(&good, json!({"alg": ["ES256"], "kid": "alg type"})),
        jwk(&good, json!({"use": 1, "kid": "use type"})),
        jwk(&good, json!({"key_ops": "verify", "kid": "ops type"})),
        jwk(&good, json!({"key_ops": [1], "kid": "ops entry"})),
        jwk(&good, json!({"kid": 1})),
        jwk(&good, json!({"kid": "good", "use": null, "alg": null, "x5c": 5, "extra": {}})),
    ]);
    assert_eq!(set.len(), 1);
    assert!(set.has_kid("good") && !set.has_kid("secret") && !set.has_kid("alg"));
    assert!(verifies(&set, &good, Es256, Some("good")) && verifies(&set, &good, Es256, None));
}

#[test]
fn no_key_of_a_set_is_an_hmac_secret() {
    let set = set(&[jwk(&RSA, json!({"alg": "HS256"})), json!({"kty": "oct", "k": base64url(&[1; 32])})]);
    assert!(set.is_empty() && set.verification_keys(None, Hs256).is_empty());
}

#[test]
fn private_members_are_ignored() {
    let key = p256();
    let set = set(&[jwk(&key, json!({"d": "not even base64url!", "p": 1}))]);
    assert!(verifies(&set, &key, Es256, None));
    let only_private = json!({"kty": "EC", "crv": "P-256", "d": base64url(&[1; 32])});
    assert!(KeySet::parse(&json!({"keys": [only_private]}).to_string()).unwrap().is_empty());
}

#[test]
fn the_key_that_is_meant_for_encryption_is_preferred() {
    let kid = |keys: &[Value], algorithm| {
        let key = set(keys).encryption_key(algorithm)?;
        assert_eq!(key.algorithm(), algorithm);
        key.kid().map(str::to_owned)
    };
    let any = jwk(&RSA, json!({"kid": "any"}));
    let signs = jwk(&RSA, json!({"kid": "signs", "use": "sig"}));
    let meant = jwk(&RSA, json!({"kid": "meant", "use": "enc"}));
    let named = jwk(&RSA, json!({"kid": "named", "alg": "RSA-OAEP"}));
    let (oaep, oaep_256) = (KeyManagementAlgorithm::RsaOaep, KeyManagementAlgorithm::RsaOaep256);
    assert_eq!(kid(&[any.clone(), signs.clone()], oaep).as_deref(), Some("any"));
    assert_eq!(kid(&[any.clone(), signs.clone(), meant.clone()], oaep).as_deref(), Some("meant"));
    assert_eq!(kid(&[any.clone(), named.clone(), meant], oaep).as_deref(), Some("named"));
    assert_eq!(kid(&[any, named], oaep_256).as_deref(), Some("any"));
    assert_eq!(kid(&[signs], oaep), None);
}

#[test]
fn every_kind_of_key_that_agrees_on_keys_can_be_encrypted_to() {
    let x25519 = openssl::pkey::PKey::generate_x25519().unwrap().private_key_to_pkcs8().unwrap();
    let mut keys = vec![x25519];
    keys.extend(Curve::ALL.map(|curve| generate_ec(curve).unwrap().to_vec()));
    for der in keys {
        let set = set(&[jwk(&der, json!({}))]);
        for algorithm in KeyManagementAlgorithm::ALL.into_iter().filter(|algorithm| !algorithm.is_rsa()) {
            let key = set.encryption_key(algorithm).unwrap();
            assert!(encrypt(&key, ContentEncryption::A128CbcHs256, Types::default(), b"{}").is_ok());
        }
    }
}

#[test]
fn what_is_too_long_or_no_set_is_refused() {
    for text in ["", "{", "[]", "null", "1", r#"{"keys":{}}"#, r#"{"keys":null}"#, r#"{"Keys":[]}"#] {
        assert!(matches!(KeySet::parse(text), Err(Error::KeySet(_))), "{text}");
    }
    for key in ["1", "null", "[]", "\"RSA\""] {
        let text = format!(r#"{{"keys":[{key}]}}"#);
        assert_eq!(KeySet::parse(&text).unwrap_err(), Error::KeySet("a key isn't a JSON object"));
    }
    let many = |count: usize| json!({"keys": vec![json!({"kty": "x"}); count]}).to_string();
    assert!(KeySet::parse(&many(MAX_KEYS)).unwrap().is_empty());
    assert_eq!(KeySet::parse(&many(MAX_KEYS + 1)).unwrap_err(), Error::KeySet("too many keys"));
    let padded = |length: usize| format!(r#"{{"keys":[]{}}}"#, " ".repeat(length - 11));
    assert!(KeySet::parse(&padded(MAX_KEY_SET_LENGTH)).unwrap().is_empty());
    assert_eq!(KeySet::parse(&padded(MAX_KEY_SET_LENGTH + 1)).unwrap_err(), Error::KeySet("too long"));
    let deep = format!(r#"{{"keys":[{{"a":{}1{}}}]}}"#, "[".repeat(1000), "]".repeat(1000));
    assert_eq!(KeySet::parse(&deep).unwrap_err(), Error::KeySet("not JSON"));
}

#[test]
fn certificates_and_public_keys_are_read_with_and_without_armour() {
    let edwards = generate_ed25519().unwrap();
    for (der, algorithm) in [(&RSA[..], Rs256), (&edwards[..], EdDsa)] {
        let certificate = certificate::self_signed(der, "client", 0, 1_000).unwrap();
        let pem = certificate::to_pem(&certificate).unwrap();
        let spki = public(der).to_spki_der().unwrap();
        let spki_pem = public(der).to_spki_pem().unwrap();
        let sets = [
            KeySet::from_certificate(&STANDARD.encode(&certificate)),
            KeySet::from_certificate(&pem),
            KeySet::from_certificate(&pem.replace('\n', "\r\n")),
            KeySet::from_public_key(&STANDARD.encode(&spki)),
            KeySet::from_public_key(&format!("\n {spki_pem} ")),
        ];
        for set in sets {
            let set = set.unwrap();
            assert!(verifies(&set, der, algorithm, None) && verifies(&set, der, algorithm, Some("whatever")));
        }
        assert!(KeySet::from_public_key(&pem).is_err() && KeySet::from_certificate(&spki_pem).is_err());
        assert!(KeySet::from_public_key(&STANDARD.encode(&certificate)).is_err());
        assert!(KeySet::from_certificate(&STANDARD.encode(&spki)).is_err());
    }
    for text in ["", "!", "AQ==", "-----BEGIN CERTIFICATE-----", "-----BEGIN CERTIFICATE----------END CERTIFICATE-----"]
    {
        assert!(matches!(KeySet::from_certificate(text), Err(Error::InvalidKey(_))), "{text}");
    }
    let long = "A".repeat(MAX_KEY_SET_LENGTH + 1);
    assert_eq!(KeySet::from_certificate(&long).unwrap_err(), Error::KeySet("too long"));
    assert_eq!(KeySet::from_public_key(&long).unwrap_err(), Error::KeySet("too long"));
}

#[test]
fn a_set_is_shared_between_threads() {
    fn shared<T: Send + Sync>(value: T) -> T {
        value
    }
    let (key, other) = (p256(), p256());
    let set = shared(set(&[jwk(&key, json!({}))]));
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| assert!(verifies(&set, &key, Es256, None) && !verifies(&set, &other, Es256, None)));
        }
    });
}

fn base64url(bytes: &[u8]) -> String {
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(bytes)
}

/// A JWK put together from members that fit and members that don't.
fn any_jwk() -> impl Strategy<Value = Value> {
    let names = ["kty", "crv", "x", "y", "n", "e", "d", "kid", "use", "alg", "key_ops", "x5c"];
    let words =
        ["RSA", "EC", "OKP", "P-256", "P-521", "Ed25519", "X25519", "AQAB", "sig", "enc", "ES256", "RSA-OAEP", ""];
    let value = prop_oneof![
        4 => prop::sample::select(words.to_vec()).prop_map(Value::from),
        4 => prop::collection::vec(any::<u8>(), 0..300).prop_map(|bytes| Value::from(base64url(&bytes))),
        2 => prop::collection::vec(any::<u8>(), 32).prop_map(|bytes| Value::from(base64url(&bytes))),
        1 => any::<String>().prop_map(Value::from),
        1 => any::<i64>().prop_map(Value::from),
        1 => Just(Value::Null),
        1 => prop::collection::vec(any::<String>(), 0..3).prop_map(Value::from),
    ];
    let members = prop::collection::vec((prop::sample::select(names.to_vec()), value), 0..10);
    members.prop_map(|members| {
        Value::Object(members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect::<Map<_, _>>())
    })
}

proptest! {
    #[test]
    fn no_text_makes_it_panic(text in any::<String>()) {
        let _ = KeySet::parse(&text);
        let _ = KeySet::from_certificate(&text);
        let _ = KeySet::from_public_key(&text);
    }

    #[test]
    fn no_der_makes_it_panic(der in any::<Vec<u8>>()) {
        let text = STANDARD.encode(der);
        prop_assert!(KeySet::from_certificate(&text).is_err() && KeySet::from_public_key(&text).is_err());
    }

    #[test]
    fn no_set_of_objects_is_refused(keys in prop::collection::vec(any_jwk(), 0..5)) {
        let set = set(&keys);
        prop_assert!(set.len() <= keys.len());
        for algorithm in SignatureAlgorithm::ALL {
            for key in set.verification_keys(None, algorithm) {
                prop_assert!(key.verify(b"message", &[0; 64]).is_err());
            }
        }
        for algorithm in KeyManagementAlgorithm::ALL {
            if let Some(key) = set.encryption_key(algorithm) {
                let _ = encrypt(&key, ContentEncryption::A128Gcm, Types::default(), b"{}");
            }
        }
    }
}
