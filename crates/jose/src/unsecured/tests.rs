use proptest::prelude::*;

use super::*;
use crate::{
    SignatureAlgorithm, SigningKey, UnverifiedToken,
    sign::PreparedHeader,
    verify::{MAX_TOKEN_LENGTH, VerificationKey},
};

fn token(header: &Value, claims: &str, signature: &str) -> String {
    format!("{}.{}.{signature}", URL_SAFE_NO_PAD.encode(header.to_string()), URL_SAFE_NO_PAD.encode(claims))
}

/// RFC 7519 section 6.1.
#[test]
fn the_example_of_rfc_7519() {
    let token = "eyJhbGciOiJub25lIn0.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb\
                 290Ijp0cnVlfQ.";
    let read = UnsecuredToken::parse(token).unwrap();
    assert_eq!(read.claims(), &json!({"iss": "joe", "exp": 1_300_819_380, "http://example.com/is_root": true}));
    assert_eq!(read.typ(), None);
}

#[test]
fn what_is_written_reads_back() {
    let claims = json!({"iss": "client", "n": 1});
    for typ in [None, Some("oauth-authz-req+jwt")] {
        let read = UnsecuredToken::parse(&unsecured_jwt(typ, &claims).unwrap()).unwrap();
        assert_eq!(read.typ(), typ);
        assert_eq!(read.into_claims(), claims);
    }
    assert_eq!(unsecured_jwt(None, &json!([1])), Err(Error::Claims));
}

#[test]
fn a_signature_is_refused_and_so_are_other_algorithms() {
    assert_eq!(UnsecuredToken::parse(&token(&json!({"alg": "none"}), "{}", "AQ")), Err(Error::Signature));
    for name in ["None", "NONE", "HS256", "RS256", ""] {
        assert_eq!(UnsecuredToken::parse(&token(&json!({"alg": name}), "{}", "")), Err(Error::AlgorithmMismatch));
    }
    for header in [json!({}), json!({"alg": null}), json!({"alg": ["none"]})] {
        assert_eq!(UnsecuredToken::parse(&token(&header, "{}", "")), Err(Error::Header("no alg")));
    }
}

#[test]
fn neither_kind_of_token_is_taken_for_the_other() {
    let unsecured = unsecured_jwt(Some("JWT"), &json!({"sub": "admin"})).unwrap();
    assert_eq!(UnverifiedToken::parse(&unsecured).unwrap_err(), Error::UnknownAlgorithm);
    let key = SigningKey::from_secret(SignatureAlgorithm::Hs256, &[1; 32]).unwrap();
    let header = PreparedHeader::with_type(SignatureAlgorithm::Hs256, None, Some("JWT"));
    let signed = key.sign_jwt(&header, &json!({"sub": "admin"})).unwrap();
    assert_eq!(UnsecuredToken::parse(&signed), Err(Error::AlgorithmMismatch));
    // Cut off, the signature is missing, not unneeded.
    let (message, _) = signed.rsplit_once('.').unwrap();
    let cut = format!("{message}.");
    assert_eq!(UnsecuredToken::parse(&cut), Err(Error::AlgorithmMismatch));
    let key = VerificationKey::from_secret(SignatureAlgorithm::Hs256, &[1; 32]).unwrap();
    assert_eq!(UnverifiedToken::parse(&cut).unwrap().verify(&key), Err(Error::Signature));
}

#[test]
fn extensions_and_malformed_tokens_are_refused() {
    for header in [json!({"alg": "none", "crit": []}), json!({"alg": "none", "b64": false})] {
        assert_eq!(UnsecuredToken::parse(&token(&header, "{}", "")), Err(Error::CriticalExtension));
    }
    for claims in ["[]", "", "{", "null"] {
        assert_eq!(UnsecuredToken::parse(&token(&json!({"alg": "none"}), claims, "")), Err(Error::MalformedToken));
    }
    // Without the dot before the empty signature it has two parts.
    assert_eq!(UnsecuredToken::parse("eyJhbGciOiJub25lIn0.e30"), Err(Error::MalformedToken));
    assert_eq!(UnsecuredToken::parse(&"a".repeat(MAX_TOKEN_LENGTH + 1)), Err(Error::TokenTooLong));
}

proptest! {
    #[test]
    fn no_text_makes_it_panic(text in any::<String>(), token in "[A-Za-z0-9_.=-]{0,200}") {
        prop_assert!(UnsecuredToken::parse(&text).is_err());
        prop_assert!(UnsecuredToken::parse(&token).is_err());
    }

    #[test]
    fn no_header_or_claims_make_it_panic(header in any::<String>(), claims in any::<String>(), signature in any::<Vec<u8>>()) {
        let part = |text: &str| URL_SAFE_NO_PAD.encode(text);
        let signature = URL_SAFE_NO_PAD.encode(signature);
        for (header, claims) in [(header.as_str(), claims.as_str()), (r#"{"alg":"none"}"#, &claims), (&header, "{}")] {
            let _ = UnsecuredToken::parse(&format!("{}.{}.{signature}", part(header), part(claims)));
        }
    }
}
