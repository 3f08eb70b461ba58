//! Logging out from an application (OpenID Connect RP-Initiated Logout 1.0).

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::json;
use tests::verifier::forge::KeyPair;

use super::{
    browser::{Asks, Browser, attribute, form},
    stage::{ALICE, Stage},
};
use crate::http::support::{REALM, Reply, r, send};

const BYE: &str = "https://app.example/bye";
const CONFIRM: &str = "kc-logout-confirm";

/// The answer to a logout request with these parameters.
async fn log_out(stage: &Stage, browser: &Browser, parameters: &[(&str, &str)]) -> Reply {
    send(browser.http.get(stage.url("logout")).query(parameters)).await
}

/// Says yes.
async fn confirm(browser: &Browser, asked: &Reply) -> Reply {
    assert_eq!(asked.status, 200, "{}", asked.text());
    let (action, mut fields) = form(&asked.text(), CONFIRM);
    fields.push(("confirmLogout".to_owned(), "yes".to_owned()));
    browser.post(&action, &fields).await
}

#[track_caller]
fn is_done_page(reply: &Reply) {
    assert_eq!(reply.status, 200, "{}", reply.text());
    assert!(reply.text().contains("You are logged out"), "{}", reply.text());
    assert!(!reply.text().contains(CONFIRM), "{}", reply.text());
}

#[track_caller]
fn is_sent_to(reply: &Reply, address: &str) {
    assert_eq!((reply.status, reply.header("location")), (302, Some(address)), "{}", reply.text());
    assert_eq!(reply.header("cache-control"), Some("no-store"));
}

/// A page that says why the request isn't followed, and the event of that.
async fn is_refused(stage: &Stage, reply: &Reply, text: &str, event: &str) {
    assert_eq!(reply.status, 400, "{}", reply.text());
    assert!(reply.header("content-type").unwrap().starts_with("text/html"));
    assert!(reply.text().contains(text), "{text}: {}", reply.text());
    let events = stage.events("LOGOUT_ERROR").await;
    let told = events.iter().find(|event| reply.text().contains(event["id"].as_str().unwrap()));
    assert_eq!(told.expect("the page tells the event's id")["error"], event);
}

#[tokio::test]
async fn an_id_token_of_the_session_logs_out_at_once() {
    let stage = Stage::new().await;
    for post in [false, true] {
        let browser = stage.browser();
        let tokens = browser.log_in(&Asks::by("app"), ALICE.0, ALICE.1).await;
        assert!(browser.is_logged_in("other").await);
        let cookie = browser.cookie("KEYCLOAK_IDENTITY").unwrap();
        let state = format!("{}&=#", "x".repeat(125));
        let parameters = [("id_token_hint", tokens.id()), ("post_logout_redirect_uri", BYE), ("state", state.as_str())];
        let reply = match post {
            false => log_out(&stage, &browser, &parameters).await,
            true => send(browser.http.post(stage.url("logout")).form(&parameters)).await,
        };
        is_sent_to(&reply, &format!("{BYE}?state={}%26%3D%23", "x".repeat(125)));
        // Nothing of the session is left: not in the browser, not for whoever kept its cookie, not for its tokens.
        assert_eq!((browser.cookie("KEYCLOAK_IDENTITY"), browser.cookie("KEYCLOAK_SESSION")), (None, None));
        assert!(!browser.is_logged_in("app").await);
        browser.plant("KEYCLOAK_IDENTITY", &cookie);
        assert!(!browser.is_logged_in("app").await, "attack 32: the old cookie is dead");
        stage.userinfo(tokens.access()).await.expect(401);
        assert_eq!(stage.refresh("app", tokens.refresh()).await.expect(400).json()["error"], "invalid_grant");
        assert!(!stage.is_active("app", tokens.access()).await);
        let events = stage.events("LOGOUT").await;
        let event = events.iter().find(|event| event["sessionId"] == tokens.session()).unwrap();
        assert_eq!(
            (&event["clientId"], &event["userId"], &event["details"]["redirect_uri"]),
            (&json!("app"), &json!(stage.alice), &json!(BYE))
        );
    }
}

