//! Groups: the tree, making one, and the pages about one.

mod details;
pub(super) mod members;
mod place;
mod roles;

use actix_web::web::Path;
use askama::Template;
use model::{
    id::GroupId,
    permission::Permission::{self, *},
};
use services::groups::{self, Filter, GroupInTree, ListedGroup};
use web::{Shown, percent_encoded};

use crate::{
    Console,
    frame::Frame,
    list::{Cell, Empty, List, PAGE, Query},
    refusal::{Answer, Refusal},
    routes::Routes,
    sheets::Sheets,
    tabs::{Tab, Tabs},
};

const LIST: &[Permission] = &[QueryGroups, ViewUsers, ManageUsers];
const VIEW: &[Permission] = &[ViewUsers, ManageUsers];
const MANAGE: &[Permission] = &[ManageUsers];
const DEFAULTS: &[Permission] = &[ManageRealm];

/// What a path to a group holds: home, realm, group.
type OneGroup = Path<(String, String, GroupId)>;

pub(crate) fn routes(routes: &mut Routes) {
    routes.page("/groups", LIST, tree);
    place::routes(routes);
    details::routes(routes);
    members::routes(routes);
    roles::routes(routes);
}

/// The path of a page about a group.
pub(super) fn group_address(console: &Console, group: &GroupId, rest: &str) -> String {
    console.path(&format!("/groups/{}{rest}", percent_encoded(group.as_str())))
}

/// Where a group is: the names on the way to it.
pub(super) fn path_of(group: &GroupInTree) -> String {
    group.path.iter().map(|name| format!("/{name}")).collect()
}

/// The group that a page is about.
async fn viewed(console: &Console, group: &GroupId) -> Result<ListedGroup, Refusal> {
    Ok(groups::get(&console.services, &console.caller, console.realm()?, group).await?)
}

/// A page about a group, with the ways to the others.
fn about(console: &Console, group: &GroupInTree, tab: &str) -> Sheets {
    let tabs = [("", "Details"), ("/members", "Members"), ("/roles", "Roles")];
    let tab = |(path, label): (&'static str, _)| Tab {
        href: group_address(console, &group.group.id, path),
        label,
        current: path == tab,
    };
    let sheets = Sheets::new(console, &group.group.name).below(console.path("/groups"), "Groups");
    let sheets = match (&group.group.parent, group.path.len().checked_sub(2).and_then(|at| group.path.get(at))) {
        (Some(parent), Some(name)) => sheets.below(group_address(console, parent, ""), name),
        _ => sheets,
    };
    sheets.tabs(Tabs { label: "Group", entries: tabs.map(tab).to_vec() })
}

/// A group in the tree.
#[derive(Clone, Debug)]
pub(super) struct Branch {
    href: String,
    name: Shown,
    below: i64,
}

impl Branch {
    fn of(console: &Console, group: &ListedGroup) -> Self {
        let found = &group.found;
        let href = group_address(console, &found.group.id, "");
        Self { href, name: Shown::name(&found.group.name), below: found.sub_groups }
    }
}

#[derive(Template)]
#[template(path = "admin/groups/tree.html")]
struct TreePage {
    frame: Frame,
    branches: Vec<Branch>,
    /// What the search found, instead of the tree.
    list: List,
    may_create: bool,
    new: String,
    /// More groups at the top.
    next: Option<String>,
}

async fn tree(console: Console) -> Answer {
    let query = Query::of(&console.address);
    let filter = Filter { name: query.given("q"), first: query.first(), max: Some(PAGE + 1), ..Filter::default() };
    let found = groups::list(&console.services, &console.caller, console.realm()?, &filter).await?;
    let found = query.asked().of(found);
    let may_create = console.may(MANAGE);
    let new = console.path("/groups/new");
    let row = |group: &ListedGroup| {
        vec![
            Cell::link(group_address(&console, &group.found.group.id, ""), &group.found.group.name),
            Cell::text(&path_of(&group.found)),
        ]
    };
    let branches = match query.get("q") {
        "" => found.rows.iter().map(|group| Branch::of(&console, group)).collect(),
        _ => Vec::new(),
    };
    let empty = Empty {
        text: if console.may(VIEW) {
            "Groups bring roles and attributes to many people at once. There are none yet."
        } else {
            "Your account may look for groups, but not see them."
        },
        action: may_create.then(|| (new.clone(), "Create a group")),
    };
    let rows = services::listing::Listed { rows: found.rows.iter().map(row).collect(), more: found.more };
    let list = List::of(&query, "Groups", rows, empty)
        .columns(&query, &[("Group", None), ("Where", None)])
        .search(&query, "A part of a group's name");
    console.show(&TreePage { frame: console.frame("Groups"), branches, next: list.next.clone(), list, may_create, new })
}
