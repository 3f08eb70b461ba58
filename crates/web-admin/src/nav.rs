//! The ways through a realm: everything there is, in groups, for those who may see it.

use model::permission::Permission::{self, *};

use crate::Console;

/// A group of ways.
#[derive(Clone, Debug)]
pub struct Group {
    /// Its name; empty for the first.
    pub label: &'static str,
    /// The ways.
    pub entries: Vec<Entry>,
}

/// A way.
#[derive(Clone, Debug)]
pub struct Entry {
    /// What it says.
    pub label: &'static str,
    /// Where it leads.
    pub href: String,
    /// The page in front is this one or below it.
    pub current: bool,
}

/// Label, path below the realm, and the permissions of which one is needed; none is any.
type Way = (&'static str, &'static str, &'static [Permission]);

const CLIENTS: &[Permission] = &[ViewClients, ManageClients, QueryClients];
const SCOPES: &[Permission] = &[ViewClients, ManageClients];
const USERS: &[Permission] = &[ViewUsers, ManageUsers, QueryUsers];
const GROUPS: &[Permission] = &[ViewUsers, ManageUsers, QueryGroups];
const REALM: &[Permission] = &[ViewRealm, ManageRealm];
const ROLES: &[Permission] = &[ViewRealm, ManageRealm];
const EVENTS: &[Permission] = &[ViewEvents, ManageEvents];
const PROVIDERS: &[Permission] = &[ViewIdentityProviders, ManageIdentityProviders];

const WAYS: [(&str, &[Way]); 5] = [
    ("", &[("Overview", "", &[]), ("Why was I refused?", "/refusals", EVENTS)]),
    (
        "Connect",
        &[
            ("Connect a registry", "/registries/new", &[ManageClients]),
            ("Connect an application", "/applications/new", &[ManageClients]),
            ("Clients", "/clients", CLIENTS),
            ("Client scopes", "/client-scopes", SCOPES),
        ],
    ),
    (
        "People",
        &[
            ("Users", "/users", USERS),
            ("Groups", "/groups", GROUPS),
            ("Roles", "/roles", ROLES),
            ("Sessions", "/sessions", REALM),
        ],
    ),
    (
        "Watch",
        &[
            ("Login events", "/events", EVENTS),
            ("Admin events", "/admin-events", EVENTS),
            ("Webhooks", "/webhooks", EVENTS),
        ],
    ),
    (
        "Configure",
        &[
            ("Settings", "/settings", REALM),
            ("Keys", "/keys", REALM),
            ("Authentication", "/authentication", REALM),
            ("Identity providers", "/identity-providers", PROVIDERS),
            ("User federation", "/user-federation", REALM),
            ("Import and export", "/transfer", REALM),
        ],
    ),
];

/// The ways that a person may go in the realm in front of them.
pub(crate) fn of(console: &Console) -> Vec<Group> {
    let here = console.here();
    let mut best = 0;
    for (_, ways) in WAYS {
        for (_, path, _) in ways {
            let whole = console.path(path);
            if (here == whole || here.starts_with(&format!("{whole}/"))) && whole.len() > best {
                best = whole.len();
            }
        }
    }
    let group = |(label, ways): &(&'static str, &[Way])| Group {
        label,
        entries: ways
            .iter()
            .filter(|(_, _, permissions)| permissions.is_empty() || console.may(permissions))
            .map(|(label, path, _)| {
                let href = console.path(path);
                let current = href.len() == best && (here == href || here.starts_with(&format!("{href}/")));
                Entry { label, href, current }
            })
            .collect(),
    };
    WAYS.iter().map(group).filter(|group| !group.entries.is_empty()).collect()
}
