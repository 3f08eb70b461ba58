//! Nobody hands on, takes or borrows a right that they don't hold.

use reqwest::Method;
use serde_json::{Value, json};

use crate::http::support::{Api, REALM, World, r, send};

struct Scene {
    world: World,
    /// Holds `manage-users` and nothing else.
    helper: Api,
    helper_id: String,
    /// The administrator of the realm.
    boss_id: String,
    management: String,
}

async fn scene() -> Scene {
    let world = World::start().await;
    let boss_id = world.user("boss", "pw").await;
    world.grant_admin(REALM, &boss_id, "realm-admin").await;
    let helper_id = world.user("helper", "pw").await;
    world.grant_admin(REALM, &helper_id, "manage-users").await;
    let helper = world.api(REALM, "helper", "pw").await;
    let management = world.client_id(REALM, "realm-management").await;
    Scene { world, helper, helper_id, boss_id, management }
}

impl Scene {
    async fn admin_role(&self, name: &str) -> Value {
        self.world.admin.read(&r(&format!("/clients/{}/roles/{name}", self.management))).await
    }
}

#[tokio::test]
async fn roles_beyond_ones_own_are_not_granted() {
    let scene = scene().await;
    let alice = scene.world.user("alice", "pw").await;
    let group = scene.world.group("/team").await;
    for name in ["manage-realm", "realm-admin", "manage-clients", "impersonation", "view-events", "create-client"] {
        let role = json!([scene.admin_role(name).await]);
        for holder in [format!("users/{alice}"), format!("users/{}", scene.helper_id), format!("groups/{group}")] {
            let path = r(&format!("/{holder}/role-mappings/clients/{}", scene.management));
            scene.helper.post(&path, role.clone()).await.error(403, "HTTP 403 Forbidden");
        }
    }
    // what the helper holds may be handed on, and so may a role that brings nothing
    let own = json!([scene.admin_role("manage-users").await]);
    let path = r(&format!("/users/{alice}/role-mappings/clients/{}", scene.management));
    scene.helper.post(&path, own).await.expect(204);
    scene.world.role("plain").await;
    let plain = json!([scene.world.admin.read(&r("/roles/plain")).await]);
    scene.helper.post(&r(&format!("/users/{alice}/role-mappings/realm")), plain).await.expect(204);
    // the rights are the same as before
    scene.helper.put(&r(""), json!({"displayName": "taken"})).await.expect(403);
    scene.helper.get(&r("/clients")).await.expect(403);
}

#[tokio::test]
async fn accounts_of_administrators_are_not_taken_over() {
    let scene = scene().await;
    let boss = r(&format!("/users/{}", scene.boss_id));
    let helper = &scene.helper;
    let password = json!({"type": "password", "value": "taken", "temporary": false});
    helper.put(&format!("{boss}/reset-password"), password.clone()).await.expect(403);
    for change in [
        json!({"email": "helper@example.org"}),
        json!({"enabled": false}),
        json!({"username": "other"}),
        json!({"credentials": [password]}),
        json!({"requiredActions": ["UPDATE_PASSWORD"]}),
        json!({"attributes": {"a": ["b"]}}),
    ] {
        helper.put(&boss, change).await.expect(403);
    }
    let credentials = scene.world.admin.read(&format!("{boss}/credentials")).await;
    let credential = credentials[0]["id"].as_str().unwrap();
    helper.delete(&format!("{boss}/credentials/{credential}")).await.expect(403);
    helper.post(&format!("{boss}/logout"), json!({})).await.expect(403);
    helper.delete(&boss).await.expect(403);
    let role = json!([scene.admin_role("realm-admin").await]);
    let mappings = format!("{boss}/role-mappings/clients/{}", scene.management);
    helper.delete_with(&mappings, role).await.expect(403);
    send(helper.request(Method::DELETE, &mappings)).await.expect(403);
    assert_eq!(scene.world.password_grant(REALM, "boss", "pw").await.status, 200, "the boss is as before");
    // an ordinary user is the helper's business
    let alice = scene.world.user("alice", "pw").await;
    let password = json!({"type": "password", "value": "new", "temporary": false});
    helper.put(&r(&format!("/users/{alice}/reset-password")), password).await.expect(204);
}

#[tokio::test]
async fn groups_that_bring_rights_are_not_joined() {
    let scene = scene().await;
    let world = &scene.world;
    let (top, sub) = (world.group("/admins").await, world.group("/admins/sub").await);
    let role = json!([scene.admin_role("manage-realm").await]);
    let path = r(&format!("/groups/{top}/role-mappings/clients/{}", scene.management));
    world.admin.post(&path, role).await.expect(204);
    let helper = &scene.helper;
    let own = &scene.helper_id;
    for group in [&top, &sub] {
        helper.put(&r(&format!("/users/{own}/groups/{group}")), json!({})).await.expect(403);
        helper.put(&r(&format!("/groups/{group}/members/{own}")), json!({})).await.expect(403);
    }
    let user = json!({"username": "fresh", "groups": ["/admins/sub"]});
    helper.post(&r("/users"), user).await.expect(403);
    // nor is a group that one is in moved below such a group
    let mine = world.group("/mine").await;
    world.join(own, &mine).await;
    helper.post(&r(&format!("/groups/{top}/children")), json!({"id": mine, "name": "mine"})).await.expect(403);
    helper.post(&r(&format!("/groups/{sub}/children")), json!({"id": mine, "name": "mine"})).await.expect(403);
    helper.get(&r("/events")).await.expect(403);
    helper.put(&r(""), json!({"displayName": "taken"})).await.expect(403);
}

