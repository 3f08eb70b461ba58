//! Finding anything: a page of its own, and what the command palette shows of it.

use askama::Template;
use model::permission::Permission;
use services::find::{self, Kind, Match};
use url::form_urlencoded;
use web::{Shown, percent_encoded};

use crate::{Console, Rule, frame::Frame, list::Query, nav, refusal::Answer, routes::Routes};

/// How many of each kind are shown.
const EACH: usize = 8;

pub(crate) fn routes(routes: &mut Routes) {
    routes.open("/search", Rule::Authenticated, search);
}

#[derive(Template)]
#[template(path = "admin/search.html")]
struct SearchPage {
    frame: Frame,
    /// The path of the realm in front.
    from: String,
    text: String,
    found: Vec<Found>,
}

/// A place to go to.
struct Found {
    href: String,
    kind: &'static str,
    name: Shown,
    detail: Shown,
}

async fn search(console: Console) -> Answer {
    let query = Query::of(&console.address);
    let from = query.get("from").to_owned();
    let realm =
        from.strip_prefix(&format!("{}/realms/", console.base())).map(|rest| rest.split('/').next().unwrap_or(rest));
    let there = match realm.and_then(decoded) {
        Some(realm) => console.at(&realm).await?,
        None => None,
    };
    let console = there.unwrap_or(console);
    let text = query.get("q").to_owned();
    let found = find::find(&console.services, &console.caller, console.realm().ok(), &text, EACH).await?;
    let mut shown = ways(&console, &text);
    shown.extend(found.into_iter().map(|one| place(&console, one)));
    shown.extend(further(&console, &text));
    console.show(&SearchPage { frame: console.frame("Search"), from, text, found: shown })
}

/// Pages of the realm in front whose name has a word that begins so.
fn ways(console: &Console, text: &str) -> Vec<Found> {
    if console.realm().is_err() || text.is_empty() {
        return Vec::new();
    }
    let wanted = text.to_lowercase();
    let fits = |label: &str| {
        let label = label.to_lowercase();
        label.starts_with(&wanted) || label.split(' ').any(|word| word.starts_with(&wanted))
    };
    let entries = nav::of(console).into_iter().flat_map(|group| group.entries);
    let page = |entry: nav::Entry| Found {
        href: entry.href,
        kind: "Page",
        name: Shown::name(entry.label),
        detail: Shown::default(),
    };
    entries.filter(|entry| fits(entry.label)).take(EACH).map(page).collect()
}

fn place(console: &Console, one: Match) -> Found {
    let id = percent_encoded(&one.id);
    let (kind, href) = match one.kind {
        Kind::Realm => ("Realm", format!("{}/realms/{id}", console.base())),
        Kind::Client => ("Client", console.path(&format!("/clients/{id}"))),
        Kind::User => ("User", console.path(&format!("/users/{id}"))),
        Kind::Role => ("Role", console.path(&format!("/roles/{id}"))),
        Kind::Group => ("Group", console.path(&format!("/groups/{id}"))),
    };
    // Keys of texts say nothing to people.
    let detail = one.detail.filter(|detail| !detail.starts_with("${"));
    let detail = match (one.client, detail) {
        (Some(client), Some(detail)) => format!("{client} · {detail}"),
        (client, detail) => client.or(detail).unwrap_or_default(),
    };
    Found { href, kind, name: Shown::name(&one.name), detail: Shown::name(&detail) }
}

/// The lists that find more than what begins so.
fn further(console: &Console, text: &str) -> Vec<Found> {
    if console.realm().is_err() || text.is_empty() {
        return Vec::new();
    }
    const USERS: &[Permission] = &[Permission::ViewUsers, Permission::ManageUsers];
    let list = |path: &str, name: &str| Found {
        href: console.path(&format!("{path}?q={}", percent_encoded(text))),
        kind: "List",
        name: Shown::name(name),
        detail: Shown::name(text),
    };
    let users = console.may(USERS).then(|| list("/users", "All users found by"));
    users.into_iter().collect()
}

/// A realm's name as it stands in a path. No name of a realm has a letter that a query would read in another way.
fn decoded(segment: &str) -> Option<String> {
    form_urlencoded::parse(segment.as_bytes()).next().map(|(name, _)| name.into_owned())
}