/// The modules `oidcc-rp-initiated-logout-no-params`, `-only-state`, `-no-post-logout-redirect-uri`, `-no-state`.
#[tokio::test]
async fn without_a_place_to_go_there_is_a_page() {
    let stage = Stage::new().await;
    let browser = stage.browser();
    for parameters in [&[][..], &[("state", "x")], &[("client_id", "app")], &[("redirect_uri", BYE), ("state", "x")]] {
        browser.log_in(&Asks::by("app"), ALICE.0, ALICE.1).await;
        let asked = log_out(&stage, &browser, parameters).await;
        assert!(browser.is_logged_in("app").await, "nobody has said yes to {parameters:?}");
        let done = confirm(&browser, &asked).await;
        is_done_page(&done);
        assert!(!browser.is_logged_in("app").await);
    }
    let tokens = browser.log_in(&Asks::by("app"), ALICE.0, ALICE.1).await;
    let done = log_out(&stage, &browser, &[("id_token_hint", tokens.id()), ("state", "x")]).await;
    is_done_page(&done);
    assert!(done.text().contains("https://app.example/home"), "a link home: {}", done.text());
    let tokens = browser.log_in(&Asks::by("app"), ALICE.0, ALICE.1).await;
    let parameters = [("id_token_hint", tokens.id()), ("post_logout_redirect_uri", BYE), ("ui_locales", "de")];
    is_sent_to(&log_out(&stage, &browser, &parameters).await, BYE);
    // Who is logged out already is told so.
    is_done_page(&log_out(&stage, &browser, &[]).await);
}

#[tokio::test]
async fn the_id_token_may_have_ended() {
    let stage = Stage::new().await;
    let browser = stage.browser();
    let tokens = browser.log_in(&Asks::by("app"), ALICE.0, ALICE.1).await;
    stage.pass(1_200);
    assert!(!stage.is_active("app", tokens.access()).await);
    let reply = log_out(&stage, &browser, &[("id_token_hint", tokens.id()), ("post_logout_redirect_uri", BYE)]).await;
    is_sent_to(&reply, BYE);
    assert!(!browser.is_logged_in("app").await);
}

/// Without an ID token a registered address is a place to go to, once the person has said yes.
#[tokio::test]
async fn a_client_id_alone_is_asked_about() {
    let stage = Stage::new().await;
    let browser = stage.browser();
    browser.log_in(&Asks::by("app"), ALICE.0, ALICE.1).await;
    let parameters = [("client_id", "app"), ("post_logout_redirect_uri", BYE), ("state", "a b")];
    let asked = log_out(&stage, &browser, &parameters).await;
    assert!(asked.text().contains("alice") && asked.text().contains("https://app.example/home"), "{}", asked.text());
    assert!(browser.is_logged_in("app").await);
    is_sent_to(&confirm(&browser, &asked).await, &format!("{BYE}?state=a+b"));
    assert!(!browser.is_logged_in("app").await);
    // Twice is no more than once.
    is_sent_to(&confirm(&browser, &asked).await, &format!("{BYE}?state=a+b"));
    // Nobody is sent away who has nothing to confirm, but a link is fine.
    let reply = log_out(&stage, &browser, &parameters).await;
    is_done_page(&reply);
    assert!(reply.text().contains(&format!("{BYE}?state=a+b")), "{}", reply.text());
}

/// Attack 7, and the modules `oidcc-rp-initiated-logout-bad-post-logout-redirect-uri`,
/// `-query-added-to-post-logout-redirect-uri`, `-no-id-token-hint`.
#[tokio::test]
async fn attack_07_nobody_is_sent_where_they_may_not_be() {
    let stage = Stage::new().await;
    let browser = stage.browser();
    let tokens = browser.log_in(&Asks::by("app"), ALICE.0, ALICE.1).await;
    for uri in [
        "https://app.example/bye2",
        "https://app.example/bye?foo=bar",
        "https://app.example/bye#x",
        "https://app.example/bye/../x",
        "https://app.example/cb",
        "https://other.example/bye",
        "https://app.example@evil.example/bye",
        "https://evil.example/bye",
        "//evil.example/bye",
        "javascript:alert(1)",
        "+",
        "-",
    ] {
        for proof in [("id_token_hint", tokens.id()), ("client_id", "app")] {
            let reply = log_out(&stage, &browser, &[proof, ("post_logout_redirect_uri", uri), ("state", "x")]).await;
            assert_eq!(reply.header("location"), None, "{uri}");
            is_refused(&stage, &reply, "Invalid redirect uri", "invalid_redirect_uri").await;
        }
    }
    let reply = log_out(&stage, &browser, &[("post_logout_redirect_uri", BYE), ("state", "x")]).await;
    is_refused(&stage, &reply, "Missing parameters: id_token_hint", "invalid_request").await;
    let reply = log_out(&stage, &browser, &[("client_id", "nobody"), ("post_logout_redirect_uri", BYE)]).await;
    is_refused(&stage, &reply, "Client not found", "client_not_found").await;
    assert!(browser.is_logged_in("app").await);
    // A star stands for what is below it, and `+` for the redirect URIs.
    stage.attributes("app", json!({"post.logout.redirect.uris": "https://app.example/out/*##+"})).await;
    for uri in ["https://app.example/out/a", "https://app.example/cb"] {
        let tokens = browser.log_in(&Asks::by("app").with("prompt", "login"), ALICE.0, ALICE.1).await;
        let parameters = [("id_token_hint", tokens.id()), ("post_logout_redirect_uri", uri)];
        is_sent_to(&log_out(&stage, &browser, &parameters).await, uri);
    }
}

