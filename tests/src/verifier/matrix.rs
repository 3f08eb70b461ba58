//! The verifier against what registries 2.8.2, 3.0.0 and 3.1.1 were measured to answer.

use serde_json::{Value, json};

use super::{
    RegistryVersion::{V2_8, V3_0, V3_1},
    Sources::{Both, Bundle, Jwks},
    Trust,
    forge::{EXPIRED, GOOD, KeyPair, bundle, x5c},
    key::{libtrust_id, thumbprint},
};

/// In the order of the columns below.
const COLUMNS: [(super::RegistryVersion, super::Sources); 7] =
    [(V2_8, Bundle), (V3_0, Bundle), (V3_0, Jwks), (V3_0, Both), (V3_1, Bundle), (V3_1, Jwks), (V3_1, Both)];

/// The thumbprint that 3.0.0 gives to every key on P-256.
const GENERATOR: &str = "xx0BcA-wMohw8atYDJOe6peGModklG2wRHBlXHMvl0M";

/// A key on P-256 whose coordinates begin with no zero byte, which 3.1 would drop.
fn p256() -> KeyPair {
    std::iter::repeat_with(KeyPair::p256)
        .find(|key| super::key::id_in_bundle(V3_1, &key.public()) == Some(thumbprint(&key.public())))
        .unwrap()
}

/// `7` columns as `1` for accepted and `.` for refused.
fn columns(trust: &Trust, token: &str) -> String {
    let now = time::OffsetDateTime::now_utc().unix_timestamp();
    let judge = |(version, sources)| trust.verdict(version, sources, token, "https://id", "reg", now).accepted();
    COLUMNS.iter().map(|column| if judge(*column) { '1' } else { '.' }).collect()
}

fn token(key: &KeyPair, header: Value) -> String {
    let now = time::OffsetDateTime::now_utc().unix_timestamp();
    key.token(&header, &json!({"iss": "https://id", "aud": "reg", "sub": "alice", "exp": now + 60, "access": []}))
}

#[test]
fn every_row_is_as_measured() {
    let (rsa, ec, old, authority, rogue) = (KeyPair::rsa(), p256(), KeyPair::rsa(), KeyPair::rsa(), KeyPair::rsa());
    let rsa_certificate = rsa.self_signed(true, GOOD);
    let ec_certificate = ec.self_signed(true, GOOD);
    let old_certificate = old.self_signed(true, EXPIRED);
    let ca = authority.self_signed(true, GOOD);
    let leaf = KeyPair::rsa();
    let leaf_certificate = leaf.signed_by(&authority, GOOD);
    let rogue_certificate = rogue.self_signed(true, GOOD);
    let trust = Trust::new(
        &bundle(&[&rsa_certificate, &ec_certificate, &old_certificate, &ca]),
        &json!({"keys": [rsa.jwk("realm-rsa"), ec.jwk("realm-ec")]}),
    );
    let (rsa_libtrust, rsa_thumbprint) = (libtrust_id(&rsa.public()), thumbprint(&rsa.public()));
    let (ec_libtrust, ec_thumbprint) = (libtrust_id(&ec.public()), thumbprint(&ec.public()));
    let rs256 = |header: Value| {
        let mut header = header;
        header["alg"] = json!("RS256");
        header
    };
    let jwk = |kid: &str| json!({"jwk": rsa.jwk(kid)});
    for (what, key, header, expected) in [
        ("kid=libtrust", &rsa, rs256(json!({"kid": rsa_libtrust})), "1......"),
        ("kid=RFC7638", &rsa, rs256(json!({"kid": rsa_thumbprint})), ".1.11.1"),
        ("kid=JWKS", &rsa, rs256(json!({"kid": "realm-rsa"})), "..11.11"),
        ("x5c", &rsa, rs256(json!({"x5c": x5c(&[&rsa_certificate])})), "11.11.1"),
        ("x5c and kid", &rsa, rs256(json!({"x5c": x5c(&[&rsa_certificate]), "kid": "realm-rsa"})), "11.11.1"),
        ("x5c leaf", &leaf, rs256(json!({"x5c": x5c(&[&leaf_certificate])})), "11.11.1"),
        ("x5c leaf and CA", &leaf, rs256(json!({"x5c": x5c(&[&leaf_certificate, &ca])})), "11.11.1"),
        ("x5c expired", &old, rs256(json!({"x5c": x5c(&[&old_certificate])})), "......."),
        ("kid=libtrust of expired", &old, rs256(json!({"kid": libtrust_id(&old.public())})), "1......"),
        ("kid=RFC7638 of expired", &old, rs256(json!({"kid": thumbprint(&old.public())})), ".1.11.1"),
        ("nothing", &rsa, rs256(json!({})), "......."),
        ("jwk, libtrust", &rsa, rs256(jwk(&rsa_libtrust)), "1......"),
        ("jwk, RFC7638", &rsa, rs256(jwk(&rsa_thumbprint)), ".1.11.1"),
        ("RS384", &rsa, json!({"alg": "RS384", "kid": rsa_thumbprint}), ".1.11.1"),
        ("RS512", &rsa, json!({"alg": "RS512", "kid": rsa_libtrust}), "1......"),
        ("PS256", &rsa, json!({"alg": "PS256", "kid": rsa_thumbprint}), ".1.11.1"),
        ("ES256, kid=libtrust", &ec, json!({"alg": "ES256", "kid": ec_libtrust}), "1......"),
        ("ES256, kid=RFC7638", &ec, json!({"alg": "ES256", "kid": ec_thumbprint}), "....1.1"),
        ("ES256, kid=generator", &ec, json!({"alg": "ES256", "kid": GENERATOR}), ".1.1..."),
        ("ES256, kid=JWKS", &ec, json!({"alg": "ES256", "kid": "realm-ec"}), "..11.11"),
        ("ES256, x5c", &ec, json!({"alg": "ES256", "x5c": x5c(&[&ec_certificate])}), "11.11.1"),
        ("rogue x5c", &rogue, rs256(json!({"x5c": x5c(&[&rogue_certificate]), "kid": rsa_thumbprint})), "......."),
        ("rogue jwk", &rogue, rs256(json!({"jwk": rogue.jwk(&rsa_thumbprint)})), "......."),
        ("alg none", &rsa, json!({"alg": "none", "kid": rsa_thumbprint}), "......."),
    ] {
        assert_eq!(columns(&trust, &token(key, header)), expected, "{what}");
    }
}

