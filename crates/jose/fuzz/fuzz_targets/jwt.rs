//! Any text as token, and any two lines as header and claims of one: no panic, a token is signed or unsecured and never
//! both, and nothing is verified that the key has not signed.
#![no_main]

use std::sync::LazyLock;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jose::{Error, SignatureAlgorithm, UnsecuredToken, UnverifiedToken, VerificationKey, check_times, unsecured_jwt};
use libfuzzer_sys::fuzz_target;

/// A secret that the fuzzer cannot guess.
static KEY: LazyLock<VerificationKey> = LazyLock::new(|| {
    let secret = jose::generate::generate_secret(32).expect("random bytes");
    VerificationKey::from_secret(SignatureAlgorithm::Hs256, &secret).expect("a key")
});

fuzz_target!(|text: &str| {
    read(text);
    if let Some((header, claims)) = text.split_once('\n') {
        let part = |text: &str| URL_SAFE_NO_PAD.encode(text);
        read(&format!("{}.{}.", part(header), part(claims)));
        read(&format!("{}.{}.{}", part(header), part(claims), part("signature")));
    }
});

fn read(token: &str) {
    let unsecured = UnsecuredToken::parse(token);
    if let Ok(token) = &unsecured {
        let again = unsecured_jwt(token.typ(), token.claims()).expect("claims that were read");
        // What is written anew may be longer than what was read, by escapes and numbers, and then be too long.
        assert!(matches!(UnsecuredToken::parse(&again), Ok(_) | Err(Error::TokenTooLong)));
        let _ = check_times(token.claims(), 0, 0);
    }
    if let Ok(token) = UnverifiedToken::parse(token) {
        assert!(unsecured.is_err());
        let _ = (token.kid(), token.typ(), token.issuer(), token.subject(), token.claim("aud"));
        assert!(token.verify_any([&*KEY]).is_err());
    }
}
