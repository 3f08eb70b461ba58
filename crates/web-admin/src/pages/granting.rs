//! The roles of a user or a group: granted, in effect, and those that could be granted.

use model::{
    id::{ClientId, RoleId},
    permission::Permission::{self, *},
    role::RoleContainer,
};
use representation::RoleRepresentation;
use services::{
    listing::Page,
    role_mappings::{self, Holder},
    roles::listing::{self, ListedRole},
};
use web::{Shown, percent_encoded};

use crate::{
    Console, Posted,
    list::{Cell, Query},
    notice::Notice,
    posted::Form,
    refusal::{Answer, Refusal},
    sheets::{Finder, Sheets, Table},
};

const REALM: &[Permission] = &[ViewRealm, ManageRealm];
const CLIENTS: &[Permission] = &[ViewClients, ManageClients];
/// How many roles that could be granted are shown.
const OFFERED: i64 = 20;

/// The `clientId` of a role's client, or a word for the realm.
pub(super) fn of(role: &ListedRole) -> &str {
    role.client.as_ref().map_or("the realm", |(_, name)| name)
}

/// What a role is for. Roles that every realm has are described by the key of a text, as in Keycloak.
pub(super) fn described(description: Option<&str>) -> &str {
    let text = description.unwrap_or_default();
    let Some(key) = text.strip_prefix("${role_").and_then(|rest| rest.strip_suffix('}')) else { return text };
    match key {
        "default-roles" => "What every user of this realm may do",
        "offline-access" | "offline_access" => "Stay logged in to an application without being there",
        "uma_authorization" => "Share one's own things with others, for applications that ask for it",
        "create-realm" => "Make realms",
        "admin" => "Do everything in every realm",
        "realm-admin" => "Do everything in this realm",
        "create-client" => "Register clients",
        "impersonation" => "Log in as a user",
        "view-realm" => "See the settings of the realm",
        "view-users" => "See users and groups",
        "view-clients" => "See clients and client scopes",
        "view-events" => "See events",
        "view-identity-providers" => "See identity providers",
        "view-authorization" => "See authorization services",
        "manage-realm" => "Change the settings, roles and keys of the realm",
        "manage-users" => "Change users and groups, and grant roles",
        "manage-clients" => "Change clients and client scopes",
        "manage-events" => "Change what is kept of events, and delete them",
        "manage-identity-providers" => "Change identity providers",
        "manage-authorization" => "Change authorization services",
        "query-users" => "Look for users",
        "query-clients" => "Look for clients",
        "query-realms" => "Look for realms",
        "query-groups" => "Look for groups",
        "read-token" => "Read the tokens of identity providers",
        "view-profile" => "See one's own account",
        "manage-account" => "Change one's own account",
        "manage-account-links" => "Link one's own account with others",
        "view-applications" => "See the applications of one's own account",
        "view-consent" => "See what one let applications do",
        "manage-consent" => "Take back what one let applications do",
        "view-groups" => "See one's own groups",
        "delete-account" => "Delete one's own account",
        _ => "",
    }
}

/// What a form says of a role: its id, its name, and its client's id.
pub(super) fn fields(role: &ListedRole) -> Vec<(&'static str, String)> {
    let client = role.client.as_ref().map(|(id, _)| id.0.clone()).unwrap_or_default();
    vec![("role", role.id.0.clone()), ("name", role.name.clone()), ("client", client)]
}

/// The role that a form names.
pub(super) fn named(form: &Form) -> (RoleContainer, RoleRepresentation) {
    let container = match form.given("client") {
        None => RoleContainer::Realm,
        Some(client) => RoleContainer::Client(ClientId(client)),
    };
    let role = RoleRepresentation {
        id: Some(form.text("role").to_owned()),
        name: Some(form.raw("name").to_owned()),
        ..RoleRepresentation::default()
    };
    (container, role)
}

pub(super) fn role_address(console: &Console, role: &RoleId) -> String {
    console.path(&format!("/roles/{}", percent_encoded(role.as_str())))
}

/// A role's name, leading to its page for those who may see it.
pub(super) fn name(console: &Console, role: &RoleId, name: &str, of_client: bool) -> Cell {
    let may = console.may(if of_client { CLIENTS } else { REALM });
    if may { Cell::link(role_address(console, role), name) } else { Cell::text(name) }
}

