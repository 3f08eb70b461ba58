//! The roles that a client defines: what people may do in it.

use actix_web::web::Path;
use askama::Template;
use model::{
    client::Client,
    id::{ClientId, RoleId},
    permission::Permission::{self, *},
    role::{Role, RoleContainer},
    user::User,
};
use representation::RoleRepresentation;
use services::{
    Error, What, clients,
    roles::{self, Address, composites, holders},
};
use web::{Shown, percent_encoded};

use super::{
    MANAGE, VIEW,
    tabs::{self, Tabs},
};
use crate::{
    Console, Posted,
    confirm::Question,
    form_errors::FormErrors,
    frame::Frame,
    list::{Cell, Empty, List, PAGE, Query},
    notice::Notice,
    pages::role_picker::{self, Picker, Source},
    posted::Form,
    refusal::{Answer, Refusal},
    routes::Routes,
    settings::{Control, Field, Kind, Section, SettingsForm, gather, undoing, views},
};

const PATH: &str = "/roles";
const USERS: &[Permission] = &[ViewUsers, ManageUsers];
const REALM_ROLES: &[Permission] = &[ViewRealm, ManageRealm];
/// How many of the people who have a role are named.
const NAMED: i64 = 20;

pub(super) fn routes(routes: &mut Routes) {
    let path = "/clients/{client}/roles";
    routes.page(path, VIEW, list);
    routes.page(&format!("{path}/new"), MANAGE, new);
    routes.form(&format!("{path}/new"), MANAGE, create);
    let path = "/clients/{client}/roles/{role}";
    routes.page(path, VIEW, show);
    routes.form(path, MANAGE, update);
    routes.page(&format!("{path}/delete"), MANAGE, ask);
    routes.form(&format!("{path}/delete"), MANAGE, delete);
    routes.page(&format!("{path}/composites"), VIEW, parts);
    routes.form(&format!("{path}/composites/add"), MANAGE, add);
    routes.form(&format!("{path}/composites/remove"), MANAGE, remove);
}

type ClientPath = Path<(String, String, ClientId)>;
type RolePath = Path<(String, String, ClientId, RoleId)>;

#[derive(Template)]
#[template(path = "admin/clients/roles.html")]
struct RolesPage {
    frame: Frame,
    tabs: Tabs,
    list: List,
    new: Option<String>,
}

#[derive(Template)]
#[template(path = "admin/clients/role.html")]
struct RolePage {
    frame: Frame,
    tabs: Tabs,
    heading: Shown,
    form: SettingsForm,
    /// Its path; none for one that isn't there yet.
    path: Option<String>,
    composite: bool,
    /// People who have it, with their paths, and whether there are more.
    people: Option<(Vec<(Shown, String)>, bool)>,
    manage: bool,
}

#[derive(Template)]
#[template(path = "admin/clients/composites.html")]
struct PartsPage {
    frame: Frame,
    tabs: Tabs,
    heading: Shown,
    back: String,
    picker: Picker,
}

async fn client(console: &Console, id: &ClientId) -> Result<Client, Refusal> {
    Ok(clients::find(&console.services, &console.caller, console.realm()?, id).await?)
}

/// The client and its role of these ids.
async fn find(console: &Console, path: &RolePath) -> Result<(Client, Role, Address), Refusal> {
    let client = client(console, &path.2).await?;
    let address = Address::Id(path.3.clone());
    let role = roles::get(&console.services, &console.caller, console.realm()?, &address).await?;
    match role.container == RoleContainer::Client(client.id.clone()) {
        true => Ok((client, role, address)),
        false => Err(Refusal::Service(Error::NotFound(What::Role))),
    }
}

fn role_path(console: &Console, client: &Client, role: &Role, rest: &str) -> String {
    tabs::path(console, client, &format!("{PATH}/{}{rest}", percent_encoded(role.id.as_str())))
}

