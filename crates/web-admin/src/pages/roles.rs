//! Roles: those of the realm, making one, and the pages about one, also about one of a client.

mod composites;
mod details;
mod holders;

use actix_web::web::Path;
use model::{
    id::RoleId,
    permission::Permission::{self, *},
    role::{Role, RoleContainer},
};
use representation::RoleRepresentation;
use services::roles::{self, Address, listing};
use web::percent_encoded;

use super::granting::{described, role_address};
use crate::{
    Console, Posted,
    field::Field,
    form_errors::FormErrors,
    list::{Cell, Empty, List, Query},
    notice::Notice,
    posted::Form,
    refusal::{Answer, Refusal},
    routes::Routes,
    sheets::{FormSheet, Sheet, Sheets, Way},
    tabs::{Tab, Tabs},
};

const LIST: &[Permission] = &[ViewRealm, ManageRealm];
const CREATE: &[Permission] = &[ManageRealm];
/// Who may see roles at all: of the realm or of clients, the service tells which.
const SEE: &[Permission] = &[ViewRealm, ManageRealm, ViewClients, ManageClients];
/// Who may change roles at all.
const CHANGE: &[Permission] = &[ManageRealm, ManageClients];

/// What a path to a role holds: home, realm, role.
type OneRole = Path<(String, String, RoleId)>;

pub(crate) fn routes(routes: &mut Routes) {
    routes.page("/roles", LIST, list);
    routes.page("/roles/new", CREATE, form);
    routes.form("/roles/new", CREATE, create);
    details::routes(routes);
    composites::routes(routes);
    holders::routes(routes);
}

/// The role that a page is about.
async fn viewed(console: &Console, role: &RoleId) -> Result<Role, Refusal> {
    Ok(roles::get(&console.services, &console.caller, console.realm()?, &Address::Id(role.clone())).await?)
}

/// Whether the person may change a role.
fn may_change(console: &Console, role: &Role) -> bool {
    console.may(match role.container {
        RoleContainer::Realm => &[ManageRealm],
        RoleContainer::Client(_) => &[ManageClients],
    })
}

/// A page about a role, with the ways to the others.
async fn about(console: &Console, role: &Role, tab: &str) -> Result<Sheets, Refusal> {
    let tabs = [("", "Details"), ("/composites", "Contains"), ("/holders", "Who has it")];
    let tab = |(path, label): (&'static str, _)| Tab {
        href: format!("{}{path}", role_address(console, &role.id)),
        label,
        current: path == tab,
    };
    let sheets = Sheets::new(console, &role.name);
    let sheets = match &role.container {
        RoleContainer::Realm => sheets.below(console.path("/roles"), "Roles"),
        RoleContainer::Client(client) => {
            let name = listing::client_of(&console.services, console.realm()?, role).await?.unwrap_or_default();
            let path = console.path(&format!("/clients/{}", percent_encoded(client.as_str())));
            sheets.below(path, &name)
        }
    };
    Ok(sheets.tabs(Tabs { label: "Role", entries: tabs.map(tab).to_vec() }))
}

async fn list(console: Console) -> Answer {
    let query = Query::of(&console.address);
    let (services, caller, realm) = (&console.services, &console.caller, console.realm()?);
    let found = listing::page(services, caller, realm, Some(query.get("q")), query.direction(), query.asked()).await?;
    let row = |role: listing::ListedRole| {
        let kind = match (role.id == realm.default_role, role.composite) {
            (true, _) => Cell::Badge { text: "Everybody has it", tone: "plain" },
            (false, true) => Cell::Badge { text: "Contains others", tone: "plain" },
            (false, false) => Cell::text(""),
        };
        vec![
            Cell::link(role_address(&console, &role.id), &role.name),
            Cell::text(described(role.description.as_deref())),
            kind,
        ]
    };
    let new = console.path("/roles/new");
    let may = console.may(CREATE);
    let empty = Empty {
        text: "Roles say what people may do. Applications and registries read them.",
        action: may.then(|| (new.clone(), "Create a role")),
    };
    let list = List::of(&query, "Roles", found.map(row), empty)
        .columns(&query, &[("Role", Some("name")), ("What it is for", None), ("", None)])
        .search(&query, "A part of a role's name or description");
    Sheets::new(&console, "Roles").action(may, Way::to(new, "Create a role")).sheet(Sheet::List(list)).show(&console)
}

async fn form(console: Console) -> Answer {
    new_page(&console, None, &FormErrors::default()).show(&console)
}

fn new_page(console: &Console, form: Option<&Form>, errors: &FormErrors) -> Sheets {
    let typed = |name: &str| form.map(|form| form.raw(name).to_owned()).unwrap_or_default();
    let sheet = FormSheet {
        id: "role",
        help: "A role of the realm. Roles that only one application knows are made on the page of its client.",
        action: console.path("/roles/new"),
        fields: vec![
            Field::text("name", "Name", &typed("name")).required(),
            Field::text("description", "What it is for", &typed("description")),
        ],
        submit: "Create the role",
        cancel: Some(console.path("/roles")),
        ..FormSheet::default()
    };
    Sheets::new(console, "Create a role").below(console.path("/roles"), "Roles").form(sheet.with(errors))
}

async fn create(Posted { console, form }: Posted) -> Answer {
    let given = RoleRepresentation {
        name: Some(form.text("name").to_owned()),
        description: form.given("description"),
        ..RoleRepresentation::default()
    };
    let (services, caller, realm) = (&console.services, &console.caller, console.realm()?);
    match roles::create(services, caller, realm, RoleContainer::Realm, given).await {
        Ok(role) => {
            let text = format!("The role {} was created.", role.name);
            console.lead_to(&role_address(&console, &role.id), Notice::new(text))
        }
        Err(error) => new_page(&console, Some(&form), &FormErrors::of(error)?).show_again(&console),
    }
}
