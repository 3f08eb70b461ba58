//! Roles of realms and clients, what they are made of, and who has them.

use serde_json::{Value, json};

use crate::http::support::{World, field, r};

async fn both(world: &World) -> [String; 2] {
    let client = world.admin.post(&r("/clients"), json!({"clientId": "web"})).await.created();
    [r("/roles"), r(&format!("/clients/{client}/roles"))]
}

#[tokio::test]
async fn roles_are_created_read_listed_changed_and_deleted() {
    let world = World::start().await;
    let api = &world.admin;
    for roles in both(&world).await {
        let given = json!({"name": "a role/+ä", "description": "d", "attributes": {"k": ["v", "w"], "one": "x"}});
        let reply = api.post(&roles, given).await.expect(201);
        let location = reply.header("location").unwrap().to_owned();
        let name = location.rsplit('/').next().unwrap();
        let path = format!("{roles}/{name}");
        let read = api.read(&path).await;
        assert_eq!((&read["name"], &read["composite"]), (&json!("a role/+ä"), &json!(false)));
        assert_eq!((&read["attributes"]["k"], &read["attributes"]["one"]), (&json!(["v", "w"]), &json!(["x"])));
        assert_eq!(read["clientRole"], json!(roles.contains("clients")));
        let id = read["id"].as_str().unwrap();
        let by_id = r(&format!("/roles-by-id/{id}"));
        assert_eq!(api.read(&by_id).await, read);
        api.post(&roles, json!({"name": "a role/+ä"}))
            .await
            .error_message(409, "Role with name a role/+ä already exists");
        api.post(&roles, json!({})).await.error(400, "role has no name");
        api.post(&roles, json!({"name": "second"})).await.expect(201);
        let mut renamed = read.clone();
        renamed["name"] = "second".into();
        api.put(&path, renamed.clone()).await.error_message(409, "Role with name second already exists");
        renamed["name"] = "third".into();
        api.put(&by_id, renamed).await.expect(204);
        api.get(&path).await.error(404, "Could not find role");
        assert_eq!(api.read(&format!("{roles}/third")).await["id"], id);
        let found = api.read(&format!("{roles}?search=thi&first=0&max=5")).await;
        assert_eq!(field(&found, "name"), ["third"]);
        assert_eq!(found[0].get("attributes"), None, "brief");
        let found = api.read(&format!("{roles}?search=thi&briefRepresentation=false")).await;
        assert_eq!(found[0]["attributes"]["k"], json!(["v", "w"]));
        api.delete(&format!("{roles}/third")).await.expect(204);
        api.delete(&format!("{roles}/third")).await.error(404, "Could not find role");
        api.get(&by_id).await.error(404, "Could not find role with id");
    }
    let text = "default-roles-acme is default role of the realm and cannot be removed.";
    api.delete(&r("/roles/default-roles-acme")).await.error_message(400, text);
}

#[tokio::test]
async fn composites_hold_roles_of_realm_and_clients() {
    let (world, registry) = World::with_registry().await;
    let api = &world.admin;
    let [realm_roles, client_roles] = both(&world).await;
    let client = client_roles.split('/').nth(4).unwrap().to_owned();
    let mut made = Vec::new();
    for (roles, name) in [(&realm_roles, "top"), (&realm_roles, "middle"), (&client_roles, "leaf")] {
        api.post(roles, json!({ "name": name })).await.expect(201);
        made.push(api.read(&format!("{roles}/{name}")).await);
    }
    let [top, middle, leaf]: [Value; 3] = made.try_into().unwrap();
    let composites = format!("{realm_roles}/top/composites");
    api.post(&composites, json!([middle])).await.expect(204);
    api.post(&format!("{realm_roles}/middle/composites"), json!([{"id": leaf["id"]}])).await.expect(204);
    assert_eq!(field(&api.read(&composites).await, "name"), ["middle"]);
    assert_eq!(api.read(&format!("{realm_roles}/top")).await["composite"], true);
    let middle_composites = format!("{realm_roles}/middle/composites");
    assert_eq!(api.read(&format!("{middle_composites}/realm")).await, json!([]));
    assert_eq!(field(&api.read(&format!("{middle_composites}/clients/{client}")).await, "name"), ["leaf"]);
    let by_id = r(&format!("/roles-by-id/{}/composites", middle["id"].as_str().unwrap()));
    assert_eq!(field(&api.read(&by_id).await, "name"), ["leaf"]);
    api.post(&composites, json!([{"id": "nothing"}])).await.error(404, "Could not find composite role");
    api.get(&format!("{realm_roles}/nothing/composites")).await.error(404, "Could not find role");
    // a user of the topmost role has all of them, and so do rules
    let alice = world.user("alice", "pw").await;
    world.grant(&alice, "top").await;
    let effective = r(&format!("/users/{alice}/role-mappings/clients/{client}/composite"));
    assert_eq!(field(&api.read(&effective).await, "name"), ["leaf"]);
    let rule = json!({"role": "web.leaf", "repositories": "**", "actions": "pull"});
    world.mapper(&registry, "leaf", crate::http::support::ROLE_MAPPER, rule).await;
    assert_eq!(world.pull_token(Some(("alice", "pw")), &["repository:a:pull"]).await.access().len(), 1);
    // a circle does no harm
    api.post(&middle_composites, json!([top])).await;
    assert_eq!(world.pull_token(Some(("alice", "pw")), &["repository:a:pull"]).await.access().len(), 1);
    api.read(&effective).await;
    api.delete_with(&composites, json!([middle])).await.expect(204);
    assert_eq!(world.pull_token(Some(("alice", "pw")), &["repository:a:pull"]).await.access().len(), 0);
}