/// The modules `oidcc-rp-initiated-logout-modified-id-token-hint` and `-bad-id-token-hint`, and attack 22.
#[tokio::test]
async fn an_id_token_of_somebody_else_proves_nothing() {
    let stage = Stage::new().await;
    let browser = stage.browser();
    let tokens = browser.log_in(&Asks::by("app"), ALICE.0, ALICE.1).await;
    let claims = tests::docker::claims(tokens.id());
    let part = |text: &str| URL_SAFE_NO_PAD.encode(text);
    let unsigned = format!("{}.{}.", part(r#"{"alg":"none"}"#), part(&claims.to_string()));
    let foreign = KeyPair::rsa().token(&tests::docker::header(tokens.id()), &claims);
    let mut altered = tokens.id().to_owned();
    altered.insert(altered.find('.').unwrap() + 5, 'A');
    for hint in [&unsigned, &foreign, &altered, tokens.access(), tokens.refresh(), "x", "..", "a.b.c"] {
        let parameters = [("id_token_hint", hint), ("post_logout_redirect_uri", BYE), ("client_id", "app")];
        for parameters in [&parameters[..], &parameters[..2], &parameters[..1]] {
            let reply = log_out(&stage, &browser, parameters).await;
            is_refused(&stage, &reply, "Session not active", "invalid_token").await;
        }
    }
    let parameters = [("id_token_hint", tokens.id()), ("client_id", "other")];
    is_refused(&stage, &log_out(&stage, &browser, &parameters).await, "Invalid parameter", "invalid_token").await;
    assert!(browser.is_logged_in("app").await);
}

/// An ID token that is good, but not about the session in this browser.
#[tokio::test]
async fn another_session_than_the_browsers_is_asked_about() {
    let stage = Stage::new().await;
    stage.world.user("bob", "builder").await;
    let (one, two, bobs) = (stage.browser(), stage.browser(), stage.browser());
    let first = one.log_in(&Asks::by("app"), ALICE.0, ALICE.1).await;
    let second = two.log_in(&Asks::by("app"), ALICE.0, ALICE.1).await;
    bobs.log_in(&Asks::by("app"), "bob", "builder").await;
    assert_ne!(first.session(), second.session());
    let parameters = [("id_token_hint", first.id()), ("post_logout_redirect_uri", BYE)];
    for browser in [&two, &bobs] {
        let asked = log_out(&stage, browser, &parameters).await;
        assert!(asked.text().contains(CONFIRM));
        assert!(browser.is_logged_in("app").await && one.is_logged_in("app").await);
        is_sent_to(&confirm(browser, &asked).await, BYE);
        assert!(!browser.is_logged_in("app").await && one.is_logged_in("app").await);
    }
    // A browser without a session is no reason to keep the application's: its ID token says which one that is.
    is_sent_to(&log_out(&stage, &stage.browser(), &parameters).await, BYE);
    assert!(!one.is_logged_in("app").await);
    is_sent_to(&log_out(&stage, &one, &parameters).await, BYE);
}

/// Attack 45: no other page, and nobody with a page of their own, can say yes for the person.
#[tokio::test]
async fn attack_45_only_the_page_itself_can_confirm() {
    let stage = Stage::new().await;
    stage.world.user("mallory", "pw").await;
    let (victim, attacker) = (stage.browser(), stage.browser());
    victim.log_in(&Asks::by("app"), ALICE.0, ALICE.1).await;
    attacker.log_in(&Asks::by("app"), "mallory", "pw").await;
    let asked = log_out(&stage, &victim, &[]).await;
    assert!(asked.header("content-security-policy").unwrap().contains("frame-ancestors 'none'"));
    let (action, victims) = form(&asked.text(), CONFIRM);
    let (_, attackers) = form(&log_out(&stage, &attacker, &[]).await.text(), CONFIRM);
    // The text of a login that is under way is no better.
    let login = attacker.authorize(&Asks::by("app").with("prompt", "login")).await;
    let of_login = vec![("session_code".to_owned(), super::browser::parameter(&login, "session_code").unwrap())];
    for fields in [attackers.clone(), of_login, vec![], vec![("session_code".to_owned(), "x".to_owned())]] {
        let reply = victim.post(&action, &fields).await;
        is_refused(&stage, &reply, "This page has expired", "expired_code").await;
    }
    // Even with the attacker's mark in the victim's browser: the page was about another session.
    victim.plant("AUTH_SESSION_ID", &attacker.cookie("AUTH_SESSION_ID").unwrap());
    let reply = victim.post(&action, &attackers).await;
    is_refused(&stage, &reply, "Somebody else has logged in", "different_user_authenticated").await;
    // A page that is not asked for by GET, and one that was left alone.
    assert_eq!(victim.get(&action).await.status, 405);
    let late = log_out(&stage, &victim, &[]).await;
    stage.pass(1_801);
    let (_, late) = form(&late.text(), CONFIRM);
    assert_eq!(victim.post(&action, &late).await.status, 400);
    assert_eq!(victim.post(&action, &victims).await.status, 400);
}

/// What is registered when the person says yes is what counts.
#[tokio::test]
async fn a_place_that_was_taken_away_is_not_gone_to() {
    let stage = Stage::new().await;
    let browser = stage.browser();
    browser.log_in(&Asks::by("app"), ALICE.0, ALICE.1).await;
    let asked = log_out(&stage, &browser, &[("client_id", "app"), ("post_logout_redirect_uri", BYE)]).await;
    stage.attributes("app", json!({"post.logout.redirect.uris": "-"})).await;
    is_done_page(&confirm(&browser, &asked).await);
    assert!(!browser.is_logged_in("app").await);
}

#[tokio::test]
async fn a_realm_that_is_off_or_not_there_logs_nobody_out() {
    let stage = Stage::new().await;
    let browser = stage.browser();
    let nowhere = stage.url("logout").replace(REALM, "nowhere");
    assert_eq!(browser.get(&nowhere).await.status, 404);
    stage.set(json!({"enabled": false})).await;
    let reply = log_out(&stage, &browser, &[]).await;
    assert_eq!(reply.status, 400);
    assert!(reply.text().contains("Realm not enabled"), "{}", reply.text());
    stage.world.admin.put(&r(""), json!({"enabled": true, "sslRequired": "all"})).await.expect(204);
    assert!(log_out(&stage, &browser, &[]).await.expect(400).text().contains("HTTPS required"));
}

/// Attack 9: what the request brings is shown or sent as text.
#[tokio::test]
async fn attack_09_what_is_asked_is_never_markup() {
    let stage = Stage::new().await;
    let browser = stage.browser();
    browser.log_in(&Asks::by("app"), ALICE.0, ALICE.1).await;
    let script = "\"><script>alert(1)</script>\r\nX-Evil: 1";
    for name in ["state", "client_id", "id_token_hint", "post_logout_redirect_uri", "ui_locales", "logout_hint"] {
        let reply = log_out(&stage, &browser, &[(name, script)]).await;
        assert!(!reply.text().contains("<script>alert"), "{name}: {}", reply.text());
        assert_eq!(reply.header("x-evil"), None, "{name}");
        let policy = reply.header("content-security-policy").unwrap();
        assert!(!policy.contains("unsafe-inline"), "{policy}");
    }
    let parameters = [("client_id", "app"), ("post_logout_redirect_uri", BYE), ("state", script)];
    let asked = log_out(&stage, &browser, &parameters).await;
    let sent = confirm(&browser, &asked).await.expect(302);
    assert_eq!(super::browser::parameter(&sent, "state").as_deref(), Some(script));
    assert_eq!(sent.header("x-evil"), None);
    // The link on the page that is shown without a session.
    let done = log_out(&stage, &browser, &parameters).await;
    let link = attribute(done.text().split_once("backToApplication").unwrap().1, "href");
    assert!(link.starts_with(&format!("{BYE}?state=%22%3E")), "{link}");
}
