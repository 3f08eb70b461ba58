//! The permissions on a realm as roles of a client in master, which Keycloak calls `REALM-realm`.

use serde_json::{Value, json};

use crate::http::support::{REALM, World, field, r};

async fn named(world: &World, client_id: &str) -> Value {
    world.admin.read(&format!("/realms/master/clients?clientId={client_id}")).await
}

#[tokio::test]
async fn permissions_on_one_realm_are_granted_in_master() {
    let mut world = World::start().await;
    world.admin.post("/realms", json!({"realm": "other", "enabled": true})).await.expect(201);
    let before = world.admin.read("/realms/master/clients").await;
    assert!(!field(&before, "clientId").iter().any(|name| *name == "other-realm" || *name == "acme-realm"));

    let name = format!("{REALM}-realm");
    let found = named(&world, &name).await;
    let client = found[0]["id"].as_str().unwrap();
    assert_eq!(found[0]["bearerOnly"], true);
    let roles = world.admin.read(&format!("/realms/master/clients/{client}/roles")).await;
    assert_eq!(roles.as_array().unwrap().len(), 18);
    assert_eq!(named(&world, &name).await[0]["id"], client, "it is made once");
    assert_eq!(named(&world, "no-such-realm").await, json!([]));

    // Granted to a user and, through a group, to another one.
    let role = world.admin.read(&format!("/realms/master/clients/{client}/roles/view-users")).await;
    let ops = world.user_in("master", "ops", "pw").await;
    let to_ops = format!("/realms/master/users/{ops}/role-mappings/clients/{client}");
    world.admin.post(&to_ops, json!([role])).await.expect(204);
    let mappings = world.admin.read(&format!("/realms/master/users/{ops}/role-mappings")).await;
    assert_eq!(mappings["clientMappings"][&name]["mappings"][0]["name"], "view-users");
    let api = world.api("master", "ops", "pw").await;
    api.get(&r("/users")).await.expect(200);
    api.get(&r("/clients")).await.expect(403);
    api.post(&r("/users"), json!({"username": "x"})).await.expect(403);
    api.get("/realms/other/users").await.expect(403);
    // Who holds no more than this can't hand on more.
    let effective = world.admin.read(&format!("{to_ops}/composite")).await;
    assert_eq!(field(&effective, "name"), ["query-groups", "query-users", "view-users"]);

    // It takes on the realm's new name and goes with the realm.
    world.admin.put(&r(""), json!({"realm": "renamed"})).await.expect(204);
    assert_eq!(named(&world, "renamed-realm").await[0]["id"], client);
    assert_eq!(named(&world, &name).await, json!([]));
    world.log_in().await;
    world.admin.delete("/realms/renamed").await.expect(204);
    assert_eq!(named(&world, "renamed-realm").await, json!([]));
    api.get("/realms/renamed/users").await.expect(404);
}

#[tokio::test]
async fn nobody_grants_in_master_what_they_lack() {
    let world = World::start().await;
    let found = named(&world, &format!("{REALM}-realm")).await;
    let client = found[0]["id"].as_str().unwrap();
    let role = world.admin.read(&format!("/realms/master/clients/{client}/roles/manage-realm")).await;
    let helper = world.user_in("master", "helper", "pw").await;
    let management = world.client_id("master", "master-realm").await;
    let manage_users = world.admin.read(&format!("/realms/master/clients/{management}/roles/manage-users")).await;
    let path = format!("/realms/master/users/{helper}/role-mappings/clients/{management}");
    world.admin.post(&path, json!([manage_users])).await.expect(204);
    let api = world.api("master", "helper", "pw").await;
    let to_self = format!("/realms/master/users/{helper}/role-mappings/clients/{client}");
    api.post(&to_self, json!([role])).await.error(403, "HTTP 403 Forbidden");
    api.get(&r("")).await.expect(403);
}
