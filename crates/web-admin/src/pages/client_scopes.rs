//! Client scopes: claims and roles that applications share.

use actix_web::web::Path;
use askama::Template;
use model::{
    client::{DOCKER_V2, OPENID_CONNECT},
    client_scope::{ClientScope, ScopeAssignment},
    id::ClientScopeId,
    permission::Permission::{self, *},
};
use representation::ClientScopeRepresentation;
use serde_json::Value;
use services::client_scopes;

use super::clients::{
    scopes::{ASSIGNMENTS, assignment},
    tabs::{self, Tabs},
};
use crate::{
    Console, Posted,
    confirm::Question,
    form_errors::FormErrors,
    frame::Frame,
    list::{Cell, Empty, List, PAGE, Query},
    notice::Notice,
    posted::Form,
    refusal::{Answer, Refusal},
    routes::Routes,
    settings::{Control, Field, Section, SettingsForm, gather, undoing, views},
};

const VIEW: &[Permission] = &[ViewClients, ManageClients];
const MANAGE: &[Permission] = &[ManageClients];
const PATH: &str = "/client-scopes";
/// Not a member of the representation: whether new clients get it.
const ASSIGNMENT: &str = "assignment";

pub(crate) fn routes(routes: &mut Routes) {
    routes.page(PATH, VIEW, list);
    routes.page("/client-scopes/new", MANAGE, new);
    routes.form("/client-scopes/new", MANAGE, create);
    routes.page("/client-scopes/{scope}", VIEW, show);
    routes.form("/client-scopes/{scope}", MANAGE, update);
    routes.page("/client-scopes/{scope}/delete", MANAGE, ask);
    routes.form("/client-scopes/{scope}/delete", MANAGE, delete);
}

type ScopePath = Path<(String, String, ClientScopeId)>;

#[derive(Template)]
#[template(path = "admin/client_scopes/list.html")]
struct ScopesPage {
    frame: Frame,
    list: List,
    new: Option<String>,
}

#[derive(Template)]
#[template(path = "admin/client_scopes/new.html")]
struct NewPage {
    frame: Frame,
    list: String,
    form: SettingsForm,
}

#[derive(Template)]
#[template(path = "admin/clients/settings.html")]
struct ScopePage {
    frame: Frame,
    tabs: Tabs,
    form: SettingsForm,
}

fn protocol(of: &str) -> &str {
    match of {
        OPENID_CONNECT => "Applications",
        DOCKER_V2 => "Registries",
        other => other,
    }
}

/// The ids of the client scopes that new clients get, always and on request.
async fn given_to_new(console: &Console) -> Result<[Vec<ClientScope>; 2], Refusal> {
    let (services, caller, realm) = (&console.services, &console.caller, console.realm()?);
    Ok([
        client_scopes::defaults(services, caller, realm, ScopeAssignment::Default).await?,
        client_scopes::defaults(services, caller, realm, ScopeAssignment::Optional).await?,
    ])
}

fn word([always, on_request]: &[Vec<ClientScope>; 2], id: &ClientScopeId) -> &'static str {
    let among = |scopes: &[ClientScope]| scopes.iter().any(|scope| scope.id == *id);
    match () {
        () if among(always) => "default",
        () if among(on_request) => "optional",
        () => "",
    }
}

