//! What each page of the console costs in SQL statements, as the third part of `docs/statements.md` says, and that it
//! doesn't grow with what there is.

use std::collections::BTreeMap;

use tests::{Console, TestServer};

use super::{
    furnished::furnished,
    offered::{found, kind},
};
use crate::http::{
    statements::{by_page, grow},
    support::{REALM, World, r},
};

const FEW: usize = 2;

/// One page for each address that is declared and that links lead to.
async fn examples(console: &Console) -> BTreeMap<String, String> {
    let pages = found(console, 1).await.into_iter().filter(|(_, visit)| visit.page.status == 200);
    pages.map(|(path, _)| (kind(&path), path)).collect()
}

/// The fewest statements of three visits with warm caches: the server's own jobs send some too.
async fn measure(world: &World, console: &Console, examples: &BTreeMap<String, String>) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for (route, path) in examples {
        console.open(path).await;
        let mut least = usize::MAX;
        for _ in 0..3 {
            let before = world.server.statements().count();
            console.open(path).await;
            least = least.min(world.server.statements().since(before).len());
        }
        counts.insert(route.clone(), least);
    }
    counts
}

#[tokio::test]
async fn pages_cost_what_the_table_says_however_much_there_is() {
    let world = furnished(str::to_owned).await;
    let registry = world.client_id(REALM, "registry").await;
    let jane = world.admin.read(&r("/users?username=jane")).await[0]["id"].as_str().unwrap().to_owned();
    let console = Console::log_in(world.server.url(), "master", "admin", TestServer::ADMIN_PASSWORD).await;
    let examples = examples(&console).await;
    grow(&world, &registry, &jane, 0, FEW).await;
    let few = measure(&world, &console, &examples).await;
    grow(&world, &registry, &jane, FEW, 10 * FEW).await;
    let many = measure(&world, &console, &examples).await;
    let grown: Vec<_> = many.iter().filter(|(route, count)| few.get(*route) != Some(*count)).collect();
    assert!(grown.is_empty(), "it grew with what there is: {grown:?} of {few:?}");
    let rows: Vec<_> = many.iter().map(|(route, count)| format!("| {route} | {count} |")).collect();
    assert_eq!(many, by_page(), "docs/statements.md should say:\n{}", rows.join("\n"));
}