#[test]
fn ed25519_is_for_registry_3() {
    let key = KeyPair::ed25519();
    let certificate = key.self_signed(true, GOOD);
    let trust = Trust::new(&bundle(&[&certificate]), &json!({"keys": [key.jwk("realm-ed25519")]}));
    let print = thumbprint(&key.public());
    for (what, header, expected) in [
        ("x5c", json!({"alg": "EdDSA", "x5c": x5c(&[&certificate])}), ".1.11.1"),
        ("kid=RFC7638", json!({"alg": "EdDSA", "kid": print}), "....1.1"),
        ("kid=JWKS", json!({"alg": "EdDSA", "kid": "realm-ed25519"}), "..11.11"),
    ] {
        assert_eq!(columns(&trust, &token(&key, header)), expected, "{what}");
    }
    // Under an authority with an RSA key, registry 2.8 starts, but takes no such algorithm.
    let authority = KeyPair::rsa();
    let trust = Trust::new(&bundle(&[&authority.self_signed(true, GOOD)]), &json!({"keys": []}));
    let leaf = key.signed_by(&authority, GOOD);
    let token = token(&key, json!({"alg": "EdDSA", "x5c": x5c(&[&leaf])}));
    assert_eq!(columns(&trust, &token), ".1.11.1");
}

#[test]
fn one_key_under_several_ids() {
    let (rsa, authority) = (KeyPair::rsa(), KeyPair::rsa());
    let (libtrust, print) = (libtrust_id(&rsa.public()), thumbprint(&rsa.public()));
    let certificate = rsa.self_signed(true, GOOD);
    let jwks = json!({"keys": [rsa.jwk(&libtrust), rsa.jwk(&print), rsa.jwk("realm")]});
    let trust = Trust::new(&bundle(&[&certificate, &authority.self_signed(true, GOOD)]), &jwks);
    let (new_rsa, new_ec) = (KeyPair::rsa(), p256());
    let (rsa_leaf, ec_leaf) = (new_rsa.signed_by(&authority, GOOD), new_ec.signed_by(&authority, GOOD));
    for (what, key, header, expected) in [
        ("kid=libtrust", &rsa, json!({"alg": "RS256", "kid": libtrust}), "1.11.11"),
        ("kid=RFC7638", &rsa, json!({"alg": "RS256", "kid": print}), ".111111"),
        ("x5c and kid", &rsa, json!({"alg": "RS256", "kid": "realm", "x5c": x5c(&[&certificate])}), "11.11.1"),
        ("new RSA leaf", &new_rsa, json!({"alg": "RS256", "x5c": x5c(&[&rsa_leaf])}), "11.11.1"),
        ("new EC leaf", &new_ec, json!({"alg": "ES256", "x5c": x5c(&[&ec_leaf])}), "11.11.1"),
    ] {
        assert_eq!(columns(&trust, &token(key, header)), expected, "{what}");
    }
}

#[test]
fn a_certificate_that_is_no_authority_vouches_for_no_other() {
    let (certified, leaf) = (KeyPair::rsa(), KeyPair::rsa());
    let trust = Trust::new(&bundle(&[&certified.self_signed(false, GOOD)]), &json!({"keys": []}));
    let header = json!({"alg": "RS256", "x5c": x5c(&[&leaf.signed_by(&certified, GOOD)])});
    assert_eq!(columns(&trust, &token(&leaf, header)), ".......");
}
