//! Any text as encrypted token, and any two lines as header and content of one: no panic, and nothing is read that was
//! encrypted to another key.
#![no_main]

use std::sync::LazyLock;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jose::{Curve, DecryptionKey, EncryptedToken, KeyManagementAlgorithm};
use libfuzzer_sys::fuzz_target;

/// Keys that the fuzzer cannot guess.
static KEYS: LazyLock<Vec<DecryptionKey>> = LazyLock::new(|| {
    let rsa = jose::generate::generate_rsa(2048).expect("a key");
    let curve = jose::generate::generate_ec(Curve::P256).expect("a key");
    let key = |algorithm: KeyManagementAlgorithm| {
        DecryptionKey::from_pkcs8_der(algorithm, if algorithm.is_rsa() { &rsa } else { &curve }).expect("a key")
    };
    KeyManagementAlgorithm::ALL.map(key).into()
});

fuzz_target!(|text: &str| {
    read(text);
    if let Some((header, rest)) = text.split_once('\n') {
        read(&format!("{}.{rest}", URL_SAFE_NO_PAD.encode(header)));
        let part = URL_SAFE_NO_PAD.encode(rest);
        read(&format!("{}.{part}.AAAAAAAAAAAAAAAA.{part}.AAAAAAAAAAAAAAAAAAAAAA", URL_SAFE_NO_PAD.encode(header)));
    }
});

fn read(token: &str) {
    if let Ok(encrypted) = EncryptedToken::parse(token) {
        for key in KEYS.iter() {
            assert!(encrypted.decrypt(key).is_err());
        }
    }
}
