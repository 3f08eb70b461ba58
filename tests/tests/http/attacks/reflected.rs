//! Text of strangers on our pages and in our headers: it is inert wherever it comes from.

use serde_json::json;

use super::{
    findings::Findings,
    stage::{Browser, location},
};
use crate::http::support::{Reply, World, send};

const PAYLOADS: [&str; 9] = [
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>",
    "'><svg/onload=alert(1)>",
    "</title><script>alert(1)</script>",
    "\" onfocus=alert(1) autofocus x=\"",
    "' onmouseover='alert(1)",
    "--><script>alert(1)</script>",
    "{{7*7}}<b>${7*7}</b>",
    "\u{2028}<a href=javascript:alert(1)>x</a>",
];

/// Nothing of the payload came back as it was sent.
fn inert(reply: &Reply, payload: &str) -> Result<(), String> {
    let body = reply.text();
    let content_type = reply.headers.get("content-type").and_then(|value| value.to_str().ok()).unwrap_or_default();
    if content_type.starts_with("text/html") && body.contains(payload) {
        return Err("the payload stands in the page".to_owned());
    }
    if reply.status >= 500 {
        return Err("a failure".to_owned());
    }
    let policy = reply.headers.get("content-security-policy").and_then(|value| value.to_str().ok()).unwrap_or_default();
    if !policy.starts_with("default-src 'none'") || policy.contains("unsafe") {
        return Err(format!("the policy would let it run: {policy}"));
    }
    if reply.headers.values().any(|value| value.as_bytes().windows(7).any(|window| window == b"<script")) {
        return Err("the payload stands in a header".to_owned());
    }
    Ok(())
}

#[tokio::test]
async fn attack_09_reflected_text_go_2026_4861() {
    let (world, site) = World::with_alice().await;
    let app = world.app("app", json!({"name": "<b>App</b>"})).await;
    let shy = world.app("shy", json!({"consentRequired": true, "name": PAYLOADS[0]})).await;
    let browser = Browser::default();
    let mut findings = Findings::default();
    // on the error page, the login page and the page that posts the answer
    let names = [
        "error",
        "error_description",
        "error_hint",
        "error_uri",
        "state",
        "client_id",
        "redirect_uri",
        "response_type",
        "scope",
        "nonce",
        "prompt",
        "max_age",
        "login_hint",
        "ui_locales",
        "acr_values",
        "kc_action",
        "claims",
        "request",
        "request_uri",
        "code_challenge",
    ];
    for payload in PAYLOADS {
        for name in names {
            for mode in ["query", "form_post"] {
                let reply =
                    site.authorize(&browser, &site.request(&app, &[(name, payload), ("response_mode", mode)])).await;
                let what = format!("{name} {mode} {payload}");
                findings.judge(&what, &reply, inert(&reply, payload));
                if reply.status == 302 && location(&reply).contains("/login-actions/") {
                    let page = site.follow(&browser, &reply).await;
                    findings.judge(&format!("{what}: the login page"), &page, inert(&page, payload));
                }
            }
        }
        let reply = site.authorize(&browser, &site.request(&app, &[])).await;
        let again = site.type_password(&browser, &reply, (payload, payload)).await;
        findings.judge(&format!("a username {payload}"), &again, inert(&again, payload));
        let form = [("device_user_code", payload)];
        let page = browser.send(site.http.post(site.url("/device")).form(&form)).await;
        findings.judge(&format!("a typed code {payload}"), &page, inert(&page, payload));
        for (path, name) in [
            ("/device", "user_code"),
            ("/device/status", "outcome"),
            ("/device/status", "error"),
            ("/login-actions/authenticate", "session_code"),
            ("/login-actions/authenticate", "error_description"),
            ("/login-actions/consent", "session_code"),
            ("/login-actions/restart", "client_id"),
            ("/login-actions/expired", "error"),
            ("/protocol/openid-connect/userinfo", "access_token"),
            ("/.well-known/openid-configuration", "x"),
        ] {
            let page = browser.send(site.http.get(site.url(path)).query(&[(name, payload)])).await;
            findings.judge(&format!("{path} {name} {payload}"), &page, inert(&page, payload));
        }
        for path in ["token", "ext/par/request", "revoke", "token/introspect", "auth/device"] {
            for name in ["client_id", "grant_type", "token_type_hint", "scope", "error"] {
                let form = [(name, payload), ("token", "x")];
                let reply = send(site.http.post(site.protocol(path)).form(&form)).await;
                let json = reply.header("content-type") == Some("application/json");
                findings.check(json, || format!("{path} {name} {payload}: {:?}", reply.header("content-type")));
                findings.judge(&format!("{path} {name} {payload}"), &reply, inert(&reply, payload));
            }
        }
    }
    // logged in: the state comes back in a form that posts itself
    let code = site.code(&browser, &app, &[]).await;
    assert!(!code.is_empty());
    for payload in PAYLOADS {
        let request = site.request(&app, &[("state", payload), ("response_mode", "form_post")]);
        let page = site.authorize(&browser, &request).await.expect(200);
        assert!(page.text().contains("name=\"state\"") && page.text().contains("name=\"code\""), "{}", page.text());
        findings.judge(&format!("state in the answer {payload}"), &page, inert(&page, payload));
    }
    // a client that is called like that
    let reply = site.authorize(&browser, &site.request(&shy, &[])).await;
    let page = site.follow(&browser, &reply).await.expect(200);
    findings.judge("the consent page", &page, inert(&page, PAYLOADS[0]));
    findings.none(700);
}
