//! Tokens that nobody of ours signed, or that name the key with which they want to be looked at.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use openssl::{hash::MessageDigest, pkey::PKey, sign::Signer};
use reqwest::Method;
use serde_json::{Value, json};
use tests::verifier::forge::KeyPair;

use super::{
    findings::Findings,
    pages::refused_in_json,
    stage::{Browser, answered},
};
use crate::http::support::{World, r, send};

/// A token with an empty signature.
pub fn unsigned(header: &Value, claims: &Value) -> String {
    let text = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    format!("{}.{}.", text(header), text(claims))
}

/// A token signed with a shared secret.
pub fn hmac(algorithm: &str, secret: &[u8], header: &Value, claims: &Value) -> String {
    let text = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let mut header = header.clone();
    header["alg"] = algorithm.into();
    let signed = format!("{}.{}", text(&header), text(claims));
    let digest = match algorithm {
        "HS384" => MessageDigest::sha384(),
        "HS512" => MessageDigest::sha512(),
        _ => MessageDigest::sha256(),
    };
    // OpenSSL takes no empty secret; HMAC fills up with zeros, so this is the same
    let key = PKey::hmac(if secret.is_empty() { &[0] } else { secret }).unwrap();
    let signature = Signer::new(digest, &key).unwrap().sign_oneshot_to_vec(signed.as_bytes()).unwrap();
    format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))
}

fn decoded(part: &str) -> Value {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap()
}

fn with(header: &Value, change: Value) -> Value {
    let mut header = header.clone();
    for (name, value) in change.as_object().unwrap() {
        header[name] = value.clone();
    }
    header
}

