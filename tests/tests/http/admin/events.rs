//! Login events and admin events.

use serde_json::json;

use crate::http::support::{World, field, r};

#[tokio::test]
async fn admin_events_tell_who_did_what() {
    let world = World::start().await;
    let api = &world.admin;
    assert_eq!(api.read(&r("/admin-events")).await, json!([]), "not recorded unless asked for");
    api.put(&r("/events/config"), json!({"adminEventsEnabled": true, "adminEventsDetailsEnabled": true}))
        .await
        .expect(204);
    let alice = world.user("alice", "a secret password").await;
    let user = r(&format!("/users/{alice}"));
    api.put(&user, json!({"firstName": "A"})).await.expect(204);
    let password = json!({"type": "password", "value": "another secret password"});
    api.put(&format!("{user}/reset-password"), password).await.expect(204);
    api.post(&r("/roles"), json!({"name": "worker"})).await.expect(201);
    world.grant(&alice, "worker").await;
    api.post(&r("/clients"), json!({"clientId": "web", "secret": "client secret"})).await.expect(201);
    api.delete(&user).await.expect(204);
    let events = api.read(&r("/admin-events")).await;
    let seen: Vec<_> = events
        .as_array()
        .unwrap()
        .iter()
        .map(|event| (event["operationType"].as_str().unwrap(), event["resourceType"].as_str().unwrap()))
        .collect();
    for expected in [
        ("CREATE", "USER"),
        ("UPDATE", "USER"),
        ("ACTION", "USER"),
        ("CREATE", "REALM_ROLE"),
        ("CREATE", "REALM_ROLE_MAPPING"),
        ("CREATE", "CLIENT"),
        ("DELETE", "USER"),
    ] {
        assert!(seen.contains(&expected), "{expected:?} in {seen:?}");
    }
    let text = events.to_string();
    assert!(!text.contains("secret password") && !text.contains("client secret"), "{text}");
    let created = events
        .as_array()
        .unwrap()
        .iter()
        .find(|event| event["operationType"] == "CREATE" && event["resourceType"] == "USER");
    let created = created.unwrap();
    assert_eq!(created["resourcePath"], format!("users/{alice}"));
    assert_eq!(created["authDetails"]["ipAddress"], "127.0.0.1");
    assert!(created["representation"].as_str().unwrap().contains("alice"));
    assert!(created["time"].is_i64());
    let found = api.read(&r("/admin-events?operationTypes=DELETE&resourceTypes=USER")).await;
    assert_eq!(found.as_array().unwrap().len(), 1);
    let found = api.read(&r(&format!("/admin-events?resourcePath=users/{alice}&max=2"))).await;
    assert_eq!(found.as_array().unwrap().len(), 2);
    api.delete(&r("/admin-events")).await.expect(204);
    assert!(api.read(&r("/admin-events")).await.as_array().unwrap().len() <= 1);
}

#[tokio::test]
async fn login_events_are_found_and_cleared() {
    let world = World::start().await;
    let api = &world.admin;
    let alice = world.user("alice", "pw").await;
    world.password_grant("acme", "alice", "pw").await.expect(200);
    world.server.clock().advance(std::time::Duration::from_secs(1));
    world.password_grant("acme", "alice", "wrong").await.expect(401);
    let events = async |query: &str| {
        let found = api.read(&r(&format!("/events?{query}"))).await;
        field(&found, "type").into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(events("").await, ["LOGIN_ERROR", "LOGIN"]);
    assert_eq!(events("type=LOGIN").await, ["LOGIN"]);
    assert_eq!(events("type=LOGIN&type=LOGIN_ERROR").await.len(), 2);
    assert_eq!(events(&format!("user={alice}")).await.len(), 2);
    assert_eq!(events("client=admin-cli").await.len(), 2);
    assert_eq!(events("client=other").await.len(), 0);
    assert_eq!(events("ipAddress=127.0.0.1").await.len(), 2);
    assert_eq!(events("first=1&max=1").await, ["LOGIN"]);
    assert_eq!(events("dateTo=2000-01-01").await.len(), 0);
    assert_eq!(events("dateFrom=2000-01-01").await.len(), 2);
    assert_eq!(events("id=nothing").await.len(), 0);
    api.delete(&r("/events")).await.expect(204);
    assert_eq!(events("").await.len(), 0);
    // what a realm records is its own to say
    let config = api.read(&r("/events/config")).await;
    assert_eq!(config["eventsEnabled"], true);
    assert!(config["enabledEventTypes"].as_array().unwrap().contains(&json!("LOGIN")));
    api.put(&r("/events/config"), json!({"enabledEventTypes": ["LOGIN_ERROR"]})).await.expect(204);
    world.password_grant("acme", "alice", "pw").await.expect(200);
    world.password_grant("acme", "alice", "wrong").await.expect(401);
    assert_eq!(events("").await, ["LOGIN_ERROR"]);
    api.put(&r("/events/config"), json!({"eventsEnabled": false})).await.expect(204);
    world.password_grant("acme", "alice", "wrong").await.expect(401);
    assert_eq!(events("").await, ["LOGIN_ERROR"]);
    for bad in [json!({"eventsListeners": ["x"]}), json!({"eventsExpiration": -1}), json!({"unknown": 1})] {
        api.put(&r("/events/config"), bad).await.expect(400);
    }
}
