//! How long sessions last: without use and at the most, of browsers and without them, and what a client says of its own.

use serde_json::json;

use super::{
    browser::{Asks, Browser, Tokens},
    stage::{ALICE, Stage},
};

const HOUR: u64 = 3_600;

async fn logged_in(stage: &Stage) -> (Browser, Tokens) {
    let browser = stage.browser();
    let tokens = browser.log_in(&Asks::by("app"), ALICE.0, ALICE.1).await;
    (browser, tokens)
}

async fn is_over(stage: &Stage, tokens: &Tokens) {
    let reply = stage.refresh("app", tokens.refresh()).await.expect(400);
    assert_eq!(reply.json()["error"], "invalid_grant", "{}", reply.text());
}

#[tokio::test]
async fn a_session_that_is_not_used_ends() {
    let stage = Stage::new().await;
    stage.set(json!({"ssoSessionIdleTimeout": 1_000, "accessTokenLifespan": 5_000})).await;
    let (browser, tokens) = logged_in(&stage).await;
    // A visit is use, and a refresh is.
    for _ in 0..2 {
        stage.pass(900);
        assert!(browser.is_logged_in("app").await);
    }
    is_over(&stage, &tokens).await;
    let tokens = browser.go_on(&Asks::by("app")).await;
    stage.pass(900);
    let tokens = stage.refreshed("app", &tokens).await;
    stage.pass(900);
    stage.userinfo(tokens.access()).await.expect(200);
    assert!(stage.is_active("app", tokens.access()).await);
    // To look at a token is none.
    stage.pass(101);
    stage.userinfo(tokens.access()).await.expect(401);
    assert!(!stage.is_active("app", tokens.access()).await);
    assert!(!stage.is_active("app", tokens.refresh()).await);
    assert!(!browser.is_logged_in("app").await);
    is_over(&stage, &tokens).await;
}

#[tokio::test]
async fn a_session_ends_however_much_it_is_used() {
    let stage = Stage::new().await;
    stage
        .set(json!({"ssoSessionIdleTimeout": 1_000, "ssoSessionMaxLifespan": 3_000, "accessTokenLifespan": 900}))
        .await;
    let (browser, mut tokens) = logged_in(&stage).await;
    for _ in 0..3 {
        stage.pass(900);
        tokens = stage.refreshed("app", &tokens).await;
    }
    // Nothing lasts longer than the session.
    assert_eq!(
        (&tokens.answer["expires_in"], &tokens.answer["refresh_expires_in"]),
        (&json!(300), &json!(300)),
        "{}",
        tokens.answer
    );
    stage.pass(299);
    assert!(browser.is_logged_in("app").await);
    stage.pass(2);
    assert!(!browser.is_logged_in("app").await);
    stage.userinfo(tokens.access()).await.expect(401);
    is_over(&stage, &tokens).await;
    // Proving it again makes no session older than it may become.
    let (browser, tokens) = logged_in(&stage).await;
    for _ in 0..3 {
        stage.pass(900);
        browser.log_in(&Asks::by("app").with("prompt", "login"), ALICE.0, ALICE.1).await;
    }
    stage.pass(301);
    assert!(!browser.is_logged_in("app").await);
    is_over(&stage, &tokens).await;
}

#[tokio::test]
async fn a_shorter_limit_counts_at_once() {
    let stage = Stage::new().await;
    let (browser, tokens) = logged_in(&stage).await;
    stage.pass(500);
    assert!(stage.is_active("app", tokens.refresh()).await);
    stage.set(json!({"ssoSessionMaxLifespan": 400})).await;
    assert!(!browser.is_logged_in("app").await);
    is_over(&stage, &tokens).await;
}

