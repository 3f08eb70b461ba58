use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::{
    generate::{generate_ec, generate_rsa},
    public_key::Curve,
    sign::{PreparedHeader, SigningKey},
};

fn secret_key() -> VerificationKey {
    VerificationKey::from_secret(SignatureAlgorithm::Hs256, &[1; 32]).unwrap()
}

/// A token that is rightly signed with [`secret_key`] under any header.
fn token_with_header(header: &Value) -> String {
    let message =
        format!("{}.{}", URL_SAFE_NO_PAD.encode(header.to_string()), URL_SAFE_NO_PAD.encode(r#"{"sub":"x"}"#));
    let signature = SigningKey::from_secret(SignatureAlgorithm::Hs256, &[1; 32]).unwrap().sign(message.as_bytes());
    format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature.unwrap()))
}

fn verify(token: &str) -> Result<VerifiedToken, Error> {
    verify_jwt(token, |_| Some(secret_key()))
}

#[test]
fn a_right_token_is_accepted() {
    let verified = verify(&token_with_header(&json!({"alg": "HS256"}))).unwrap();
    assert_eq!(verified, VerifiedToken { header: json!({"alg": "HS256"}), claims: json!({"sub": "x"}) });
}

#[test]
fn alg_none_is_refused_with_and_without_signature() {
    for name in ["none", "None", "NONE"] {
        let token = token_with_header(&json!({"alg": name}));
        assert_eq!(verify(&token), Err(Error::UnknownAlgorithm));
        let (message, _) = token.rsplit_once('.').unwrap();
        assert_eq!(verify(&format!("{message}.")), Err(Error::UnknownAlgorithm));
    }
    assert_eq!(verify(&token_with_header(&json!({}))), Err(Error::Header("no alg")));
}

#[test]
fn an_hmac_made_with_an_rsa_public_key_is_refused() {
    let public = PublicKey::from_pkcs8_der(&generate_rsa(2048).unwrap()).unwrap();
    let key = VerificationKey::from_public_key(SignatureAlgorithm::Rs256, &public).unwrap();
    for secret in [public.to_spki_der().unwrap(), public.to_spki_pem().unwrap().into_bytes()] {
        let forger = SigningKey::from_secret(SignatureAlgorithm::Hs256, &secret).unwrap();
        let header = PreparedHeader::new(&json!({"alg": "HS256", "kid": "k"})).unwrap();
        let token = forger.sign_jwt(&header, &json!({"sub": "admin"})).unwrap();
        assert_eq!(verify_jwt(&token, |_| Some(&key)), Err(Error::AlgorithmMismatch));
    }
    let hmac = SignatureAlgorithm::Hs256;
    assert_eq!(VerificationKey::from_public_key(hmac, &public).unwrap_err(), Error::KeyDoesNotFit(hmac));
}

#[test]
fn the_headers_own_key_is_not_used() {
    let der = generate_ec(Curve::P256).unwrap();
    let forger = SigningKey::from_pkcs8_der(SignatureAlgorithm::Es256, &der).unwrap();
    let jwk = Value::Object(forger.public_key().unwrap().jwk_members().unwrap());
    let header = PreparedHeader::new(&json!({"alg": "ES256", "kid": "k", "jwk": jwk})).unwrap();
    let token = forger.sign_jwt(&header, &json!({"sub": "admin"})).unwrap();
    let ours = PublicKey::from_pkcs8_der(&generate_ec(Curve::P256).unwrap()).unwrap();
    let key = VerificationKey::from_public_key(SignatureAlgorithm::Es256, &ours).unwrap();
    assert_eq!(verify_jwt(&token, |_| Some(&key)), Err(Error::Signature));
    assert_eq!(verify_jwt(&token, |_| None::<VerificationKey>), Err(Error::UnknownKey));
}

#[test]
fn critical_extensions_are_refused() {
    for header in [json!({"alg": "HS256", "crit": ["exp"], "exp": 1}), json!({"alg": "HS256", "b64": false})] {
        assert_eq!(verify(&token_with_header(&header)), Err(Error::CriticalExtension));
    }
}

#[test]
fn signatures_of_other_lengths_are_refused() {
    let token = token_with_header(&json!({"alg": "HS256"}));
    let (message, _) = token.rsplit_once('.').unwrap();
    for signature in ["", "AQ", "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQ"] {
        assert_eq!(verify(&format!("{message}.{signature}")), Err(Error::Signature));
    }
}

#[test]
fn an_ecdsa_signature_of_zeros_is_refused() {
    let public = PublicKey::from_pkcs8_der(&generate_ec(Curve::P256).unwrap()).unwrap();
    let key = VerificationKey::from_public_key(SignatureAlgorithm::Es256, &public).unwrap();
    assert_eq!(key.verify(b"message", &[0; 64]), Err(Error::Signature));
    assert_eq!(key.verify(b"message", &[]), Err(Error::Signature));
}

