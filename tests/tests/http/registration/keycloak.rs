//! Keycloak's own dialect: clients as its representation has them.

use reqwest::Method;
use serde_json::{Value, json};

use super::{KEYCLOAK, STANDARD, app, client_id, refused, with};
use crate::http::support::{REALM, Reply, World, r};

fn address(world: &World, client: &str) -> String {
    world.url(&format!("/realms/{REALM}/clients-registrations/default/{client}"))
}

fn token(client: &Value) -> String {
    client["registrationAccessToken"].as_str().expect("a token").to_owned()
}

async fn put(world: &World, client: &str, token: &str, document: &Value) -> Reply {
    world.registration(Method::PUT, &address(world, client), Some(token), Some(document)).await
}

#[tokio::test]
async fn a_client_registers_reads_changes_and_removes_itself() {
    let world = World::start().await;
    let initial = world.initial_access(2).await;
    let wanted = json!({
        "clientId": "DynamicRegisteredClient", "name": "DynamicRegisteredClient", "enabled": true,
        "publicClient": false, "serviceAccountsEnabled": true, "secret": "a-secret",
        "clientAuthenticatorType": "client-secret",
    });
    let reply = world.register(KEYCLOAK, Some(&initial), &wanted).await.expect(201);
    assert_eq!(reply.header("location"), Some(address(&world, "DynamicRegisteredClient").as_str()));
    let client = reply.json();
    for (name, value) in wanted.as_object().unwrap() {
        assert_eq!(client[name], *value, "{name}");
    }
    let form =
        [("grant_type", "client_credentials"), ("client_id", "DynamicRegisteredClient"), ("client_secret", "a-secret")];
    world.token(REALM, &form).await.expect(200);
    let reply = world.register(KEYCLOAK, Some(&initial), &wanted).await;
    refused(reply, 400, "invalid_client_metadata", "Client Identifier in use");
    let first = token(&client);
    let url = address(&world, "DynamicRegisteredClient");
    let read = world.registration(Method::GET, &url, Some(&first), None).await.expect(200).json();
    assert_eq!(read, client, "the same as at first, with the same token");
    let renamed = with(read.clone(), json!({"clientId": "other"}));
    let reply = put(&world, "DynamicRegisteredClient", &first, &renamed).await;
    refused(reply, 400, "invalid_client_metadata", "Client Identifier modified");
    let change = json!({"clientId": "DynamicRegisteredClient", "name": "Other"});
    let changed = put(&world, "DynamicRegisteredClient", &first, &change).await.expect(200).json();
    assert_eq!((&changed["name"], &changed["secret"]), (&json!("Other"), &json!("a-secret")));
    assert_eq!(changed["serviceAccountsEnabled"], true, "what is left out stays");
    assert_ne!(token(&changed), first);
    refused(put(&world, "DynamicRegisteredClient", &first, &change).await, 401, "invalid_token", None);
    let second = token(&changed);
    // what came back can be sent back
    let same = put(&world, "DynamicRegisteredClient", &second, &changed).await.expect(200).json();
    world.registration(Method::DELETE, &url, Some(&token(&same)), None).await.expect(204);
    assert_eq!(world.admin.read(&r("/clients?clientId=DynamicRegisteredClient")).await, json!([]));
}

#[tokio::test]
async fn the_two_dialects_are_about_the_same_clients() {
    let world = World::start().await;
    let client = world.registered(&app()).await;
    let own = client["registration_access_token"].as_str().unwrap();
    let seen = world.registration(Method::GET, &address(&world, client_id(&client)), Some(own), None).await;
    let seen = seen.expect(200).json();
    assert_eq!(seen["clientId"], client["client_id"]);
    assert_eq!(seen["redirectUris"], client["redirect_uris"]);
    assert_eq!(seen["secret"], client["client_secret"]);
}

/// What an administrator decided about a client is no matter for the client.
#[tokio::test]
async fn a_client_cannot_take_back_what_an_administrator_took() {
    let world = World::start().await;
    let initial = world.initial_access(10).await;
    let made = world.register(KEYCLOAK, Some(&initial), &json!({"clientId": "app"})).await.expect(201).json();
    world.change("app", json!({"fullScopeAllowed": false, "consentRequired": true, "notBefore": 1_000})).await;
    let own = token(&made);
    for (change, text) in [
        (json!({"fullScopeAllowed": true}), "Not permitted to enable fullScopeAllowed"),
        (json!({"consentRequired": false}), "Not permitted to update consentRequired to false"),
    ] {
        let reply = put(&world, "app", &own, &with(json!({"clientId": "app"}), change)).await;
        refused(reply, 400, "invalid_client_metadata", text);
    }
    let change = json!({
        "clientId": "app", "notBefore": 0, "authenticationFlowBindingOverrides": {"browser": "x"},
        "surrogateAuthRequired": true, "id": "another",
    });
    put(&world, "app", &own, &change).await.expect(200);
    let seen = world.seen("app").await;
    assert_eq!((&seen["notBefore"], &seen["surrogateAuthRequired"]), (&json!(1_000), &json!(false)));
    assert_eq!(seen["authenticationFlowBindingOverrides"], json!({}));
    assert_ne!(seen["id"], "another");
}