#[tokio::test]
async fn a_remembered_session_has_limits_of_its_own() {
    let stage = Stage::new().await;
    stage
        .set(json!({
            "rememberMe": true, "ssoSessionIdleTimeout": 1_000, "ssoSessionMaxLifespan": 3_000,
            "ssoSessionIdleTimeoutRememberMe": 5_000, "ssoSessionMaxLifespanRememberMe": 9_000,
        }))
        .await;
    let usual = stage.browser();
    usual.log_in(&Asks::by("app"), ALICE.0, ALICE.1).await;
    let remembered = stage.browser();
    let tokens = remembered.log_in_remembered(&Asks::by("app"), ALICE.0, ALICE.1).await;
    assert_eq!(tokens.answer["refresh_expires_in"], 5_000);
    stage.pass(4_500);
    assert!(!usual.is_logged_in("app").await && remembered.is_logged_in("app").await);
    stage.pass(4_499);
    assert!(remembered.is_logged_in("app").await);
    stage.pass(2);
    assert!(!remembered.is_logged_in("app").await);
    // Without limits of its own it has the usual ones.
    stage.set(json!({"ssoSessionIdleTimeoutRememberMe": 0, "ssoSessionMaxLifespanRememberMe": 0})).await;
    let tokens = remembered.log_in_remembered(&Asks::by("app"), ALICE.0, ALICE.1).await;
    assert_eq!(tokens.answer["refresh_expires_in"], 1_000);
    // And nobody is remembered where the realm doesn't.
    stage.set(json!({"rememberMe": false, "ssoSessionIdleTimeoutRememberMe": 5_000})).await;
    let other = stage.browser();
    other.log_in_remembered(&Asks::by("app"), ALICE.0, ALICE.1).await;
    stage.pass(1_001);
    assert!(!other.is_logged_in("app").await);
}

#[tokio::test]
async fn the_cookie_of_a_remembered_session_outlives_the_browser() {
    let stage = Stage::new().await;
    stage.set(json!({"rememberMe": true, "ssoSessionMaxLifespanRememberMe": 9_000})).await;
    for (remember_me, age) in [(true, Some("Max-Age=9000")), (false, None)] {
        let reply = stage.browser().submit_login(&Asks::by("app"), ALICE.0, ALICE.1, remember_me).await.expect(302);
        let cookies: Vec<_> = reply.headers.get_all("set-cookie").iter().map(|value| value.to_str().unwrap()).collect();
        let identity = cookies.iter().find(|cookie| cookie.starts_with("KEYCLOAK_IDENTITY=")).unwrap();
        assert_eq!(identity.split("; ").find(|part| part.starts_with("Max-Age")), age, "{identity}");
        assert!(identity.contains("HttpOnly") && identity.contains("Path=/realms/acme/"), "{identity}");
    }
}

#[tokio::test]
async fn an_offline_session_goes_on_by_itself() {
    let stage = Stage::new().await;
    stage
        .set(json!({
            "ssoSessionIdleTimeout": 1_000, "ssoSessionMaxLifespan": 3_000, "offlineSessionIdleTimeout": 100 * HOUR,
            "offlineSessionMaxLifespanEnabled": false,
        }))
        .await;
    let browser = stage.browser();
    let asks = Asks { scope: "openid offline_access", ..Asks::by("app") };
    let mut tokens = browser.log_in(&asks, ALICE.0, ALICE.1).await;
    assert_eq!(tokens.answer["refresh_expires_in"], 0, "{}", tokens.answer);
    // Far beyond the browser's session, as long as it is used.
    for _ in 0..4 {
        stage.pass(99 * HOUR);
        assert!(!browser.is_logged_in("app").await);
        tokens = stage.refreshed("app", &tokens).await;
        stage.userinfo(tokens.access()).await.expect(200);
    }
    stage.pass(100 * HOUR + 1);
    is_over(&stage, &tokens).await;
    // With a longest life.
    stage.set(json!({"offlineSessionMaxLifespanEnabled": true, "offlineSessionMaxLifespan": 150 * HOUR})).await;
    let mut tokens = browser.log_in(&asks, ALICE.0, ALICE.1).await;
    assert_eq!(tokens.answer["refresh_expires_in"], 100 * HOUR);
    stage.pass(99 * HOUR);
    tokens = stage.refreshed("app", &tokens).await;
    assert_eq!(tokens.answer["refresh_expires_in"], 51 * HOUR);
    stage.pass(51 * HOUR + 1);
    is_over(&stage, &tokens).await;
}

