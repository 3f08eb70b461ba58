//! A client's life in the standard's dialect.

use reqwest::Method;
use serde_json::{Value, json};

use super::{STANDARD, app, client_id, own_access, refused, with};
use crate::http::support::{REALM, World, basic, r, send};

#[tokio::test]
async fn a_client_registers_reads_changes_and_removes_itself() {
    let world = World::start().await;
    let token = world.initial_access(1).await;
    let document = with(app(), json!({"grant_types": ["authorization_code", "client_credentials"]}));
    let reply = world.register(STANDARD, Some(&token), &document).await.expect(201);
    assert_eq!(reply.header("cache-control"), Some("no-store"));
    let client = reply.json();
    let (address, first) = own_access(&client);
    assert_eq!(reply.header("location"), Some(address.as_str()));
    let expected = format!("/realms/{REALM}/clients-registrations/openid-connect/{}", client_id(&client));
    assert_eq!(address, world.url(&expected));
    assert_eq!(client["client_secret_expires_at"], 0);
    assert!(client["client_id_issued_at"].is_i64());
    assert_eq!(client["token_endpoint_auth_method"], "client_secret_basic");
    assert_eq!(client["subject_type"], "public");
    assert_eq!(client["response_types"], json!(["code", "none"]));
    // it is a client that works
    let secret = client["client_secret"].as_str().unwrap();
    let grant = world
        .http
        .post(world.url(&format!("/realms/{REALM}/protocol/openid-connect/token")))
        .header("authorization", basic(client_id(&client), secret))
        .form(&[("grant_type", "client_credentials")]);
    send(grant).await.expect(200);
    // reading leaves the token as it is
    for _ in 0..2 {
        let read = world.own(Method::GET, &client, None).await.expect(200).json();
        for (name, value) in read.as_object().unwrap() {
            assert_eq!(*value, client[name], "{name}");
        }
        assert_eq!(read["client_secret"], secret);
    }
    // changing replaces it, and everything that is left out
    let change = json!({
        "client_id": client_id(&client), "redirect_uris": ["https://app.example.org/other"],
        "contacts": ["a@example.org"],
    });
    let changed = world.own(Method::PUT, &client, Some(&change)).await.expect(200).json();
    let (_, second) = own_access(&changed);
    assert_ne!(first, second);
    assert_eq!(changed["client_secret"], secret, "the secret stays");
    assert_eq!(changed["redirect_uris"], change["redirect_uris"]);
    assert_eq!(changed["contacts"], change["contacts"]);
    assert_eq!(changed["grant_types"], json!(["authorization_code", "refresh_token"]));
    assert_eq!(changed.get("client_name"), None);
    let text = "Not authorized to view client. Not valid token or client credentials provided.";
    refused(world.own(Method::GET, &client, None).await, 401, "invalid_token", text);
    let text = "Not authorized to update client. Maybe missing token or bad token type.";
    refused(world.own(Method::PUT, &client, Some(&change)).await, 401, "invalid_token", text);
    refused(world.own(Method::DELETE, &client, None).await, 401, "invalid_token", text);
    // what was left out is gone
    let again = json!({"client_id": client_id(&client), "client_secret": secret});
    let bare = world.own(Method::PUT, &changed, Some(&again)).await.expect(200).json();
    assert_eq!((bare.get("contacts"), &bare["redirect_uris"]), (None, &json!([])));
    // and at last
    world.own(Method::DELETE, &bare, None).await.expect(204);
    refused(world.own(Method::GET, &bare, None).await, 401, "invalid_token", None);
    assert_eq!(world.admin.read(&r(&format!("/clients?clientId={}", client_id(&client)))).await, json!([]));
    // each of it is an event
    let events = world.admin.read(&r("/events")).await;
    let kinds: Vec<_> = events.as_array().unwrap().iter().filter_map(|event| event["type"].as_str()).collect();
    for kind in ["CLIENT_REGISTER", "CLIENT_UPDATE", "CLIENT_DELETE", "CLIENT_UPDATE_ERROR", "CLIENT_INFO_ERROR"] {
        assert!(kinds.contains(&kind), "{kind}: {kinds:?}");
    }
}

#[tokio::test]
async fn a_client_cannot_choose_its_name_or_its_secret() {
    let world = World::start().await;
    let token = world.initial_access(5).await;
    let named = with(app(), json!({"client_id": "mine"}));
    let reply = world.register(STANDARD, Some(&token), &named).await;
    refused(reply, 400, "invalid_client_metadata", "Client Identifier included");
    let client = world.register(STANDARD, Some(&token), &app()).await.expect(201).json();
    for document in [app(), with(app(), json!({"client_id": "other"}))] {
        let reply = world.own(Method::PUT, &client, Some(&document)).await;
        refused(reply, 400, "invalid_client_metadata", "Client Identifier modified");
    }
    let chosen = with(app(), json!({"client_id": client_id(&client), "client_secret": "chosen"}));
    let reply = world.own(Method::PUT, &client, Some(&chosen)).await;
    refused(reply, 400, "invalid_client_metadata", "client_secret is not the client's own");
    // nothing of that has spent the token
    world.own(Method::GET, &client, None).await.expect(200);
}

