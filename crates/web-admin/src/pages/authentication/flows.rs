//! The flows of a realm, and what each is used for.

use actix_web::web::Path;
use askama::Template;
use model::{id::FlowId, realm::Realm};
use representation::AuthenticationFlowRepresentation;
use serde_json::{Value, json};
use services::authentication::flows;
use web::Shown;

use super::{CHANGE, flow_path, tabs};
use crate::{
    Console, Posted,
    confirm::Question,
    form_errors::FormErrors,
    frame::Frame,
    list::{Cell, Empty, List, Query},
    notice::Notice,
    pages::settings::{of, save_realm},
    posted::Form,
    refusal::{Answer, Refusal},
    settings::{Control, Field, Section, SettingsForm, gather, views},
    tabs::Tabs,
};

/// What a realm uses flows for: the setting that names one, and what it is.
pub(super) const BINDINGS: [(&str, &str); 7] = [
    ("browserFlow", "Login in the browser"),
    ("registrationFlow", "Registration"),
    ("directGrantFlow", "Login by an application with a password"),
    ("resetCredentialsFlow", "Forgotten passwords"),
    ("clientAuthenticationFlow", "Authentication of applications"),
    ("dockerAuthenticationFlow", "Login of docker clients"),
    ("firstBrokerLoginFlow", "First login through an identity provider"),
];

type Names = Path<(String, String, String)>;

#[derive(Template)]
#[template(path = "admin/authentication/flows.html")]
struct FlowsPage {
    frame: Frame,
    tabs: Tabs,
    add: Option<String>,
    list: List,
}

#[derive(Template)]
#[template(path = "admin/authentication/form.html")]
struct FormPage {
    frame: Frame,
    crumbs: Vec<(Shown, String)>,
    form: SettingsForm,
}

/// What a flow is used for.
pub(super) fn uses(realm: &Realm, alias: &str) -> Vec<&'static str> {
    let settings = of(realm);
    let used = BINDINGS.iter().filter(|(name, _)| settings.get(*name).and_then(Value::as_str) == Some(alias));
    used.map(|(_, label)| *label).collect()
}

pub(super) async fn list(console: Console) -> Answer {
    let query = Query::of(&console.address);
    let realm = console.realm()?;
    let found = flows::list(&console.services, &console.caller, realm).await?;
    let settings = of(realm);
    let row = |flow: &AuthenticationFlowRepresentation| {
        let alias = flow.alias.as_deref().unwrap_or_default();
        let used = BINDINGS.iter().filter(|(name, _)| settings.get(*name).and_then(Value::as_str) == Some(alias));
        let used: Vec<_> = used.map(|(_, label)| *label).collect();
        let origin = match flow.built_in {
            Some(true) => Cell::Badge { text: "Built in", tone: "plain" },
            _ => Cell::Badge { text: "Your own", tone: "good" },
        };
        vec![
            Cell::link(flow_path(&console, flow.id.as_deref().unwrap_or_default()), alias),
            Cell::text(&used.join(", ")),
            origin,
            Cell::Text(Shown::sentence(flow.description.as_deref().unwrap_or_default())),
        ]
    };
    let empty = Empty { text: "The realm has no flows.", action: None };
    let mut list = List::new(&query, "Authentication flows", Vec::new(), empty)
        .columns(&query, &[("Flow", None), ("Used for", None), ("Origin", None), ("What it does", None)]);
    // All of them: a realm has a bounded number.
    list.rows = found.iter().map(row).collect();
    let add = console.may(CHANGE).then(|| console.path("/authentication/flows/new"));
    console.show(&FlowsPage { frame: console.frame("Authentication"), tabs: tabs(&console), add, list })
}

/// Makes a flow the one for a use.
pub(super) async fn bind(posted: Posted) -> Answer {
    let Posted { console, form } = posted;
    let Some((name, label)) = BINDINGS.into_iter().find(|(name, _)| *name == form.text("binding")) else {
        return Err(Refusal::Unreadable("There is no such use of a flow."));
    };
    let before = of(console.realm()?).get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let alias = form.text("alias").to_owned();
    match save_realm(&console, json!({(name): alias})).await? {
        Ok(_) => {
            let undo = vec![("binding".to_owned(), name.to_owned()), ("alias".to_owned(), before)];
            let notice = Notice::new(format!("{label}: the flow {alias} is set for it now."));
            let undo = notice.undo(console.path("/authentication/bind"), undo);
            console.lead_to(&console.path("/authentication"), undo)
        }
        Err(errors) => {
            let text = errors.beyond(&[]).next().map(|text| text.as_str().to_owned());
            Err(Refusal::Service(services::Error::Refused(text.unwrap_or_else(|| "There is no such flow.".to_owned()))))
        }
    }
}

pub(super) async fn found(console: &Console, id: &str) -> Result<AuthenticationFlowRepresentation, Refusal> {
    Ok(flows::get(&console.services, &console.caller, console.realm()?, &FlowId(id.to_owned())).await?)
}

fn crumbs(console: &Console, flow: Option<&AuthenticationFlowRepresentation>) -> Vec<(Shown, String)> {
    let mut crumbs = vec![(Shown::name("Authentication"), console.path("/authentication"))];
    if let Some(flow) = flow {
        let alias = Shown::name(flow.alias.as_deref().unwrap_or_default());
        crumbs.push((alias, flow_path(console, flow.id.as_deref().unwrap_or_default())));
    }
    crumbs
}

fn name_field(name: &'static str) -> Field {
    Field::text(name, "Name").help("Without characters that have a meaning in addresses, such as / or ?.").required()
}