async fn list(console: Console, path: ClientPath) -> Answer {
    let (services, caller, realm) = (&console.services, &console.caller, console.realm()?);
    let query = Query::of(&console.address);
    let client = client(&console, &path.2).await?;
    let (container, search) = (RoleContainer::Client(client.id.clone()), query.given("q"));
    let found =
        roles::list(services, caller, realm, &container, search.as_deref(), query.first(), Some(PAGE + 1)).await?;
    let row = |role: &Role| {
        let mut cells = vec![
            Cell::link(role_path(&console, &client, role, ""), &role.name),
            Cell::text(role.description.as_deref().filter(|text| !text.starts_with("${")).unwrap_or_default()),
        ];
        cells.push(if role.composite { Cell::Badge { text: "Composite", tone: "plain" } } else { Cell::text("") });
        cells
    };
    let new = console.may(MANAGE).then(|| tabs::path(&console, &client, "/roles/new"));
    let empty = Empty {
        text: "No roles yet. A role says what somebody may do in this application, such as editor or auditor.",
        action: new.clone().map(|new| (new, "Create a role")),
    };
    let list = List::new(&query, "Roles", found.iter().map(row).collect(), empty)
        .columns(&query, &[("Name", None), ("Description", None), ("Kind", None)])
        .search(&query, "Part of a name or of a description");
    let tabs = Tabs::of(&console, &client, PATH);
    console.show(&RolesPage { frame: console.frame(&format!("{}: roles", client.client_id)), tabs, list, new })
}

fn sections() -> Vec<Section> {
    let fields = vec![
        Field::text("name", "Name").required().help("As the application asks for it."),
        Field::text("description", "Description").help("For administrators: what somebody may do who has it."),
        Field::new("attributes", "Attributes", Kind::Pairs).help("For the application's own use."),
    ];
    vec![Section::new("role", "Role", "", fields)]
}

/// A role as the fields have it: of an attribute with several values, a pair for each.
fn of(role: Option<&Role>) -> serde_json::Value {
    let Some(role) = role else { return serde_json::Value::Null };
    let attributes: serde_json::Map<_, _> = role
        .attributes
        .iter()
        .map(|(name, values)| (name.clone(), serde_json::Value::from(values.join("##"))))
        .collect();
    serde_json::json!({"name": role.name, "description": role.description, "attributes": attributes})
}

fn given(form: &Form) -> Result<RoleRepresentation, FormErrors> {
    let (gathered, errors) = gather(&sections(), form);
    if !errors.is_empty() {
        return Err(errors);
    }
    let text = |name: &str| gathered.get(name).and_then(|value| value.as_str()).map(str::to_owned);
    let attributes = gathered.get("attributes").and_then(|value| value.as_object()).into_iter().flatten();
    let attributes = attributes.map(|(name, value)| {
        let values = value.as_str().unwrap_or_default().split("##").map(str::to_owned).collect();
        (name.clone(), values)
    });
    Ok(RoleRepresentation {
        name: text("name"),
        description: text("description"),
        attributes: Some(attributes.collect()),
        ..RoleRepresentation::default()
    })
}

fn page(
    console: &Console,
    (client, role): (&Client, Option<&Role>),
    people: Option<Vec<User>>,
    typed: Option<&Form>,
    errors: &FormErrors,
) -> RolePage {
    let settings = views(&sections(), &of(role), typed, errors, console.may(MANAGE));
    let path = role.map(|role| role_path(console, client, role, ""));
    let action = path.clone().unwrap_or_else(|| tabs::path(console, client, "/roles/new"));
    let mut form = SettingsForm::new(settings, action);
    if role.is_none() {
        form.save = "Create";
    }
    form.back = Some(tabs::path(console, client, PATH));
    let heading = role.map_or("New role", |role| role.name.as_str());
    let named = |user: &User| {
        (Shown::name(&user.username), console.path(&format!("/users/{}", percent_encoded(user.id.as_str()))))
    };
    RolePage {
        frame: console.frame(&format!("{}: {heading}", client.client_id)),
        tabs: Tabs::of(console, client, PATH),
        heading: Shown::name(heading),
        form,
        path,
        composite: role.is_some_and(|role| role.composite),
        people: people.map(|people| {
            let most = usize::try_from(NAMED).unwrap_or(usize::MAX);
            (people.iter().take(most).map(named).collect(), people.len() > most)
        }),
        manage: console.may(MANAGE),
    }
}

async fn people(console: &Console, address: &Address) -> Result<Option<Vec<User>>, Refusal> {
    if !console.may(USERS) {
        return Ok(None);
    }
    let (services, caller, realm) = (&console.services, &console.caller, console.realm()?);
    Ok(Some(holders::users(services, caller, realm, address, 0, Some(NAMED + 1)).await?))
}

async fn new(console: Console, path: ClientPath) -> Answer {
    let client = client(&console, &path.2).await?;
    console.show(&page(&console, (&client, None), None, None, &FormErrors::default()))
}