async fn list(console: Console) -> Answer {
    let query = Query::of(&console.address);
    let mut scopes: Vec<_> =
        client_scopes::list(&console.services, &console.caller, console.realm()?).await?.into_iter().collect();
    let to_new = given_to_new(&console).await?;
    let search = query.get("q").to_lowercase();
    scopes.sort_by(|(one, _), (other, _)| one.name.cmp(&other.name));
    if query.sort() == ("name", true) {
        scopes.reverse();
    }
    let first = usize::try_from(query.first()).unwrap_or_default();
    let page = usize::try_from(PAGE + 1).unwrap_or(usize::MAX);
    let matching = scopes.iter().filter(|(scope, _)| scope.name.to_lowercase().contains(&search));
    let rows = matching.skip(first).take(page).map(|(scope, mappers)| {
        let new_clients = match word(&to_new, &scope.id) {
            "default" => Cell::Badge { text: "Always", tone: "good" },
            "optional" => Cell::Badge { text: "On request", tone: "plain" },
            _ => Cell::text("No"),
        };
        vec![
            Cell::link(tabs::scope_path(&console, scope, ""), &scope.name),
            Cell::text(scope.description.as_deref().unwrap_or_default()),
            Cell::text(protocol(&scope.protocol)),
            new_clients,
            Cell::text(&mappers.len().to_string()),
        ]
    });
    let new = console.may(MANAGE).then(|| console.path("/client-scopes/new"));
    let empty = Empty {
        text: "There are no client scopes. One holds claims and roles that several applications share.",
        action: new.clone().map(|new| (new, "Create a client scope")),
    };
    let columns =
        [("Name", Some("name")), ("Description", None), ("For", None), ("New clients get it", None), ("Mappers", None)];
    let list = List::new(&query, "Client scopes", rows.collect(), empty)
        .columns(&query, &columns)
        .search(&query, "Part of a name");
    console.show(&ScopesPage { frame: console.frame("Client scopes"), list, new })
}

fn sections(console: &Console, scope: Option<&ClientScope>) -> Vec<Section> {
    let protocols: Vec<_> = console.services.protocols.iter().map(|known| (known.id(), protocol(known.id()))).collect();
    let mut fields = vec![
        Field::text("name", "Name").required().help("The word that applications put into scope. No spaces."),
        Field::text("description", "Description").help("For administrators."),
    ];
    if scope.is_none() {
        fields.push(Field::choice("protocol", "For", &protocols).absent(OPENID_CONNECT));
    }
    fields.push(
        Field::choice(ASSIGNMENT, "New clients get it", &ASSIGNMENTS)
            .absent("")
            .help("Clients that are there already keep what they have: change that on their own pages."),
    );
    let mut sections = vec![Section::new("scope", "Client scope", "", fields)];
    if scope.is_none_or(|scope| scope.protocol == OPENID_CONNECT) {
        let fields = vec![
            Field::switch("attributes.include.in.token.scope", "Name it in the claim scope of tokens").absent("true"),
            Field::switch("attributes.display.on.consent.screen", "Ask people about it")
                .absent("true")
                .help("If the application asks for consent at all."),
            Field::text("attributes.consent.screen.text", "What people are asked")
                .help("Such as \u{201c}Your postal address\u{201d}. Left empty, they see the name."),
            Field::number("attributes.gui.order", "Place among what people are asked", 0, 1_000_000),
        ];
        sections.push(Section::new("consent", "Tokens and consent", "", fields));
    }
    sections
}

/// A client scope as the form has it.
fn of(scope: &ClientScope, assignment: &str) -> Value {
    let mut value = serde_json::to_value(ClientScopeRepresentation::of(scope, &[])).unwrap_or_default();
    if let Value::Object(members) = &mut value {
        members.insert(ASSIGNMENT.to_owned(), Value::from(assignment));
    }
    value
}

/// What a form asks for, and the assignment to new clients.
fn given(
    sections: &[Section],
    form: &Form,
) -> Result<(ClientScopeRepresentation, Option<ScopeAssignment>), FormErrors> {
    let (mut gathered, mut errors) = gather(sections, form);
    if !errors.is_empty() {
        return Err(errors);
    }
    let word = gathered.as_object_mut().and_then(|members| members.remove(ASSIGNMENT));
    let wanted = word.as_ref().and_then(Value::as_str).and_then(assignment);
    match serde_json::from_value(gathered) {
        Ok(given) => Ok((given, wanted)),
        Err(error) => {
            errors.add("", &format!("The form can't be read: {error}."));
            Err(errors)
        }
    }
}

fn new_page(console: &Console, typed: Option<&Form>, errors: &FormErrors) -> NewPage {
    let settings = views(&sections(console, None), &Value::Null, typed, errors, true);
    let mut form = SettingsForm::new(settings, console.path("/client-scopes/new"));
    form.save = "Create";
    form.back = Some(console.path(PATH));
    NewPage { frame: console.frame("Create a client scope"), list: console.path(PATH), form }
}

