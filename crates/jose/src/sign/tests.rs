use serde_json::json;

use super::*;
use crate::{
    generate::{generate_ec, generate_ed25519, generate_rsa},
    public_key::Curve,
    verify::verify_jwt,
};

fn header(algorithm: SignatureAlgorithm) -> PreparedHeader {
    PreparedHeader::new(&json!({"alg": algorithm.as_str(), "typ": "JWT", "kid": "k"})).unwrap()
}

#[test]
fn every_algorithm_signs_what_its_key_verifies() {
    let rsa = generate_rsa(2048).unwrap();
    let secret = [7_u8; 64];
    for algorithm in SignatureAlgorithm::ALL {
        let (signing, verification) = match algorithm.family() {
            Family::Hmac => (
                SigningKey::from_secret(algorithm, &secret).unwrap(),
                VerificationKey::from_secret(algorithm, &secret).unwrap(),
            ),
            family => {
                let der = match family {
                    Family::EllipticCurve(curve) => generate_ec(curve).unwrap(),
                    Family::Edwards => generate_ed25519().unwrap(),
                    _ => rsa.clone(),
                };
                let signing = SigningKey::from_pkcs8_der(algorithm, &der).unwrap();
                let verification = signing.verification_key().unwrap().unwrap();
                (signing, verification)
            }
        };
        let claims = json!({"sub": "x", "n": [1, 2]});
        let token = signing.sign_jwt(&header(algorithm), &claims).unwrap();
        let verified = verify_jwt(&token, |_| Some(&verification)).unwrap();
        assert_eq!(verified.claims, claims, "{algorithm}");
        assert_eq!(verified.header["kid"], "k");

        let changed = token.replacen('.', ".A", 1);
        assert!(verify_jwt(&changed, |_| Some(&verification)).is_err(), "{algorithm}");
    }
}

/// RFC 7515 appendix A.1, which fixes the bytes of header and claims.
#[test]
fn hs256_of_rfc_7515_appendix_a_1() {
    let key = "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow";
    let secret = URL_SAFE_NO_PAD.decode(key).unwrap();
    let message = "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6\
                   Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";
    let signature = SigningKey::from_secret(SignatureAlgorithm::Hs256, &secret).unwrap().sign(message.as_bytes());
    assert_eq!(URL_SAFE_NO_PAD.encode(signature.unwrap()), "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");
}

/// RFC 8037 appendix A.4; Ed25519 signatures are deterministic.
#[test]
fn eddsa_of_rfc_8037_appendix_a_4() {
    let seed = URL_SAFE_NO_PAD.decode("nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A").unwrap();
    let key = openssl::pkey::PKey::private_key_from_raw_bytes(&seed, openssl::pkey::Id::ED25519).unwrap();
    let signing = SigningKey::from_pkcs8_der(SignatureAlgorithm::EdDsa, &key.private_key_to_pkcs8().unwrap()).unwrap();
    let signature = signing.sign(b"eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc").unwrap();
    assert_eq!(
        URL_SAFE_NO_PAD.encode(signature),
        "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg"
    );
}

#[test]
fn a_key_of_another_kind_is_refused() {
    let ec = generate_ec(Curve::P256).unwrap();
    for algorithm in [SignatureAlgorithm::Rs256, SignatureAlgorithm::Es384, SignatureAlgorithm::EdDsa] {
        assert_eq!(SigningKey::from_pkcs8_der(algorithm, &ec).unwrap_err(), Error::KeyDoesNotFit(algorithm));
    }
    let hmac = SignatureAlgorithm::Hs256;
    assert_eq!(SigningKey::from_pkcs8_der(hmac, &ec).unwrap_err(), Error::KeyDoesNotFit(hmac));
    let rsa = SignatureAlgorithm::Rs256;
    assert_eq!(SigningKey::from_secret(rsa, &[1; 64]).unwrap_err(), Error::KeyDoesNotFit(rsa));
    assert!(matches!(SigningKey::from_pkcs8_der(rsa, b"rubbish"), Err(Error::InvalidKey(_))));
}

#[test]
fn short_secrets_and_short_rsa_keys_are_refused() {
    for algorithm in [SignatureAlgorithm::Hs256, SignatureAlgorithm::Hs384, SignatureAlgorithm::Hs512] {
        let length = algorithm.shortest_secret().unwrap();
        assert!(SigningKey::from_secret(algorithm, &vec![1; length]).is_ok());
        assert!(SigningKey::from_secret(algorithm, &vec![1; length - 1]).is_err());
    }
    let short = openssl::rsa::Rsa::generate(1024).and_then(openssl::pkey::PKey::from_rsa).unwrap();
    let der = short.private_key_to_pkcs8().unwrap();
    assert_eq!(SigningKey::from_pkcs8_der(SignatureAlgorithm::Rs256, &der).unwrap_err(), Error::RsaKeySize(1024));
}

#[test]
fn headers_and_claims_are_checked() {
    assert_eq!(PreparedHeader::new(&json!([])), Err(Error::Header("not a JSON object")));
    assert_eq!(PreparedHeader::new(&json!({"typ": "JWT"})), Err(Error::Header("no alg")));
    assert_eq!(PreparedHeader::new(&json!({"alg": "none"})), Err(Error::UnknownAlgorithm));
    let key = SigningKey::from_secret(SignatureAlgorithm::Hs256, &[1; 32]).unwrap();
    let other = header(SignatureAlgorithm::Hs384);
    assert_eq!(key.sign_jwt(&other, &json!({})), Err(Error::AlgorithmMismatch));
    assert_eq!(key.sign_jwt(&header(SignatureAlgorithm::Hs256), &json!([1])), Err(Error::Claims));
}

#[test]
fn a_header_has_the_type_that_was_chosen() {
    let key = SigningKey::from_secret(SignatureAlgorithm::Hs256, &[1; 32]).unwrap();
    let verification = VerificationKey::from_secret(SignatureAlgorithm::Hs256, &[1; 32]).unwrap();
    let header = |kid, typ| {
        let header = PreparedHeader::with_type(SignatureAlgorithm::Hs256, kid, typ);
        let token = key.sign_jwt(&header, &json!({})).unwrap();
        verify_jwt(&token, |_| Some(&verification)).unwrap().header
    };
    assert_eq!(header(None, None), json!({"alg": "HS256"}));
    for typ in [JWT, ACCESS_TOKEN_JWT, LOGOUT_TOKEN_JWT] {
        assert_eq!(header(Some("k"), Some(typ)), json!({"alg": "HS256", "kid": "k", "typ": typ}));
    }
    let written_out = PreparedHeader::new(&json!({"alg": "HS256", "kid": "k", "typ": "at+jwt"})).unwrap();
    assert_eq!(PreparedHeader::with_type(SignatureAlgorithm::Hs256, Some("k"), Some(ACCESS_TOKEN_JWT)), written_out);
}

#[test]
fn a_signing_key_is_shared_between_threads_and_prints_no_secret() {
    fn shared<T: Send + Sync>(value: T) -> T {
        value
    }
    let key = shared(SigningKey::from_secret(SignatureAlgorithm::Hs256, b"a secret that must not be printed").unwrap());
    assert_eq!(format!("{key:?}"), "SigningKey(Hs256)");
}
