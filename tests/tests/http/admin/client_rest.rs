//! What is seldom asked of clients: their nodes, installations, other descriptions of them, a secret before the present
//! one, and caches.

use reqwest::Method;
use serde_json::{Value, json};
use tests::docker::claims;

use crate::http::{
    oidc::recorder::Recorder,
    support::{REALM, World, r, send},
};

#[tokio::test]
async fn nodes_of_a_client_are_told_what_was_decided() {
    let world = World::start().await;
    let api = &world.admin;
    let app = Recorder::start();
    let id = api.post(&r("/clients"), json!({"clientId": "app", "redirectUris": []})).await.created();
    let path = r(&format!("/clients/{id}"));
    // nobody to tell
    assert_eq!(api.post(&format!("{path}/push-revocation"), json!({})).await.expect(200).json(), json!({}));
    assert_eq!(api.read(&format!("{path}/test-nodes-available")).await, json!({}));
    // nodes come and go
    let host = app.url("").trim_start_matches("http://").to_owned();
    api.post(&format!("{path}/nodes"), json!({"node": host})).await.expect(204);
    api.post(&format!("{path}/nodes"), json!({"node": "gone.invalid"})).await.expect(204);
    let nodes = api.read(&path).await["registeredNodes"].clone();
    assert!(nodes[&host].is_i64() && nodes["gone.invalid"].is_i64(), "{nodes}");
    api.post(&format!("{path}/nodes"), json!({})).await.error(400, "Node not found in params");
    api.post(&format!("{path}/nodes"), json!({"node": "a/../b"})).await.expect(400);
    api.delete(&format!("{path}/nodes/other")).await.error(404, "Client does not have node ");
    // each hears of it, at its own address; the realm says which networks may be called
    let change = json!({"adminUrl": "http://${application.session.host}/k", "notBefore": 7});
    api.put(&path, change).await.expect(204);
    let told = api.post(&format!("{path}/push-revocation"), json!({})).await.expect(200).json();
    assert_eq!(told["failedRequests"].as_array().map(Vec::len), Some(2), "{told}");
    assert!(app.heard().is_empty());
    api.put(&r(""), json!({"attributes": {"outgoing.allowed-networks": "127.0.0.0/8"}})).await.expect(204);
    let told = api.post(&format!("{path}/push-revocation"), json!({})).await.expect(200).json();
    assert_eq!(told["successRequests"], json!([format!("http://{host}/k")]));
    assert_eq!(told["failedRequests"], json!(["http://gone.invalid/k"]));
    let heard = app.after(1).await;
    assert_eq!((heard[0].method.as_str(), heard[0].path.as_str()), ("POST", "/k/k_push_not_before"));
    let order = claims(&heard[0].form[0].0);
    assert_eq!((&order["action"], &order["resource"]), (&json!("PUSH_NOT_BEFORE"), &json!("app")));
    assert_eq!(order["notBefore"], 7);
    app.answers(&[500]);
    let asked = api.read(&format!("{path}/test-nodes-available")).await;
    assert_eq!(asked["failedRequests"].as_array().map(Vec::len), Some(2), "{asked}");
    assert!(asked.get("successRequests").is_none());
    assert_eq!(app.after(2).await[1].path, "/k/k_test_available");
    api.delete(&format!("{path}/nodes/gone.invalid")).await.expect(204);
    assert_eq!(api.read(&path).await["registeredNodes"].as_object().map(serde_json::Map::len), Some(1));
}

