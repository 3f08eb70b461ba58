//! Links that users are mailed, and what comes of following them.

use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};
use tests::mail_server::MailServer;

use crate::http::support::{Reply, World, field, r, send};

/// A realm that mails through a server of this test, with a user who has an address.
async fn stage() -> (World, MailServer, String) {
    let world = World::start().await;
    let server = MailServer::plain().await;
    let id = world.user("alice", "old password").await;
    let change = json!({"email": "alice@example.org", "firstName": "Alice", "lastName": "L"});
    world.admin.put(&r(&format!("/users/{id}")), change).await.expect(204);
    let smtp = json!({"host": "127.0.0.1", "port": server.port.to_string(), "from": "id@example.org"});
    let attributes = json!({"outgoing.allowed-networks": "127.0.0.0/8"});
    let settings = json!({"smtpServer": smtp, "attributes": attributes, "displayName": "<i>Acme</i>"});
    world.admin.put(&r(""), settings).await.expect(204);
    (world, server, r(&format!("/users/{id}")))
}

/// The link in the last mail, from its quoted-printable text.
fn link(server: &MailServer) -> String {
    let said = server.said().join("\n").replace("=\n", "").replace("=3D", "=");
    let at = said.rfind("\nhttp").expect("a line with a link") + 1;
    said[at..].lines().next().unwrap().to_owned()
}

async fn get(world: &World, url: &str) -> Reply {
    send(world.http.get(url)).await
}

async fn post(world: &World, url: &str, password: &str, again: &str) -> Reply {
    send(world.http.post(url).form(&[("password-new", password), ("password-confirm", again)])).await
}

#[tokio::test]
async fn a_link_has_its_actions_done_once() {
    let (world, server, user) = stage().await;
    let api = &world.admin;
    let app = json!({"clientId": "app", "enabled": true, "redirectUris": ["https://app.example/back"]});
    api.post(&r("/clients"), app).await.expect(201);
    api.put(&user, json!({"requiredActions": ["UPDATE_PASSWORD", "VERIFY_EMAIL"]})).await.expect(204);
    let both = json!(["UPDATE_PASSWORD", "VERIFY_EMAIL"]);
    let path = format!("{user}/execute-actions-email?client_id=app&redirect_uri=https://app.example/back&lifespan=600");
    api.put(&path, both.clone()).await.expect(204);
    let said = server.said();
    assert!(said.iter().any(|line| line == "RCPT TO:<alice@example.org>"), "{said:?}");
    let page: Vec<_> = said.iter().skip_while(|line| !line.starts_with("Content-Type: text/html")).cloned().collect();
    let page = page.join("\n");
    assert!(page.contains("Acme") && !page.contains("<i>Acme"), "names are no markup: {said:?}");
    let link = link(&server);
    assert!(link.starts_with(&world.url("/realms/acme/login-actions/action-token?key=")), "{link}");

    // looking does nothing, not even twice
    for _ in 0..2 {
        let page = get(&world, &link).await.expect(200);
        assert!(page.text().contains("kc-passwd-update-form"), "{}", page.text());
    }
    assert_eq!(api.read(&user).await["emailVerified"], false);
    let page = post(&world, &link, "one password", "another").await.expect(200);
    assert!(page.text().contains("The two passwords differ"), "{}", page.text());
    api.put(&r(""), json!({"passwordPolicy": "length(8)"})).await.expect(204);
    let page = post(&world, &link, "short", "short").await.expect(200);
    assert!(page.text().contains("at least 8 characters"), "{}", page.text());
    let page = post(&world, &link, "new password", "new password").await.expect(200);
    let text = page.text();
    assert!(text.contains("Your account has been updated") && text.contains("https://app.example/back"), "{text}");
    let read = api.read(&user).await;
    assert_eq!((&read["emailVerified"], &read["requiredActions"]), (&json!(true), &json!([])));
    world.password_grant("acme", "alice", "new password").await.expect(200);
    world.password_grant("acme", "alice", "old password").await.expect(401);
    // once
    assert!(get(&world, &link).await.expect(400).text().contains("good no more"));
    post(&world, &link, "third password", "third password").await.expect(400);
    world.password_grant("acme", "alice", "new password").await.expect(200);
    let events = api.read(&r("/events?type=VERIFY_EMAIL&type=UPDATE_PASSWORD")).await;
    let mut kinds = field(&events, "type");
    kinds.sort_unstable();
    assert_eq!(kinds, ["UPDATE_PASSWORD", "VERIFY_EMAIL"]);
    assert!(!api.read(&r("/events")).await.to_string().contains("key="), "no link in an event");
}