#[tokio::test]
async fn holders_of_roles_are_listed() {
    let world = World::start().await;
    let api = &world.admin;
    let alice = world.user("alice", "pw").await;
    let group = world.group("/team").await;
    for roles in both(&world).await {
        api.post(&roles, json!({"name": "worker"})).await.expect(201);
        let role = api.read(&format!("{roles}/worker")).await;
        let container = if roles.contains("clients") {
            format!("clients/{}", roles.split('/').nth(4).unwrap())
        } else {
            "realm".to_owned()
        };
        api.post(&r(&format!("/users/{alice}/role-mappings/{container}")), json!([role])).await.expect(204);
        api.post(&r(&format!("/groups/{group}/role-mappings/{container}")), json!([role])).await.expect(204);
        assert_eq!(field(&api.read(&format!("{roles}/worker/users")).await, "username"), ["alice"]);
        assert_eq!(field(&api.read(&format!("{roles}/worker/groups")).await, "name"), ["team"]);
        api.get(&format!("{roles}/nothing/users")).await.error(404, "Could not find role");
    }
}

#[tokio::test]
async fn role_mappings_are_granted_listed_and_taken() {
    let world = World::start().await;
    let api = &world.admin;
    let alice = world.user("alice", "pw").await;
    let group = world.group("/team").await;
    world.role("worker").await;
    let role = api.read(&r("/roles/worker")).await;
    let account = world.client_id("acme", "account").await;
    let fresh = api.read(&r(&format!("/users/{alice}/role-mappings/realm"))).await;
    assert_eq!(field(&fresh, "name"), ["default-roles-acme"]);
    for (kind, id, missing) in [("users", &alice, "User not found"), ("groups", &group, "Could not find group by id")] {
        let mappings = r(&format!("/{kind}/{id}/role-mappings"));
        let realm = format!("{mappings}/realm");
        assert!(field(&api.read(&format!("{realm}/available")).await, "name").contains(&"worker"));
        api.post(&realm, json!([role])).await.expect(204);
        api.post(&realm, json!([role])).await.expect(204);
        assert!(field(&api.read(&realm).await, "name").contains(&"worker"));
        assert!(!field(&api.read(&format!("{realm}/available")).await, "name").contains(&"worker"));
        assert!(field(&api.read(&format!("{realm}/composite")).await, "name").contains(&"worker"));
        let all = api.read(&mappings).await;
        assert!(field(&all["realmMappings"], "name").contains(&"worker"), "{all}");
        let role_of_client = api.read(&r(&format!("/clients/{account}/roles/view-profile"))).await;
        api.post(&format!("{mappings}/clients/{account}"), json!([role_of_client])).await.expect(204);
        let all = api.read(&mappings).await;
        assert_eq!(all["clientMappings"]["account"]["mappings"][0]["name"], "view-profile", "{all}");
        api.post(&realm, json!([{"id": "nothing", "name": "nothing"}])).await.error(404, "Role not found");
        api.get(&format!("{mappings}/clients/nothing")).await.error(404, "Client not found");
        api.delete_with(&realm, json!([role])).await.expect(204);
        assert!(!field(&api.read(&realm).await, "name").contains(&"worker"));
        // without a body all of them go
        api.delete(&format!("{mappings}/clients/{account}")).await.expect(204);
        assert_eq!(api.read(&format!("{mappings}/clients/{account}")).await, json!([]));
        api.get(&r(&format!("/{kind}/nothing/role-mappings"))).await.error(404, missing);
        api.post(&r(&format!("/{kind}/nothing/role-mappings/realm")), json!([role])).await.error(404, missing);
    }
}
