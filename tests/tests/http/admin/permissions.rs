//! Every route against every kind of caller, made from the table of routes itself.

use model::permission::{Permission, Permissions};
use reqwest::Method;
use rest_admin::routes::{Declared, Rule};
use serde_json::json;

use crate::http::support::{Api, REALM, World, r, send};

/// The permissions that come with one, as in Keycloak's composite roles.
fn with_parts(permission: Permission) -> Permissions {
    let parts: &[Permission] = match permission {
        Permission::ViewUsers => &[Permission::QueryUsers, Permission::QueryGroups],
        Permission::ViewClients => &[Permission::QueryClients],
        _ => &[],
    };
    parts.iter().copied().chain([permission]).collect()
}

struct Caller {
    name: String,
    api: Api,
    permissions: Permissions,
    create_realm: bool,
    /// An administrator of another realm: no permission counts here.
    of_another_realm: bool,
}

impl Caller {
    fn satisfies(&self, rule: Rule, in_realm: bool) -> bool {
        if self.of_another_realm && in_realm {
            return false;
        }
        match rule {
            Rule::AnyOf(permissions) => self.permissions.has_any(permissions),
            Rule::Each(sets) => sets.iter().all(|permissions| self.permissions.has_any(permissions)),
            Rule::AnyPermission => !self.permissions.is_empty(),
            Rule::CreateRealm => self.create_realm,
            Rule::Authenticated => true,
        }
    }
}

/// The address of a route, with things that aren't there in the places of names.
fn address(declared: &Declared) -> String {
    let mut address = String::new();
    let mut rest = declared.path.as_str();
    while let Some((before, after)) = rest.split_once('{') {
        let (name, after) = after.split_once('}').unwrap();
        address.push_str(before);
        address.push_str(if name == "realm" { REALM } else { "00000000-0000-7000-8000-000000000000" });
        rest = after;
    }
    address + rest
}

async fn ask(api: &Api, declared: &Declared) -> u16 {
    let method = Method::from_bytes(declared.method.as_str().as_bytes()).unwrap();
    let request = api.request(method, &address(declared)).header("content-type", "application/json").body("");
    send(request).await.status
}

async fn callers(world: &World) -> Vec<Caller> {
    let mut callers = Vec::new();
    let caller = |name: &str, api: Api, permissions: Permissions| Caller {
        name: name.to_owned(),
        api,
        permissions,
        create_realm: false,
        of_another_realm: false,
    };
    world.user("nobody", "pw").await;
    callers.push(caller("without roles", world.api(REALM, "nobody", "pw").await, Permissions::default()));
    for permission in Permission::ALL {
        let name = permission.as_str();
        let id = world.user(name, "pw").await;
        world.grant_admin(REALM, &id, name).await;
        callers.push(caller(name, world.api(REALM, name, "pw").await, with_parts(permission)));
    }
    world.admin.post("/realms", json!({"realm": "other", "enabled": true})).await.expect(201);
    let id = world.user_in("other", "boss", "pw").await;
    world.grant_admin("other", &id, "realm-admin").await;
    callers.push(Caller {
        of_another_realm: true,
        ..caller("the administrator of another realm", world.api("other", "boss", "pw").await, Permissions::all())
    });
    // an administrator of master for master only
    let id = world.user_in("master", "half", "pw").await;
    world.grant_admin("master", &id, "manage-users").await;
    callers.push(caller(
        "of master without permissions here",
        world.api("master", "half", "pw").await,
        Permissions::default(),
    ));
    let id = world.user_in("master", "maker", "pw").await;
    let role = world.admin.read("/realms/master/roles/create-realm").await;
    world.admin.post(&format!("/realms/master/users/{id}/role-mappings/realm"), json!([role])).await.expect(204);
    callers.push(Caller {
        create_realm: true,
        ..caller("who may make realms", world.api("master", "maker", "pw").await, Permissions::default())
    });
    callers
}