#[tokio::test]
async fn a_link_ends_with_its_time_its_address_and_its_realm() {
    let (mut world, server, user) = stage().await;
    let verify = format!("{user}/send-verify-email");
    let put = async |world: &World, path: &str| send(world.admin.request(Method::PUT, path)).await;
    put(&world, &verify).await.expect(204);
    let verified = link(&server);
    let page = get(&world, &verified).await.expect(200);
    assert!(page.text().contains("alice@example.org") && page.text().contains("kc-confirm-email-form"));
    // in another realm, or changed by a letter
    world.admin.post("/realms", json!({"realm": "other", "enabled": true})).await.expect(201);
    get(&world, &verified.replace("/realms/acme/", "/realms/other/")).await.expect(400);
    for broken in [
        format!("{verified}A"),
        verified[..verified.len() - 4].to_owned(),
        world.url("/realms/acme/login-actions/action-token"),
    ] {
        assert!(get(&world, &broken).await.expect(400).text().contains("good no more"));
    }
    // the address is another one now
    world.admin.put(&user, json!({"email": "new@example.org"})).await.expect(204);
    post(&world, &verified, "", "").await.expect(400);
    assert_eq!(world.admin.read(&user).await["emailVerified"], false);
    put(&world, &verify).await.expect(204);
    let verified = link(&server);
    // a disabled user has no link
    world.admin.put(&user, json!({"enabled": false})).await.expect(204);
    get(&world, &verified).await.expect(400);
    world.admin.put(&user, json!({"enabled": true})).await.expect(204);
    post(&world, &verified, "", "").await.expect(200);
    assert_eq!(world.admin.read(&user).await["emailVerified"], true);
    // a day later
    put(&world, &format!("{user}/reset-password-email")).await.expect(204);
    let reset = link(&server);
    get(&world, &reset).await.expect(200);
    world.advance(Duration::from_secs(86_400)).await;
    get(&world, &reset).await.expect(400);
    post(&world, &reset, "new password", "new password").await.expect(400);
    world.password_grant("acme", "alice", "old password").await.expect(200);
}

#[tokio::test]
async fn mails_are_refused_with_keycloaks_words() {
    let (world, server, user) = stage().await;
    let api = &world.admin;
    let actions = json!(["UPDATE_PASSWORD"]);
    let path = format!("{user}/execute-actions-email");
    let refused = async |query: &str, body: Value, text: &str| {
        api.put(&format!("{path}{query}"), body).await.error_message(400, text);
    };
    for (query, text) in [
        ("?redirect_uri=https://app.example", "Client id missing"),
        ("?client_id=nothing", "Client doesn't exist"),
        ("?client_id=account&redirect_uri=https://evil.example", "Invalid redirect uri."),
    ] {
        refused(query, actions.clone(), text).await;
    }
    for wrong in [json!([]), json!(["NONSENSE"]), json!(["UPDATE_PASSWORD", "CONFIGURE_TOTP"])] {
        refused("", wrong, "Provided invalid required actions").await;
    }
    for query in ["?lifespan=0", "?lifespan=many", "?lifespan=99999999999999999999"] {
        api.put(&format!("{path}{query}"), actions.clone()).await.expect(400);
    }
    api.post(&r("/clients"), json!({"clientId": "off", "enabled": false})).await.expect(201);
    refused("?client_id=off", actions.clone(), "Client is not enabled").await;
    api.put(&user, json!({"enabled": false})).await.expect(204);
    refused("", actions.clone(), "User is disabled").await;
    api.put(&user, json!({"enabled": true, "email": ""})).await.expect(204);
    refused("", actions.clone(), "User email missing").await;
    api.put(&r("/users/nobody/execute-actions-email"), actions.clone()).await.error(404, "User not found");
    assert!(server.said().is_empty(), "nobody was mailed");
    // no server, or one that may not be called
    api.put(&user, json!({"email": "alice@example.org"})).await.expect(204);
    api.put(&r(""), json!({"attributes": {"outgoing.allowed-networks": ""}})).await.expect(204);
    let reply = api.put(&path, actions.clone()).await.expect(500).json();
    assert!(reply["errorMessage"].as_str().unwrap().starts_with("Failed to send execute actions email: "), "{reply}");
    let verify = send(api.request(Method::PUT, &format!("{user}/send-verify-email"))).await;
    verify.error_message(500, "Failed to send verify email");
    assert!(server.said().is_empty());
    // and only by those who manage users
    let viewer = world.user("viewer", "pw").await;
    world.grant_admin("acme", &viewer, "view-users").await;
    let viewer = world.api("acme", "viewer", "pw").await;
    viewer.put(&path, actions).await.error(403, "HTTP 403 Forbidden");
}
