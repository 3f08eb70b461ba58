//! Request objects (RFC 9101): only what the client itself signed for this realm, and only what it brings along or has
//! registered.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jose::{ContentEncryption, KeyManagementAlgorithm, encrypt::Types, key_set::KeySet};
use reqwest::Method;
use serde_json::{Value, json};
use tests::verifier::forge::KeyPair;
use tokio::{io::AsyncReadExt, net::TcpListener};

use super::{
    findings::Findings,
    forged::{hmac, unsigned},
    pages::{refused_in_json, refused_on_our_page},
    stage::{App, Browser, CALLBACK, Site, answered},
};
use crate::http::support::{Reply, World, r, send};

/// The claims of an object that is good.
fn usual(site: &Site, world: &World) -> Value {
    json!({
        "iss": "app", "client_id": "app", "aud": site.issuer(), "exp": world.now() + 60, "response_type": "code",
        "redirect_uri": CALLBACK, "scope": "openid", "state": "s", "prompt": "none",
    })
}

fn with(mut claims: Value, name: &str, value: Value) -> Value {
    claims[name] = value;
    claims
}

/// The application hears an error at its registered address, or the person sees our page: no code either way.
fn no_code(reply: &Reply) -> Result<(), String> {
    if reply.status != 302 {
        return refused_on_our_page(reply);
    }
    let answer = answered(reply);
    let codes = ["invalid_request_object", "invalid_request_uri", "invalid_request", "login_required"];
    match answer.get("error") {
        Some(error) if codes.contains(&error.as_str()) && error != "login_required" => Ok(()),
        _ => Err(format!("no refusal of the object: {answer:?}")),
    }
}

async fn by_value(site: &Site, browser: &Browser, app: &App, object: &str) -> Reply {
    // what stands beside the object is good by itself: a server that passes over a bad object would give a code
    let beside = [("request", object), ("prompt", "none")];
    site.authorize(browser, &site.request(app, &beside)).await
}

