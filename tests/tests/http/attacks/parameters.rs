//! Parameters that come twice: whoever checks the first and uses the second is fooled.

use reqwest::header::CONTENT_TYPE;
use serde_json::json;

use super::{
    findings::Findings,
    pages::{refused_in_json, refused_on_our_page},
    stage::{Browser, CALLBACK, VERIFIER, challenge},
};
use crate::http::support::{World, send};

const FORM: &str = "application/x-www-form-urlencoded";

fn encoded(pairs: &[(&str, &str)]) -> String {
    url::form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish()
}

/// The pairs with another one of a name: with another value, with the same, and without a value, before and after.
fn doubled<'a>(pairs: &[(&'a str, &'a str)], name: &'a str) -> Vec<String> {
    let usual = pairs.iter().find(|(given, _)| *given == name).map_or("x", |(_, value)| value);
    let mut all = Vec::new();
    let mut base = pairs.to_vec();
    if !pairs.iter().any(|(given, _)| *given == name) {
        base.push((name, usual));
    }
    for value in [usual, "other", ""] {
        all.push(encoded(&[&base[..], &[(name, value)]].concat()));
        all.push(encoded(&[&[(name, value)], &base[..]].concat()));
    }
    all
}

#[tokio::test]
async fn attack_08_a_parameter_twice_cve_2026_18217() {
    let (world, site) = World::with_alice().await;
    let app = world.app("app", json!({})).await;
    let browser = Browser::default();
    let mut findings = Findings::default();
    let challenge = challenge(VERIFIER);
    let code = site.code(&browser, &app, &[("code_challenge", &challenge), ("code_challenge_method", "S256")]).await;
    let request = site.request(
        &app,
        &[
            ("state", "s"),
            ("nonce", "n"),
            ("prompt", "none"),
            ("code_challenge", &challenge),
            ("code_challenge_method", "S256"),
        ],
    );
    let of_request = [
        "client_id",
        "redirect_uri",
        "response_type",
        "response_mode",
        "scope",
        "state",
        "nonce",
        "prompt",
        "max_age",
        "claims",
        "login_hint",
        "id_token_hint",
        "code_challenge",
        "code_challenge_method",
        "request",
        "request_uri",
        "unknown",
    ];
    let secret = app.secret.clone().unwrap();
    for name in of_request {
        for text in doubled(&request, name) {
            let reply = browser.send(site.http.get(format!("{}?{text}", site.protocol("auth")))).await;
            findings.judge(&format!("GET auth {name}: {text}"), &reply, refused_on_our_page(&reply));
            let post = site.http.post(site.protocol("auth")).header(CONTENT_TYPE, FORM).body(text);
            let reply = browser.send(post).await;
            findings.judge(&format!("POST auth {name}"), &reply, refused_on_our_page(&reply));
        }
    }
    let token = [
        ("grant_type", "authorization_code"),
        ("code", code.as_str()),
        ("redirect_uri", CALLBACK),
        ("code_verifier", VERIFIER),
        ("client_id", "app"),
        ("client_secret", secret.as_str()),
        ("scope", "openid"),
    ];
    let pushed = [&request[..], &[("client_secret", secret.as_str())]].concat();
    let asked = [("token", "x"), ("token_type_hint", "access_token"), ("client_id", "app"), ("client_secret", &secret)];
    let device = [("client_id", "app"), ("client_secret", secret.as_str()), ("scope", "openid")];
    let logout = [("client_id", "app"), ("client_secret", secret.as_str()), ("refresh_token", "x")];
    for (path, pairs) in [
        ("token", &token[..]),
        ("ext/par/request", &pushed[..]),
        ("token/introspect", &asked[..]),
        ("revoke", &asked[..]),
        ("auth/device", &device[..]),
        ("logout", &logout[..]),
    ] {
        let names = pairs.iter().map(|(name, _)| *name).chain(["client_assertion", "refresh_token", "unknown"]);
        for name in names {
            for text in doubled(pairs, name) {
                let request = site.http.post(site.protocol(path)).header(CONTENT_TYPE, FORM).body(text.clone());
                let reply = send(request).await;
                let verdict = refused_in_json(&reply, &["invalid_request"]);
                findings.judge(&format!("{path} {name}: {text}"), &reply, verdict);
            }
        }
    }
    findings.none(400);
    // none of that has used up the code
    site.grant(&app, &token[..4]).await.expect(200);
}
