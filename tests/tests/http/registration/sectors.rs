//! Pairwise subjects and the documents that say who shares a sector.

use reqwest::Method;
use serde_json::{Value, json};

use super::{STANDARD, app, client_id, publisher::Publisher, refused, with};
use crate::http::support::{World, r};

const CALLBACK: &str = "https://app.example.org/cb";

async fn world() -> World {
    let world = World::start().await;
    world.admin.put(&r(""), json!({"attributes": {"outgoing.allowed-networks": "127.0.0.0/8"}})).await.expect(204);
    world
}

fn pairwise(uri: &str) -> Value {
    with(app(), json!({"subject_type": "pairwise", "sector_identifier_uri": uri}))
}

async fn mapper(world: &World, client: &Value) -> Value {
    let seen = world.seen(client_id(client)).await;
    let mappers = seen["protocolMappers"].as_array().cloned().unwrap_or_default();
    let found = mappers.into_iter().find(|mapper| mapper["protocolMapper"] == "oidc-sha256-pairwise-sub-mapper");
    found.unwrap_or_default()
}

#[tokio::test]
async fn oidcc_registration_sector_uri() {
    let world = world().await;
    let publisher = Publisher::of(&json!([CALLBACK, "https://other.example.org/cb"])).await;
    let client = world.registered(&pairwise(&publisher.url)).await;
    assert_eq!(publisher.hits(), 1);
    assert_eq!(client["subject_type"], "pairwise");
    assert_eq!(client["sector_identifier_uri"], publisher.url.as_str());
    let first = mapper(&world, &client).await;
    assert_eq!(first["config"]["sectorIdentifierUri"], publisher.url.as_str());
    assert!(first["config"]["pairwiseSubAlgorithmSalt"].as_str().unwrap().len() >= 16);
    // a change keeps the salt, and asks again only if addresses change
    let change = with(pairwise(&publisher.url), json!({"client_id": client_id(&client), "client_name": "Other"}));
    let client = world.own(Method::PUT, &client, Some(&change)).await.expect(200).json();
    assert_eq!((mapper(&world, &client).await, publisher.hits()), (first, 1));
    let more = with(change.clone(), json!({"redirect_uris": [CALLBACK, "https://other.example.org/cb"]}));
    let client = world.own(Method::PUT, &client, Some(&more)).await.expect(200).json();
    assert_eq!(publisher.hits(), 2);
    let foreign = with(change, json!({"redirect_uris": [CALLBACK, "https://foreign.example.org/cb"]}));
    refused(world.own(Method::PUT, &client, Some(&foreign)).await, 400, "invalid_client_metadata", None);
    // public again
    let public = with(app(), json!({"client_id": client_id(&client)}));
    let client = world.own(Method::PUT, &client, Some(&public)).await.expect(200).json();
    assert_eq!((&client["subject_type"], client.get("sector_identifier_uri")), (&json!("public"), None));
    assert_eq!(mapper(&world, &client).await, Value::Null);
}

#[tokio::test]
async fn oidcc_registration_sector_bad() {
    let world = world().await;
    let token = world.initial_access(1).await;
    for document in
        [json!(["https://other.example.org/cb"]), json!([]), json!({"uris": [CALLBACK]}), json!([[CALLBACK]])]
    {
        let publisher = Publisher::of(&document).await;
        let reply = world.register(STANDARD, Some(&token), &pairwise(&publisher.url)).await;
        refused(reply, 400, "invalid_client_metadata", None);
        assert_eq!(publisher.hits(), 1);
        // whether or not it means anything
        let public = with(app(), json!({"sector_identifier_uri": publisher.url}));
        refused(world.register(STANDARD, Some(&token), &public).await, 400, "invalid_client_metadata", None);
        // and in Keycloak's words
        let mapper = json!({
            "name": "sub", "protocol": "openid-connect", "protocolMapper": "oidc-sha256-pairwise-sub-mapper",
            "config": {"sectorIdentifierUri": publisher.url},
        });
        let given = json!({"redirectUris": [CALLBACK], "protocolMappers": [mapper]});
        refused(world.register("default", Some(&token), &given).await, 400, "invalid_client_metadata", None);
    }
    for (head, body) in [
        ("302 Found\r\nLocation: https://app.example.org/", String::new()),
        ("500 Oh", String::new()),
        ("200 OK", "no JSON".to_owned()),
        ("200 OK", format!("[\"{CALLBACK}\", \"{}\"]", "x".repeat(70_000))),
    ] {
        let publisher = Publisher::answering(head, body).await;
        let reply = world.register(STANDARD, Some(&token), &pairwise(&publisher.url)).await;
        refused(reply, 400, "invalid_client_metadata", None);
    }
}

#[tokio::test]
async fn without_a_document_one_host_is_a_sector() {
    let world = world().await;
    let token = world.initial_access(1).await;
    let document = |uris: Value| json!({"redirect_uris": uris, "subject_type": "pairwise"});
    let two = document(json!([CALLBACK, "https://other.example.org/cb"]));
    refused(
        world.register(STANDARD, Some(&token), &two).await,
        400,
        "invalid_client_metadata",
        "Without a configured Sector Identifier URI, client redirect URIs must not contain multiple host components",
    );
    let one = document(json!([CALLBACK, "https://app.example.org/other"]));
    let client = world.register(STANDARD, Some(&token), &one).await.expect(201).json();
    assert_eq!((&client["subject_type"], client.get("sector_identifier_uri")), (&json!("pairwise"), None));
}

/// Attack 55, for the only address that is called when a client registers.
#[tokio::test]
async fn attack_55_nothing_inside_is_called_for_a_registrant() {
    let world = World::start().await;
    let token = world.initial_access(1).await;
    let publisher = Publisher::of(&json!([CALLBACK])).await;
    for uri in
        [publisher.url.clone(), publisher.url.replace("127.0.0.1", "localhost"), "https://169.254.169.254/".into()]
    {
        let reply = world.register(STANDARD, Some(&token), &pairwise(&uri)).await;
        refused(reply, 400, "invalid_client_metadata", None);
    }
    for member in ["jwks_uri", "backchannel_logout_uri"] {
        for uri in
            ["https://10.0.0.1/", "http://app.example.org/", "file:///etc/passwd", "https://a:b@app.example.org/"]
        {
            let reply = world.register(STANDARD, Some(&token), &with(app(), json!({member: uri}))).await;
            refused(reply, 400, "invalid_client_metadata", None);
        }
    }
    // nor for somebody who isn't let in
    world.admin.put(&r(""), json!({"attributes": {"outgoing.allowed-networks": "127.0.0.0/8"}})).await.expect(204);
    for token in [None, Some("x")] {
        let reply = world.register(STANDARD, token, &pairwise(&publisher.url)).await;
        assert!([401, 403].contains(&reply.status), "{}", reply.text());
    }
    assert_eq!(publisher.hits(), 0);
}