async fn new(console: Console) -> Answer {
    console.show(&new_page(&console, None, &FormErrors::default()))
}

async fn create(posted: Posted) -> Answer {
    let Posted { console, form } = posted;
    let (services, caller, realm) = (&console.services, &console.caller, console.realm()?);
    let errors = match given(&sections(&console, None), &form) {
        Ok((wanted, assignment)) => match client_scopes::create(services, caller, realm, wanted).await {
            Ok(scope) => {
                if assignment.is_some() {
                    client_scopes::set_default(services, caller, realm, &scope.id, assignment).await?;
                }
                let text = format!("The client scope {} is there. Next, add mappers or roles.", scope.name);
                return console.lead_to(&tabs::scope_path(&console, &scope, "/mappers"), Notice::new(text));
            }
            Err(error) => FormErrors::of(error)?,
        },
        Err(errors) => errors,
    };
    console.show_again(&new_page(&console, Some(&form), &errors))
}

async fn find(console: &Console, id: &ClientScopeId) -> Result<ClientScope, Refusal> {
    Ok(client_scopes::get(&console.services, &console.caller, console.realm()?, id).await?.0)
}

async fn page(
    console: &Console,
    scope: &ClientScope,
    typed: Option<&Form>,
    errors: &FormErrors,
) -> Result<ScopePage, Refusal> {
    let word = word(&given_to_new(console).await?, &scope.id);
    let settings = views(&sections(console, Some(scope)), &of(scope, word), typed, errors, console.may(MANAGE));
    Ok(ScopePage {
        frame: console.frame(&format!("Client scope {}", scope.name)),
        tabs: Tabs::of_scope(console, scope, ""),
        form: SettingsForm::new(settings, tabs::scope_path(console, scope, "")),
    })
}

async fn show(console: Console, path: ScopePath) -> Answer {
    let scope = find(&console, &path.2).await?;
    console.show(&page(&console, &scope, None, &FormErrors::default()).await?)
}

async fn update(posted: Posted, path: ScopePath) -> Answer {
    let Posted { console, form } = posted;
    let (services, caller, realm) = (&console.services, &console.caller, console.realm()?);
    let scope = find(&console, &path.2).await?;
    let sections = sections(&console, Some(&scope));
    let errors = match given(&sections, &form) {
        Ok((wanted, assignment)) => {
            let before = word(&given_to_new(&console).await?, &scope.id);
            match client_scopes::update(services, caller, realm, &scope.id, wanted).await {
                Ok(()) => {
                    if super::clients::scopes::assignment(before) != assignment {
                        client_scopes::set_default(services, caller, realm, &scope.id, assignment).await?;
                    }
                    let here = tabs::scope_path(&console, &scope, "");
                    let undo = undoing(&sections, &of(&scope, before));
                    let notice = Notice::new("The client scope was changed.").undo(here.clone(), undo);
                    return console.lead_to(&here, notice);
                }
                Err(error) => FormErrors::of(error)?,
            }
        }
        Err(errors) => errors,
    };
    console.show_again(&page(&console, &scope, Some(&form), &errors).await?)
}

async fn ask(console: Console, path: ScopePath) -> Answer {
    let scope = find(&console, &path.2).await?;
    console.ask(Question {
        title: &format!("Delete the client scope {}?", scope.name),
        consequence: "Every client that has it loses it, with its claims and roles: their next tokens come without. This \
                      can't be undone.",
        action: tabs::scope_path(&console, &scope, "/delete"),
        verb: "Delete",
        back: tabs::scope_path(&console, &scope, ""),
        fields: Vec::new(),
        name: None,
    })
}

async fn delete(posted: Posted, path: ScopePath) -> Answer {
    let console = &posted.console;
    let scope = find(console, &path.2).await?;
    client_scopes::delete(&console.services, &console.caller, console.realm()?, &path.2).await?;
    console.lead_to(&console.path(PATH), Notice::new(format!("The client scope {} was deleted.", scope.name)))
}
