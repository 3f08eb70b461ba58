//! Client assertions (RFC 7523): one proof, one request.

use futures_util::future::join_all;
use serde_json::{Value, json};
use tests::verifier::forge::KeyPair;

use super::{
    findings::Findings,
    forged::{hmac, unsigned},
    pages::refused_in_json,
    stage::{App, Site},
};
use crate::http::support::{Reply, World};

const TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// Asks for a token of a client's own with an assertion.
pub async fn present(site: &Site, assertion: &str) -> Reply {
    present_with(site, assertion, &[]).await
}

async fn present_with(site: &Site, assertion: &str, further: &[(&str, &str)]) -> Reply {
    let mut form =
        vec![("grant_type", "client_credentials"), ("client_assertion_type", TYPE), ("client_assertion", assertion)];
    form.extend(further);
    site.post("token", &form).await
}

/// The claims of a good assertion.
pub fn claims(site: &Site, client_id: &str, now: i64) -> Value {
    json!({
        "iss": client_id, "sub": client_id, "aud": site.issuer(), "iat": now, "exp": now + 60,
        "jti": rand::random::<u128>().to_string(),
    })
}

fn with(mut claims: Value, name: &str, value: Value) -> Value {
    match value {
        Value::Null => drop(claims.as_object_mut().unwrap().remove(name)),
        value => claims[name] = value,
    }
    claims
}

/// What makes an application sign with this key.
pub fn with_key(key: &KeyPair) -> Value {
    let jwks = json!({"keys": [key.jwk("k")]}).to_string();
    json!({
        "clientAuthenticatorType": "client-jwt",
        "attributes": {"use.jwks.string": "true", "jwks.string": jwks},
    })
}

/// A client that signs with this key.
pub async fn signing(world: &World, client_id: &str, key: &KeyPair) -> App {
    world.app(client_id, with_key(key)).await
}

