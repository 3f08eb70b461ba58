//! Whatever a page offers can be had: every link, for the administrator and for people with one single permission.

use std::collections::BTreeMap;

use model::permission::Permission;
use reqwest::Method;
use tests::{Console, TestServer, console::Visit};

use super::furnished::furnished;
use crate::http::support::{REALM, World};

/// A person of the realm with one permission, logged in to the realm's own console.
pub async fn with_one_permission(world: &World, permission: Permission) -> Console {
    let name = permission.as_str();
    let id = world.user(name, "pw").await;
    world.grant_admin(REALM, &id, name).await;
    Console::log_in(world.server.url(), REALM, name, "pw").await
}

/// The address that a path is one of.
pub fn kind(path: &str) -> String {
    let declared = web_admin::declared();
    let route = declared.iter().find(|route| route.method == "GET" && matches(&route.path, path));
    route.map_or(path, |route| route.path.as_str()).to_owned()
}

/// The pages that links lead to from the overview of the realm, a few of each kind.
pub async fn found(console: &Console, most: usize) -> BTreeMap<String, Visit> {
    console.crawl(&format!("/realms/{REALM}"), most, kind).await
}

/// What is wrong with the pages that this person finds.
async fn wrong(console: &Console, who: &str, most: usize) -> (usize, Vec<String>) {
    let declared = web_admin::declared();
    let pages = found(console, most).await;
    let mut wrong = Vec::new();
    for (path, visit) in &pages {
        let page = &visit.page;
        if page.status != 200 {
            wrong.push(format!("{who}: {path}: {}, from {}", page.status, visit.from));
            continue;
        }
        if !visit.is_page() {
            continue;
        }
        for form in page.forms() {
            let sent = form.action.as_str().strip_prefix(&console.base).unwrap_or("elsewhere");
            let sent = sent.split('?').next().unwrap_or_default();
            if !declared.iter().any(|route| route.method.as_str() == form.method.as_str() && matches(&route.path, sent))
            {
                wrong.push(format!("{who}: {path} has a form to {} {sent}, where nothing is", form.method));
            }
            if form.method == Method::POST
                && !form.fields.iter().any(|(name, value)| name == "csrf" && !value.is_empty())
            {
                wrong.push(format!("{who}: {path} has a form to {sent} without the session's secret"));
            }
        }
        let mut ids = page.attributes("[id]", "id");
        ids.sort();
        if let Some(twice) = ids.windows(2).find(|pair| pair[0] == pair[1]) {
            wrong.push(format!("{who}: {path} has two elements with the id {}", twice[0]));
        }
        if page.attributes("h1", "id").len() > 1 || page.finds("[style], [onclick]") {
            wrong.push(format!("{who}: {path} has two headings, or styles or scripts within"));
        }
    }
    (pages.len(), wrong)
}

/// Whether a path is one of a route's.
pub fn matches(route: &str, path: &str) -> bool {
    let (route, path): (Vec<_>, Vec<_>) = (route.split('/').collect(), path.split('/').collect());
    route.len() == path.len()
        && route.iter().zip(&path).all(|(part, given)| (part.starts_with('{') && !given.is_empty()) || part == given)
}

#[tokio::test]
async fn an_administrator_finds_no_dead_link() {
    let world = furnished(str::to_owned).await;
    let console = Console::log_in(world.server.url(), "master", "admin", TestServer::ADMIN_PASSWORD).await;
    let (count, wrong) = wrong(&console, "admin", 2).await;
    assert!(wrong.is_empty(), "{} on {count} pages:\n{}", wrong.len(), wrong.join("\n"));
}

#[tokio::test]
async fn nobody_is_offered_what_they_may_not_do() {
    let world = furnished(str::to_owned).await;
    let mut all = Vec::new();
    for permission in Permission::ALL {
        let console = with_one_permission(&world, permission).await;
        let (_, wrong) = wrong(&console, permission.as_str(), 2).await;
        all.extend(wrong);
    }
    assert!(all.is_empty(), "{}:\n{}", all.len(), all.join("\n"));
}
