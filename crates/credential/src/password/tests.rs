use base64::{Engine, engine::general_purpose::STANDARD};
use proptest::prelude::*;

use super::*;

const KEYCLOAK_DATA: &str = r#"{"hashIterations":5,"algorithm":"argon2","additionalParameters":{"hashLength":["32"],"memory":["7168"],"type":["id"],"version":["1.3"],"parallelism":["1"]}}"#;

/// Cheap, for tests that don't look at the parameters.
const CHEAP: Argon2Parameters = Argon2Parameters { memory_kib: 32, iterations: 1, parallelism: 1, hash_length: 32 };

fn memory() -> MemoryBlocks {
    MemoryBlocks::new(&CHEAP).unwrap()
}

fn hex(text: &str) -> Vec<u8> {
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap()).collect()
}

fn secret_data(value: &[u8], salt: &[u8]) -> String {
    format!(r#"{{"value":"{}","salt":"{}"}}"#, STANDARD.encode(value), STANDARD.encode(salt))
}

#[test]
fn a_default_hash_is_stored_as_keycloak_stores_it() {
    let hash = hash("correct horse", &[9; 16], &Argon2Parameters::default(), &mut memory()).unwrap();
    assert_eq!(hash.credential_data().unwrap(), KEYCLOAK_DATA);
    let secret = hash.secret_data();
    assert!(secret.starts_with(r#"{"value":""#) && secret.ends_with(r#"","additionalParameters":{}}"#));
    let again = PasswordHash::parse(KEYCLOAK_DATA, &secret).unwrap();
    assert!(again.verify("correct horse", &mut memory()).unwrap());
    assert!(!again.verify("correct horsf", &mut memory()).unwrap());
    assert!(!again.needs_rehash(&Argon2Parameters::default()));
    assert!(again.needs_rehash(&Argon2Parameters { iterations: 6, ..Argon2Parameters::default() }));
}

/// From the test suite of the Argon2 reference implementation: argon2id, version 1.3, t=2, m=256, p=1.
#[test]
fn argon2id_of_the_reference_implementation() {
    let data = r#"{"hashIterations":2,"algorithm":"argon2","additionalParameters":{"hashLength":["32"],"memory":["256"],"type":["id"],"version":["1.3"],"parallelism":["1"]}}"#;
    let value = hex("9dfeb910e80bad0311fee20f9c0e2b12c17987b4cac90c2ef54d5b3021c68bfe");
    let hash = PasswordHash::parse(data, &secret_data(&value, b"somesalt")).unwrap();
    assert!(hash.verify("password", &mut memory()).unwrap());
    assert!(!hash.verify("Password", &mut memory()).unwrap());
}

/// RFC 6070 for SHA-1 (cut to 20 bytes), RFC 7914 section 11 for SHA-256, and a widely used vector for SHA-512.
#[test]
fn pbkdf2_vectors() {
    let cases = [
        ("pbkdf2", "password", "salt", 4096, "4b007901b765489abead49d926f721d065a429c1"),
        (
            "pbkdf2-sha256",
            "passwd",
            "salt",
            1,
            "55ac046e56e3089fec1691c22544b605f94185216dde0465e68b9d57c20dacbc\
             49ca9cccf179b645991664b39d77ef317c71b845b1e30bd509112041d3a19783",
        ),
        (
            "pbkdf2-sha512",
            "password",
            "salt",
            1,
            "867f70cf1ade02cff3752599a3a53dc4af34c7a669815ae5d513554e1c8cf252\
             c02d470a285a0501bad999bfe943c08f050235d7d68b1da55e63f73b60a57fce",
        ),
    ];
    for (algorithm, password, salt, iterations, value) in cases {
        let value = hex(value);
        let data =
            format!(r#"{{"hashIterations":{iterations},"algorithm":"{algorithm}","additionalParameters":{{}}}}"#);
        let hash = PasswordHash::parse(&data, &secret_data(&value, salt.as_bytes())).unwrap();
        assert!(hash.verify(password, &mut memory()).unwrap(), "{algorithm}");
        assert!(!hash.verify("other", &mut memory()).unwrap(), "{algorithm}");
        assert_eq!(hash.algorithm().as_str(), algorithm);
        assert_eq!(hash.credential_data().unwrap(), data);
        assert!(hash.needs_rehash(&Argon2Parameters::default()));
    }
}

#[test]
fn older_kinds_of_argon2_verify_and_want_a_new_hash() {
    let data = KEYCLOAK_DATA.replace("\"id\"", "\"i\"").replace("1.3", "1.0");
    let hash = PasswordHash::parse(&data, &secret_data(&[0; 32], &[0; 16])).unwrap();
    assert!(!hash.verify("x", &mut memory()).unwrap());
    assert!(hash.needs_rehash(&Argon2Parameters::default()));
    assert_eq!(hash.credential_data().unwrap(), data);
}

#[test]
fn a_dummy_matches_nothing() {
    let dummy = dummy_hash(&CHEAP).unwrap();
    for password in ["", "a", "password"] {
        assert!(!dummy.verify(password, &mut memory()).unwrap());
    }
    assert!(!dummy.needs_rehash(&CHEAP));
    assert!(dummy_hash(&Argon2Parameters { iterations: 0, ..CHEAP }).is_err());
}

#[test]
fn long_passwords_are_refused_before_hashing() {
    let longest = "a".repeat(MAX_PASSWORD_LENGTH);
    let hash = hash(&longest, &[1; 16], &CHEAP, &mut memory()).unwrap();
    assert!(hash.verify(&longest, &mut memory()).unwrap());
    let longer = "a".repeat(MAX_PASSWORD_LENGTH + 1);
    assert_eq!(hash.verify(&longer, &mut memory()), Err(PasswordError::PasswordTooLong));
    let refused = super::hash(&longer, &[1; 16], &CHEAP, &mut memory());
    assert_eq!(refused.unwrap_err(), PasswordError::PasswordTooLong);
}

#[test]
fn earlier_passwords_are_recognised() {
    let mut memory = memory();
    let earlier: Vec<_> =
        ["one", "two"].iter().map(|password| hash(password, &[3; 16], &CHEAP, &mut memory).unwrap()).collect();
    assert_eq!(was_used_before("two", &earlier, &mut memory), Ok(true));
    assert_eq!(was_used_before("three", &earlier, &mut memory), Ok(false));
}

#[test]
fn corrupted_records_are_errors() {
    let secret = secret_data(&[0; 32], &[0; 16]);
    let cases = [
        ("", secret.as_str(), PasswordError::Record("credentialData")),
        ("{}", &secret, PasswordError::Record("credentialData")),
        (KEYCLOAK_DATA, "{}", PasswordError::Record("secretData")),
        (KEYCLOAK_DATA, r#"{"value":"!","salt":"AAAA"}"#, PasswordError::Record("value")),
        (KEYCLOAK_DATA, r#"{"value":"AAAA","salt":"!"}"#, PasswordError::Record("salt")),
        (KEYCLOAK_DATA, r#"{"value":"AAAA","salt":""}"#, PasswordError::Parameters("salt")),
        (KEYCLOAK_DATA, r#"{"value":"AAAA","salt":"AAAA"}"#, PasswordError::Parameters("salt")),
        (KEYCLOAK_DATA, &secret_data(&[0; 31], &[0; 16]), PasswordError::Record("value")),
        (&KEYCLOAK_DATA.replace("argon2", "bcrypt"), &secret, PasswordError::UnknownAlgorithm),
        (&KEYCLOAK_DATA.replace("7168", "4294967295"), &secret, PasswordError::Parameters("memory")),
        (&KEYCLOAK_DATA.replace("7168", "x"), &secret, PasswordError::Parameters("memory")),
        (&KEYCLOAK_DATA.replace("\"memory\"", "\"m\""), &secret, PasswordError::Record("memory")),
        (&KEYCLOAK_DATA.replace("[\"7168\"]", "[]"), &secret, PasswordError::Record("memory")),
        (&KEYCLOAK_DATA.replace("1.3", "9"), &secret, PasswordError::Parameters("type or version")),
        (&KEYCLOAK_DATA.replace(":5,", ":5000,"), &secret, PasswordError::Parameters("hashIterations")),
        (&KEYCLOAK_DATA.replace(":5,", ":-5,"), &secret, PasswordError::Record("credentialData")),
        (r#"{"hashIterations":10000001,"algorithm":"pbkdf2"}"#, &secret, PasswordError::Parameters("hashIterations")),
        (r#"{"hashIterations":0,"algorithm":"pbkdf2"}"#, &secret, PasswordError::Parameters("hashIterations")),
        (KEYCLOAK_DATA, &" ".repeat(10_000), PasswordError::Record("too long")),
    ];
    for (data, secret, expected) in cases {
        assert_eq!(PasswordHash::parse(data, secret).unwrap_err(), expected, "{data} {secret}");
    }
}

#[test]
fn neither_hash_nor_salt_is_printed() {
    let hash = hash("x", &[7; 16], &CHEAP, &mut memory()).unwrap();
    let text = format!("{hash:?}");
    assert!(text.contains("memory_kib: 32"));
    assert!(!text.contains("7, 7") && !text.contains("value") && !text.contains("salt"), "{text}");
}

proptest! {
    #[test]
    fn every_hash_reads_back(password in ".{0,40}", salt in any::<[u8; 16]>(), lanes in 1_u32..4, length in 16_u16..80) {
        let parameters = Argon2Parameters { memory_kib: 32, iterations: 1, parallelism: lanes, hash_length: length };
        let hash = hash(&password, &salt, &parameters, &mut memory()).unwrap();
        let again = PasswordHash::parse(&hash.credential_data().unwrap(), &hash.secret_data()).unwrap();
        prop_assert!(again.verify(&password, &mut memory()).unwrap());
        prop_assert!(!again.needs_rehash(&parameters));
    }

    #[test]
    fn no_text_makes_it_panic(data in ".{0,80}", secret in ".{0,80}") {
        prop_assert!(PasswordHash::parse(&data, &secret).is_err());
    }
}
