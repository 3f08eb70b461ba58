//! Roles in the scope of clients and client scopes.

use serde_json::{Value, json};

use crate::http::support::{REALM, World, field, r};

/// A client without full scope, a client scope, and a client with the role `editor`, which contains `reader`.
struct Scene {
    world: World,
    app: String,
    scope: String,
    api: String,
}

impl Scene {
    async fn open() -> Self {
        let world = World::start().await;
        let admin = &world.admin;
        let app = json!({"clientId": "app", "fullScopeAllowed": false});
        let app = admin.post(&r("/clients"), app).await.created();
        let scope = json!({"name": "orders", "protocol": "openid-connect"});
        let scope = admin.post(&r("/client-scopes"), scope).await.created();
        let api = admin.post(&r("/clients"), json!({"clientId": "api"})).await.created();
        for name in ["reader", "editor"] {
            admin.post(&r(&format!("/clients/{api}/roles")), json!({"name": name})).await.expect(201);
        }
        let reader = admin.read(&r(&format!("/clients/{api}/roles/reader"))).await;
        let composites = r(&format!("/clients/{api}/roles/editor/composites"));
        admin.post(&composites, json!([reader])).await.expect(204);
        world.role("auditor").await;
        Self { world, app, scope, api }
    }

    fn owners(&self) -> [String; 2] {
        [format!("/clients/{}", self.app), format!("/client-scopes/{}", self.scope)]
    }

    async fn role(&self, name: &str) -> Value {
        self.world.admin.read(&r(&format!("/roles/{name}"))).await
    }

    async fn api_role(&self, name: &str) -> Value {
        self.world.admin.read(&r(&format!("/clients/{}/roles/{name}", self.api))).await
    }
}

#[tokio::test]
async fn roles_are_mapped_listed_and_taken() {
    let scene = Scene::open().await;
    let admin = &scene.world.admin;
    let (auditor, editor) = (scene.role("auditor").await, scene.api_role("editor").await);
    for owner in scene.owners() {
        let base = r(&format!("{owner}/scope-mappings"));
        let (realm, client) = (format!("{base}/realm"), format!("{base}/clients/{}", scene.api));
        assert_eq!(admin.read(&base).await, json!({}));
        assert!(field(&admin.read(&format!("{realm}/available")).await, "name").contains(&"auditor"));
        admin.post(&realm, json!([auditor])).await.expect(204);
        admin.post(&client, json!([editor])).await.expect(204);
        admin.post(&client, json!([editor])).await.expect(204);
        assert_eq!(field(&admin.read(&realm).await, "name"), ["auditor"]);
        assert_eq!(field(&admin.read(&client).await, "name"), ["editor"]);
        let all = admin.read(&base).await;
        assert_eq!(field(&all["realmMappings"], "name"), ["auditor"]);
        assert_eq!(field(&all["clientMappings"]["api"]["mappings"], "name"), ["editor"]);
        assert!(!field(&admin.read(&format!("{realm}/available")).await, "name").contains(&"auditor"));
        assert_eq!(field(&admin.read(&format!("{client}/available")).await, "name"), ["reader"]);
        assert_eq!(field(&admin.read(&format!("{client}/composite")).await, "name"), ["editor", "reader"]);
        assert_eq!(field(&admin.read(&format!("{realm}/composite")).await, "name"), ["auditor"]);
        admin.delete_with(&realm, json!([auditor])).await.expect(204);
        // without a body all of them
        admin.delete(&client).await.expect(204);
        assert_eq!(admin.read(&base).await, json!({}));
        // what isn't there
        admin.post(&realm, json!([{"name": "nothing"}])).await.error(404, "Role not found");
        admin.post(&realm, json!([editor])).await.error(404, "Role not found");
        admin.post(&format!("{base}/clients/nothing"), json!([])).await.error(404, "Could not find client");
        admin.get(&format!("{base}/clients/nothing")).await.error(404, "Could not find client");
        let wrong = json!({"error": "unknown_error", "error_description": "Cannot parse the JSON"});
        assert_eq!(admin.post(&realm, json!(["auditor"])).await.expect(400).json(), wrong);
    }
    admin.get(&r("/clients/nothing/scope-mappings")).await.error(404, "Could not find client");
    admin.get(&r("/client-scopes/nothing/scope-mappings")).await.error(404, "Could not find client scope");
}

