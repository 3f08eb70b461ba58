//! Users: the list, making one, and the pages about one.

mod actions;
mod applications;
mod create;
mod credentials;
mod details;
mod groups;
mod profile;
mod roles;
mod sessions;

use actix_web::web::Path;
use model::{
    id::UserId,
    permission::Permission::{self, *},
    user::User,
};
use services::users::{
    self,
    listing::{self, Order},
};
use web::percent_encoded;

use crate::{
    Console,
    field::{Field, Filters},
    list::{Cell, Empty, List, Query},
    refusal::{Answer, Refusal},
    routes::Routes,
    sheets::{Note, Sheet, Sheets, Way},
    tabs::{Tab, Tabs},
};

const LIST: &[Permission] = &[QueryUsers, ViewUsers, ManageUsers];
const VIEW: &[Permission] = &[ViewUsers, ManageUsers];
const MANAGE: &[Permission] = &[ManageUsers];

/// What a path to a user holds: home, realm, user.
type OneUser = Path<(String, String, UserId)>;

pub(crate) fn routes(routes: &mut Routes) {
    routes.page("/users", LIST, list);
    create::routes(routes);
    details::routes(routes);
    actions::routes(routes);
    credentials::routes(routes);
    roles::routes(routes);
    groups::routes(routes);
    applications::routes(routes);
    sessions::routes(routes);
}

/// The path of a page about a user.
pub(super) fn address(console: &Console, user: &UserId, rest: &str) -> String {
    console.path(&format!("/users/{}{rest}", percent_encoded(user.as_str())))
}

/// A person's name, as far as it is known.
fn full_name(user: &User) -> String {
    let names = [&user.first_name, &user.last_name].into_iter().flatten().map(String::as_str);
    names.collect::<Vec<_>>().join(" ")
}

/// A page about a user, with the ways to the others.
fn about(console: &Console, user: &User, tab: &str) -> Sheets {
    let tabs = [
        ("", "Details"),
        ("/credentials", "Credentials"),
        ("/roles", "Roles"),
        ("/groups", "Groups"),
        ("/applications", "Applications"),
        ("/sessions", "Sessions"),
    ];
    let tab =
        |(path, label): (&'static str, _)| Tab { href: address(console, &user.id, path), label, current: path == tab };
    let sheets = Sheets::new(console, &user.username)
        .below(console.path("/users"), "Users")
        .tabs(Tabs { label: "User", entries: tabs.map(tab).to_vec() });
    if user.enabled { sheets } else { sheets.sheet(Note::sheet("warn", "This account is disabled: it can't log in.")) }
}

/// The user that a page is about.
async fn viewed(console: &Console, user: &UserId) -> Result<User, Refusal> {
    Ok(users::get(&console.services, &console.caller, console.realm()?, user).await?.user)
}

const ORDERS: [(&str, Order); 5] = [
    ("username", Order::Username),
    ("email", Order::Email),
    ("firstName", Order::FirstName),
    ("lastName", Order::LastName),
    ("created", Order::Created),
];

async fn list(console: Console) -> Answer {
    let query = Query::of(&console.address);
    let wanted = |name: &str| match query.get(name) {
        "yes" => Some(true),
        "no" => Some(false),
        _ => None,
    };
    let asked = users::Query {
        search: query.given("q"),
        enabled: wanted("enabled"),
        email_verified: wanted("verified"),
        ..users::Query::default()
    };
    let (by, _) = query.sort();
    let order = ORDERS.iter().find(|(name, _)| *name == by).map(|(_, order)| *order).unwrap_or_default();
    let found = listing::page(
        &console.services,
        &console.caller,
        console.realm()?,
        &asked,
        (order, query.direction()),
        query.asked(),
    )
    .await?;
    let row = |shown: users::Shown| {
        let user = shown.user;
        let state = match user.enabled {
            true => Cell::Badge { text: "Enabled", tone: "good" },
            false => Cell::Badge { text: "Disabled", tone: "warn" },
        };
        vec![
            Cell::link(address(&console, &user.id, ""), &user.username),
            Cell::text(user.email.as_deref().unwrap_or_default()),
            Cell::text(user.first_name.as_deref().unwrap_or_default()),
            Cell::text(user.last_name.as_deref().unwrap_or_default()),
            state,
            Cell::time(user.created),
        ]
    };
    let may_create = console.may(MANAGE);
    let empty = Empty {
        text: if console.may(VIEW) {
            "Users are the people who log in to the applications and registries of this realm. There are none yet."
        } else {
            "Your account may look for users, but not see them."
        },
        action: may_create.then(|| (console.path("/users/new"), "Create a user")),
    };
    let list = List::of(&query, "Users", found.page.map(row), empty)
        .columns(
            &query,
            &[
                ("Username", Some("username")),
                ("E-mail", Some("email")),
                ("First name", Some("firstName")),
                ("Last name", Some("lastName")),
                ("State", None),
                ("Created", Some("created")),
            ],
        )
        .search(&query, "The beginning of a username, a name or an e-mail address; *part* for what is somewhere in it");
    let filters = Filters::of(
        &query,
        vec![
            Field::choice("enabled", "State", "", [("", "All"), ("yes", "Enabled"), ("no", "Disabled")]),
            Field::choice("verified", "E-mail address", "", [("", "All"), ("yes", "Verified"), ("no", "Not verified")]),
        ],
    );
    let note = found.by_name_instead.then(|| {
        Note::sheet("warn", "So many users were found that they are shown by username. Narrow the search to sort them.")
    });
    Sheets::new(&console, "Users")
        .action(may_create, Way::to(console.path("/users/new"), "Create a user"))
        .sheet(Sheet::Filters(filters))
        .sheet_if(note)
        .sheet(Sheet::List(list))
        .show(&console)
}
