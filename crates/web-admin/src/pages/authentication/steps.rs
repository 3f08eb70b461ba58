//! The steps of a flow: added, set, moved, removed.

use actix_web::web::Path;
use askama::Template;
use model::{
    authentication::FlowKind,
    id::{AuthenticatorConfigId, ExecutionId},
};
use representation::{
    AuthenticationExecutionInfoRepresentation, AuthenticationFlowRepresentation, AuthenticatorConfigRepresentation,
    StringMap,
};
use serde_json::{Value, json};
use services::{
    Error, What,
    authentication::{Move, authenticators, configs, executions},
};
use web::{Shown, percent_encoded};

use super::{CHANGE, flow_path, flows::found};
use crate::{
    Console, Posted,
    confirm::Question,
    form_errors::FormErrors,
    frame::Frame,
    list::Query,
    notice::Notice,
    posted::Form,
    refusal::{Answer, Refusal},
    settings::{Control, Field, Section, SettingsForm, configured, gather, overlaid, views},
};

type Names = Path<(String, String, String)>;
type StepNames = Path<(String, String, String, String)>;

#[derive(Template)]
#[template(path = "admin/authentication/add.html")]
struct AddPage {
    frame: Frame,
    crumbs: Vec<(Shown, String)>,
    action: String,
    /// The flow that gets it.
    to: String,
    to_name: Shown,
    choices: Vec<(&'static str, &'static str, &'static str)>,
    form_inside: bool,
    name: String,
    errors: FormErrors,
}

#[derive(Template)]
#[template(path = "admin/authentication/form.html")]
struct FormPage {
    frame: Frame,
    crumbs: Vec<(Shown, String)>,
    form: SettingsForm,
}

fn crumbs(console: &Console, flow: &AuthenticationFlowRepresentation) -> Vec<(Shown, String)> {
    let path = flow_path(console, flow.id.as_deref().unwrap_or_default());
    vec![
        (Shown::name("Authentication"), console.path("/authentication")),
        (Shown::name(flow.alias.as_deref().unwrap_or_default()), path),
    ]
}

/// The flow in the path, and that within it which gets a new step.
async fn target(
    console: &Console,
    flow: &str,
    to: &str,
) -> Result<(AuthenticationFlowRepresentation, AuthenticationFlowRepresentation), Refusal> {
    let whole = found(console, flow).await?;
    let to = match to {
        "" => whole.clone(),
        to => found(console, to).await?,
    };
    Ok((whole, to))
}

fn add_page(
    console: &Console,
    (whole, to): (&AuthenticationFlowRepresentation, &AuthenticationFlowRepresentation),
    form: Option<&Form>,
    errors: FormErrors,
) -> AddPage {
    let kind = to.provider_id.as_deref().and_then(|kind| kind.parse::<FlowKind>().ok()).unwrap_or(FlowKind::Basic);
    let fit = authenticators::all().filter(|one| authenticators::for_flow(kind, one.id).is_some());
    AddPage {
        frame: console.frame("Add a step"),
        crumbs: crumbs(console, whole),
        action: console.here().to_owned(),
        to: to.id.clone().unwrap_or_default(),
        to_name: Shown::name(to.alias.as_deref().unwrap_or_default()),
        choices: fit.map(|one| (one.id, one.name, one.help)).collect(),
        form_inside: kind == FlowKind::Basic,
        name: form.map(|form| form.raw("alias").to_owned()).unwrap_or_default(),
        errors,
    }
}

pub(super) async fn choose(console: Console, names: Names) -> Answer {
    let query = Query::of(&console.address);
    let (whole, to) = target(&console, &names.into_inner().2, query.get("to")).await?;
    console.show(&add_page(&console, (&whole, &to), None, FormErrors::default()))
}

pub(super) async fn add(posted: Posted, names: Names) -> Answer {
    let Posted { console, form } = posted;
    let flow = names.into_inner().2;
    let (whole, to) = target(&console, &flow, form.text("to")).await?;
    let alias = to.alias.clone().unwrap_or_default();
    let realm = console.realm()?;
    let text = |name: &str| (name.to_owned(), form.text(name).to_owned());
    let added = match form.text("what") {
        "flow" => {
            let mut given: StringMap = [text("alias"), text("description"), text("type")].into_iter().collect();
            if form.text("type") == FlowKind::Form.as_str() {
                given.insert("provider".to_owned(), "registration-page-form".to_owned());
            }
            executions::add_flow(&console.services, &console.caller, realm, &alias, given).await.map(|_| ())
        }
        _ => {
            let given: StringMap = [text("provider")].into_iter().collect();
            executions::add(&console.services, &console.caller, realm, &alias, given).await.map(|_| ())
        }
    };
    match added {
        Ok(()) => {
            let notice =
                Notice::new("The step was added at the end, switched off where it can be. Say what it is to be.");
            console.lead_to(&flow_path(&console, &flow), notice)
        }
        Err(error) => {
            let page = add_page(&console, (&whole, &to), Some(&form), FormErrors::of(error)?);
            console.show_again(&page)
        }
    }
}

/// Sets whether a step is needed.
pub(super) async fn set_requirement(posted: Posted, names: Names) -> Answer {
    let Posted { console, form } = posted;
    let id = names.into_inner().2;
    let flow = found(&console, &id).await?;
    let alias = flow.alias.unwrap_or_default();
    let realm = console.realm()?;
    let before = step(&console, &alias, form.text("step")).await?;
    let given = AuthenticationExecutionInfoRepresentation {
        id: Some(form.text("step").to_owned()),
        requirement: Some(form.text("requirement").to_owned()),
        ..Default::default()
    };
    executions::update(&console.services, &console.caller, realm, &alias, given).await?;
    let path = flow_path(&console, &id);
    let name = before.display_name.unwrap_or_default();
    let text = format!("{name}: {}.", super::tree::requirement(form.text("requirement")).to_lowercase());
    let undo = vec![
        ("step".to_owned(), form.text("step").to_owned()),
        ("requirement".to_owned(), before.requirement.unwrap_or_default()),
    ];
    console.lead_to(&path, Notice::new(text).undo(format!("{path}/requirement"), undo))
}

async fn step(console: &Console, alias: &str, id: &str) -> Result<AuthenticationExecutionInfoRepresentation, Refusal> {
    let steps = executions::list(&console.services, &console.caller, console.realm()?, alias).await?;
    let found = steps.into_iter().find(|step| step.id.as_deref() == Some(id));
    found.ok_or(Refusal::Service(Error::NotFound(What::Execution)))
}

/// Moves a step past its neighbour.
pub(super) async fn shift(posted: Posted, names: Names) -> Answer {
    let Posted { console, form } = posted;
    let way = if form.text("way") == "up" { Move::Up } else { Move::Down };
    let id = ExecutionId(form.text("step").to_owned());
    executions::shift(&console.services, &console.caller, console.realm()?, &id, way).await?;
    let back = if way == Move::Up { "down" } else { "up" };
    let path = flow_path(&console, &names.into_inner().2);
    let undo = vec![("step".to_owned(), id.0), ("way".to_owned(), back.to_owned())];
    console.lead_to(&path, Notice::new("The step was moved.").undo(format!("{path}/move"), undo))
}

/// The sections of a step's settings.
fn sections(step: &AuthenticationExecutionInfoRepresentation) -> Vec<Section> {
    let known = step.provider_id.as_deref().and_then(authenticators::find);
    let mut fields = vec![Field::text("alias", "Name of these settings").required()];
    fields.extend(configured(known.map_or(&[], |one| one.settings), false));
    vec![Section::new("settings", "Settings", known.map_or("", |one| one.help), fields)]
}

/// A step of the flow in the path, and its settings as they are.
async fn configuration(
    console: &Console,
    names: StepNames,
) -> Result<(AuthenticationFlowRepresentation, AuthenticationExecutionInfoRepresentation, Value), Refusal> {
    let (_, _, flow, id) = names.into_inner();
    let flow = found(console, &flow).await?;
    let step = step(console, flow.alias.as_deref().unwrap_or_default(), &id).await?;
    let stored = match step.authentication_config.clone() {
        Some(config) => {
            let id = AuthenticatorConfigId(config);
            let found = configs::get(&console.services, &console.caller, console.realm()?, &id).await?;
            serde_json::to_value(found).unwrap_or_default()
        }
        None => json!({"alias": step.display_name.as_deref().unwrap_or_default()}),
    };
    Ok((flow, step, stored))
}

fn settings_page(
    console: &Console,
    (flow, step, stored): &(AuthenticationFlowRepresentation, AuthenticationExecutionInfoRepresentation, Value),
    sent: Option<(&Form, &FormErrors)>,
) -> FormPage {
    let none = FormErrors::default();
    let (typed, errors) = (sent.map(|(form, _)| form), sent.map_or(&none, |(_, errors)| errors));
    let settings = views(&sections(step), stored, typed, errors, console.may(CHANGE));
    let crumbs = crumbs(console, flow);
    let mut form = SettingsForm::new(settings, console.here().to_owned());
    form.back = crumbs.last().map(|(_, href)| href.clone());
    FormPage { frame: console.frame(step.display_name.as_deref().unwrap_or("Step")), crumbs, form }
}

pub(super) async fn settings(console: Console, names: StepNames) -> Answer {
    let found = configuration(&console, names).await?;
    console.show(&settings_page(&console, &found, None))
}

pub(super) async fn configure(posted: Posted, names: StepNames) -> Answer {
    let Posted { console, form } = posted;
    let found = configuration(&console, names).await?;
    let (flow, step, stored) = &found;
    let (given, mut errors) = gather(&sections(step), &form);
    if errors.is_empty() {
        // What the page does not show stays.
        let given = overlaid(stored.clone(), &given);
        let given: AuthenticatorConfigRepresentation = serde_json::from_value(given).unwrap_or_default();
        let realm = console.realm()?;
        let saved = match step.authentication_config.clone() {
            Some(config) => {
                let id = AuthenticatorConfigId(config);
                configs::update(&console.services, &console.caller, realm, &id, given).await
            }
            None => {
                let id = ExecutionId(step.id.clone().unwrap_or_default());
                configs::configure(&console.services, &console.caller, realm, &id, given).await.map(|_| ())
            }
        };
        match saved {
            Ok(()) => {
                let path = flow_path(&console, flow.id.as_deref().unwrap_or_default());
                return console.lead_to(&path, Notice::new("The settings of the step were saved."));
            }
            Err(error) => errors = FormErrors::of(error)?.within_but("config.", &["alias"]),
        }
    }
    console.show_again(&settings_page(&console, &found, Some((&form, &errors))))
}

fn question(console: &Console, flow: &str, step: &AuthenticationExecutionInfoRepresentation) -> Question<'static> {
    let path = flow_path(console, flow);
    let id = percent_encoded(step.id.as_deref().unwrap_or_default());
    Question {
        title: "Remove this step?",
        consequence: match step.flow_id {
            Some(_) => "It is a flow: all its steps go with it, and can't be had back.",
            None => "The step and its settings go, and can't be had back.",
        },
        action: format!("{path}/steps/{id}/delete"),
        verb: "Remove the step",
        back: path,
        fields: Vec::new(),
        name: None,
    }
}

pub(super) async fn ask(console: Console, names: StepNames) -> Answer {
    let (_, _, flow, id) = names.into_inner();
    let alias = found(&console, &flow).await?.alias.unwrap_or_default();
    let step = step(&console, &alias, &id).await?;
    console.ask(question(&console, &flow, &step))
}

pub(super) async fn delete(posted: Posted, names: StepNames) -> Answer {
    let console = posted.console;
    let (_, _, flow, id) = names.into_inner();
    executions::delete(&console.services, &console.caller, console.realm()?, &ExecutionId(id)).await?;
    console.lead_to(&flow_path(&console, &flow), Notice::new("The step is gone."))
}