#[tokio::test]
async fn attack_18_request_objects_of_others_cve_2026_9793() {
    let (world, site) = World::with_alice().await;
    let (key, other_key, ec) = (KeyPair::rsa(), KeyPair::rsa(), KeyPair::p256());
    let keys = |key: &KeyPair| {
        let jwks = json!({"keys": [key.jwk("k"), ec.jwk("e")]}).to_string();
        json!({"attributes": {"use.jwks.string": "true", "jwks.string": jwks, "request.uris": "https://app.example/r"}})
    };
    let app = world.app("app", keys(&key)).await;
    world.app("other", keys(&other_key)).await;
    world.app("mute", json!({})).await;
    let browser = Browser::default();
    let warm = site.code(&browser, &app, &[]).await;
    assert!(!warm.is_empty());
    let good = usual(&site, &world);
    let header = json!({"alg": "RS256", "kid": "k"});
    let signed = key.token(&header, &good);
    assert!(answered(&by_value(&site, &browser, &app, &signed).await).contains_key("code"));
    // its own type, and an audience beside others, as RFC 9101 and RFC 7519 have them
    let typed = json!({"alg": "RS256", "kid": "k", "typ": "oauth-authz-req+jwt"});
    let beside = key.token(&typed, &with(good.clone(), "aud", json!([site.issuer(), "https://other.example"])));
    assert!(answered(&by_value(&site, &browser, &app, &beside).await).contains_key("code"));
    let reply = site.authorize(&browser, &[("client_id", "app"), ("request", &signed)]).await;
    assert!(answered(&reply).contains_key("code"), "{}", reply.text());

    let mut bad: Vec<(String, String)> = Vec::new();
    let mut add = |kind: &str, object: String| bad.push((kind.to_owned(), object));
    // not signed, or by somebody else
    for name in ["none", "None", "NONE", "nOnE", ""] {
        add(&format!("alg {name:?}"), unsigned(&json!({"alg": name}), &good));
        add(&format!("alg {name:?} with a signature"), format!("{}x", unsigned(&json!({"alg": name}), &good)));
    }
    let parts: Vec<_> = signed.split('.').collect();
    add("no signature", format!("{}.{}.", parts[0], parts[1]));
    add("two parts", format!("{}.{}", parts[0], parts[1]));
    add("another signature", format!("{}.{}.{}", parts[0], parts[1], URL_SAFE_NO_PAD.encode([0_u8; 256])));
    add("other claims", {
        let claims = URL_SAFE_NO_PAD.encode(with(good.clone(), "scope", json!("openid email")).to_string());
        format!("{}.{claims}.{}", parts[0], parts[2])
    });
    add("another client's key", other_key.token(&header, &good));
    add("another client's key in the header", {
        other_key.token(&json!({"alg": "RS256", "jwk": other_key.jwk("k")}), &good)
    });
    add(
        "an address of keys",
        other_key.token(&json!({"alg": "RS256", "kid": "k", "jku": "https://evil.example/"}), &good),
    );
    add("an unknown key", key.token(&json!({"alg": "RS256", "kid": "unknown"}), &good));
    let secret = app.secret.clone().unwrap();
    let pem = key.public().public_key_to_pem().unwrap();
    for algorithm in ["HS256", "HS384", "HS512"] {
        let header = json!({"alg": algorithm, "kid": "k"});
        add(&format!("{algorithm} with the secret"), hmac(algorithm, secret.as_bytes(), &header, &good));
        add(&format!("{algorithm} with the public key"), hmac(algorithm, &pem, &header, &good));
        add(&format!("{algorithm} with nothing"), hmac(algorithm, b"", &header, &good));
    }
    add("an algorithm that isn't offered", key.token(&json!({"alg": "RS384", "kid": "k"}), &good));
    add("crit", key.token(&json!({"alg": "RS256", "kid": "k", "crit": ["b64"], "b64": false}), &good));
    // encrypted to the realm or to itself, but signed by nobody
    let realm_jwks = send(site.http.get(site.protocol("certs"))).await.expect(200).text();
    for (kind, jwks) in [("realm", realm_jwks), ("client", json!({"keys": [key.jwk("k")]}).to_string())] {
        let set = KeySet::parse(&jwks).unwrap();
        let Some(to) = set.encryption_key(KeyManagementAlgorithm::RsaOaep256) else { continue };
        let text =
            jose::encrypt::encrypt(&to, ContentEncryption::A256Gcm, Types::NESTED_JWT, good.to_string().as_bytes());
        add(&format!("encrypted to the {kind}"), text.unwrap());
    }
    // signed, but for something else
    let now = world.now();
    for (name, value) in [
        ("aud", json!("https://evil.example")),
        ("aud", json!(world.url("/realms/master"))),
        ("aud", json!([])),
        ("aud", json!(["x", 7])),
        ("aud", json!({})),
        ("aud", json!(format!("{}/", site.issuer()))),
        ("iss", json!("other")),
        ("iss", json!(7)),
        ("client_id", json!("other")),
        ("client_id", json!(null)),
        ("exp", json!(now - 60)),
        ("exp", json!("tomorrow")),
        ("exp", json!(-1)),
        ("nbf", json!(now + 3_600)),
        ("nbf", json!("x")),
        ("redirect_uri", json!("https://evil.example/")),
        ("redirect_uri", json!(["https://app.example/cb"])),
        ("redirect_uri", json!("https://app.example/cb\u{0}")),
        ("response_type", json!("code\u{0}")),
        ("sub", json!("app")),
    ] {
        add(&format!("{name} {value}"), key.token(&header, &with(good.clone(), name, value)));
    }
    for typ in ["at+jwt", "client-authentication+jwt", "logout+jwt", "dpop+jwt"] {
        add(typ, key.token(&json!({"alg": "RS256", "kid": "k", "typ": typ}), &good));
    }
    for text in ["", "x", ".", "..", "a.b.c", "{}", &"a".repeat(30_000)] {
        add(&format!("text {text:.10}"), text.to_owned());
    }
    let mut findings = Findings::default();
    for (kind, object) in &bad {
        if object.is_empty() {
            continue;
        }
        // a long one is posted: an address has its limits
        let reply = match object.len() > 20_000 {
            true => {
                let form = site.request(&app, &[("request", object), ("prompt", "none")]);
                browser.send(site.http.post(site.protocol("auth")).form(&form)).await
            }
            false => by_value(&site, &browser, &app, object).await,
        };
        findings.judge(kind, &reply, no_code(&reply));
        let reply = site.post("ext/par/request", &app.form(&[("request", object)])).await;
        let codes = ["invalid_request_object", "invalid_request"];
        findings.judge(&format!("pushed: {kind}"), &reply, refused_in_json(&reply, &codes));
    }
    // by another client, and by one without keys
    for name in ["other", "mute"] {
        let query = [("client_id", name), ("redirect_uri", CALLBACK), ("response_type", "code"), ("request", &signed)];
        let reply = site.authorize(&browser, &query).await;
        findings.judge(name, &reply, no_code(&reply));
    }
    // at an address: only a registered one is asked
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let inside = format!("http://{}/r", listener.local_addr().unwrap());
    for uri in [
        "https://evil.example/r",
        "https://app.example/r/",
        "https://app.example/r?x",
        "https://app.example/r#x",
        "https://app.example/R",
        "https://app.example/r##https://evil.example/r",
        "##",
        "http://169.254.169.254/latest/meta-data",
        "file:///etc/passwd",
        "urn:x",
        &inside,
    ] {
        let reply = site.authorize(&browser, &site.request(&app, &[("request_uri", uri), ("prompt", "none")])).await;
        findings.judge(uri, &reply, no_code(&reply));
    }
    // a registered one inside is not called either, because the realm does not allow that network
    let path = r(&format!("/clients/{}", app.id));
    let body = json!({"attributes": {"request.uris": inside}});
    send(world.admin.request(Method::PUT, &path).json(&body)).await.expect(204);
    let reply = site.authorize(&browser, &site.request(&app, &[("request_uri", &inside), ("prompt", "none")])).await;
    findings.judge("a registered address inside", &reply, no_code(&reply));
    let called = tokio::time::timeout(std::time::Duration::from_millis(50), async {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut first = [0; 1];
        let _ = stream.read(&mut first).await;
    });
    findings.check(called.await.is_err(), || "an address inside was called".to_owned());
    // both at once
    let both = [("request", signed.as_str()), ("request_uri", "https://app.example/r"), ("prompt", "none")];
    let reply = site.authorize(&browser, &site.request(&app, &both)).await;
    findings.judge("both", &reply, no_code(&reply));
    // a client that has to sign can't leave it out
    let strict = json!({"attributes": {"request.object.required": "request"}});
    let strict = world.app("strict", strict).await;
    let reply = site.authorize(&browser, &site.request(&strict, &[("prompt", "none")])).await;
    findings.judge("left out", &reply, no_code(&reply));
    findings.none(120);
}