#[tokio::test]
async fn installations_are_files_of_the_other_side() {
    let world = World::start().await;
    let api = &world.admin;
    let client = json!({"clientId": "a<b&c", "secret": "s\"<", "redirectUris": []});
    let id = api.post(&r("/clients"), client).await.created();
    let path = r(&format!("/clients/{id}/installation/providers"));
    let reply = api.get(&format!("{path}/keycloak-oidc-keycloak-json")).await.expect(200);
    assert_eq!(reply.header("content-type"), Some("text/plain"));
    let adapter = reply.json();
    let mut names: Vec<_> = adapter.as_object().unwrap().keys().map(String::as_str).collect();
    names.sort_unstable();
    assert_eq!(names, ["auth-server-url", "confidential-port", "credentials", "realm", "resource", "ssl-required"]);
    let xml = api.get(&format!("{path}/keycloak-oidc-jboss-subsystem")).await.expect(200).text();
    assert!(xml.starts_with("<secure-deployment ") && xml.contains("<resource>a&lt;b&amp;c</resource>"), "{xml}");
    assert!(xml.contains("<credential name=\"secret\">s&quot;&lt;</credential>"), "{xml}");
    let commands = api.get(&format!("{path}/keycloak-oidc-jboss-subsystem-cli")).await.expect(200).text();
    assert!(commands.starts_with("/subsystem=keycloak/secure-deployment="), "{commands}");
    api.get(&format!("{path}/nothing")).await.error(404, "Unknown Provider");
    let info = api.read("/serverinfo").await;
    let listed = info["clientInstallations"]["openid-connect"].as_array().unwrap().clone();
    for one in &listed {
        api.get(&format!("{path}/{}", one["id"].as_str().unwrap())).await.expect(200);
    }
    assert_eq!(listed.len(), 3);
}

#[tokio::test]
async fn descriptions_in_other_words_become_clients() {
    let world = World::start().await;
    let convert = async |text: String| {
        send(world.admin.request(Method::POST, &r("/client-description-converter")).body(text)).await
    };
    let metadata = json!({
        "client_name": "Shop", "redirect_uris": ["https://shop.example/cb"], "response_types": ["code"],
        "token_endpoint_auth_method": "private_key_jwt", "jwks_uri": "https://shop.example/jwks",
    });
    let client: Value = convert(metadata.to_string()).await.expect(200).json();
    assert_eq!((&client["name"], &client["redirectUris"]), (&json!("Shop"), &json!(["https://shop.example/cb"])));
    assert_eq!((&client["clientAuthenticatorType"], &client["publicClient"]), (&json!("client-jwt"), &json!(false)));
    // it is one that can be made
    let mut made = client.clone();
    made["clientId"] = json!("shop");
    let attributes = made["attributes"].as_object().unwrap().clone();
    made["attributes"] = attributes.into_iter().filter(|(_, value)| value != "").collect();
    world.admin.post(&r("/clients"), made).await.expect(201);
    let keycloak = json!({"clientId": "own", "publicClient": true, "attributes": {"a": true}});
    let client = convert(keycloak.to_string()).await.expect(200).json();
    assert_eq!((&client["clientId"], &client["attributes"]), (&json!("own"), &json!({"a": "true"})));
    for text in ["", "nonsense", "[]", "{}", "<EntityDescriptor/>", "\u{0}", "{\"clientId\":\"\\u0000\"}"] {
        convert(text.to_owned()).await.error(400, "Unsupported format");
    }
    for text in [json!({"redirect_uris": 1}), json!({"clientId": "x", "nonsense": 1})] {
        convert(text.to_string()).await.expect(400);
    }
}

#[tokio::test]
async fn there_is_one_secret_and_caches_can_be_cleared() {
    let world = World::start().await;
    let api = &world.admin;
    let id = api.post(&r("/clients"), json!({"clientId": "app", "redirectUris": []})).await.created();
    let path = r(&format!("/clients/{id}/client-secret/rotated"));
    api.get(&path).await.error(404, "Client does not have a rotated secret");
    api.delete(&path).await.expect(204);
    api.get(&r("/clients/none/client-secret/rotated")).await.error(404, "Could not find client");
    // a change behind the server's back is seen once the cache is cleared
    let http = world.http.clone();
    let realm = world.url(&format!("/realms/{REALM}"));
    send(http.get(&realm)).await.expect(200);
    for cache in ["realm", "keys", "user", "crl"] {
        api.post(&r(&format!("/clear-{cache}-cache")), json!({})).await.expect(204);
    }
    let viewer = world.user("viewer", "pw").await;
    world.grant_admin(REALM, &viewer, "view-realm").await;
    let viewer = world.api(REALM, "viewer", "pw").await;
    for cache in ["realm", "keys", "user", "crl"] {
        viewer.post(&r(&format!("/clear-{cache}-cache")), json!({})).await.expect(403);
    }
}
