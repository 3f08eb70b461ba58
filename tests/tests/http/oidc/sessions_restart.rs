//! The real binary ends as in a power failure: no session is lost by it, nothing that was revoked comes back, and who was
//! to be told of an ended session is told.

use serde_json::json;
use tests::{Admin, Program, poll::until, program::Setup};

use super::{
    browser::{Asks, Browser, SECRET, callback, token},
    recorder::Recorder,
};
use crate::http::support::{REALM, send};

/// A realm with Alice and the client `app`.
async fn realm(admin: &Admin, attributes: serde_json::Value) {
    let realm = json!({
        "realm": REALM, "enabled": true, "attributes": {"outgoing.allowed-networks": "127.0.0.0/8"},
    });
    let _ = admin.post("/realms", Some(realm)).await.expect(201);
    admin.create_user(REALM, "alice", "wonderland").await;
    let client = json!({
        "clientId": "app", "publicClient": false, "secret": SECRET, "redirectUris": [callback("app")],
        "attributes": attributes,
    });
    let _ = admin.post(&format!("/realms/{REALM}/clients"), Some(client)).await.expect(201);
}

#[tokio::test]
async fn a_crash_loses_no_notice_and_no_message_to_a_webhook() {
    let mut program = Program::start(Setup::default()).await;
    let recorder = Recorder::start();
    let attributes = json!({"backchannel.logout.url": recorder.url("/app")});
    realm(&program.admin().await, attributes).await;
    let browser = Browser::new(&program.url());
    let tokens = browser.log_in(&Asks::by("app"), "alice", "wonderland").await;
    let listener = Recorder::start();
    let webhook = json!({"url": listener.url("/events"), "eventsEnabled": true, "eventTypes": ["LOGOUT"]});
    let _ = program.admin().await.post(&format!("/realms/{REALM}/webhooks"), Some(webhook)).await.expect(201);
    listener.answers(&[500]);
    recorder.answers(&[500]);
    let logout = format!("{}/realms/{REALM}/protocol/openid-connect/logout", program.url());
    send(browser.http.get(logout).query(&[("id_token_hint", tokens.id())])).await.expect(200);
    let put_off = async || (program.log().matches("a job was put off").count() == 2).then_some(());
    until("notice and message to be put off", 20, put_off).await;
    program.kill9();
    program.restart().await;
    let heard = recorder.after(2).await;
    assert_eq!(tests::docker::claims(&heard[1].form[0].1)["sid"], tokens.session());
    let told = listener.after(2).await;
    assert_eq!((told[0].header("webhook-id"), &told[0].body), (told[1].header("webhook-id"), &told[1].body));
    assert!(told[1].body.contains(&tokens.session()), "{told:?}");
    // And the program ends well with nothing left to do.
    assert!(program.stop().success(), "{}", program.log());
}

#[tokio::test]
async fn a_crash_loses_no_session_and_revives_no_token() {
    let mut program = Program::start(Setup::default()).await;
    realm(&program.admin().await, json!({})).await;
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
    let offline = browser.go_on(&Asks { scope: "openid offline_access", ..Asks::by("app") }).await;
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