#[tokio::test]
async fn a_client_may_want_less() {
    let stage = Stage::new().await;
    stage.set(json!({"clientSessionIdleTimeout": 700, "clientSessionMaxLifespan": 1_500})).await;
    let (browser, tokens) = logged_in(&stage).await;
    assert_eq!(tokens.answer["refresh_expires_in"], 700);
    stage.pass(600);
    let tokens = stage.refreshed("app", &tokens).await;
    stage.pass(600);
    let tokens = stage.refreshed("app", &tokens).await;
    assert_eq!(tokens.answer["refresh_expires_in"], 300, "what is left of its longest life");
    stage.pass(301);
    is_over(&stage, &tokens).await;
    // The session itself goes on.
    assert!(browser.is_logged_in("app").await);

    let own = json!({
        "client.session.idle.timeout": "200", "client.session.max.lifespan": "1000", "access.token.lifespan": "77",
        "client.offline.session.idle.timeout": "5000", "client.offline.session.max.lifespan": "9000",
    });
    stage.attributes("app", own).await;
    let (_, tokens) = logged_in(&stage).await;
    assert_eq!((&tokens.answer["refresh_expires_in"], &tokens.answer["expires_in"]), (&json!(200), &json!(77)));
    stage.pass(78);
    stage.userinfo(tokens.access()).await.expect(401);
    stage.pass(123);
    is_over(&stage, &tokens).await;
    let browser = stage.browser();
    let asks = Asks { scope: "openid offline_access", ..Asks::by("app") };
    stage.set(json!({"offlineSessionMaxLifespanEnabled": true, "offlineSessionMaxLifespan": 100 * HOUR})).await;
    let tokens = browser.log_in(&asks, ALICE.0, ALICE.1).await;
    assert_eq!(tokens.answer["refresh_expires_in"], 5_000);
    stage.pass(4_900);
    let tokens = stage.refreshed("app", &tokens).await;
    assert_eq!(tokens.answer["refresh_expires_in"], 4_100);
    stage.pass(4_101);
    is_over(&stage, &tokens).await;
}

/// Attack 32: what a browser shows is new whenever the user proves who they are, and what it showed before is nothing.
#[tokio::test]
async fn attack_32_a_cookie_from_before_the_login_is_nothing() {
    let stage = Stage::new().await;
    stage.world.user("mallory", "pw").await;
    let browser = stage.browser();
    let planted = "A".repeat(43);
    browser.plant("KEYCLOAK_IDENTITY", &planted);
    assert!(!browser.is_logged_in("app").await);
    let tokens = browser.log_in(&Asks::by("app"), ALICE.0, ALICE.1).await;
    let first = browser.cookie("KEYCLOAK_IDENTITY").unwrap();
    assert_ne!(first, planted);
    browser.log_in(&Asks::by("app").with("prompt", "login"), ALICE.0, ALICE.1).await;
    let second = browser.cookie("KEYCLOAK_IDENTITY").unwrap();
    assert_ne!(first, second);
    let thief = stage.browser();
    for old in [planted, first, tokens.session()] {
        thief.plant("KEYCLOAK_IDENTITY", &old);
        assert!(!thief.is_logged_in("app").await);
    }
    // Mallory's session in Alice's browser: Alice's login makes another one.
    let (mallory, alice) = (stage.browser(), stage.browser());
    mallory.log_in(&Asks::by("app"), "mallory", "pw").await;
    let theirs = mallory.cookie("KEYCLOAK_IDENTITY").unwrap();
    alice.plant("KEYCLOAK_IDENTITY", &theirs);
    let form = alice.authorize(&Asks::by("app").with("prompt", "login")).await;
    let page = alice.get(form.header("location").unwrap()).await.expect(200);
    let restart = super::browser::attribute(page.text().split_once("reset-login").unwrap().1, "href");
    alice.get(&restart).await.expect(302);
    let tokens = alice.log_in(&Asks::by("app"), ALICE.0, ALICE.1).await;
    assert_eq!(tokens.subject(), stage.alice);
    assert_ne!(alice.cookie("KEYCLOAK_IDENTITY").unwrap(), theirs);
    assert!(!mallory.is_logged_in("app").await);
}
