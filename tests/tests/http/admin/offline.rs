//! Offline sessions and consents of users.

use model::id::{ClientId, UserId};
use serde_json::{Value, json};
use services::store;

use crate::http::support::{REALM, REGISTRY, World, field, r};

/// A user with an offline session of `admin-cli`; gives the user's id and the refresh token.
async fn offline(world: &World, username: &str) -> (String, String) {
    let user = world.user(username, "pw").await;
    let form = [
        ("grant_type", "password"),
        ("client_id", "admin-cli"),
        ("username", username),
        ("password", "pw"),
        ("scope", "openid offline_access"),
    ];
    let tokens = world.token(REALM, &form).await.expect(200).json();
    (user, tokens["refresh_token"].as_str().expect("refresh_token").to_owned())
}

async fn refreshes(world: &World, token: &str) -> bool {
    let form = [("grant_type", "refresh_token"), ("client_id", "admin-cli"), ("refresh_token", token)];
    world.token(REALM, &form).await.status == 200
}

/// Lets the user agree to these client scopes.
async fn agree(world: &World, user: &str, client: &str, scopes: &[&str]) {
    let services = world.server.services();
    let realm = services::cache::realm(services, REALM).await.unwrap().expect("the realm");
    let (user, client) = (UserId(user.to_owned()), ClientId(client.to_owned()));
    let scopes: Vec<_> = scopes.iter().map(|&scope| scope.to_owned()).collect();
    store::consents::grant(&services.store, realm.id, &user, &client, &scopes, services.now()).await.unwrap();
}

#[tokio::test]
async fn offline_sessions_are_shown_beside_identity_tokens() {
    let (world, registry) = World::with_registry().await;
    world.allow_everything(&registry).await;
    let api = &world.admin;
    let cli = world.client_id(REALM, "admin-cli").await;
    let (alice, token) = offline(&world, "alice").await;
    let session = tests::docker::claims(&token)["sid"].as_str().unwrap().to_owned();
    world.identity_token("alice", "pw").await;
    let of_user = |client: &str| r(&format!("/users/{alice}/offline-sessions/{client}"));
    let sessions = api.read(&of_user(&cli)).await;
    assert_eq!(field(&sessions, "id"), [session.as_str()]);
    assert_eq!((&sessions[0]["username"], &sessions[0]["userId"]), (&json!("alice"), &json!(alice)));
    assert_eq!(sessions[0]["clients"][&cli], "admin-cli");
    let tokens = api.read(&of_user(&registry)).await;
    assert_eq!(tokens[0]["clients"][&registry], REGISTRY);
    api.get(&of_user("nothing")).await.error(404, "Client not found");
    for client in [&cli, &registry] {
        let count = api.read(&r(&format!("/clients/{client}/offline-session-count"))).await;
        assert_eq!(count, json!({"count": 1}));
        let listed = api.read(&r(&format!("/clients/{client}/offline-sessions"))).await;
        assert_eq!(listed.as_array().unwrap().len(), 1);
    }
    let stats = api.read(&r("/client-session-stats")).await;
    let of_cli = stats.as_array().unwrap().iter().find(|one| one["clientId"] == "admin-cli").unwrap().clone();
    assert_eq!(of_cli["offline"], "1");
    // ending the usual session of this id, if there is one, leaves it
    let status = api.delete(&r(&format!("/sessions/{session}"))).await.status;
    assert!([204, 404].contains(&status), "{status}");
    assert_eq!(field(&api.read(&of_user(&cli)).await, "id"), [session.as_str()]);
    api.delete(&r(&format!("/sessions/{session}?isOffline=true"))).await.expect(204);
    assert_eq!(api.read(&of_user(&cli)).await, json!([]));
    assert!(!refreshes(&world, &token).await);
    api.delete(&r(&format!("/sessions/{session}?isOffline=true"))).await.error(404, "Sesssion not found");
    let token = tokens[0]["id"].as_str().unwrap();
    api.delete(&r(&format!("/sessions/{token}?isOffline=true"))).await.expect(204);
    assert_eq!(api.read(&of_user(&registry)).await, json!([]));
}

