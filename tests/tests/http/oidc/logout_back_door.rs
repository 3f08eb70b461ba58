//! Keycloak's logout without a browser: `POST …/logout` with a refresh token.

use super::{
    browser::{Asks, SECRET},
    stage::{ALICE, Stage},
};
use crate::http::support::{Reply, send};

async fn log_out(stage: &Stage, client: &str, refresh_token: &str) -> Reply {
    let form = [("client_id", client), ("client_secret", SECRET), ("refresh_token", refresh_token)];
    send(stage.world.http.post(stage.url("logout")).form(&form)).await
}

#[tokio::test]
async fn a_refresh_token_ends_its_session() {
    let stage = Stage::new().await;
    let browser = stage.browser();
    let tokens = browser.log_in(&Asks::by("app"), ALICE.0, ALICE.1).await;
    let others = browser.go_on(&Asks::by("other")).await;
    // Not everybody's, and not with another kind of token.
    for (client, token) in [("other", tokens.refresh()), ("app", tokens.access()), ("app", tokens.id()), ("app", "x")] {
        let reply = log_out(&stage, client, token).await.expect(400);
        assert_eq!(reply.json()["error"], "invalid_grant", "{}", reply.text());
    }
    assert_eq!(log_out(&stage, "app", "").await.expect(400).json()["error"], "invalid_request");
    let form = [("client_id", "app"), ("client_secret", "wrong"), ("refresh_token", tokens.refresh())];
    send(stage.world.http.post(stage.url("logout")).form(&form)).await.expect(401);
    assert!(browser.is_logged_in("app").await);

    let reply = log_out(&stage, "app", tokens.refresh()).await.expect(204);
    assert!(reply.body.is_empty());
    assert!(!browser.is_logged_in("app").await);
    stage.refresh("other", others.refresh()).await.expect(400);
    assert_eq!(stage.events("LOGOUT").await[0]["sessionId"], tokens.session());
    // As logged out as can be.
    log_out(&stage, "app", tokens.refresh()).await.expect(204);
}

#[tokio::test]
async fn an_offline_token_ends_the_offline_session_only() {
    let stage = Stage::new().await;
    let browser = stage.browser();
    let asks = Asks { scope: "openid offline_access", ..Asks::by("app") };
    let offline = browser.log_in(&asks, ALICE.0, ALICE.1).await;
    let online = browser.go_on(&Asks::by("app")).await;
    assert_eq!(offline.session(), online.session());
    let offline = stage.refreshed("app", &offline).await;
    log_out(&stage, "app", offline.refresh()).await.expect(204);
    stage.refresh("app", offline.refresh()).await.expect(400);
    assert!(browser.is_logged_in("app").await);
    let online = stage.refreshed("app", &online).await;
    // And the other way round: a logout in the browser leaves an offline session alone, as in Keycloak.
    let offline = browser.go_on(&asks).await;
    log_out(&stage, "app", online.refresh()).await.expect(204);
    assert!(!browser.is_logged_in("app").await);
    stage.refreshed("app", &offline).await;
}