/// Forgeries of a good token whose claims are `claims`. `jwks` are the realm's keys.
fn forgeries(token: &str, claims: &Value, jwks: &Value, foreign: &str) -> Vec<(String, String)> {
    let parts: Vec<&str> = token.split('.').collect();
    let header = decoded(parts[0]);
    let (own, ec, ed) = (KeyPair::rsa(), KeyPair::p256(), KeyPair::ed25519());
    let mut all: Vec<(String, String)> = Vec::new();
    let mut add = |kind: &str, token: String| all.push((kind.to_owned(), token));
    for name in ["none", "None", "NONE", "nOnE", "", "null", "RS256 ", "rs256", "HS256\u{0}"] {
        let header = with(&header, json!({ "alg": name }));
        add(&format!("alg {name:?} unsigned"), unsigned(&header, claims));
        add(&format!("alg {name:?} with the old signature"), format!("{}{}", unsigned(&header, claims), parts[2]));
    }
    for alg in [json!(null), json!(7), json!(["RS256"]), json!({})] {
        add(&format!("alg {alg}"), unsigned(&with(&header, json!({ "alg": alg })), claims));
    }
    // the public key as a shared secret, in every form in which one has it
    for jwk in jwks["keys"].as_array().unwrap() {
        let kid = jwk["kid"].clone();
        let mut secrets: Vec<(String, Vec<u8>)> = vec![("JWK".to_owned(), jwk.to_string().into_bytes())];
        if let Some(modulus) = jwk["n"].as_str() {
            let number = URL_SAFE_NO_PAD.decode(modulus).unwrap();
            let exponent = URL_SAFE_NO_PAD.decode(jwk["e"].as_str().unwrap()).unwrap();
            let rsa = openssl::rsa::Rsa::from_public_components(
                openssl::bn::BigNum::from_slice(&number).unwrap(),
                openssl::bn::BigNum::from_slice(&exponent).unwrap(),
            );
            let key = PKey::from_rsa(rsa.unwrap()).unwrap();
            let pem = key.public_key_to_pem().unwrap();
            secrets.push(("PEM without the last line break".to_owned(), pem.trim_ascii_end().to_vec()));
            secrets.push(("PEM".to_owned(), pem));
            secrets.push(("PKCS#1".to_owned(), key.rsa().unwrap().public_key_to_pem_pkcs1().unwrap()));
            secrets.push(("DER".to_owned(), key.public_key_to_der().unwrap()));
            secrets.push(("modulus".to_owned(), number));
            secrets.push(("modulus as text".to_owned(), modulus.as_bytes().to_vec()));
        }
        secrets.push(("nothing".to_owned(), Vec::new()));
        secrets.push(("secret".to_owned(), b"secret".to_vec()));
        for (kind, secret) in secrets {
            for algorithm in ["HS256", "HS384", "HS512"] {
                let header = with(&header, json!({ "kid": kid }));
                add(&format!("{algorithm} by {kind} under {kid}"), hmac(algorithm, &secret, &header, claims));
            }
        }
        // the right key id over a wrong key
        for (algorithm, key) in [("RS256", &own), ("PS256", &own), ("RS512", &own), ("ES256", &ec), ("EdDSA", &ed)] {
            let header = with(&header, json!({"alg": algorithm, "kid": kid}));
            add(&format!("{algorithm} by a stranger under {kid}"), key.token(&header, claims));
        }
    }
    // keys in the header, and where to get one
    let certificate = own.self_signed(true, tests::verifier::forge::GOOD);
    for (kind, change) in [
        ("jwk", json!({"jwk": own.jwk("own")})),
        ("jwk and its kid", json!({"jwk": own.jwk("own"), "kid": "own"})),
        ("x5c", json!({"x5c": tests::verifier::forge::x5c(&[&certificate])})),
        ("jku", json!({"jku": "https://evil.example/jwks"})),
        ("x5u", json!({"x5u": "https://evil.example/cert"})),
        ("x5t", json!({"x5t": "AAAA"})),
        ("an unknown kid", json!({"kid": "unknown"})),
        ("a kid that is a path", json!({"kid": "../../../../dev/null"})),
        ("a kid that is SQL", json!({"kid": "' union select 'secret'--"})),
        ("a kid that is a number", json!({"kid": 1})),
        ("a kid that is a list", json!({"kid": [header["kid"]]})),
        ("an empty kid", json!({"kid": ""})),
        ("no kid", json!({"kid": null})),
        ("crit", json!({"crit": ["x"], "x": 1})),
        ("crit that is empty", json!({"crit": []})),
        ("b64", json!({"b64": false, "crit": ["b64"]})),
        ("cty", json!({"cty": "JWT"})),
        ("zip", json!({"zip": "DEF"})),
        ("a foreign key's kid", json!({"kid": foreign})),
    ] {
        let signed = with(&header, json!({"alg": "RS256"}));
        add(kind, own.token(&with(&signed, change.clone()), claims));
        add(&format!("{kind} over the old signature"), {
            let header = URL_SAFE_NO_PAD.encode(with(&header, change).to_string());
            format!("{header}.{}.{}", parts[1], parts[2])
        });
    }
    // the old signature over something else
    let mut richer = claims.clone();
    richer["sub"] = "somebody-else".into();
    add("other claims", format!("{}.{}.{}", parts[0], URL_SAFE_NO_PAD.encode(richer.to_string()), parts[2]));
    let signature = URL_SAFE_NO_PAD.decode(parts[2]).unwrap();
    for (kind, bytes) in [
        ("no signature", vec![]),
        ("half a signature", signature[..signature.len() / 2].to_vec()),
        ("a longer signature", [signature.clone(), vec![0]].concat()),
        ("zeros", vec![0; signature.len()]),
        ("ones", vec![0xff; signature.len()]),
        ("64 zeros", vec![0; 64]),
        ("a flipped bit", signature.iter().enumerate().map(|(at, byte)| byte ^ u8::from(at == 7)).collect()),
    ] {
        add(kind, format!("{}.{}.{}", parts[0], parts[1], URL_SAFE_NO_PAD.encode(bytes)));
    }
    for (kind, text) in [
        ("two parts", format!("{}.{}", parts[0], parts[1])),
        ("four parts", format!("{token}.x")),
        ("five parts", format!("{token}.x.y")),
        ("padding", format!("{}=.{}.{}", parts[0], parts[1], parts[2])),
        ("a line break", format!("{}\n.{}.{}", parts[0], parts[1], parts[2])),
        ("the signature twice", format!("{token}{}", parts[2])),
        (
            "JSON",
            json!({"payload": parts[1], "signatures": [{"protected": parts[0], "signature": parts[2]}]}).to_string(),
        ),
        ("nothing", ".".to_owned()),
        ("dots", "..".to_owned()),
    ] {
        add(kind, text);
    }
    all
}

