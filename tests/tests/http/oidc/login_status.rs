//! What applications load into hidden frames (OpenID Connect Session Management 1.0, and Keycloak's cookie probe).

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use openssl::sha::sha256;
use serde_json::json;

use super::{
    browser::Asks,
    stage::{ALICE, Stage},
};
use crate::http::support::{REALM, send};

#[tokio::test]
async fn anyone_may_frame_the_pages() {
    let stage = Stage::new().await;
    for path in [
        "login-status-iframe.html",
        "login-status-iframe.html?version=1x2",
        "3p-cookies/step1.html",
        "3p-cookies/step2.html",
    ] {
        let reply = stage.world.http.get(stage.url(path));
        let reply = send(reply).await.expect(200);
        assert!(reply.header("content-type").unwrap().starts_with("text/html"), "{path}");
        assert_eq!(reply.header("x-frame-options"), None, "{path}");
        let policy = reply.header("content-security-policy").unwrap();
        assert!(!policy.contains("frame-ancestors") && policy.contains("script-src 'self'"), "{path}: {policy}");
        let elsewhere = stage.url(path).replace(REALM, "nowhere");
        send(stage.world.http.get(elsewhere)).await.expect(404);
    }
}

#[tokio::test]
async fn only_pages_of_the_client_may_ask() {
    let stage = Stage::new().await;
    stage.client("plus", json!({"webOrigins": ["+"]}), json!({})).await;
    stage.client("off", json!({"enabled": false}), json!({})).await;
    let own = stage.world.server.url();
    let ask = async |query: &[(&str, &str)]| {
        send(stage.world.http.get(stage.url("login-status-iframe.html/init")).query(query)).await.status
    };
    for (client, origin, status) in [
        ("app", "https://app.example", 204),
        ("app", own, 204),
        ("app", "https://other.example", 403),
        ("app", "https://app.example.evil.example", 403),
        ("app", "null", 403),
        ("app", "", 403),
        ("app", "*", 403),
        ("app", "+", 403),
        ("plus", "https://plus.example", 204),
        ("plus", "https://plus.example/cb", 403),
        ("off", "https://off.example", 403),
        ("nobody", "https://app.example", 403),
        ("", own, 403),
    ] {
        assert_eq!(ask(&[("client_id", client), ("origin", origin)]).await, status, "{client} {origin}");
    }
    for query in [
        &[][..],
        &[("client_id", "app")],
        &[("origin", own)],
        &[("client_id", "app"), ("client_id", "app"), ("origin", own)],
        &[("client_id", "a\0"), ("origin", own)],
        &[("client_id", &"x".repeat(5_000)), ("origin", own)],
    ] {
        assert_eq!(ask(query).await, 403, "{query:.60?}");
    }
    let elsewhere = stage.url("login-status-iframe.html/init").replace(REALM, "nowhere");
    send(stage.world.http.get(elsewhere).query(&[("client_id", "app"), ("origin", own)])).await.expect(403);
}

/// What the frame's script compares.
#[tokio::test]
async fn the_readable_cookie_follows_the_session() {
    let stage = Stage::new().await;
    let browser = stage.browser();
    let tokens = browser.log_in(&Asks::by("app"), ALICE.0, ALICE.1).await;
    let of = |session: &str| URL_SAFE_NO_PAD.encode(sha256(session.as_bytes()));
    assert_eq!(browser.cookie("KEYCLOAK_SESSION"), Some(of(&tokens.session())));
    // The same session after another proof, under another secret.
    let secret = browser.cookie("KEYCLOAK_IDENTITY");
    let again = browser.log_in(&Asks::by("app").with("prompt", "login"), ALICE.0, ALICE.1).await;
    assert_eq!(again.session(), tokens.session());
    assert_eq!(browser.cookie("KEYCLOAK_SESSION"), Some(of(&tokens.session())));
    assert_ne!(browser.cookie("KEYCLOAK_IDENTITY"), secret);
    send(browser.http.get(stage.url("logout")).query(&[("id_token_hint", tokens.id())])).await.expect(200);
    assert_eq!(browser.cookie("KEYCLOAK_SESSION"), None);
}
