//! Administrators who act as a user.

use reqwest::header::{COOKIE, SET_COOKIE};
use serde_json::{Value, json};

use crate::http::support::{World, field, r, send};

/// What a browser sends after an answer.
fn cookies(reply: &crate::http::support::Reply) -> String {
    let cookies = reply.headers.get_all(SET_COOKIE).iter().map(|cookie| cookie.to_str().unwrap());
    cookies.map(|cookie| cookie.split(';').next().unwrap()).collect::<Vec<_>>().join("; ")
}

#[tokio::test]
async fn an_administrator_gets_a_session_of_the_user() {
    let world = World::start().await;
    let api = &world.admin;
    let alice = world.user("alice", "pw").await;
    let app = json!({"clientId": "app", "enabled": true, "publicClient": true, "redirectUris": ["https://app.example/*"],
        "attributes": {"pkce.code.challenge.method": "S256"}});
    api.post(&r("/clients"), app).await.expect(201);
    api.put(&r("/events/config"), json!({"adminEventsEnabled": true})).await.expect(204);
    let path = r(&format!("/users/{alice}/impersonation"));
    let reply = api.post(&path, json!({})).await.expect(200);
    assert_eq!(reply.json(), json!({"sameRealm": false, "redirect": world.url("/realms/acme/account")}));
    let cookies = cookies(&reply);
    assert!(cookies.contains("KEYCLOAK_IDENTITY=") && cookies.contains("KEYCLOAK_SESSION="), "{cookies}");
    let sessions = api.read(&r(&format!("/users/{alice}/sessions"))).await;
    assert_eq!(field(&sessions, "username"), ["alice"]);
    // the browser is logged in as Alice
    let url = world.url(
        "/realms/acme/protocol/openid-connect/auth?client_id=app&response_type=code&scope=openid&prompt=none\
         &redirect_uri=https%3A%2F%2Fapp.example%2Fback&state=s&code_challenge_method=S256\
         &code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
    );
    let landed = send(world.http.get(&url).header(COOKIE, cookies)).await.expect(302);
    let location = landed.header("location").unwrap();
    assert!(location.starts_with("https://app.example/back?") && location.contains("code="), "{location}");
    let events = api.read(&r("/events?type=IMPERSONATE")).await;
    let event = &events[0];
    assert_eq!((&event["userId"], &event["sessionId"]), (&json!(alice), &sessions[0]["id"]));
    assert!(event["details"]["impersonator"].is_string() && event["details"]["impersonator_realm"].is_string());
    let admin_events = api.read(&r("/admin-events?operationTypes=ACTION")).await;
    assert_eq!(admin_events[0]["resourcePath"], format!("users/{alice}/impersonation"));
}

#[tokio::test]
async fn nobody_becomes_somebody_who_may_do_more() {
    let world = World::start().await;
    let api = &world.admin;
    let post = async |api: &crate::http::support::Api, user: &str| {
        api.post(&r(&format!("/users/{user}/impersonation")), json!({})).await
    };
    let alice = world.user("alice", "pw").await;
    let boss = world.user("boss", "pw").await;
    world.grant_admin("acme", &boss, "realm-admin").await;
    let actor = world.user("actor", "pw").await;
    world.grant_admin("acme", &actor, "impersonation").await;
    let as_actor = world.api("acme", "actor", "pw").await;
    post(&as_actor, &boss).await.error(403, "HTTP 403 Forbidden");
    assert_eq!(api.read(&r(&format!("/users/{boss}/sessions"))).await, json!([]));
    post(&as_actor, "nobody").await.error(404, "User not found");
    let viewer = world.user("viewer", "pw").await;
    world.grant_admin("acme", &viewer, "manage-users").await;
    let as_viewer = world.api("acme", "viewer", "pw").await;
    post(&as_viewer, &alice).await.error(403, "HTTP 403 Forbidden");
    // in the same realm, the administrator is logged out
    let reply = post(&as_actor, &alice).await.expect(200);
    assert_eq!(reply.json()["sameRealm"], true);
    post(&as_actor, &alice).await.expect(401);
    assert_eq!(api.read(&r(&format!("/users/{actor}/sessions"))).await, json!([]));

    api.put(&r(&format!("/users/{alice}")), json!({"enabled": false})).await.expect(204);
    post(api, &alice).await.error_message(400, "User is disabled");
    let robot = json!({"clientId": "robot", "serviceAccountsEnabled": true, "publicClient": false});
    let robot = api.post(&r("/clients"), robot).await.created();
    let account: Value = api.read(&r(&format!("/clients/{robot}/service-account-user"))).await;
    let text = "Service accounts cannot be impersonated";
    post(api, account["id"].as_str().unwrap()).await.error_message(400, text);
}