/// A client's name, leading to its page for those who may see it.
pub(super) fn client(console: &Console, client: &ClientId, name: &str) -> Cell {
    if !console.may(CLIENTS) {
        return Cell::text(name);
    }
    Cell::link(console.path(&format!("/clients/{}", percent_encoded(client.as_str()))), name)
}

/// Cells that say which role it is.
pub(super) fn cells(console: &Console, role: &ListedRole) -> Vec<Cell> {
    vec![
        name(console, &role.id, &role.name, role.client.is_some()),
        Cell::text(of(role)),
        Cell::text(described(role.description.as_deref())),
    ]
}

/// Fills a page about somebody at `path` with their roles.
pub(super) async fn page(
    console: &Console,
    sheets: Sheets,
    holder: Holder<'_>,
    path: &str,
    may: bool,
) -> Result<Sheets, Refusal> {
    let (services, caller, realm) = (&console.services, &console.caller, console.realm()?);
    let held = listing::in_effect(services, caller, realm, holder).await?;
    let row = |role: &ListedRole| {
        let mut row = cells(console, role);
        let (words, tone) = if role.direct { ("Granted", "good") } else { ("Inherited", "plain") };
        row.push(Cell::Badge { text: words, tone });
        if may {
            row.push(match role.direct {
                true => Cell::Button {
                    action: format!("{path}/revoke"),
                    label: "Take away",
                    about: Shown::name(&role.name),
                    fields: fields(role),
                },
                false => Cell::text(""),
            });
        }
        row
    };
    let mut columns = vec!["Role", "Of", "What it is for", "How"];
    if may {
        columns.push("");
    }
    let help = match holder {
        Holder::User(_) => "Inherited roles come from a group or are part of another role.",
        Holder::Group(_) => "Every member of this group and of the groups below it has these roles.",
    };
    let table = Table::of("Roles in effect", help, &columns, held.iter().map(row).collect(), "There are none yet.");
    let sheets = sheets.table(table);
    if !may {
        return Ok(sheets);
    }
    let query = Query::of(&console.address);
    let text = query.get("role").to_owned();
    let found = listing::everywhere(services, caller, realm, Some(&text), Page::new(0, OFFERED)).await?;
    let granted = |role: &ListedRole| held.iter().any(|held| held.direct && held.id == role.id);
    let row = |role: &ListedRole| {
        let mut row = cells(console, role);
        row.push(match granted(role) {
            true => Cell::Badge { text: "Granted", tone: "good" },
            false => Cell::Button {
                action: format!("{path}/grant"),
                label: "Grant",
                about: Shown::name(&role.name),
                fields: fields(role),
            },
        });
        row
    };
    let help = match found.more {
        true => "The first of them. Search for others by their name, their description or their client.",
        false => "",
    };
    let rows = found.rows.iter().map(row).collect();
    let table = Table::of("Grant a role", help, &["Role", "Of", "What it is for", ""], rows, "No role is called so.");
    let finder = Finder { path: path.to_owned(), name: "role", text, label: "A part of a role's or a client's name" };
    Ok(sheets.table(table.found_by(finder)))
}

/// Grants the role that a form names.
pub(super) async fn grant(posted: &Posted, holder: Holder<'_>, path: &str) -> Answer {
    change(posted, holder, path, true).await
}

/// Takes away the role that a form names.
pub(super) async fn revoke(posted: &Posted, holder: Holder<'_>, path: &str) -> Answer {
    change(posted, holder, path, false).await
}

async fn change(Posted { console, form }: &Posted, holder: Holder<'_>, path: &str, granting: bool) -> Answer {
    let (services, caller, realm) = (&console.services, &console.caller, console.realm()?);
    let (container, role) = named(form);
    let (text, back) = if granting {
        role_mappings::grant(services, caller, realm, holder, &container, vec![role]).await?;
        (format!("The role {} was granted.", form.raw("name")), "revoke")
    } else {
        role_mappings::revoke(services, caller, realm, holder, &container, Some(vec![role])).await?;
        (format!("The role {} was taken away.", form.raw("name")), "grant")
    };
    let fields = form.fields().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    console.lead_to(path, Notice::new(text).undo(format!("{path}/{back}"), fields))
}
