//! Users, their credentials and their sessions.

use serde_json::{Value, json};

use crate::http::support::{World, field, r};

#[tokio::test]
async fn users_are_created_read_changed_and_deleted() {
    let world = World::start().await;
    let api = &world.admin;
    world.free_attributes().await;
    world.group("/team/red").await;
    let given = json!({
        "username": "Alice", "email": "Alice@Example.org", "emailVerified": true, "firstName": "A", "lastName": "L",
        "enabled": true, "attributes": {"one": "x", "many": ["y", "z"]}, "groups": ["/team/red"],
        "requiredActions": ["UPDATE_PROFILE"],
    });
    let id = api.post(&r("/users"), given).await.created();
    let path = r(&format!("/users/{id}"));
    let read = api.read(&path).await;
    for (name, value) in [
        ("id", json!(id)),
        ("username", json!("alice")),
        ("email", json!("alice@example.org")),
        ("enabled", json!(true)),
        ("emailVerified", json!(true)),
        ("firstName", json!("A")),
        ("requiredActions", json!(["UPDATE_PROFILE"])),
    ] {
        assert_eq!(read[name], value, "{name} of {read}");
    }
    assert!(read["createdTimestamp"].is_i64());
    assert_eq!(read["attributes"], json!({"one": ["x"], "many": ["y", "z"]}));
    assert_eq!(field(&api.read(&format!("{path}/groups")).await, "path"), ["/team/red"]);
    assert_eq!(api.read(&format!("{path}/groups/count")).await, json!({"count": 1}));
    api.put(&path, json!({"lastName": "M"})).await.expect(204);
    let changed = api.read(&path).await;
    assert_eq!((&changed["lastName"], &changed["attributes"]), (&json!("M"), &read["attributes"]));
    api.put(&path, changed.clone()).await.expect(204);
    assert_eq!(api.read(&path).await, changed);
    // who says nothing is not enabled
    let other = api.post(&r("/users"), json!({"username": "bob"})).await.created();
    assert_eq!(api.read(&r(&format!("/users/{other}"))).await["enabled"], false);
    api.delete(&path).await.expect(204);
    for reply in [api.get(&path).await, api.delete(&path).await, api.put(&path, json!({})).await] {
        reply.error(404, "User not found");
    }
}

#[tokio::test]
async fn users_are_refused_with_keycloaks_words() {
    let world = World::start().await;
    let api = &world.admin;
    let users = r("/users");
    api.post(&users, json!({"username": "alice", "email": "a@example.org"})).await.expect(201);
    api.post(&users, json!({"username": "ALICE"})).await.error_message(409, "User exists with same username");
    let same = json!({"username": "bob", "email": "A@example.org"});
    api.post(&users, same).await.error_message(409, "User exists with same email");
    api.post(&users, json!({})).await.error_message(400, "User name is missing");
    let bob = api.post(&users, json!({"username": "bob"})).await.created();
    let taken = json!({"email": "a@example.org"});
    let reply = api.put(&r(&format!("/users/{bob}")), taken).await.expect(409);
    assert!(reply.json()["errorMessage"].as_str().unwrap().starts_with("User exists with same"), "{}", reply.text());
    for (name, value) in [
        ("username", json!("a\u{0}")),
        ("username", json!("x".repeat(300))),
        ("email", json!("nonsense")),
        ("email", json!(format!("{}@example.org", "x".repeat(300)))),
        ("firstName", json!("x".repeat(300))),
        ("credentials", json!([{"type": "otp", "value": "x"}])),
        ("groups", json!(["/nothing"])),
    ] {
        let mut user = json!({"username": "fresh"});
        user[name] = value;
        let reply = api.post(&users, user).await;
        assert!([400, 404].contains(&reply.status), "{name}: {} {}", reply.status, reply.text());
    }
    assert_eq!(api.read(&r("/users/count?username=fresh")).await, 0, "nothing of a refused user stays");
}

#[tokio::test]
async fn users_are_found() {
    let world = World::start().await;
    let api = &world.admin;
    world.free_attributes().await;
    for (name, first, last) in [("anna", "Anna", "Berg"), ("bernd", "Bernd", "Annas"), ("carl", "Carl", "Clem")] {
        let user = json!({
            "username": name, "email": format!("{name}@example.org"), "firstName": first, "lastName": last,
            "enabled": name != "carl", "attributes": {"team": [name]},
        });
        api.post(&r("/users"), user).await.expect(201);
    }
    let id = api.read(&r("/users?username=anna&exact=true")).await[0]["id"].as_str().unwrap().to_owned();
    let id_search = format!("search=id:{id}");
    for (query, expected) in [
        ("", &["anna", "bernd", "carl"][..]),
        ("search=ann", &["anna", "bernd"]),
        ("search=*rl*", &["carl"]),
        ("search=%22anna%22", &["anna"]),
        ("username=ar", &["carl"]),
        ("username=an&exact=true", &[]),
        ("email=bernd@example.org", &["bernd"]),
        ("firstName=ern", &["bernd"]),
        ("lastName=berg", &["anna"]),
        ("lastName=BERG&exact=true", &["anna"]),
        ("search=an*a", &["anna", "bernd"]),
        ("search=*na*%20berg", &["anna"]),
        ("search=anna%20clem", &[]),
        ("search=*@example.org", &["anna", "bernd", "carl"]),
        ("search=ann&enabled=false", &[]),
        ("emailVerified=false", &["anna", "bernd", "carl"]),
        ("q=TEAM:Bernd%20lastName:ann", &["bernd"]),
        ("q=team:%22bernd%22%20team:carl", &[]),
        ("createdAfter=2001-01-01&search=carl", &["carl"]),
        ("createdBefore=2001-01-01", &[]),
        ("idpAlias=github", &[]),
        ("idpUserId=7&search=anna", &[]),
        ("enabled=false", &["carl"]),
        ("q=team:bernd", &["bernd"]),
        ("first=1&max=1", &["bernd"]),
        ("max=0", &[]),
        ("first=5", &[]),
        (&id_search, &["anna"]),
        ("search=%25", &[]),
        ("search=_nna", &[]),
        ("search=ann%27%20or%201=1", &[]),
        ("first=-1&max=-1", &["anna", "bernd", "carl"]),
    ] {
        let found = api.read(&r(&format!("/users?{query}"))).await;
        assert_eq!(field(&found, "username"), expected, "{query}");
        if !query.contains("max") && !query.contains("first") {
            assert_eq!(api.read(&r(&format!("/users/count?{query}"))).await, expected.len(), "{query}");
        }
    }
}

