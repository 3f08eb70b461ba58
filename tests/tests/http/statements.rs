//! How many SQL statements a request costs, as `docs/statements.md` says, and that it doesn't grow with what there is.

use std::collections::BTreeMap;

use serde_json::json;

use crate::http::support::{GROUP_MAPPER, REALM, ROLE_MAPPER, World, r};

const TABLE: &str = include_str!("../../../docs/statements.md");
const FEW: usize = 3;

/// What the committed tables say: request → statements.
fn rows() -> impl Iterator<Item = (String, usize)> {
    TABLE
        .lines()
        .filter_map(|line| line.strip_prefix("| ")?.strip_suffix(" |")?.split_once(" | "))
        .filter_map(|(request, statements)| Some((request.trim().to_owned(), statements.trim().parse().ok()?)))
}

/// What is said about requests by what they are for.
fn committed() -> BTreeMap<String, usize> {
    rows().filter(|(request, _)| !request.contains(" /") && !request.starts_with('/')).collect()
}

/// What is said about routes of the Admin API.
pub fn by_route() -> BTreeMap<String, usize> {
    rows().filter(|(request, _)| request.contains(" /")).collect()
}

/// What is said about pages of the console, by their paths.
pub fn by_page() -> BTreeMap<String, usize> {
    rows().filter(|(request, _)| request.starts_with('/')).collect()
}

/// A realm with `from..to` of everything that could make a request dearer.
pub async fn grow(world: &World, registry: &str, alice: &str, from: usize, to: usize) {
    for n in from..to {
        world.user(&format!("user-{n}"), "pw").await;
        let role = format!("role-{n}");
        world.role(&role).await;
        world.grant(alice, &role).await;
        let group = world.group(&format!("/teams/group-{n}")).await;
        world.join(alice, &group).await;
        let rule = json!({"role": role, "repositories": format!("r{n}/*"), "actions": "pull"});
        world.mapper(registry, &role, ROLE_MAPPER, rule).await;
        let rule = json!({"group": format!("/teams/group-{n}"), "repositories": format!("g{n}/*"), "actions": "pull"});
        world.mapper(registry, &format!("group-{n}"), GROUP_MAPPER, rule).await;
        world.admin.post(&r("/clients"), json!({"clientId": format!("client-{n}")})).await.expect(201);
        world.admin.post(&r("/client-scopes"), json!({"name": format!("scope-{n}")})).await.expect(201);
        world.admin.post("/realms", json!({"realm": format!("realm-{n}")})).await.expect(201);
    }
}

/// The statements of one request with warm caches: the least of five, as the server's own jobs send some too.
macro_rules! count {
    ($counts:ident, $world:ident, $name:expr, $request:expr) => {
        let _ = $request;
        let mut least = usize::MAX;
        let mut seen = Vec::new();
        for _ in 0..5 {
            let before = $world.server.statements().count();
            let _ = $request;
            let sent = $world.server.statements().since(before);
            if sent.len() < least {
                least = sent.len();
                seen = sent;
            }
        }
        println!("{} ({least})\n  {}", $name, seen.join("\n  "));
        $counts.insert($name.to_owned(), least);
    };
}

