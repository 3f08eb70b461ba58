//! The real binary ends as in a power failure: no session is lost by it, and nothing that was revoked comes back.

use serde_json::json;
use tests::{Program, program::Setup};

use super::browser::{Asks, Browser, SECRET, callback, token};
use crate::http::support::{REALM, send};

#[tokio::test]
async fn a_crash_loses_no_session_and_revives_no_token() {
    let mut program = Program::start(Setup::default()).await;
    let admin = program.admin().await;
    admin.create_realm(REALM).await;
    admin.create_user(REALM, "alice", "wonderland").await;
    let client = json!({
        "clientId": "app", "publicClient": false, "secret": SECRET, "redirectUris": [callback("app")],
    });
    let _ = admin.post(&format!("/realms/{REALM}/clients"), Some(client)).await.expect(201);
    let url = program.url();
    let path = |path: &str| format!("{url}/realms/{REALM}/protocol/openid-connect/{path}");
    let http = tests::answer::http();
    let refresh = async |refresh_token: &str| {
        let form = [("grant_type", "refresh_token"), ("refresh_token", refresh_token)];
        token(&url, REALM, "app", &form).await
    };
    let userinfo = async |access_token: &str| send(http.get(path("userinfo")).bearer_auth(access_token)).await.status;
    let revoke = async |token: &str| {
        let form = [("client_id", "app"), ("client_secret", SECRET), ("token", token)];
        send(http.post(path("revoke")).form(&form)).await.expect(200);
    };

    let (browser, gone) = (Browser::new(&url), Browser::new(&url));
    let kept = browser.log_in(&Asks::by("app"), "alice", "wonderland").await;
    let revoked = browser.go_on(&Asks::by("app")).await;
    let by_family = browser.go_on(&Asks::by("app")).await;
    let replayed = browser.go_on(&Asks::by("app")).await;
    let ended = gone.log_in(&Asks::by("app"), "alice", "wonderland").await;
    let cookie = gone.cookie("KEYCLOAK_IDENTITY").unwrap();
    let offline =
        browser.go_on(&Asks { scope: "openid offline_access", ..Asks::by("app") }).await;
    revoke(revoked.access()).await;
    revoke(by_family.refresh()).await;
    let newer = refresh(replayed.refresh()).await.expect(200).json();
    send(gone.http.get(path("logout")).query(&[("id_token_hint", ended.id())])).await.expect(200);

    program.kill9();
    program.restart().await;

    assert!(browser.is_logged_in("app").await);
    assert_eq!(userinfo(kept.access()).await, 200);
    refresh(kept.refresh()).await.expect(200);
    refresh(offline.refresh()).await.expect(200);
    refresh(newer["refresh_token"].as_str().unwrap()).await.expect(200);
    assert_eq!(userinfo(revoked.access()).await, 401);
    assert_eq!(userinfo(by_family.access()).await, 401);
    refresh(by_family.refresh()).await.expect(400);
    // An older token of a family is a replay after a crash as before.
    refresh(replayed.refresh()).await.expect(400);
    assert_eq!(userinfo(newer["access_token"].as_str().unwrap()).await, 401);
    gone.plant("KEYCLOAK_IDENTITY", &cookie);
    assert!(!gone.is_logged_in("app").await);
    refresh(ended.refresh()).await.expect(400);
    assert_eq!(userinfo(ended.access()).await, 401);
    assert!(browser.is_logged_in("app").await);
}