#[tokio::test]
async fn passwords_are_reset_and_credentials_are_kept() {
    let world = World::start().await;
    let api = &world.admin;
    let id = world.user("alice", "first").await;
    let path = r(&format!("/users/{id}"));
    let logs_in = async |password: &str| world.password_grant("acme", "alice", password).await.status == 200;
    assert!(logs_in("first").await);
    let reset = format!("{path}/reset-password");
    let password = |value: &str| json!({"type": "password", "value": value, "temporary": false});
    api.put(&reset, password("second")).await.expect(204);
    assert!(!logs_in("first").await && logs_in("second").await);
    let listed = api.read(&format!("{path}/credentials")).await;
    assert_eq!(field(&listed, "type"), ["password"]);
    assert_eq!((listed[0].get("secretData"), listed[0].get("value")), (None, None), "{listed}");
    let credential = listed[0]["id"].as_str().unwrap().to_owned();
    let label = api.request(reqwest::Method::PUT, &format!("{path}/credentials/{credential}/userLabel"));
    crate::http::support::send(label.header("content-type", "text/plain").body("mine")).await.expect(204);
    assert_eq!(api.read(&format!("{path}/credentials")).await[0]["userLabel"], "mine");
    let empty = api.put(&reset, password("")).await.expect(400).json();
    assert!(["No password provided", "Empty password not allowed"].contains(&empty["error"].as_str().unwrap()));
    api.put(&reset, json!({"type": "password"})).await.error(400, "No password provided");
    api.put(&r("/users/nothing/reset-password"), password("x")).await.error(404, "User not found");
    // the realm's policy
    api.put(&r(""), json!({"passwordPolicy": "length(8) and digits(1)"})).await.expect(204);
    let refused = api.put(&reset, password("short1")).await.expect(400).json();
    assert_eq!(refused["error"], "invalidPasswordMinLengthMessage", "{refused}");
    assert!(refused["error_description"].is_string());
    api.put(&reset, password("long enough")).await.expect(400);
    api.put(&reset, password("long enough 1")).await.expect(204);
    assert!(logs_in("long enough 1").await);
    api.delete(&format!("{path}/credentials/{credential}")).await;
    let listed = api.read(&format!("{path}/credentials")).await;
    for id in field(&listed, "id") {
        api.delete(&format!("{path}/credentials/{id}")).await.expect(204);
    }
    assert!(!logs_in("long enough 1").await);
    api.delete(&format!("{path}/credentials/nothing")).await.error(404, "Credential not found");
}

#[tokio::test]
async fn sessions_are_listed_and_ended() {
    let (world, registry) = World::with_registry().await;
    world.allow_everything(&registry).await;
    let api = &world.admin;
    let id = world.user("alice", "pw").await;
    let path = r(&format!("/users/{id}"));
    let answer = world.password_grant("acme", "alice", "pw").await.expect(200).json();
    let sessions = api.read(&format!("{path}/sessions")).await;
    assert_eq!(field(&sessions, "id"), [answer["session_state"].as_str().unwrap()]);
    assert_eq!((&sessions[0]["username"], &sessions[0]["ipAddress"]), (&json!("alice"), &json!("127.0.0.1")));
    let session = sessions[0]["id"].as_str().unwrap().to_owned();
    let identity = world.identity_token("alice", "pw").await;
    let tokens = api.read(&format!("{path}/offline-sessions/{registry}")).await;
    assert_eq!(tokens.as_array().unwrap().len(), 1);
    assert_eq!(api.read(&r(&format!("/clients/{registry}/offline-session-count"))).await, json!({"count": 1}));
    assert!(!tokens.to_string().contains(&identity));
    api.delete(&r(&format!("/sessions/{session}"))).await.expect(204);
    api.delete(&r(&format!("/sessions/{session}"))).await.error(404, "Sesssion not found");
    assert_eq!(api.read(&format!("{path}/sessions")).await, json!([]));
    world.redeem(&identity, "").await.expect(200);
    let token = tokens[0]["id"].as_str().unwrap();
    api.delete(&r(&format!("/sessions/{token}?isOffline=true"))).await.expect(204);
    world.redeem(&identity, "").await.expect(401);
    let identity = world.identity_token("alice", "pw").await;
    api.delete(&format!("{path}/consents/registry")).await.expect(204);
    world.redeem(&identity, "").await.expect(401);
    api.delete(&format!("{path}/consents/registry")).await.error(404, "Consent nor offline token not found");
    assert_eq!(api.read(&format!("{path}/consents")).await, json!([]));
    let stats: Value = api.read(&r("/client-session-stats")).await;
    assert!(stats.is_array());
}