#[tokio::test]
async fn a_full_scope_has_everything_and_a_clients_own_roles_are_in_it() {
    let scene = Scene::open().await;
    let admin = &scene.world.admin;
    let own = r(&format!("/clients/{0}/scope-mappings/clients/{0}/composite", scene.api));
    assert_eq!(field(&admin.read(&own).await, "name"), ["editor", "reader"]);
    let other = r(&format!("/clients/{}/scope-mappings/clients/{}/composite", scene.app, scene.api));
    assert_eq!(admin.read(&other).await, json!([]));
    admin.put(&r(&format!("/clients/{}", scene.app)), json!({"fullScopeAllowed": true})).await.expect(204);
    assert_eq!(field(&admin.read(&other).await, "name"), ["editor", "reader"]);
}

#[tokio::test]
async fn mappings_go_with_what_they_are_about() {
    let scene = Scene::open().await;
    let admin = &scene.world.admin;
    let editor = scene.api_role("editor").await;
    for owner in scene.owners() {
        let path = r(&format!("{owner}/scope-mappings/clients/{}", scene.api));
        admin.post(&path, json!([editor])).await.expect(204);
    }
    admin.delete(&r(&format!("/clients/{}", scene.api))).await.expect(204);
    for owner in scene.owners() {
        assert_eq!(admin.read(&r(&format!("{owner}/scope-mappings"))).await, json!({}));
        admin.delete(&r(&owner)).await.expect(204);
    }
}

/// Whoever may manage clients gets no administrator's role into a token of theirs.
#[tokio::test]
async fn nobody_maps_a_right_that_they_do_not_have() {
    let scene = Scene::open().await;
    let world = &scene.world;
    let user = world.user("clerk", "pw").await;
    world.grant_admin(REALM, &user, "manage-clients").await;
    let clerk = world.api(REALM, "clerk", "pw").await;
    let management = world.client_id(REALM, "realm-management").await;
    let role = async |name: &str| world.admin.read(&r(&format!("/clients/{management}/roles/{name}"))).await;
    // by a role that contains it, too
    world.role("harmless").await;
    let composites = r("/roles/harmless/composites");
    world.admin.post(&composites, json!([role("manage-users").await])).await.expect(204);
    for owner in scene.owners() {
        let base = r(&format!("{owner}/scope-mappings"));
        let (realm, client) = (format!("{base}/realm"), format!("{base}/clients/{management}"));
        for name in ["manage-users", "realm-admin", "manage-realm"] {
            clerk.post(&client, json!([role(name).await])).await.error(403, "HTTP 403 Forbidden");
        }
        clerk.post(&realm, json!([scene.role("harmless").await])).await.error(403, "HTTP 403 Forbidden");
        clerk.post(&client, json!([role("manage-clients").await])).await.expect(204);
        clerk.post(&realm, json!([scene.role("auditor").await])).await.expect(204);
        // nor takes one away
        world.admin.post(&client, json!([role("manage-users").await])).await.expect(204);
        clerk.delete(&client).await.error(403, "HTTP 403 Forbidden");
        clerk.delete_with(&client, json!([role("manage-clients").await])).await.expect(204);
    }
    let viewer = world.user("viewer", "pw").await;
    world.grant_admin(REALM, &viewer, "view-clients").await;
    let viewer = world.api(REALM, "viewer", "pw").await;
    let path = r(&format!("/clients/{}/scope-mappings/realm", scene.app));
    assert_eq!(field(&viewer.read(&path).await, "name"), ["auditor"]);
    viewer.post(&path, json!([])).await.expect(403);
}

#[tokio::test]
async fn mappings_are_recorded() {
    let scene = Scene::open().await;
    let admin = &scene.world.admin;
    admin.put(&r("/events/config"), json!({"adminEventsEnabled": true})).await.expect(204);
    let path = format!("clients/{}/scope-mappings", scene.app);
    let client = format!("{path}/clients/{}", scene.api);
    let next = || scene.world.server.clock().advance(std::time::Duration::from_secs(1));
    next();
    admin.post(&r(&format!("/{path}/realm")), json!([scene.role("auditor").await])).await.expect(204);
    next();
    admin.post(&r(&format!("/{client}")), json!([scene.api_role("reader").await])).await.expect(204);
    next();
    admin.delete(&r(&format!("/{client}"))).await.expect(204);
    let events = admin.read(&r("/admin-events?max=3")).await;
    let found: Vec<_> = events
        .as_array()
        .unwrap()
        .iter()
        .map(|event| ["operationType", "resourceType", "resourcePath"].map(|name| event[name].as_str().unwrap()))
        .collect();
    assert_eq!(
        found,
        [
            ["DELETE", "CLIENT_SCOPE_MAPPING", client.as_str()],
            ["CREATE", "CLIENT_SCOPE_MAPPING", client.as_str()],
            ["CREATE", "REALM_SCOPE_MAPPING", &format!("{path}/realm")],
        ]
    );
}
