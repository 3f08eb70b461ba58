//! Any text as JWK Set, as certificate and as public key: no panic, everything within its bounds, and every key that is
//! accepted does what it is accepted for.
#![no_main]

use jose::{
    ContentEncryption, KeyManagementAlgorithm, KeySet, SignatureAlgorithm,
    encrypt::{Types, encrypt},
    key_set::MAX_KEYS,
};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    for set in [KeySet::parse(text), KeySet::from_certificate(text), KeySet::from_public_key(text)] {
        if let Ok(set) = set {
            use_all(&set);
        }
    }
    // One key without the set around it, so that the fuzzer need not find that first.
    if let Ok(set) = KeySet::parse(&format!(r#"{{"keys":[{text}]}}"#)) {
        use_all(&set);
    }
});

fn use_all(set: &KeySet) {
    assert!(set.len() <= MAX_KEYS);
    for algorithm in SignatureAlgorithm::ALL {
        for key in set.verification_keys(None, algorithm) {
            assert_eq!(key.algorithm(), algorithm);
            assert!(key.verify(b"message", &[1; 64]).is_err());
        }
    }
    for algorithm in KeyManagementAlgorithm::ALL {
        if let Some(key) = set.encryption_key(algorithm) {
            // It may fail, as with an X25519 key of low order.
            let _ = encrypt(&key, ContentEncryption::A128CbcHs256, Types::JWT, b"{}");
        }
    }
}
