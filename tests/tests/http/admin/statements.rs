//! What each route of the Admin API costs in SQL statements, as the second part of `docs/statements.md` says, and that it
//! doesn't grow with what there is. Reads come from the table of routes, so that none is forgotten.

use std::collections::BTreeMap;

use reqwest::Method;
use serde_json::{Value, json};

use super::paths::{filled, method};
use crate::http::{
    statements::{by_route, grow},
    support::{Reply, World, r, send},
};

const FEW: usize = 2;

/// The fewest statements of four requests with warm caches: the server's own jobs send some too.
async fn least(world: &World, mut request: impl AsyncFnMut() -> Reply) -> (usize, Reply) {
    let mut least = usize::MAX;
    let mut reply = request().await;
    for _ in 0..4 {
        let before = world.server.statements().count();
        reply = request().await;
        least = least.min(world.server.statements().since(before).len());
    }
    (least, reply)
}

/// Every read, and every update with what was read.
async fn of_routes(world: &World) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    let declared = rest_admin::declared();
    for route in declared.iter().filter(|route| route.method == "GET") {
        let path = filled(world, route).await;
        let (statements, reply) = least(world, async || world.admin.get(&path).await).await;
        if reply.status != 200 {
            continue;
        }
        counts.insert(format!("GET {}", route.path), statements);
        let updates = |other: &&rest_admin::routes::Declared| other.method == "PUT" && other.path == route.path;
        if let Some(update) = declared.iter().find(updates) {
            let body: Value = reply.json();
            let put = async || send(world.admin.request(method(update), &path).json(&body)).await;
            let (statements, reply) = least(world, put).await;
            if reply.status < 300 {
                counts.insert(format!("PUT {}", route.path), statements);
            }
        }
    }
    counts
}

/// Things of each kind that are made and removed: where, what they have, and what names them.
fn kinds() -> [(&'static str, &'static str, Value); 8] {
    [
        ("users", "username", json!({"enabled": true})),
        ("clients", "clientId", json!({"serviceAccountsEnabled": true})),
        ("groups", "name", json!({})),
        ("roles", "name", json!({})),
        ("client-scopes", "name", json!({"protocol": "openid-connect"})),
        ("identity-provider/instances", "alias", json!({"providerId": "oidc"})),
        ("authentication/flows", "alias", json!({"providerId": "basic-flow", "topLevel": true, "builtIn": false})),
        ("webhooks", "url", json!({"enabled": true, "eventsEnabled": true})),
    ]
}

async fn of_kinds(world: &World) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for (path, name, mut body) in kinds() {
        let mut made = Vec::new();
        let create = async || {
            let unique = format!("a{}", rand::random::<u64>());
            body[name] = if name == "url" { format!("https://{unique}.example.org/") } else { unique }.into();
            let reply = world.admin.post(&r(&format!("/{path}")), body.clone()).await.expect(201);
            made.push(reply.header("location").unwrap().split_once("/admin").unwrap().1.to_owned());
            reply
        };
        counts.insert(format!("POST /realms/{{realm}}/{path}"), least(world, create).await.0);
        let remove = async || {
            let address = made.pop().unwrap();
            send(world.admin.request(Method::DELETE, &address)).await.expect(204)
        };
        counts.insert(format!("DELETE /realms/{{realm}}/{path}/…"), least(world, remove).await.0);
    }
    counts
}

async fn measure(world: &World) -> BTreeMap<String, usize> {
    let mut counts = of_routes(world).await;
    counts.extend(of_kinds(world).await);
    counts
}

#[tokio::test]
async fn routes_cost_what_the_table_says_however_much_there_is() {
    let (world, registry) = World::with_registry().await;
    let alice = world.user("alice", "pw").await;
    world.group("/team").await;
    for (path, body) in [
        ("/identity-provider/instances", json!({"alias": "corp", "providerId": "oidc"})),
        ("/localization/de", json!({"greeting": "Moin"})),
        ("/webhooks", json!({"url": "https://example.org/", "enabled": false, "eventsEnabled": true})),
    ] {
        let reply = world.admin.post(&r(path), body).await;
        assert!(reply.status < 300, "{path}: {} {}", reply.status, reply.text());
    }
    grow(&world, &registry, &alice, 0, FEW).await;
    let few = measure(&world).await;
    grow(&world, &registry, &alice, FEW, 10 * FEW).await;
    let many = measure(&world).await;
    let grown: Vec<_> = many.iter().filter(|(route, statements)| few.get(*route) != Some(*statements)).collect();
    assert!(grown.is_empty(), "it grew with what there is: {grown:?} of {few:?}");
    let rows: Vec<_> = many.iter().map(|(route, statements)| format!("| {route} | {statements} |")).collect();
    assert_eq!(many, by_route(), "docs/statements.md should say:\n{}", rows.join("\n"));
}
