//! Components and keys: how a realm gets another key while everything goes on.

use serde_json::{Value, json};

use crate::http::support::{World, field, r};

const PROVIDER: &str = "org.keycloak.keys.KeyProvider";

fn provider(name: &str, id: &str, priority: u32) -> Value {
    json!({
        "name": name, "providerId": id, "providerType": PROVIDER, "config": {"priority": [priority.to_string()]},
    })
}

#[tokio::test]
async fn components_are_created_read_listed_changed_and_deleted() {
    let world = World::start().await;
    let api = &world.admin;
    let id = api.post(&r("/components"), provider("mine", "rsa-generated", 150)).await.created();
    let path = r(&format!("/components/{id}"));
    let read = api.read(&path).await;
    for (name, value) in
        [("name", json!("mine")), ("providerId", json!("rsa-generated")), ("providerType", json!(PROVIDER))]
    {
        assert_eq!(read[name], value, "{read}");
    }
    assert_eq!(read["config"]["priority"], json!(["150"]));
    assert!(!read.to_string().contains("PRIVATE"), "{read}");
    let realm = api.read(&r("")).await;
    assert_eq!(read["parentId"], realm["id"]);
    let listed = api.read(&r(&format!("/components?type={PROVIDER}&name=mine"))).await;
    assert_eq!(field(&listed, "id"), [id.as_str()]);
    let mut changed = read.clone();
    changed["config"]["priority"] = json!(["160"]);
    api.put(&path, changed).await.expect(204);
    assert_eq!(api.read(&path).await["config"]["priority"], json!(["160"]));
    api.delete(&path).await.expect(204);
    api.get(&path).await.error(404, "Could not find component");
    api.delete(&path).await.error(404, "Could not find component");
    for (name, value) in [
        ("providerId", json!("nonsense")),
        ("providerType", json!("nonsense")),
        ("config", json!({"priority": ["x"]})),
        ("config", json!({"keySize": ["7"]})),
        ("name", json!("a\u{0}")),
    ] {
        let mut bad = provider("bad", "rsa-generated", 1);
        bad[name] = value.clone();
        let reply = api.post(&r("/components"), bad).await;
        assert_eq!(reply.status, 400, "{name} {value}: {}", reply.text());
    }
}

#[tokio::test]
async fn a_key_with_a_higher_priority_signs_and_the_earlier_ones_stay_good() {
    let (world, registry) = World::with_registry().await;
    world.allow_everything(&registry).await;
    world.user("alice", "pw").await;
    let api = &world.admin;
    let active = async |algorithm: &str| api.read(&r("/keys")).await["active"][algorithm].as_str().map(str::to_owned);
    let boss = world.user("boss", "pw").await;
    world.grant_admin("acme", &boss, "realm-admin").await;
    let before = world.api("acme", "boss", "pw").await;
    let first = active("RS256").await.unwrap();
    let id = api.post(&r("/components"), provider("newer", "rsa-generated", 200)).await.created();
    let second = active("RS256").await.unwrap();
    assert_ne!(first, second);
    let header = tests::docker::header(&world.pull_token(Some(("alice", "pw")), &[]).await.access_token());
    assert_eq!(header["alg"], "RS256");
    let answer = world.password_grant("acme", "alice", "pw").await.access_token();
    assert_eq!(tests::docker::header(&answer)["kid"], second.as_str());
    // a token of the earlier key is still one
    before.get(&r("/users")).await.expect(200);
    let keys = crate::http::support::send(world.http.get(world.url("/realms/acme/protocol/openid-connect/certs")))
        .await
        .json();
    let kids = field(&keys["keys"], "kid");
    assert!(kids.contains(&first.as_str()) && kids.contains(&second.as_str()), "{kids:?}");
    // passive keys verify, disabled ones don't
    let path = r(&format!("/components/{id}"));
    let by_second = world.api("acme", "boss", "pw").await;
    let mut component = api.read(&path).await;
    component["config"]["active"] = json!(["false"]);
    api.put(&path, component.clone()).await.expect(204);
    assert_eq!(active("RS256").await.unwrap(), first);
    by_second.get(&r("/users")).await.expect(200);
    component["config"]["enabled"] = json!(["false"]);
    api.put(&path, component).await.expect(204);
    by_second.get(&r("/users")).await.expect(401);
    api.delete(&path).await.expect(204);
    assert_eq!(active("RS256").await.unwrap(), first);
    // another algorithm
    api.post(&r("/components"), provider("curve", "ecdsa-generated", 100)).await.expect(201);
    assert!(active("ES256").await.is_some());
    let keys = api.read(&r("/keys")).await;
    for key in keys["keys"].as_array().unwrap() {
        for name in ["providerId", "providerPriority", "kid", "status", "type", "algorithm", "use"] {
            assert!(!key[name].is_null(), "{name} of {key}");
        }
    }
    assert!(!keys.to_string().contains("PRIVATE"));
}
