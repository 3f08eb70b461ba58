//! Two nodes on one database: what one changes, the other knows.

use serde_json::json;
use tests::poll::until;

use crate::http::support::{Api, EVERYONE_MAPPER, REALM, REGISTRY, Reply, World, r, send};

const SCOPE: &str = "repository:a:pull";
/// Long for a notice, short for somebody who waits.
const SOON: u64 = 3;

/// Asks a node for a token.
async fn ask(world: &World, node: &str, service: &str) -> Reply {
    let url = format!("{node}/realms/{REALM}/protocol/docker-v2/auth");
    let request = world.http.get(url).query(&[("service", service), ("scope", SCOPE)]);
    send(request.basic_auth("alice", Some("pw"))).await
}

#[tokio::test]
async fn a_change_on_one_node_is_known_on_the_other() {
    let (world, registry) = World::with_registry().await;
    world.user("alice", "pw").await;
    let second = world.server.second_node().await;
    let node = second.url().to_owned();
    let until_status = async |what: &str, service: &str, status: u16| {
        until(what, SOON, || async { (ask(&world, &node, service).await.status == status).then_some(()) }).await;
    };
    let until_access = async |what: &str, count: usize| {
        until(what, SOON, || async {
            let reply = ask(&world, &node, REGISTRY).await;
            (reply.status == 200 && reply.access().len() == count).then_some(())
        })
        .await;
    };
    // warm caches
    assert_eq!(ask(&world, &node, REGISTRY).await.access().len(), 0);
    ask(&world, &node, "second").await.expect(400);
    // a mapper
    let config = json!({"repositories": "**", "actions": "pull"});
    let mapper = world.mapper(&registry, "rule", EVERYONE_MAPPER, config).await;
    assert_eq!(ask(&world, world.server.url(), REGISTRY).await.access().len(), 1, "one's own write at once");
    until_access("a new mapper", 1).await;
    let mapper = r(&format!("/clients/{registry}/protocol-mappers/models/{mapper}"));
    let mut changed = world.admin.read(&mapper).await;
    changed["config"]["actions"] = "push".into();
    world.admin.put(&mapper, changed).await.expect(204);
    assert_eq!(ask(&world, world.server.url(), REGISTRY).await.access().len(), 0);
    until_access("a changed mapper", 0).await;
    // a mapper of a client scope, and the assignment of the scope
    let scope =
        world.admin.post(&r("/client-scopes"), json!({"name": "rules", "protocol": "docker-v2"})).await.created();
    let model = json!({
        "name": "rule", "protocol": "docker-v2", "protocolMapper": EVERYONE_MAPPER,
        "config": {"repositories": "**", "actions": "pull"},
    });
    world.admin.post(&r(&format!("/client-scopes/{scope}/protocol-mappers/models")), model).await.expect(201);
    let assignment = r(&format!("/clients/{registry}/default-client-scopes/{scope}"));
    world.admin.put(&assignment, json!({})).await.expect(204);
    until_access("an assigned client scope", 1).await;
    world.admin.delete(&assignment).await.expect(204);
    until_access("a removed client scope", 0).await;
    // the client
    let client = r(&format!("/clients/{registry}"));
    world.admin.put(&client, json!({"attributes": {"docker.services": "second"}})).await.expect(204);
    until_status("a further name", "second", 200).await;
    world.admin.put(&client, json!({"enabled": false})).await.expect(204);
    ask(&world, world.server.url(), REGISTRY).await.expect(400);
    until_status("a disabled client", REGISTRY, 400).await;
    world.admin.put(&client, json!({"enabled": true})).await.expect(204);
    until_status("an enabled client", REGISTRY, 200).await;
    // the realm
    world.admin.put(&r(""), json!({"enabled": false})).await.expect(204);
    ask(&world, world.server.url(), REGISTRY).await.expect(404);
    until_status("a disabled realm", REGISTRY, 404).await;
    world.admin.put(&r(""), json!({"enabled": true})).await.expect(204);
    until_status("an enabled realm", REGISTRY, 200).await;
    // the client is gone, then the realm
    world.admin.delete(&client).await.expect(204);
    until_status("a deleted client", REGISTRY, 400).await;
    world.admin.delete(&r("")).await.expect(204);
    ask(&world, world.server.url(), REGISTRY).await.expect(404);
    until_status("a deleted realm", REGISTRY, 404).await;
}

#[tokio::test]
async fn a_new_key_signs_on_both_nodes() {
    let (world, registry) = World::with_registry().await;
    world.allow_everything(&registry).await;
    world.user("alice", "pw").await;
    let second = world.server.second_node().await;
    let kid =
        async |node: &str| tests::docker::header(&ask(&world, node, REGISTRY).await.access_token())["kid"].clone();
    let (first, node) = (kid(world.server.url()).await, second.url().to_owned());
    assert_eq!(first, kid(&node).await);
    let component = json!({
        "name": "newer", "providerId": "rsa-generated", "providerType": "org.keycloak.keys.KeyProvider",
        "config": {"priority": ["200"], "keySize": ["2048"]},
    });
    world.admin.post(&r("/components"), component).await.expect(201);
    let newer = kid(world.server.url()).await;
    assert_ne!(newer, first);
    until("the new key", SOON, || async { (kid(&node).await == newer).then_some(()) }).await;
}

/// Users, roles of users and sessions are never cached: there is no notice to wait for.
#[tokio::test]
async fn users_are_the_same_on_both_nodes_at_once() {
    let (world, registry) = World::with_registry().await;
    world.allow_everything(&registry).await;
    let alice = world.user("alice", "pw").await;
    let second = world.server.second_node().await;
    let identity = world.identity_token("alice", "pw").await;
    let on_second = async || {
        let url = format!("{}/realms/{REALM}/protocol/docker-v2/auth", second.url());
        let form = [("grant_type", "refresh_token"), ("service", REGISTRY), ("refresh_token", identity.as_str())];
        send(world.http.post(url).form(&form)).await
    };
    on_second().await.expect(200);
    for (enabled, status) in [(false, 401), (true, 200)] {
        world.admin.put(&r(&format!("/users/{alice}")), json!({ "enabled": enabled })).await.expect(204);
        ask(&world, second.url(), REGISTRY).await.expect(status);
        // what a disabled user had is over for good
        on_second().await.expect(401);
    }
    // an administrator's session ends on both
    let boss = world.user("boss", "pw").await;
    world.grant_admin(REALM, &boss, "realm-admin").await;
    let there = Api { url: second.url().to_owned(), ..world.api(REALM, "boss", "pw").await };
    there.get(&r("/users")).await.expect(200);
    world.admin.post(&r(&format!("/users/{boss}/logout")), json!({})).await.expect(204);
    there.get(&r("/users")).await.expect(401);
}