#[tokio::test]
async fn composites_carry_nothing_that_their_maker_lacks() {
    let scene = scene().await;
    let world = &scene.world;
    // one who may change roles of the realm, and one who may change roles of clients
    for (name, permission) in [("realms", "manage-realm"), ("clients", "manage-clients")] {
        let id = world.user(name, "pw").await;
        world.grant_admin(REALM, &id, permission).await;
        let api = world.api(REALM, name, "pw").await;
        let (roles, made) = if permission == "manage-realm" {
            (r("/roles"), r("/roles/mine"))
        } else {
            let client = world.admin.post(&r("/clients"), json!({"clientId": "mine"})).await.created();
            let roles = r(&format!("/clients/{client}/roles"));
            (roles.clone(), format!("{roles}/mine"))
        };
        api.post(&roles, json!({"name": "mine"})).await.expect(201);
        for part in ["realm-admin", "manage-users", "impersonation"] {
            let part = json!([scene.admin_role(part).await]);
            api.post(&format!("{made}/composites"), part.clone()).await.expect(403);
            let id = world.admin.read(&made).await["id"].as_str().unwrap().to_owned();
            api.post(&r(&format!("/roles-by-id/{id}/composites")), part).await.expect(403);
        }
        // into a role that everybody has
        let default = r("/roles/default-roles-acme/composites");
        let part = json!([scene.admin_role("manage-users").await]);
        api.post(&default, part).await.expect(403);
    }
    // roles by another name are the same roles
    let id = world.user("renamer", "pw").await;
    world.grant_admin(REALM, &id, "manage-clients").await;
    let api = world.api(REALM, "renamer", "pw").await;
    let role = r(&format!("/clients/{}/roles/manage-clients", scene.management));
    api.put(&role, json!({"name": "manage-realm-too"})).await;
    api.put(&r(""), json!({"displayName": "taken"})).await.expect(403);
    api.get(&r("/users")).await.expect(403);
    // deleting and making anew gives no right
    api.delete(&r(&format!("/clients/{}/roles/manage-users", scene.management))).await;
    api.post(&r(&format!("/clients/{}/roles", scene.management)), json!({"name": "manage-users"})).await;
    api.get(&r("/users")).await.expect(403);
}

#[tokio::test]
async fn default_groups_and_service_accounts_are_no_way_around() {
    let scene = scene().await;
    let world = &scene.world;
    // a client's manager doesn't get at an account that has rights
    let client =
        json!({"clientId": "robot", "serviceAccountsEnabled": true, "publicClient": false, "secret": "s3cret"});
    let robot = world.admin.post(&r("/clients"), client).await.created();
    let path = r(&format!("/clients/{robot}"));
    let account = world.admin.read(&format!("{path}/service-account-user")).await;
    world.grant_admin(REALM, account["id"].as_str().unwrap(), "realm-admin").await;
    let id = world.user("clients", "pw").await;
    world.grant_admin(REALM, &id, "manage-clients").await;
    let api = world.api(REALM, "clients", "pw").await;
    api.get(&format!("{path}/client-secret")).await.expect(403);
    api.post(&format!("{path}/client-secret"), json!({})).await.expect(403);
    api.put(&path, json!({"secret": "mine"})).await.expect(403);
    let shown = api.get(&path).await;
    assert!(!shown.text().contains("s3cret"), "{}", shown.text());
    let listed = api.get(&r("/clients")).await;
    assert!(!listed.text().contains("s3cret"));
    // who may change the realm doesn't make everybody an administrator through the groups of new users
    let group = world.group("/admins").await;
    let role = json!([scene.admin_role("manage-users").await]);
    let mappings = r(&format!("/groups/{group}/role-mappings/clients/{}", scene.management));
    world.admin.post(&mappings, role).await.expect(204);
    let id = world.user("realms", "pw").await;
    world.grant_admin(REALM, &id, "manage-realm").await;
    let api = world.api(REALM, "realms", "pw").await;
    api.put(&r(&format!("/default-groups/{group}")), json!({})).await.expect(403);
}

#[tokio::test]
async fn one_realm_is_no_way_into_another() {
    let scene = scene().await;
    let world = &scene.world;
    world.admin.post("/realms", json!({"realm": "other", "enabled": true})).await.expect(201);
    let alice = world.user_in("other", "alice", "pw").await;
    let boss = world.api(REALM, "boss", "pw").await;
    // neither by the address of the other realm nor by its ids in the own
    boss.get("/realms/other").await.expect(403);
    boss.get(&format!("/realms/other/users/{alice}")).await.expect(403);
    boss.get(&r(&format!("/users/{alice}"))).await.error(404, "User not found");
    boss.delete(&r(&format!("/users/{alice}"))).await.error(404, "User not found");
    let master_role = world.admin.read("/realms/master/roles/admin").await;
    let own = r(&format!("/users/{}/role-mappings/realm", scene.boss_id));
    boss.post(&own, json!([master_role])).await.error(404, "Role not found");
    boss.post(&r("/roles/offline_access/composites"), json!([master_role]))
        .await
        .error(404, "Could not find composite role");
    boss.post("/realms", json!({"realm": "third"})).await.expect(403);
    boss.get("/realms/master/users").await.expect(403);
    boss.put("/realms/master", json!({"displayName": "taken"})).await.expect(403);
    // a realm of one's own named like master is none
    boss.put(&r(""), json!({"realm": "master"})).await.expect(409);
}