fn sections(new: bool) -> Vec<Section> {
    let mut fields = vec![name_field("alias"), Field::text("description", "What it does")];
    if new {
        let kinds = [("basic-flow", "Of people"), ("client-flow", "Of applications")];
        fields.push(Field::choice("providerId", "Who it authenticates", &kinds).absent("basic-flow"));
    }
    vec![Section::new("flow", "Flow", "", fields)]
}

fn form_page(
    console: &Console,
    title: &str,
    (sections, stored): (&[Section], &Value),
    sent: Option<(&Form, &FormErrors)>,
    flow: Option<&AuthenticationFlowRepresentation>,
) -> FormPage {
    let none = FormErrors::default();
    let settings = views(sections, stored, sent.map(|(form, _)| form), sent.map_or(&none, |(_, errors)| errors), true);
    let crumbs = crumbs(console, flow);
    let mut form = SettingsForm::new(settings, console.here().to_owned());
    form.back = crumbs.last().map(|(_, href)| href.clone());
    FormPage { frame: console.frame(title), crumbs, form }
}

pub(super) async fn new(console: Console) -> Answer {
    console.show(&form_page(&console, "New flow", (&sections(true), &json!({})), None, None))
}

pub(super) async fn create(posted: Posted) -> Answer {
    let Posted { console, form } = posted;
    let sections = sections(true);
    let (given, mut errors) = gather(&sections, &form);
    if errors.is_empty() {
        let given = AuthenticationFlowRepresentation {
            top_level: Some(true),
            built_in: Some(false),
            ..serde_json::from_value(given).unwrap_or_default()
        };
        match flows::create(&console.services, &console.caller, console.realm()?, given).await {
            Ok(id) => {
                let notice = Notice::new("The flow was made. Add its steps.");
                return console.lead_to(&flow_path(&console, &id.0), notice);
            }
            Err(error) => errors = FormErrors::of(error)?,
        }
    }
    console.show_again(&form_page(&console, "New flow", (&sections, &json!({})), Some((&form, &errors)), None))
}

pub(super) async fn edit(console: Console, names: Names) -> Answer {
    let flow = found(&console, &names.into_inner().2).await?;
    let stored = serde_json::to_value(&flow).unwrap_or_default();
    console.show(&form_page(&console, "Rename the flow", (&sections(false), &stored), None, Some(&flow)))
}

pub(super) async fn save(posted: Posted, names: Names) -> Answer {
    let Posted { console, form } = posted;
    let id = names.into_inner().2;
    let sections = sections(false);
    let (given, mut errors) = gather(&sections, &form);
    if errors.is_empty() {
        let given = serde_json::from_value(given).unwrap_or_default();
        match flows::update(&console.services, &console.caller, console.realm()?, &FlowId(id.clone()), given).await {
            Ok(()) => return console.lead_to(&flow_path(&console, &id), Notice::new("The flow was saved.")),
            Err(error) => errors = FormErrors::of(error)?,
        }
    }
    let flow = found(&console, &id).await?;
    let page = form_page(&console, "Rename the flow", (&sections, &json!({})), Some((&form, &errors)), Some(&flow));
    console.show_again(&page)
}

fn copy_sections() -> Vec<Section> {
    let help = "Names of what is in it begin with the new name.";
    vec![Section::new("copy", "Copy", help, vec![name_field("newName")])]
}

pub(super) async fn ask_copy(console: Console, names: Names) -> Answer {
    let flow = found(&console, &names.into_inner().2).await?;
    let stored = json!({"newName": format!("Copy of {}", flow.alias.as_deref().unwrap_or_default())});
    console.show(&form_page(&console, "Copy the flow", (&copy_sections(), &stored), None, Some(&flow)))
}

pub(super) async fn copy(posted: Posted, names: Names) -> Answer {
    let Posted { console, form } = posted;
    let flow = found(&console, &names.into_inner().2).await?;
    let sections = copy_sections();
    let (_, mut errors) = gather(&sections, &form);
    if errors.is_empty() {
        let alias = flow.alias.as_deref().unwrap_or_default();
        let name = form.text("newName");
        match flows::copy(&console.services, &console.caller, console.realm()?, alias, name).await {
            Ok(id) => {
                let notice = Notice::new(format!("{name} is a copy of {alias}, and can be changed."));
                return console.lead_to(&flow_path(&console, &id.0), notice);
            }
            Err(error) => errors = FormErrors::of(error)?,
        }
    }
    let page = form_page(&console, "Copy the flow", (&sections, &json!({})), Some((&form, &errors)), Some(&flow));
    console.show_again(&page)
}

fn question<'a>(console: &Console, id: &str, alias: &'a str) -> Question<'a> {
    let path = flow_path(console, id);
    Question {
        title: "Delete this flow?",
        consequence: "The flow goes with all its steps and their settings, and can't be had back. One that is in use can't \
                      be deleted.",
        action: format!("{path}/delete"),
        verb: "Delete the flow",
        back: path,
        fields: Vec::new(),
        name: Some(alias),
    }
}

pub(super) async fn ask_delete(console: Console, names: Names) -> Answer {
    let id = names.into_inner().2;
    let flow = found(&console, &id).await?;
    console.ask(question(&console, &id, flow.alias.as_deref().unwrap_or_default()))
}

pub(super) async fn delete(posted: Posted, names: Names) -> Answer {
    let Posted { console, form } = posted;
    let id = names.into_inner().2;
    let flow = found(&console, &id).await?;
    let alias = flow.alias.as_deref().unwrap_or_default();
    if let Some(answer) = console.ask_again(question(&console, &id, alias), &form) {
        return answer;
    }
    flows::delete(&console.services, &console.caller, console.realm()?, &FlowId(id)).await?;
    console.lead_to(&console.path("/authentication"), Notice::new(format!("The flow {alias} is gone.")))
}