#[tokio::test]
async fn attack_26_client_assertions_cve_2020_5300() {
    let (world, site) = World::with_alice().await;
    let (key, other_key) = (KeyPair::rsa(), KeyPair::rsa());
    signing(&world, "app", &key).await;
    signing(&world, "other", &other_key).await;
    let secret = json!({"clientAuthenticatorType": "client-secret-jwt"});
    let shared = world.app("shared", secret).await;
    let plain = world.app("plain", json!({})).await;
    let header = json!({"alg": "RS256", "kid": "k"});
    let now = world.now();
    let fresh = || claims(&site, "app", now);
    let refused = &["invalid_client", "unauthorized_client"];
    let mut findings = Findings::default();

    // used again: at once, later, at another endpoint, on another node, a hundred times at once
    let second = world.server.second_node().await;
    let there = site.at(second.url());
    let assertion = key.token(&header, &fresh());
    present(&site, &assertion).await.expect(200);
    for (what, site) in [("again", &site), ("at the other node", &there)] {
        let reply = present(site, &assertion).await;
        findings.judge(what, &reply, refused_in_json(&reply, refused));
    }
    for path in ["token/introspect", "revoke", "ext/par/request", "auth/device"] {
        let form = [("client_assertion_type", TYPE), ("client_assertion", assertion.as_str()), ("token", "x")];
        let reply = site.post(path, &form).await;
        findings.judge(&format!("again at {path}"), &reply, refused_in_json(&reply, refused));
    }
    let assertion = key.token(&header, &fresh());
    let replies = join_all((0..100).map(|number| {
        let (site, assertion) = (if number % 2 == 0 { &site } else { &there }, &assertion);
        async move { present(site, assertion).await }
    }))
    .await;
    let good = replies.iter().filter(|reply| reply.status == 200).count();
    findings.check(good == 1, || format!("{good} of 100 at once at two nodes"));
    // the jti is what counts, not the text
    let claims_again = fresh();
    present(&site, &key.token(&header, &claims_again)).await.expect(200);
    let reply = present(&site, &key.token(&header, &with(claims_again.clone(), "exp", json!(now + 61)))).await;
    findings.judge("the same jti, another text", &reply, refused_in_json(&reply, refused));
    // as long as it is good it is remembered
    let long = with(fresh(), "exp", json!(now + 590));
    let long = key.token(&header, &long);
    present(&site, &long).await.expect(200);
    world.wait(589);
    let reply = present(&site, &long).await;
    findings.judge("nearly ten minutes later", &reply, refused_in_json(&reply, refused));
    let now = world.now();
    let fresh = || claims(&site, "app", now);
    // another client's jti of the same name is another one
    let claims_of_app = fresh();
    present(&site, &key.token(&header, &claims_of_app)).await.expect(200);
    let mut of_other = claims(&site, "other", now);
    of_other["jti"] = claims_of_app["jti"].clone();
    present(&site, &other_key.token(&header, &of_other)).await.expect(200);

    let issuer = site.issuer();
    let mut bad: Vec<(String, String)> = Vec::new();
    for (name, value) in [
        ("aud", json!(null)),
        ("aud", json!("https://evil.example")),
        ("aud", json!(world.url("/realms/master"))),
        ("aud", json!(world.url(""))),
        ("aud", json!(format!("{issuer}/"))),
        ("aud", json!(format!("{issuer}/protocol/openid-connect/token/"))),
        ("aud", json!(format!("{issuer}/protocol/openid-connect/userinfo"))),
        ("aud", json!(format!("{issuer}.evil.example"))),
        ("aud", json!(format!("{issuer}/protocol/openid-connect/../../../x"))),
        ("aud", json!("app")),
        ("aud", json!([])),
        ("aud", json!(["https://evil.example", 7])),
        ("aud", json!([issuer, "https://evil.example"])),
        ("aud", json!(7)),
        ("exp", json!(null)),
        ("exp", json!("soon")),
        ("exp", json!(now - 16)),
        ("exp", json!(now - 10_000)),
        ("exp", json!(now + 601)),
        ("exp", json!(now + 1_000_000)),
        ("exp", json!(i64::MAX)),
        ("exp", json!(1e300)),
        ("exp", json!(-1)),
        ("nbf", json!(now + 100)),
        ("nbf", json!("x")),
        ("jti", json!(null)),
        ("jti", json!("")),
        ("jti", json!(7)),
        ("jti", json!(["x"])),
        ("sub", json!(null)),
        ("sub", json!("other")),
        ("sub", json!("")),
        ("sub", json!(["app"])),
        ("iss", json!(null)),
        ("iss", json!("other")),
        ("iss", json!(issuer)),
    ] {
        bad.push((format!("{name} {value}"), key.token(&header, &with(fresh(), name, value))));
    }
    for name in ["none", "None", ""] {
        bad.push((format!("alg {name:?}"), unsigned(&json!({"alg": name, "kid": "k"}), &fresh())));
    }
    bad.push(("another key".to_owned(), other_key.token(&header, &fresh())));
    bad.push((
        "a key in the header".to_owned(),
        other_key.token(&json!({"alg": "RS256", "jwk": other_key.jwk("k")}), &fresh()),
    ));
    bad.push(("an unknown kid".to_owned(), key.token(&json!({"alg": "RS256", "kid": "x"}), &fresh())));
    let app_secret = "secret-of-app-0123456789-0123456789";
    let pem = key.public().public_key_to_pem().unwrap();
    bad.push(("the secret of a client that signs".to_owned(), hmac("HS256", app_secret.as_bytes(), &header, &fresh())));
    bad.push(("the public key as a secret".to_owned(), hmac("HS256", &pem, &header, &fresh())));
    for (kind, client) in [("of a client with a secret", "plain"), ("of a client with a shared secret", "shared")] {
        bad.push((format!("a signature {kind}"), key.token(&header, &claims(&site, client, now))));
    }
    let of_plain = hmac("HS256", plain.secret.as_deref().unwrap().as_bytes(), &json!({}), &claims(&site, "plain", now));
    bad.push(("a shared secret where it is not registered".to_owned(), of_plain));
    for text in ["x", "..", "a.b.c", &"a".repeat(30_000)] {
        bad.push((format!("text {text:.9}"), text.to_owned()));
    }
    for (kind, assertion) in &bad {
        let reply = present(&site, assertion).await;
        findings.judge(kind, &reply, refused_in_json(&reply, refused));
    }
    // beside another proof, with another name, without its type or with another one
    let good = || key.token(&header, &fresh());
    for further in [[("client_secret", app_secret)], [("client_id", "other")]] {
        let reply = present_with(&site, &good(), &further).await;
        findings.judge(&format!("beside {further:?}"), &reply, refused_in_json(&reply, refused));
    }
    for kind in ["", "x", "urn:ietf:params:oauth:client-assertion-type:saml2-bearer"] {
        let assertion = good();
        let form =
            [("grant_type", "client_credentials"), ("client_assertion_type", kind), ("client_assertion", &assertion)];
        let reply = site.post("token", &form).await;
        findings.judge(&format!("type {kind:?}"), &reply, refused_in_json(&reply, refused));
    }
    // the shared secret itself is good once as well
    let by_secret =
        hmac("HS256", shared.secret.as_deref().unwrap().as_bytes(), &json!({}), &claims(&site, "shared", now));
    present(&site, &by_secret).await.expect(200);
    let reply = present(&site, &by_secret).await;
    findings.judge("a shared secret again", &reply, refused_in_json(&reply, refused));
    present(&site, &good()).await.expect(200);
    findings.none(60);
}
