//! An administrator's token is a token as any other: it ends with its session, its family, and when it is revoked.

use serde_json::json;

use super::{
    browser::{Asks, Browser, SECRET, Tokens},
    stage::{ALICE, Stage},
};
use crate::http::support::{Api, REALM, r, send};

async fn scene() -> (Stage, Browser, Tokens) {
    let stage = Stage::new().await;
    stage.set(json!({"accessTokenLifespan": 10_000})).await;
    stage.world.grant_admin(REALM, &stage.alice, "realm-admin").await;
    let browser = stage.browser();
    let tokens = browser.log_in(&Asks::by("app"), ALICE.0, ALICE.1).await;
    (stage, browser, tokens)
}

async fn opens(stage: &Stage, token: &str) -> bool {
    let api = Api { token: Some(token.to_owned()), ..stage.world.admin.clone() };
    let reply = api.get(&r("/users")).await;
    assert!([200, 401].contains(&reply.status), "{}", reply.text());
    reply.status == 200
}

async fn revoke(stage: &Stage, token: &str) {
    let form = [("client_id", "app"), ("client_secret", SECRET), ("token", token)];
    send(stage.world.http.post(stage.url("revoke")).form(&form)).await.expect(200);
}

#[tokio::test]
async fn a_revoked_token_opens_nothing() {
    let (stage, browser, tokens) = scene().await;
    let others = browser.go_on(&Asks::by("app")).await;
    assert!(opens(&stage, tokens.access()).await && opens(&stage, others.access()).await);
    revoke(&stage, tokens.access()).await;
    assert!(!opens(&stage, tokens.access()).await, "the token was revoked");
    assert!(opens(&stage, others.access()).await);
    let refreshed = stage.refreshed("app", &others).await;
    assert!(opens(&stage, refreshed.access()).await);
    revoke(&stage, refreshed.refresh()).await;
    assert!(!opens(&stage, refreshed.access()).await, "its family was revoked");
    assert!(!opens(&stage, others.access()).await, "and all that was in it");
    assert!(browser.is_logged_in("app").await, "another family is in the session");
}

#[tokio::test]
async fn a_stolen_refresh_token_takes_the_access_token_along() {
    let (stage, _, tokens) = scene().await;
    let newer = stage.refreshed("app", &tokens).await;
    assert!(opens(&stage, newer.access()).await);
    stage.refresh("app", tokens.refresh()).await.expect(400);
    assert!(!opens(&stage, newer.access()).await);
}

#[tokio::test]
async fn a_session_that_is_over_opens_nothing() {
    let (stage, _, tokens) = scene().await;
    assert!(opens(&stage, tokens.access()).await);
    stage.pass(1_801);
    // The session has not been used for half an hour; the token itself would have been good for much longer.
    assert!(!opens(&stage, tokens.access()).await);
}

#[tokio::test]
async fn a_clients_own_token_can_be_revoked() {
    let stage = Stage::new().await;
    let id = stage.client("robot", json!({"serviceAccountsEnabled": true}), json!({})).await;
    let account = stage.world.admin.read(&r(&format!("/clients/{id}/service-account-user"))).await;
    stage.world.grant_admin(REALM, account["id"].as_str().unwrap(), "view-users").await;
    let form = [("grant_type", "client_credentials")];
    let token = super::browser::token(stage.world.server.url(), REALM, "robot", &form).await.expect(200).access_token();
    assert!(opens(&stage, &token).await);
    let form = [("client_id", "robot"), ("client_secret", SECRET), ("token", token.as_str())];
    send(stage.world.http.post(stage.url("revoke")).form(&form)).await.expect(200);
    assert!(!opens(&stage, &token).await);
}
