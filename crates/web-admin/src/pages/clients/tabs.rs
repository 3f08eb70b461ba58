//! What stands around every page of one client or client scope: where one is, what kind of thing it is, the ways to its
//! other pages, and the buttons that act on all of it.

use model::{
    client::{Client, DOCKER_V2, OPENID_CONNECT},
    client_scope::ClientScope,
    permission::Permission::{self, *},
};
use web::{Shown, percent_encoded};

use super::MANAGE;
use crate::Console;

/// The way to a page.
#[derive(Clone, Debug)]
pub(crate) struct Tab {
    /// What it says.
    pub label: &'static str,
    /// Where it leads.
    pub href: String,
    /// It is the page in front.
    pub current: bool,
}

/// The frame of such pages. Templates that extend `admin/clients/frame.html` have one in their field `tabs`.
pub(crate) struct Tabs {
    /// Its name.
    pub name: Shown,
    /// What the list of all is called.
    pub all: &'static str,
    /// The list of all.
    pub list: String,
    /// Its own path.
    pub path: String,
    /// What it is.
    pub kind: &'static str,
    /// A client is on or off.
    pub enabled: Option<bool>,
    /// The person may change it.
    pub manage: bool,
    /// The ways.
    pub tabs: Vec<Tab>,
}

/// When a page is there for a client.
type Has = fn(&Client) -> bool;
/// Label, path below the client, when it is there, and the permissions of which one is needed.
type Way = (&'static str, &'static str, Has, &'static [Permission]);

const CLIENTS: &[Permission] = &[ViewClients, ManageClients];
const USERS: &[Permission] = &[ViewUsers, ManageUsers];
const ALWAYS: Has = |_| true;

const OF_APPLICATIONS: &[Way] = &[
    ("Settings", "", ALWAYS, CLIENTS),
    ("Connect", "/connect", ALWAYS, CLIENTS),
    ("Credentials", "/credentials", |client| !client.settings.public_client && !client.settings.bearer_only, CLIENTS),
    ("Keys", "/keys", ALWAYS, CLIENTS),
    ("Client scopes", "/scopes", ALWAYS, CLIENTS),
    ("Mappers", "/mappers", ALWAYS, CLIENTS),
    ("Roles", "/roles", ALWAYS, CLIENTS),
    ("Service account", "/service-account", |client| client.settings.service_accounts_enabled, USERS),
    ("Scope", "/scope-mappings", ALWAYS, CLIENTS),
    ("Sessions", "/sessions", ALWAYS, CLIENTS),
    ("Posture", "/posture", ALWAYS, CLIENTS),
    ("Token preview", "/preview", |client| !client.settings.bearer_only, USERS),
    ("Advanced", "/advanced", ALWAYS, CLIENTS),
];

const OF_REGISTRIES: &[Way] = &[
    ("Permissions", "/permissions", ALWAYS, CLIENTS),
    ("Evaluate", "/evaluate", ALWAYS, CLIENTS),
    ("Installation", "/installation", ALWAYS, CLIENTS),
    ("Token requests", "/requests", ALWAYS, &[ViewEvents, ManageEvents]),
    ("Settings", "", ALWAYS, CLIENTS),
    ("Roles", "/roles", ALWAYS, CLIENTS),
];

/// The path of a client's page.
pub(crate) fn path(console: &Console, client: &Client, rest: &str) -> String {
    console.path(&format!("/clients/{}{rest}", percent_encoded(client.id.as_str())))
}

/// The first page of a client: of a registry what people may do with it, of an application its settings.
pub(crate) fn first(console: &Console, client: &Client) -> String {
    path(console, client, if client.protocol == DOCKER_V2 { "/permissions" } else { "" })
}

/// What a client is, in a word or two.
pub(crate) fn kind(client: &Client) -> &'static str {
    let settings = &client.settings;
    match client.protocol.as_str() {
        DOCKER_V2 => "Registry",
        OPENID_CONNECT if settings.bearer_only => "Service that checks tokens",
        OPENID_CONNECT if settings.public_client => "Public application",
        OPENID_CONNECT => "Application with a secret",
        _ => "Client of another protocol",
    }
}

impl Tabs {
    /// The frame of the page of `client` whose path below it is `current`, such as `/roles`.
    pub fn of(console: &Console, client: &Client, current: &str) -> Self {
        let ways = if client.protocol == DOCKER_V2 { OF_REGISTRIES } else { OF_APPLICATIONS };
        let tab =
            |(label, rest, _, _): &Way| Tab { label, href: path(console, client, rest), current: *rest == current };
        let there = |(_, _, has, permissions): &&Way| has(client) && console.may(permissions);
        Self {
            name: Shown::name(&client.client_id),
            all: "Clients",
            list: console.path("/clients"),
            path: path(console, client, ""),
            kind: kind(client),
            enabled: Some(client.enabled),
            manage: console.may(MANAGE),
            tabs: ways.iter().filter(there).map(tab).collect(),
        }
    }
    /// The frame of the page of a client scope whose path below it is `current`.
    pub fn of_scope(console: &Console, scope: &ClientScope, current: &str) -> Self {
        let base = scope_path(console, scope, "");
        let tab = |(label, rest): &(&'static str, &str)| Tab {
            label,
            href: format!("{base}{rest}"),
            current: *rest == current,
        };
        let ways: &[_] = match scope.protocol.as_str() {
            OPENID_CONNECT => &[("Settings", ""), ("Mappers", "/mappers"), ("Scope", "/scope-mappings")],
            _ => &[("Settings", ""), ("Mappers", "/mappers")],
        };
        Self {
            name: Shown::name(&scope.name),
            all: "Client scopes",
            list: console.path("/client-scopes"),
            kind: match scope.protocol.as_str() {
                OPENID_CONNECT => "For applications",
                DOCKER_V2 => "For registries",
                _ => "For another protocol",
            },
            enabled: None,
            manage: console.may(MANAGE),
            tabs: ways.iter().map(tab).collect(),
            path: base,
        }
    }
}

/// The path of a client scope's page.
pub(crate) fn scope_path(console: &Console, scope: &ClientScope, rest: &str) -> String {
    console.path(&format!("/client-scopes/{}{rest}", percent_encoded(scope.id.as_str())))
}