#[tokio::test]
async fn attack_21_forged_tokens_cve_2026_11800() {
    let (world, site) = World::with_alice().await;
    world
        .grant_admin(
            "acme",
            world.admin.read(&r("/users?username=alice")).await[0]["id"].as_str().unwrap(),
            "realm-admin",
        )
        .await;
    let ec = json!({
        "name": "ec", "providerId": "ecdsa-generated", "providerType": "org.keycloak.keys.KeyProvider",
        "config": {"priority": ["50"]},
    });
    world.admin.post(&r("/components"), ec).await.expect(201);
    let app = world.app("app", json!({"attributes": {"access.token.signed.response.alg": "RS256"}})).await;
    let es = world.app("es", json!({"attributes": {"access.token.signed.response.alg": "ES256"}})).await;
    let browser = Browser::default();
    let jwks = send(site.http.get(site.protocol("certs"))).await.expect(200).json();
    let master = send(site.http.get(world.site("master").protocol("certs"))).await.expect(200).json();
    let foreign = master["keys"][0]["kid"].as_str().unwrap().to_owned();
    let mut findings = Findings::default();
    for app in [&app, &es] {
        let tokens = site.tokens(&browser, app, "openid").await;
        site.userinfo(&tokens.access()).await.expect(200);
        let parts: Vec<String> = tokens.access().split('.').map(str::to_owned).collect();
        let claims = decoded(&parts[1]);
        for (kind, token) in forgeries(&tokens.access(), &claims, &jwks, &foreign) {
            let what = format!("{} {kind}", app.client_id);
            let request = site.http.post(site.protocol("userinfo")).form(&[("access_token", &token)]);
            let reply = send(request).await;
            let verdict = refused_in_json(&reply, &["invalid_token"]);
            findings.judge(&format!("{what}: userinfo"), &reply, verdict);
            let active = site.introspect(app, &token).await;
            findings.check(active == json!({"active": false}), || format!("{what}: introspection {active}"));
            if token.bytes().all(|byte| byte.is_ascii_graphic()) {
                let request = world.admin.http.request(Method::GET, world.url("/admin/realms/acme/users"));
                let reply = send(request.bearer_auth(&token)).await;
                findings.check(reply.status == 401, || format!("{what}: admin {}", reply.status));
            }
            let reply = site.exchange(app, &token, &[]).await;
            findings.judge(&format!("{what}: exchange"), &reply, refused_in_json(&reply, &["invalid_request"]));
            site.post("revoke", &app.form(&[("token", &token)])).await.expect(200);
        }
        // none of it has revoked the good one
        site.userinfo(&tokens.access()).await.expect(200);
        // refresh tokens and hints
        let refresh = tokens.refresh();
        let claims = decoded(refresh.split('.').nth(1).unwrap());
        for (kind, token) in forgeries(&refresh, &claims, &jwks, &foreign) {
            let reply = site.refresh(app, &token).await;
            findings.judge(&format!("refresh {kind}"), &reply, refused_in_json(&reply, &["invalid_grant"]));
            let reply = site.post("logout", &app.form(&[("refresh_token", &token)])).await;
            findings.judge(&format!("logout {kind}"), &reply, refused_in_json(&reply, &["invalid_grant"]));
        }
        let id = tokens.id();
        let claims = decoded(id.split('.').nth(1).unwrap());
        for (kind, token) in forgeries(&id, &claims, &jwks, &foreign) {
            let query = [("id_token_hint", token.as_str()), ("prompt", "none")];
            let reply = site.authorize(&browser, &site.request(app, &query)).await;
            // a hint that can't be believed hints at nobody, who isn't logged in
            let answer = answered(&reply);
            findings.check(!answer.contains_key("code"), || format!("hint {kind}: {answer:?}"));
        }
        site.refresh(app, &refresh).await.expect(200);
    }
    findings.none(1_500);
}
