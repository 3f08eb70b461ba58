//! Which token is good for what, how often, and until when.

use std::time::Duration;

use futures_util::future::join_all;
use reqwest::Method;
use serde_json::{Value, json};

use super::{KEYCLOAK, STANDARD, app, client_id, own_access, refused, with};
use crate::http::support::{REALM, World, r};

const NOT_FOR_VIEW: &str = "Not authorized to view client. Not valid token or client credentials provided.";
const NOT_FOR_UPDATE: &str = "Not authorized to update client. Maybe missing token or bad token type.";
const STRANGER: &str =
    "Policy 'Trusted Hosts' rejected request to client-registration service. Details: Host not trusted.";

#[tokio::test]
async fn an_initial_access_token_counts_exactly() {
    let world = World::start().await;
    let token = world.initial_access(5).await;
    let documents: Vec<_> = (0..50).map(|n| json!({"client_name": format!("App {n}")})).collect();
    let replies = join_all(documents.iter().map(|document| world.register(STANDARD, Some(&token), document))).await;
    let made = replies.iter().filter(|reply| reply.status == 201).count();
    assert_eq!(made, 5);
    for reply in replies.into_iter().filter(|reply| reply.status != 201) {
        refused(reply, 401, "invalid_token", "No remaining count on initial access token");
    }
    let listed = world.admin.read(&r("/clients-initial-access")).await;
    assert_eq!((&listed[0]["count"], &listed[0]["remainingCount"]), (&json!(5), &json!(0)));
}

#[tokio::test]
async fn a_refused_registration_does_not_count() {
    let world = World::start().await;
    let token = world.initial_access(1).await;
    let reply = world.register(KEYCLOAK, Some(&token), &json!({"clientId": "admin-cli"})).await;
    refused(reply, 400, "invalid_client_metadata", "Client Identifier in use");
    world.register(KEYCLOAK, Some(&token), &json!({"clientId": "app"})).await.expect(201);
}

#[tokio::test]
async fn an_initial_access_token_ends() {
    let world = World::start().await;
    let made = world.admin.post(&r("/clients-initial-access"), json!({"expiration": 60, "count": 5})).await.expect(200);
    let token = made.json()["token"].as_str().unwrap().to_owned();
    world.server.clock().advance(Duration::from_secs(59));
    world.register(STANDARD, Some(&token), &app()).await.expect(201);
    world.server.clock().advance(Duration::from_secs(1));
    let reply = world.register(STANDARD, Some(&token), &app()).await;
    refused(reply, 401, "invalid_token", "Expired initial access token");
}

#[tokio::test]
async fn an_initial_access_token_is_removed_by_an_administrator() {
    let world = World::start().await;
    let made = world.admin.post(&r("/clients-initial-access"), json!({"count": 5})).await.expect(200).json();
    let token = made["token"].as_str().unwrap();
    world.register(STANDARD, Some(token), &app()).await.expect(201);
    let path = format!("/clients-initial-access/{}", made["id"].as_str().unwrap());
    world.admin.delete(&r(&path)).await.expect(204);
    let reply = world.register(STANDARD, Some(token), &app()).await;
    refused(reply, 401, "invalid_token", "Initial Access Token not found");
}

/// Of many changes at once with one registration access token, one is done.
#[tokio::test]
async fn a_registration_access_token_is_spent_once() {
    let world = World::start().await;
    let client = world.registered(&app()).await;
    let change = with(app(), json!({"client_id": client_id(&client)}));
    let replies = join_all((0..20).map(|_| world.own(Method::PUT, &client, Some(&change)))).await;
    let (done, others): (Vec<_>, Vec<_>) = replies.into_iter().partition(|reply| reply.status == 200);
    assert_eq!(done.len(), 1);
    for reply in others {
        refused(reply, 401, "invalid_token", NOT_FOR_UPDATE);
    }
    world.own(Method::GET, &done[0].json(), None).await.expect(200);
}

/// Attack 65: a disabled client does nothing for itself, and does not enable itself.
#[tokio::test]
async fn attack_65_a_disabled_client_has_no_registration_access_token() {
    let world = World::start().await;
    let client = world.registered(&app()).await;
    world.change(client_id(&client), json!({"enabled": false})).await;
    let (_, own) = own_access(&client);
    let keycloak = world.url(&format!("/realms/{REALM}/clients-registrations/default/{}", client_id(&client)));
    let enabled = json!({"clientId": client_id(&client), "enabled": true});
    let change = with(app(), json!({"client_id": client_id(&client)}));
    refused(world.own(Method::GET, &client, None).await, 401, "invalid_token", NOT_FOR_VIEW);
    refused(world.own(Method::PUT, &client, Some(&change)).await, 401, "invalid_token", NOT_FOR_UPDATE);
    refused(world.own(Method::DELETE, &client, None).await, 401, "invalid_token", NOT_FOR_UPDATE);
    let reply = world.registration(Method::PUT, &keycloak, Some(&own), Some(&enabled)).await;
    refused(reply, 401, "invalid_token", NOT_FOR_UPDATE);
    world.change(client_id(&client), json!({"enabled": true})).await;
    world.own(Method::GET, &client, None).await.expect(200);
    // and in a disabled realm nobody does anything
    world.admin.put(&r(""), json!({"enabled": false})).await.expect(204);
    refused(world.own(Method::GET, &client, None).await, 403, "access_denied", "Realm not enabled");
}