async fn create(posted: Posted, path: ClientPath) -> Answer {
    let Posted { console, form } = posted;
    let client = client(&console, &path.2).await?;
    let errors = match given(&form) {
        Ok(wanted) => {
            let container = RoleContainer::Client(client.id.clone());
            match roles::create(&console.services, &console.caller, console.realm()?, container, wanted).await {
                Ok(role) => {
                    let notice = Notice::new(format!("The role {} is there. Now people can be given it.", role.name));
                    return console.lead_to(&role_path(&console, &client, &role, ""), notice);
                }
                Err(error) => FormErrors::of(error)?,
            }
        }
        Err(errors) => errors,
    };
    console.show_again(&page(&console, (&client, None), None, Some(&form), &errors))
}

async fn show(console: Console, path: RolePath) -> Answer {
    let (client, role, address) = find(&console, &path).await?;
    let people = people(&console, &address).await?;
    console.show(&page(&console, (&client, Some(&role)), people, None, &FormErrors::default()))
}

async fn update(posted: Posted, path: RolePath) -> Answer {
    let Posted { console, form } = posted;
    let (client, role, address) = find(&console, &path).await?;
    let errors = match given(&form) {
        Ok(wanted) => {
            match roles::update(&console.services, &console.caller, console.realm()?, &address, wanted).await {
                Ok(()) => {
                    let here = role_path(&console, &client, &role, "");
                    let before = undoing(&sections(), &of(Some(&role)));
                    let notice = Notice::new("The role was changed.").undo(here.clone(), before);
                    return console.lead_to(&here, notice);
                }
                Err(error) => FormErrors::of(error)?,
            }
        }
        Err(errors) => errors,
    };
    let people = people(&console, &address).await?;
    console.show_again(&page(&console, (&client, Some(&role)), people, Some(&form), &errors))
}

async fn ask(console: Console, path: RolePath) -> Answer {
    let (client, role, _) = find(&console, &path).await?;
    console.ask(Question {
        title: &format!("Delete the role {}?", role.name),
        consequence: "Everybody who has it loses it, and other roles no longer contain it.",
        action: role_path(&console, &client, &role, "/delete"),
        verb: "Delete",
        back: role_path(&console, &client, &role, ""),
        fields: Vec::new(),
        name: None,
    })
}

async fn delete(posted: Posted, path: RolePath) -> Answer {
    let console = &posted.console;
    let (client, role, address) = find(console, &path).await?;
    roles::delete(&console.services, &console.caller, console.realm()?, &address).await?;
    let notice = Notice::new(format!("The role {} was deleted.", role.name));
    console.lead_to(&tabs::path(console, &client, PATH), notice)
}

async fn parts(console: Console, path: RolePath) -> Answer {
    let (services, caller, realm) = (&console.services, &console.caller, console.realm()?);
    let (client, role, address) = find(&console, &path).await?;
    let has = composites::all(services, caller, realm, &address).await?;
    let source = Source::of(&console).await?;
    let offered = match &source.container {
        // Who may not see the realm's roles is offered those of clients alone.
        Some(RoleContainer::Realm) if !console.may(REALM_ROLES) => Vec::new(),
        Some(container) => roles::list(services, caller, realm, container, source.search(), 0, Some(PAGE + 1)).await?,
        None => Vec::new(),
    };
    let offered: Vec<_> = offered.into_iter().filter(|offered| offered.id != role.id).collect();
    let none = "It contains no other roles.";
    let picker = Picker::new(&console, &has, &source, &offered, console.may(MANAGE), none);
    console.show(&PartsPage {
        frame: console.frame(&format!("{}: {}", client.client_id, role.name)),
        tabs: Tabs::of(&console, &client, PATH),
        heading: Shown::name(&role.name),
        back: role_path(&console, &client, &role, ""),
        picker,
    })
}

async fn add(posted: Posted, path: RolePath) -> Answer {
    let Posted { console, form } = posted;
    let (client, role, address) = find(&console, &path).await?;
    let (_, chosen) = role_picker::chosen(&form);
    let text = format!("{} added to it.", role_picker::count(&chosen));
    composites::add(&console.services, &console.caller, console.realm()?, &address, chosen).await?;
    let here = role_path(&console, &client, &role, "/composites");
    console.lead_to(&here, Notice::new(text).undo(format!("{here}/remove"), role_picker::again(&form)))
}

async fn remove(posted: Posted, path: RolePath) -> Answer {
    let Posted { console, form } = posted;
    let (client, role, address) = find(&console, &path).await?;
    let (_, chosen) = role_picker::chosen(&form);
    let text = format!("{} taken out of it.", role_picker::count(&chosen));
    composites::remove(&console.services, &console.caller, console.realm()?, &address, chosen).await?;
    let here = role_path(&console, &client, &role, "/composites");
    console.lead_to(&here, Notice::new(text).undo(format!("{here}/add"), role_picker::again(&form)))
}