#[tokio::test]
async fn a_page_goes_on_over_the_end_of_the_sessions() {
    let world = World::start().await;
    let cli = world.client_id(REALM, "admin-cli").await;
    for n in 0..3 {
        offline(&world, &format!("user-{n}")).await;
        world.server.clock().advance(std::time::Duration::from_secs(1));
    }
    let list = async |query: &str| {
        let listed = world.admin.read(&r(&format!("/clients/{cli}/offline-sessions{query}"))).await;
        field(&listed, "username").into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(list("").await, ["user-0", "user-1", "user-2"]);
    assert_eq!(list("?first=1&max=1").await, ["user-1"]);
    assert_eq!(list("?first=2&max=5").await, ["user-2"]);
    assert_eq!(list("?first=3").await, Vec::<String>::new());
    assert_eq!(list("?max=0").await, Vec::<String>::new());
}

#[tokio::test]
async fn consents_are_shown_and_taken_back_with_every_token() {
    let world = World::start().await;
    let api = &world.admin;
    let (alice, token) = offline(&world, "alice").await;
    let cli = world.client_id(REALM, "admin-cli").await;
    let app = api.post(&r("/clients"), json!({"clientId": "app", "consentRequired": true})).await.created();
    let path = r(&format!("/users/{alice}/consents"));
    let offline_token = json!([{"client": cli, "key": "Offline Token"}]);
    let only = json!([{"clientId": "admin-cli", "grantedClientScopes": [], "additionalGrants": offline_token}]);
    assert_eq!(api.read(&path).await, only);
    agree(&world, &alice, &app, &["profile", "email"]).await;
    agree(&world, &alice, &cli, &["offline_access"]).await;
    let shown = api.read(&path).await;
    let now = world.server.services().now();
    assert_eq!(field(&shown, "clientId"), ["admin-cli", "app"]);
    assert_eq!(shown[0]["additionalGrants"], offline_token);
    assert_eq!(shown[0]["grantedClientScopes"], json!(["offline_access"]));
    assert_eq!(shown[1]["additionalGrants"], json!([]));
    assert_eq!(shown[1]["grantedClientScopes"].as_array().unwrap().len(), 2);
    let seconds = |value: &Value| value.as_i64().unwrap() / 1_000;
    for name in ["createdDate", "lastUpdatedDate"] {
        assert_eq!(seconds(&shown[1][name]), now.unix_timestamp(), "{name}");
    }
    assert!(refreshes(&world, &token).await);
    api.delete(&format!("{path}/app")).await.expect(204);
    api.delete(&format!("{path}/app")).await.error(404, "Consent nor offline token not found");
    api.delete(&format!("{path}/nothing")).await.error(404, "Client not found");
    let (_, token) = {
        let form = [
            ("grant_type", "password"),
            ("client_id", "admin-cli"),
            ("username", "alice"),
            ("password", "pw"),
            ("scope", "offline_access"),
        ];
        let tokens = world.token(REALM, &form).await.expect(200).json();
        (alice.clone(), tokens["refresh_token"].as_str().unwrap().to_owned())
    };
    api.delete(&format!("{path}/admin-cli")).await.expect(204);
    assert!(!refreshes(&world, &token).await, "its tokens are gone too");
    assert_eq!(api.read(&path).await, json!([]));
    let of_user = r(&format!("/users/{alice}/offline-sessions/{cli}"));
    assert_eq!(api.read(&of_user).await, json!([]));
    api.get(&r("/users/nothing/consents")).await.error(404, "User not found");
}

#[tokio::test]
async fn what_an_administrator_agreed_to_is_not_for_everybody_to_take_back() {
    let world = World::start().await;
    let (boss, _) = offline(&world, "boss").await;
    world.grant_admin(REALM, &boss, "realm-admin").await;
    let clerk = world.user("clerk", "pw").await;
    world.grant_admin(REALM, &clerk, "manage-users").await;
    let clerk = world.api(REALM, "clerk", "pw").await;
    assert_eq!(field(&clerk.read(&r(&format!("/users/{boss}/consents"))).await, "clientId"), ["admin-cli"]);
    clerk.delete(&r(&format!("/users/{boss}/consents/admin-cli"))).await.expect(403);
    let cli = world.client_id(REALM, "admin-cli").await;
    let sessions = clerk.read(&r(&format!("/users/{boss}/offline-sessions/{cli}"))).await;
    let session = sessions[0]["id"].as_str().unwrap();
    clerk.delete(&r(&format!("/sessions/{session}?isOffline=true"))).await.expect(403);
}