/// Attack 65 and 22: every kind of token at every request.
#[tokio::test]
async fn attack_65_each_token_is_good_for_its_own_purpose_only() {
    let world = World::start().await;
    world.user("alice", "pw").await;
    world.admin.post("/realms", json!({"realm": "other", "enabled": true})).await.expect(201);
    let foreign = world.admin.post("/realms/other/clients-initial-access", json!({})).await.expect(200).json();
    let client = world.registered(&app()).await;
    let other = world.registered(&app()).await;
    let tokens = world.password_grant(REALM, "alice", "pw").await.expect(200).json();
    let initial = world.initial_access(100).await;
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let mut forged = text(&client["registration_access_token"]);
    forged.replace_range(forged.len() - 4.., "AAAA");
    let unsigned = {
        let own = text(&client["registration_access_token"]);
        let claims = own.split('.').nth(1).unwrap().to_owned();
        format!("eyJhbGciOiJub25lIn0.{claims}.")
    };
    let (address, _) = own_access(&client);
    let cases = [
        ("none", None, (403, Some(STRANGER)), NOT_FOR_VIEW, NOT_FOR_UPDATE),
        (
            "no token at all",
            Some("x".to_owned()),
            (401, Some("Failed decode token")),
            "Failed decode token",
            "Failed decode token",
        ),
        (
            "a forged one",
            Some(forged),
            (401, Some("Failed decode token")),
            "Failed decode token",
            "Failed decode token",
        ),
        (
            "an unsigned one",
            Some(unsigned),
            (401, Some("Failed decode token")),
            "Failed decode token",
            "Failed decode token",
        ),
        (
            "another realm's",
            Some(text(&foreign["token"])),
            (401, Some("Failed decode token")),
            "Failed decode token",
            "Failed decode token",
        ),
        (
            "a refresh token",
            Some(text(&tokens["refresh_token"])),
            (401, Some("Invalid type of token")),
            "Invalid type of token",
            "Invalid type of token",
        ),
        ("an initial access token", Some(initial), (201, None), "Not initial access token allowed", NOT_FOR_UPDATE),
        (
            "another client's",
            Some(text(&other["registration_access_token"])),
            (401, Some("Invalid type of token")),
            NOT_FOR_VIEW,
            NOT_FOR_UPDATE,
        ),
    ];
    let change = with(app(), json!({"client_id": client_id(&client)}));
    for (name, token, (status, create), view, update) in cases {
        let token = token.as_deref();
        let reply = world.register(STANDARD, token, &app()).await;
        assert_eq!(reply.status, status, "{name}: {}", reply.text());
        if let Some(text) = create {
            assert_eq!(reply.json()["error_description"], text, "{name}");
        }
        for (method, body, text) in
            [(Method::GET, None, view), (Method::PUT, Some(&change), update), (Method::DELETE, None, update)]
        {
            let reply = world.registration(method.clone(), &address, token, body).await;
            assert_eq!(reply.status, 401, "{name} {method}: {}", reply.text());
            assert_eq!(reply.json()["error_description"], text, "{name} {method}");
            assert!(reply.header("www-authenticate").is_some_and(|challenge| challenge.starts_with("Bearer ")));
        }
    }
    // an ordinary user's access token is one, and may do nothing
    let access = text(&tokens["access_token"]);
    refused(world.register(STANDARD, Some(&access), &app()).await, 403, "insufficient_scope", "Forbidden");
    refused(
        world.registration(Method::GET, &address, Some(&access), None).await,
        403,
        "insufficient_scope",
        "Forbidden",
    );
    // and none of ours is an access token
    for token in [&client["registration_access_token"], &foreign["token"]] {
        let api = crate::http::support::Api { token: Some(text(token)), ..world.admin.clone() };
        api.get(&r("/clients")).await.expect(401);
    }
    let kept = world.own(Method::GET, &client, None).await.expect(200).json();
    assert_eq!(kept["redirect_uris"], client["redirect_uris"], "nothing has changed");
}

#[tokio::test]
async fn an_administrator_gives_a_client_another_token() {
    let world = World::start().await;
    let client = world.registered(&app()).await;
    let id = world.client_id(REALM, client_id(&client)).await;
    let path = r(&format!("/clients/{id}/registration-access-token"));
    let made = world.admin.post(&path, json!({})).await.expect(200).json();
    assert_eq!((&made["id"], &made["secret"]), (&json!(id), &client["client_secret"]));
    refused(world.own(Method::GET, &client, None).await, 401, "invalid_token", None);
    let (address, _) = own_access(&client);
    let token = made["registrationAccessToken"].as_str().unwrap();
    world.registration(Method::GET, &address, Some(token), None).await.expect(200);
    // also one that never registered itself
    let id = world.admin.post(&r("/clients"), json!({"clientId": "static"})).await.created();
    let made = world.admin.post(&r(&format!("/clients/{id}/registration-access-token")), json!({})).await.expect(200);
    let address = world.url(&format!("/realms/{REALM}/clients-registrations/openid-connect/static"));
    let token = made.json()["registrationAccessToken"].as_str().unwrap().to_owned();
    let shown = world.registration(Method::GET, &address, Some(&token), None).await.expect(200).json();
    assert_eq!(shown["client_id"], "static");
}