/// RFC 7591 section 2 and attack 27: a client that registered one way to use its secret has no other.
#[tokio::test]
async fn attack_27_only_the_registered_way_to_authenticate_is_good() {
    let world = World::start().await;
    let by = |method: Option<&str>| {
        let mut document = json!({"grant_types": ["client_credentials"]});
        if let Some(method) = method {
            document["token_endpoint_auth_method"] = method.into();
        }
        document
    };
    for (method, header, body) in [
        (Some("client_secret_basic"), true, false),
        (Some("client_secret_post"), false, true),
        (Some("client_secret_jwt"), false, false),
        (None, true, true),
    ] {
        let client = world.registered(&by(method)).await;
        assert_eq!(client["token_endpoint_auth_method"], method.unwrap_or("client_secret_basic"));
        let (id, secret) = (client_id(&client), client["client_secret"].as_str().unwrap());
        let url = world.url(&format!("/realms/{REALM}/protocol/openid-connect/token"));
        let grant = ("grant_type", "client_credentials");
        let by_header = world.http.post(&url).header("authorization", basic(id, secret)).form(&[grant]);
        assert_eq!(send(by_header).await.status == 200, header, "{method:?} by header");
        let by_body = world.http.post(&url).form(&[grant, ("client_id", id), ("client_secret", secret)]);
        assert_eq!(send(by_body).await.status == 200, body, "{method:?} in the body");
    }
}

#[tokio::test]
async fn a_public_client_proves_with_a_code_verifier() {
    let world = World::start().await;
    let method = |seen: &Value| seen["attributes"]["pkce.code.challenge.method"].clone();
    let client = world.registered(&with(app(), json!({"token_endpoint_auth_method": "none"}))).await;
    assert_eq!(client["token_endpoint_auth_method"], "none");
    assert_eq!((client.get("client_secret"), client.get("client_secret_expires_at")), (None, None));
    let seen = world.seen(client_id(&client)).await;
    assert_eq!((&seen["publicClient"], method(&seen)), (&json!(true), json!("S256")));
    // also one that becomes public, and in Keycloak's words
    let confidential = world.registered(&app()).await;
    assert_eq!(method(&world.seen(client_id(&confidential)).await), Value::Null);
    let id = client_id(&confidential);
    let change = with(app(), json!({"client_id": id, "token_endpoint_auth_method": "none"}));
    world.own(Method::PUT, &confidential, Some(&change)).await.expect(200);
    assert_eq!(method(&world.seen(id).await), "S256");
    let token = world.initial_access(1).await;
    let plain = json!({"publicClient": true, "attributes": {"pkce.code.challenge.method": "plain"}});
    let made = world.register("default", Some(&token), &plain).await.expect(201).json();
    assert_eq!(method(&made), "S256");
    // and it acts for nobody but its users
    let own = with(app(), json!({"token_endpoint_auth_method": "none", "grant_types": ["client_credentials"]}));
    let token = world.initial_access(1).await;
    refused(world.register(STANDARD, Some(&token), &own).await, 400, "invalid_client_metadata", None);
}

#[tokio::test]
async fn pages_that_an_administrator_named_may_register_clients() {
    let world = World::start().await;
    let wanted = json!({"count": 2, "webOrigins": ["https://console.example.org"]});
    let made = world.admin.post(&r("/clients-initial-access"), wanted).await.expect(200).json();
    let token = made["token"].as_str().unwrap();
    let url = world.url(&format!("/realms/{REALM}/clients-registrations/openid-connect"));
    for (origin, allowed) in [("https://console.example.org", true), ("https://evil.example", false)] {
        let request = world.http.post(&url).bearer_auth(token).header("origin", origin).json(&app());
        let reply = send(request).await.expect(201);
        let header = reply.header("access-control-allow-origin");
        assert_eq!(header, allowed.then_some(origin));
    }
    let client = world.registered(&app()).await;
    let (address, token) = own_access(&client);
    let read = |origin: &str| world.http.get(&address).bearer_auth(&token).header("origin", origin.to_owned());
    let reply = send(read("https://app.example.org")).await.expect(200);
    assert_eq!(reply.header("access-control-allow-origin"), Some("https://app.example.org"));
    assert_eq!(send(read("https://evil.example")).await.expect(200).header("access-control-allow-origin"), None);
    let preflight = world.http.request(Method::OPTIONS, &address).header("origin", "https://app.example.org");
    let preflight = send(preflight.header("access-control-request-method", "PUT")).await.expect(200);
    assert_eq!(preflight.header("access-control-allow-methods"), Some("GET, PUT, DELETE, OPTIONS"));
}
