//! The clients of a realm.

use askama::Template;
use model::{
    client::{Client, DOCKER_V2, OPENID_CONNECT},
    permission::Permission::{self, *},
};
use services::{clients, store::clients::Filter};

use super::{LIST, MANAGE, VIEW, tabs};
use crate::{
    Console,
    frame::Frame,
    list::{Cell, Empty, List, PAGE, Query},
    refusal::Answer,
    routes::Routes,
};

/// One of these is needed to look at what is demanded of applications that register themselves.
const REALM: &[Permission] = &[ViewRealm, ManageRealm];

pub(super) fn routes(routes: &mut Routes) {
    routes.page("/clients", LIST, list);
}

/// A choice of a filter: its value, what it says, and whether it is the one.
type Choice = (&'static str, &'static str, bool);

#[derive(Template)]
#[template(path = "admin/clients/list.html")]
struct ClientsPage {
    frame: Frame,
    list: List,
    path: String,
    /// What the other parameters of the address are.
    kept: Vec<(&'static str, String)>,
    protocols: Vec<Choice>,
    states: Vec<Choice>,
    /// The person sees more than names.
    view: bool,
    manage: bool,
    registry: String,
    application: String,
    initial_access: String,
    policies: Option<String>,
}

fn choices(of: &[(&'static str, &'static str)], chosen: &str) -> Vec<Choice> {
    of.iter().map(|(value, label)| (*value, *label, *value == chosen)).collect()
}

async fn list(console: Console) -> Answer {
    let query = Query::of(&console.address);
    let view = console.may(VIEW);
    let protocols = choices(
        &[("", "All protocols"), (OPENID_CONNECT, "Applications (OpenID Connect)"), (DOCKER_V2, "Registries (Docker)")],
        query.get("protocol"),
    );
    let states = choices(&[("", "On and off"), ("true", "On"), ("false", "Off")], query.get("enabled"));
    let filter = Filter {
        client_id: query.given("q"),
        substring: true,
        or_name: true,
        protocol: query.given("protocol"),
        enabled: query.given("enabled").map(|enabled| enabled == "true"),
        from_end: query.sort() == ("name", true),
        first: query.first(),
        max: Some(PAGE + 1),
        ..Filter::default()
    };
    let found = clients::brief(&console.services, &console.caller, console.realm()?, &filter).await?;
    let row = |client: &Client| {
        if !view {
            return vec![Cell::text(&client.client_id)];
        }
        let state = match client.enabled {
            true => Cell::Badge { text: "On", tone: "good" },
            false => Cell::Badge { text: "Off", tone: "plain" },
        };
        let name = client.settings.name.as_deref().filter(|name| !name.starts_with("${")).unwrap_or_default();
        let link = Cell::link(tabs::first(&console, client), &client.client_id);
        vec![link, Cell::text(name), Cell::text(tabs::kind(client)), state]
    };
    let columns: &[_] = match view {
        true => &[("Client ID", Some("name")), ("Name", None), ("Kind", None), ("State", None)],
        false => &[("Client ID", Some("name"))],
    };
    let empty = Empty {
        text: "No client fits. A client is an application or a registry that people log in to.",
        action: console.may(MANAGE).then(|| (console.path("/applications/new"), "Connect an application")),
    };
    let list = List::new(&query, "Clients", found.iter().map(row).collect(), empty)
        .columns(&query, columns)
        .search(&query, "Part of a client ID or of a name");
    console.show(&ClientsPage {
        frame: console.frame("Clients"),
        list,
        path: console.here().to_owned(),
        kept: ["q", "sort"].into_iter().filter_map(|name| Some((name, query.given(name)?))).collect(),
        protocols,
        states,
        view,
        manage: console.may(MANAGE),
        registry: console.path("/registries/new"),
        application: console.path("/applications/new"),
        initial_access: console.path("/clients/initial-access"),
        policies: console.may(REALM).then(|| console.path("/clients/registration-policies")),
    })
}