#[tokio::test]
async fn every_route_asks_for_what_it_declares() {
    let world = World::start().await;
    let mut callers = callers(&world).await;
    let nobody = Api { token: None, ..world.admin.clone() };
    let mut declared = rest_admin::declared();
    assert!(declared.len() > 120, "{} routes", declared.len());
    // What ends the realm comes last, and within it those who may come last.
    let deletes_realm = |route: &Declared| route.method == "DELETE" && route.path == "/realms/{realm}";
    declared.sort_by_key(deletes_realm);
    let mut wrong = Vec::new();
    for route in &declared {
        let name = format!("{} {}", route.method, route.path);
        if ask(&nobody, route).await != 401 {
            wrong.push(format!("{name}: without a token"));
        }
        let in_realm = route.path.contains("{realm}");
        callers.sort_by_key(|caller| caller.satisfies(route.rule, in_realm));
        for caller in &callers {
            let status = ask(&caller.api, route).await;
            let may = caller.satisfies(route.rule, in_realm);
            // A service may ask for more, depending on what a request is about; never for less.
            let right = match (may, status) {
                // What is off is off for whoever may ask; mail goes to those who have an address only.
                (true, 501) => true,
                (true, 500) if route.path.ends_with("/testSMTPConnection") => true,
                (_, 500..) | (_, 401) => false,
                (true, status) => status != 403 || asks_for_more(route),
                (false, status) => status == 403,
            };
            if !right {
                wrong.push(format!("{name} by {}: {status}, may: {may}", caller.name));
            }
            if may && deletes_realm(route) {
                break;
            }
        }
        if route.path.ends_with("/logout-all") {
            for caller in callers.iter_mut().filter(|caller| !caller.of_another_realm && !caller.name.contains(' ')) {
                caller.api = world.api(REALM, &caller.name, "pw").await;
            }
            let without = callers.iter_mut().find(|caller| caller.name == "without roles").unwrap();
            without.api = world.api(REALM, "nobody", "pw").await;
        }
    }
    assert!(wrong.is_empty(), "{} of {} routes:\n{}", wrong.len(), declared.len(), wrong.join("\n"));
}

/// Routes whose service decides by the thing in question, too: whoever may only ask whether something is there hears
/// "forbidden" if it is not.
fn asks_for_more(route: &Declared) -> bool {
    route.path.contains("/roles-by-id/")
        || route.path == "/serverinfo"
        || route.path.ends_with("/console/whoami")
        || route.path == "/realms"
        || (route.method == "GET" && ["/users/{user}", "/clients/{client}"].iter().any(|end| route.path.ends_with(end)))
}

/// Lists show to each caller only what single reads show.
#[tokio::test]
async fn lists_show_what_single_reads_show() {
    let world = World::start().await;
    world.admin.post("/realms", json!({"realm": "other", "enabled": true})).await.expect(201);
    let boss = world.user("boss", "pw").await;
    world.grant_admin(REALM, &boss, "realm-admin").await;
    let api = world.api(REALM, "boss", "pw").await;
    let realms = api.read("/realms").await;
    assert_eq!(crate::http::support::field(&realms, "realm"), [REALM]);
    let query = world.user("query", "pw").await;
    for role in ["query-users", "query-clients", "query-groups", "query-realms"] {
        world.grant_admin(REALM, &query, role).await;
    }
    let api = world.api(REALM, "query", "pw").await;
    assert_eq!(api.read(&r("/users")).await, json!([]), "who may query sees the users that they may view");
    let clients = api.read(&r("/clients")).await;
    for client in clients.as_array().unwrap() {
        assert_eq!(client.get("secret"), None);
        assert_eq!(client.get("redirectUris"), None, "{client}");
    }
    let realm = api.read(&r("")).await;
    assert_eq!((realm.get("passwordPolicy"), realm.get("smtpServer")), (None, None), "{realm}");
    // secrets are for those who manage
    let viewer = world.user("viewer", "pw").await;
    world.grant_admin(REALM, &viewer, "view-clients").await;
    let api = world.api(REALM, "viewer", "pw").await;
    let secret = world.admin.post(&r("/clients"), json!({"clientId": "web", "secret": "s3cret"})).await.created();
    api.get(&r(&format!("/clients/{secret}/client-secret"))).await.expect(403);
    let shown = api.read(&r(&format!("/clients/{secret}"))).await;
    assert!(!shown.to_string().contains("s3cret"), "{shown}");
}
