//! The verifier against known key ids and against the rules for claims.

use serde_json::{Value, json};

use super::{
    RegistryVersion::{V2_8, V3_0, V3_1},
    Sources::Bundle,
    Trust,
    forge::{GOOD, KeyPair, bundle, x5c},
    key::{from_jwk, libtrust_id, thumbprint},
};

/// The key of RFC 7638 section 3.1.
const RFC_7638_MODULUS: &str = "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc\
    _BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZg\
    nYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCu\
    r-kEgU8awapJzKnqDKgw";

#[test]
fn key_ids_are_the_known_ones() {
    let ec = from_jwk(&json!({
        "kty": "EC", "crv": "P-256", "x": "m7zUpx3b-zmVE5cymSs64POG9QcyEpJaYCD82-549_Q",
        "y": "dU3biz8sZ_8GPB-odm8Wxz3lNDr1xcAQQPQaOcr1fmc",
    }))
    .unwrap();
    assert_eq!(libtrust_id(&ec), "PYYO:TEWU:V7JH:26JV:AQTZ:LJC3:SXVJ:XGHA:34F2:2LAQ:ZRMK:Z7Q6");
    assert_eq!(thumbprint(&ec), "8qjioA3ZA7ti2JIE7c-U8smBFuZolQZvhSHDPU3hhB8");
    let rsa = from_jwk(&json!({"kty": "RSA", "e": "AQAB", "n": RFC_7638_MODULUS})).unwrap();
    assert_eq!(libtrust_id(&rsa), "VUZD:EDHW:YWLN:RBFQ:KOA3:UVZ2:XKG5:2V2J:WTPI:6SRD:U6PZ:VCO5");
    assert_eq!(thumbprint(&rsa), "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs");
    // RFC 8037 appendix A.3
    let ed25519 =
        from_jwk(&json!({"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"})).unwrap();
    assert_eq!(thumbprint(&ed25519), "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
}

#[test]
fn the_generator_has_the_known_thumbprint() {
    let generator = from_jwk(&json!({
        "kty": "EC", "crv": "P-256", "x": "axfR8uEsQkf4vOblY6RA8ncDfYEt6zOg9KE5RdiYwpY",
        "y": "T-NC4v4af5uO5-tKfA-eFivOM1drMV7Oy7ZAaDe_UfU",
    }))
    .unwrap();
    assert_eq!(Some(thumbprint(&generator)), super::key::id_in_bundle(V3_0, &KeyPair::p256().public()));
}

/// Good claims with some replaced; `null` takes one away.
fn claims(changes: Value) -> Value {
    let mut claims = json!({
        "iss": "https://id", "aud": "reg", "sub": "alice", "exp": 2_000, "nbf": 990, "iat": 1_000, "jti": "x",
        "access": [{"type": "repository", "name": "a/b", "actions": ["pull"]}],
    });
    for (name, value) in changes.as_object().unwrap() {
        if value.is_null() {
            claims.as_object_mut().unwrap().remove(name);
        } else {
            claims[name] = value.clone();
        }
    }
    claims
}

#[test]
fn claims_are_judged_as_registries_do() {
    let judge = |version, claims: &Value, now| super::claims::check(version, claims, "https://id", "reg", now).is_ok();
    for (changes, in_2, in_3) in [
        (json!({}), true, true),
        (json!({"iss": "https://id/"}), false, false),
        (json!({"iss": null}), false, false),
        (json!({"aud": "Reg"}), false, false),
        (json!({"aud": ["reg"]}), false, true),
        (json!({"aud": ["other"]}), false, false),
        (json!({"exp": 1_800.5}), false, false),
        (json!({"exp": "2000"}), false, false),
        (json!({"exp": null}), false, false),
        (json!({"nbf": null, "iat": null, "jti": null, "sub": null}), true, true),
        (json!({"nbf": 990.5}), false, false),
        (json!({"access": null}), true, true),
        (json!({"access": []}), true, true),
        (json!({"access": {}}), false, false),
        (json!({"access": [Value::Null]}), false, false),
        (json!({"access": [{"type": "repository", "name": "a", "actions": Value::Null}]}), true, true),
        (json!({"typ": "Bearer", "azp": 7}), true, true),
    ] {
        let given = claims(changes.clone());
        assert_eq!((judge(V2_8, &given, 1_500), judge(V3_1, &given, 1_500)), (in_2, in_3), "{changes}");
    }
    for (now, good) in [(900, false), (930, true), (2_060, true), (2_061, false)] {
        assert_eq!(judge(V2_8, &claims(json!({})), now), good, "{now}");
    }
}

#[test]
fn rights_are_read_as_registries_do() {
    let held = json!({"access": [
        {"type": "repository", "name": "a/b", "actions": ["pull"]},
        {"type": "repository", "name": "a/b", "actions": ["push"]},
        {"type": "registry", "name": "catalog", "actions": ["*"]},
        {"type": "repository", "name": "ns/*", "actions": ["pull"]},
    ]});
    for (resource_type, name, action, allowed) in [
        ("repository", "a/b", "pull", true),
        ("repository", "a/b", "push", true),
        ("repository", "a/b", "delete", false),
        ("repository", "A/b", "pull", false),
        ("repository", "ns/x", "pull", false),
        ("registry", "catalog", "*", true),
        ("registry", "catalog", "pull", true),
    ] {
        assert_eq!(super::allows(&held, resource_type, name, action), allowed, "{resource_type}:{name}:{action}");
    }
}

#[test]
fn nothing_but_a_token_is_a_token() {
    let key = KeyPair::rsa();
    let certificate = key.self_signed(true, GOOD);
    let trust = Trust::new(&bundle(&[&certificate]), &json!({"keys": []}));
    let now = time::OffsetDateTime::now_utc().unix_timestamp();
    let header = json!({"alg": "RS256", "x5c": x5c(&[&certificate])});
    let claims = claims(json!({"exp": now + 60}));
    let good = key.token(&header, &claims);
    let judge = |token: &str| trust.verdict(V3_1, Bundle, token, "https://id", "reg", now).accepted();
    assert!(judge(&good));
    let signature = good.rsplit('.').next().unwrap();
    let other = KeyPair::rsa().token(&header, &claims);
    for bad in ["", "a.b", "a.b.c", good.trim_end_matches(signature), &format!("{good}.x"), &format!("{good}="), &other]
    {
        assert!(!judge(bad), "{bad}");
    }
}