#[test]
fn long_and_malformed_tokens_are_refused() {
    assert_eq!(verify(&"a".repeat(MAX_TOKEN_LENGTH + 1)), Err(Error::TokenTooLong));
    let good = token_with_header(&json!({"alg": "HS256"}));
    for token in ["", ".", "..", "a.b.c", "e30.e30", &format!("{good}.x"), &format!("x{good}"), &format!("{good}=")] {
        assert!(verify(token).is_err(), "{token}");
    }
    // A five-part JWE.
    assert_eq!(verify(&format!("{good}.a.b")), Err(Error::MalformedToken));
}

#[test]
fn a_token_taken_apart_tells_whose_keys_to_look_at() {
    let key = SigningKey::from_secret(SignatureAlgorithm::Hs256, &[1; 32]).unwrap();
    let header = PreparedHeader::with_type(SignatureAlgorithm::Hs256, Some("k"), Some("oauth-authz-req+jwt"));
    let token = key.sign_jwt(&header, &json!({"iss": "i", "sub": "s", "client_id": "c"})).unwrap();
    let parsed = UnverifiedToken::parse(&token).unwrap();
    assert_eq!((parsed.kid(), parsed.issuer(), parsed.subject()), (Some("k"), Some("i"), Some("s")));
    assert_eq!((parsed.algorithm(), parsed.typ()), (SignatureAlgorithm::Hs256, Some("oauth-authz-req+jwt")));
    assert_eq!((parsed.claim("client_id"), parsed.claim("alg")), (Some(&json!("c")), None));
}

#[test]
fn one_of_several_keys_is_enough() {
    let signing: Vec<_> = (0..3)
        .map(|_| SigningKey::from_pkcs8_der(SignatureAlgorithm::Es256, &generate_ec(Curve::P256).unwrap()).unwrap())
        .collect();
    let keys: Vec<_> = signing.iter().map(|key| key.verification_key().unwrap().unwrap()).collect();
    let header = PreparedHeader::with_type(SignatureAlgorithm::Es256, None, None);
    for key in &signing {
        let token = key.sign_jwt(&header, &json!({"sub": "x"})).unwrap();
        let verified = UnverifiedToken::parse(&token).unwrap().verify_any(&keys).unwrap();
        assert_eq!(verified, VerifiedToken { header: json!({"alg": "ES256"}), claims: json!({"sub": "x"}) });
    }
}

#[test]
fn of_several_keys_that_do_not_fit_the_nearest_tells_why() {
    let es256 = || {
        let public = PublicKey::from_pkcs8_der(&generate_ec(Curve::P256).unwrap()).unwrap();
        VerificationKey::from_public_key(SignatureAlgorithm::Es256, &public).unwrap()
    };
    let other_secret = || VerificationKey::from_secret(SignatureAlgorithm::Hs256, &[2; 32]).unwrap();
    let token = token_with_header(&json!({"alg": "HS256"}));
    let verify_any = |keys: Vec<VerificationKey>| UnverifiedToken::parse(&token).unwrap().verify_any(keys);
    assert_eq!(verify_any(vec![]), Err(Error::UnknownKey));
    assert_eq!(verify_any(vec![es256()]), Err(Error::AlgorithmMismatch));
    assert_eq!(verify_any(vec![es256(), other_secret()]), Err(Error::Signature));
    assert_eq!(verify_any(vec![other_secret(), es256()]), Err(Error::Signature));
    assert!(verify_any(vec![es256(), other_secret(), secret_key()]).is_ok());
}

/// RFC 7515 appendix A.3.
#[test]
fn es256_of_rfc_7515_appendix_a_3() {
    let public = PublicKey::from_jwk(&json!({
        "kty": "EC", "crv": "P-256",
        "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
        "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
    }))
    .unwrap();
    let key = VerificationKey::from_public_key(SignatureAlgorithm::Es256, &public).unwrap();
    let token = "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19y\
                 b290Ijp0cnVlfQ.DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q";
    assert_eq!(verify_jwt(token, |_| Some(&key)).unwrap().claims["iss"], "joe");
    assert_eq!(algorithms_of(&public), [SignatureAlgorithm::Es256]);
}

proptest! {
    #[test]
    fn no_text_makes_it_panic(text in any::<String>(), token in "[A-Za-z0-9_.=-]{0,200}") {
        prop_assert!(verify(&text).is_err());
        prop_assert!(verify(&token).is_err());
    }

    #[test]
    fn no_header_or_claims_make_it_panic(
        header in any::<String>(),
        claims in any::<String>(),
        signature in any::<Vec<u8>>(),
    ) {
        let part = |text: &str| URL_SAFE_NO_PAD.encode(text);
        let signature = URL_SAFE_NO_PAD.encode(signature);
        for (header, claims) in [(header.as_str(), claims.as_str()), (r#"{"alg":"HS256"}"#, &claims), (&header, "{}")] {
            let token = format!("{}.{}.{signature}", part(header), part(claims));
            prop_assert!(verify(&token).is_err());
        }
    }
}