#[tokio::test]
async fn a_redirect_uri_that_an_administrator_added_may_stay() {
    let world = World::start().await;
    let initial = world.initial_access(1).await;
    let wanted = json!({"clientId": "app", "redirectUris": ["https://app.example.org/cb"]});
    let made = world.register(KEYCLOAK, Some(&initial), &wanted).await.expect(201).json();
    world.change("app", json!({"redirectUris": ["https://app.example.org/*"]})).await;
    let change = json!({"clientId": "app", "redirectUris": ["https://app.example.org/*", "https://app.example.org/x"]});
    let made = put(&world, "app", &token(&made), &change).await.expect(200).json();
    let change = json!({"clientId": "app", "redirectUris": ["https://app.example.org/*", "https://evil.example/*"]});
    refused(put(&world, "app", &token(&made), &change).await, 400, "invalid_redirect_uri", None);
}

/// An administrator does here what the admin API lets them do.
#[tokio::test]
async fn administrators_register_and_manage_by_their_roles() {
    let world = World::start().await;
    let of = |api: &crate::http::support::Api| api.token.clone();
    let master = of(&world.admin);
    let wildcard = json!({"clientId": "wild", "redirectUris": ["https://app.example.org/*"]});
    let made = world.register(KEYCLOAK, master.as_deref(), &wildcard).await.expect(201).json();
    assert!(made["registrationAccessToken"].is_string());
    let reply = world.register(STANDARD, master.as_deref(), &json!({"redirect_uris": ["https://a.example/*"]})).await;
    refused(reply, 400, "invalid_redirect_uri", None);
    let url = address(&world, "wild");
    for (role, create, view, update, delete) in [
        ("query-clients", 403, 403, 403, 403),
        ("manage-realm", 403, 403, 403, 403),
        ("create-client", 201, 403, 403, 403),
        ("view-clients", 403, 200, 403, 403),
        ("manage-clients", 201, 200, 200, 204),
    ] {
        let api = world.with_role(role).await;
        let token = of(&api);
        let (bearer, name) = (token.as_deref(), format!("made-by-{role}"));
        let replies = [
            (world.register(KEYCLOAK, bearer, &json!({"clientId": name})).await, create),
            (world.registration(Method::GET, &url, bearer, None).await, view),
            (world.registration(Method::PUT, &url, bearer, Some(&json!({"clientId": "wild"}))).await, update),
            (world.registration(Method::DELETE, &url, bearer, None).await, delete),
        ];
        for (reply, status) in replies {
            if status == 403 {
                refused(reply, 403, "insufficient_scope", "Forbidden");
                continue;
            }
            let reply = reply.expect(status);
            if status == 200 {
                let shown = reply.json();
                assert_eq!(shown.get("registrationAccessToken"), None, "{role}");
                assert_eq!(shown.get("secret").is_some(), role == "manage-clients", "{role}");
            }
        }
    }
    // who may know hears that nothing is there; others don't
    let reply = world.registration(Method::GET, &url, master.as_deref(), None).await;
    refused(reply, 404, "invalid_request", "Client not found");
    refused(world.registration(Method::GET, &url, None, None).await, 401, "invalid_token", None);
    // not of another realm
    world.admin.post("/realms", json!({"realm": "other", "enabled": true})).await.expect(201);
    let boss = world.user_in("other", "boss", "pw").await;
    world.grant_admin("other", &boss, "realm-admin").await;
    let foreign = world.api("other", "boss", "pw").await;
    let reply = world.register(KEYCLOAK, foreign.token.as_deref(), &json!({})).await;
    refused(reply, 403, "insufficient_scope", "Forbidden");
    // nor built-in clients, nor registries
    let reply = world.registration(Method::DELETE, &address(&world, "admin-cli"), master.as_deref(), None).await;
    refused(reply, 400, "invalid_client_metadata", None);
    world.registry("registry", json!({})).await;
    let reply = world.registration(Method::GET, &address(&world, "registry"), master.as_deref(), None).await;
    refused(reply, 404, "invalid_request", None);
    let docker = json!({"clientId": "x", "protocol": "docker-v2"});
    refused(world.register(KEYCLOAK, master.as_deref(), &docker).await, 400, "invalid_client_metadata", None);
}

/// Whoever may manage clients, and no more, learns nothing of a client that is an administrator.
#[tokio::test]
async fn a_client_that_is_an_administrator_is_not_handed_out() {
    let world = World::start().await;
    let initial = world.initial_access(1).await;
    let wanted = json!({"clientId": "robot", "serviceAccountsEnabled": true, "publicClient": false});
    world.register(KEYCLOAK, Some(&initial), &wanted).await.expect(201);
    let id = world.client_id(REALM, "robot").await;
    let account = world.admin.read(&r(&format!("/clients/{id}/service-account-user"))).await;
    world.grant_admin(REALM, account["id"].as_str().unwrap(), "realm-admin").await;
    let api = world.with_role("manage-clients").await;
    let url = address(&world, "robot");
    let seen = world.registration(Method::GET, &url, api.token.as_deref(), None).await.expect(200).json();
    assert_eq!(seen.get("secret"), None);
    let change = json!({"clientId": "robot", "secret": "mine"});
    let reply = world.registration(Method::PUT, &url, api.token.as_deref(), Some(&change)).await;
    refused(reply, 403, "insufficient_scope", "Forbidden");
    refused(
        world.registration(Method::DELETE, &url, api.token.as_deref(), None).await,
        403,
        "insufficient_scope",
        None,
    );
    api.post(&r(&format!("/clients/{id}/registration-access-token")), json!({})).await.expect(403);
}