async fn measure(world: &World, registry: &str, alice: &str, identity: &str) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    let pw = Some(("alice", "pw"));
    let scopes = ["repository:r0/x:pull", "repository:g1/x:pull,push"];
    count!(counts, world, "docker token: identity token", world.redeem(identity, scopes[0]).await.expect(200));
    count!(counts, world, "docker token: password", world.pull_token(pw, &scopes).await.expect(200));
    count!(
        counts,
        world,
        "docker token: password, with a new identity token",
        world.identity_token("alice", "pw").await
    );
    count!(
        counts,
        world,
        "docker token: anonymous",
        world.pull_token(None, &["repository:public/x:pull"]).await.expect(200)
    );
    count!(
        counts,
        world,
        "docker token: unknown user",
        world.pull_token(Some(("nobody", "pw")), &[]).await.expect(401)
    );
    count!(
        counts,
        world,
        "docker token: wrong password",
        world.pull_token(Some(("bob", &rand::random::<u64>().to_string())), &[]).await.expect(401)
    );
    count!(counts, world, "docker token: unknown service", world.docker_get(&[("service", "x")], pw).await.expect(400));
    count!(
        counts,
        world,
        "admin token: password",
        world.password_grant("master", "admin", tests::TestServer::ADMIN_PASSWORD).await.expect(200)
    );
    for (name, path) in [
        ("admin: list realms", "/realms".to_owned()),
        ("admin: read a realm", r("")),
        ("admin: list users", r("/users?max=-1")),
        ("admin: read a user", r(&format!("/users/{alice}"))),
        ("admin: count users", r("/users/count")),
        ("admin: groups of a user", r(&format!("/users/{alice}/groups?max=-1"))),
        ("admin: role mappings of a user", r(&format!("/users/{alice}/role-mappings"))),
        ("admin: effective roles of a user", r(&format!("/users/{alice}/role-mappings/realm/composite"))),
        ("admin: list clients", r("/clients")),
        ("admin: read a client", r(&format!("/clients/{registry}"))),
        ("admin: list mappers", r(&format!("/clients/{registry}/protocol-mappers/models"))),
        ("admin: list client scopes", r("/client-scopes")),
        ("admin: list roles", r("/roles")),
        ("admin: users with a role", r("/roles/role-0/users")),
        ("admin: list groups", r("/groups?max=-1&search=group&briefRepresentation=false")),
        ("admin: list events", r("/events")),
        ("admin: search events", r("/events?type=LOGIN&client=x&user=y&ipAddress=z&dateFrom=2000-01-01&direction=asc")),
        ("admin: list admin events", r("/admin-events")),
        (
            "admin: search admin events",
            r("/admin-events?operationTypes=CREATE&resourceTypes=USER&resourcePath=users/*&authUser=x&first=5"),
        ),
        ("admin: list webhooks", r("/webhooks")),
        ("admin: deliveries of a webhook", r("/webhooks/hook/deliveries")),
        ("admin: list keys", r("/keys")),
        ("admin: server info", "/serverinfo".to_owned()),
        ("admin: docker-v2 access", r(&format!("/clients/{registry}/docker-v2/access?repository=r0/x&action=pull"))),
    ] {
        count!(counts, world, name, world.admin.get(&path).await.expect(200));
    }
    let question = json!({"username": "alice", "scope": scopes});
    let path = r(&format!("/clients/{registry}/docker-v2/evaluate"));
    count!(counts, world, "admin: docker-v2 evaluate", world.admin.post(&path, question.clone()).await.expect(200));
    count!(counts, world, "admin: create a user", {
        let name = format!("u{}", rand::random::<u64>());
        world.user(&name, "pw").await
    });
    count!(counts, world, "admin: update a user", {
        let change = json!({"firstName": rand::random::<u64>().to_string()});
        world.admin.put(&r(&format!("/users/{alice}")), change).await.expect(204)
    });
    let client = world.client_id(REALM, "client-0").await;
    count!(counts, world, "admin: update a client", {
        let change = json!({"description": rand::random::<u64>().to_string()});
        world.admin.put(&r(&format!("/clients/{client}")), change).await.expect(204)
    });
    let role = world.admin.read(&r("/roles/role-0")).await;
    count!(counts, world, "admin: give a user a role", {
        let path = r(&format!("/users/{alice}/role-mappings/realm"));
        world.admin.post(&path, json!([role])).await.expect(204)
    });
    count!(counts, world, "admin: create a realm", {
        // A key that is made at once: the longer a request takes, the likelier others' statements are counted with it.
        let key = json!({"name": "hmac", "providerId": "hmac-generated", "config": {"algorithm": ["HS512"]}});
        let realm = json!({
            "realm": format!("made-{}", rand::random::<u64>()),
            "components": {"org.keycloak.keys.KeyProvider": [key]},
        });
        world.admin.post("/realms", realm).await.expect(201)
    });
    count!(counts, world, "admin: export all of a realm but its users", {
        let path = r("/partial-export?exportClients=true&exportGroupsAndRoles=true");
        world.admin.post(&path, json!({})).await.expect(200)
    });
    count!(counts, world, "admin: import users and roles into a realm", {
        let name = format!("{}", rand::random::<u64>());
        let things = json!({
            "users": [{"username": format!("a{name}")}, {"username": format!("b{name}")}],
            "roles": {"realm": [{"name": format!("a{name}")}, {"name": format!("b{name}")}]},
        });
        world.admin.post(&r("/partialImport"), things).await.expect(200)
    });
    count!(counts, world, "admin: create a role", world.role(&format!("x{}", rand::random::<u64>())).await);
    // The one statement that writes an admin event, which this realm doesn't keep, also writes what a webhook is told.
    // Nobody listens there, and the clock stands still.
    world.admin.put(&r("/webhooks/hook"), json!({"enabled": true})).await.expect(204);
    count!(counts, world, "admin: create a role, which a webhook is told", {
        world.role(&format!("x{}", rand::random::<u64>())).await;
    });
    world.admin.put(&r("/webhooks/hook"), json!({"enabled": false})).await.expect(204);
    counts
}

#[tokio::test]
async fn requests_cost_what_the_table_says_however_much_there_is() {
    let (world, registry) = World::with_registry().await;
    let attributes = json!({"outgoing.allowed-networks": "127.0.0.0/8"});
    world.admin.put(&r(""), json!({"failureFactor": 1_000_000, "attributes": attributes})).await.expect(204);
    let webhook = json!({"id": "hook", "url": "http://127.0.0.1:9/", "adminEventsEnabled": true, "enabled": false});
    world.admin.post(&r("/webhooks"), webhook).await.expect(201);
    world.allow_public_pull(&registry).await;
    let alice = world.user("alice", "pw").await;
    world.user("bob", "pw").await;
    grow(&world, &registry, &alice, 0, FEW).await;
    let identity = world.identity_token("alice", "pw").await;
    let few = measure(&world, &registry, &alice, &identity).await;
    grow(&world, &registry, &alice, FEW, 10 * FEW).await;
    let many = measure(&world, &registry, &alice, &identity).await;
    assert_eq!(few, many, "the number of statements in {REALM} grew with what there is");
    assert!(few["docker token: identity token"] <= 2);
    let rows: Vec<_> = many.iter().map(|(request, statements)| format!("| {request} | {statements} |")).collect();
    assert_eq!(many, committed(), "docs/statements.md should say:\n{}", rows.join("\n"));
}
