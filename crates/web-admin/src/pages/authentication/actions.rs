//! What users may have to do before a login goes on.

use actix_web::web::Path;
use askama::Template;
use representation::{RequiredActionConfigRepresentation, RequiredActionProviderRepresentation, StringMap};
use services::authentication::{Move, required_actions};
use web::{Shown, percent_encoded};

use super::{CHANGE, tabs};
use crate::{
    Console, Posted,
    form_errors::FormErrors,
    frame::Frame,
    notice::Notice,
    posted::Form,
    refusal::{Answer, Refusal},
    settings::{Control, Section, SettingsForm, configured, gather, overlaid, views},
    tabs::Tabs,
};

#[derive(Template)]
#[template(path = "admin/authentication/actions.html")]
struct ActionsPage {
    frame: Frame,
    tabs: Tabs,
    path: String,
    editable: bool,
    rows: Vec<Row>,
    unregistered: Vec<(&'static str, &'static str)>,
}

struct Row {
    alias: String,
    name: Shown,
    enabled: bool,
    default: bool,
    href: String,
}

#[derive(Template)]
#[template(path = "admin/authentication/form.html")]
struct FormPage {
    frame: Frame,
    crumbs: Vec<(Shown, String)>,
    form: SettingsForm,
}

pub(super) async fn list(console: Console) -> Answer {
    let realm = console.realm()?;
    let found = required_actions::list(&console.services, &console.caller, realm).await?;
    let editable = console.may(CHANGE);
    let unregistered = match editable {
        true => required_actions::unregistered(&console.services, &console.caller, realm).await?,
        false => Vec::new(),
    };
    let path = console.path("/authentication/required-actions");
    let row = |action: RequiredActionProviderRepresentation| {
        let alias = action.alias.unwrap_or_default();
        Row {
            name: Shown::name(action.name.as_deref().unwrap_or(&alias)),
            enabled: action.enabled == Some(true),
            default: action.default_action == Some(true),
            href: format!("{path}/{}", percent_encoded(&alias)),
            alias,
        }
    };
    console.show(&ActionsPage {
        frame: console.frame("Required actions"),
        tabs: tabs(&console),
        editable,
        rows: found.into_iter().map(row).collect(),
        unregistered: unregistered.into_iter().map(|kind| (kind.id, kind.name)).collect(),
        path,
    })
}

/// Switches an action, moves it, adds or removes it.
pub(super) async fn change(posted: Posted) -> Answer {
    let Posted { console, form } = posted;
    let (alias, what) = (form.text("alias"), form.text("what"));
    let (services, caller, realm) = (&console.services, &console.caller, console.realm()?);
    let path = console.path("/authentication/required-actions");
    let undo = |what: &str| vec![("alias".to_owned(), alias.to_owned()), ("what".to_owned(), what.to_owned())];
    let (text, back) = match what {
        "up" | "down" => {
            let way = if what == "up" { Move::Up } else { Move::Down };
            required_actions::shift(services, caller, realm, alias, way).await?;
            ("The action was moved.", if what == "up" { "down" } else { "up" })
        }
        "register" => {
            let given: StringMap = [("providerId", alias), ("name", form.text("name"))]
                .map(|(key, value)| (key.to_owned(), value.to_owned()))
                .into();
            required_actions::register(services, caller, realm, &given).await?;
            ("The action was added.", "remove")
        }
        "remove" => {
            required_actions::delete(services, caller, realm, alias).await?;
            ("The action is gone from the realm. It can be added again below.", "")
        }
        _ => {
            let mut action = required_actions::get(services, caller, realm, alias).await?;
            let (text, back) = match what {
                "on" => ("The action is switched on.", "off"),
                "off" => ("The action is switched off.", "on"),
                "default" => ("New users have to do it.", "no-default"),
                "no-default" => ("New users do not have to do it.", "default"),
                _ => return Err(Refusal::Unreadable("There is no such change.")),
            };
            match what {
                "on" | "off" => action.enabled = Some(what == "on"),
                _ => action.default_action = Some(what == "default"),
            }
            required_actions::update(services, caller, realm, alias, action).await?;
            (text, back)
        }
    };
    let notice = Notice::new(text);
    let notice = if back.is_empty() { notice } else { notice.undo(path.clone(), undo(back)) };
    console.lead_to(&path, notice)
}

fn page(
    console: &Console,
    action: &RequiredActionProviderRepresentation,
    config: &RequiredActionConfigRepresentation,
    sent: Option<(&Form, &FormErrors)>,
) -> Result<FormPage, Refusal> {
    let alias = action.alias.as_deref().unwrap_or_default();
    let stored = serde_json::to_value(config).unwrap_or_default();
    let none = FormErrors::default();
    let (typed, errors) = (sent.map(|(form, _)| form), sent.map_or(&none, |(_, errors)| errors));
    let settings = views(&sections(console, alias)?, &stored, typed, errors, console.may(CHANGE));
    let back = console.path("/authentication/required-actions");
    let mut form = SettingsForm::new(settings, console.here().to_owned());
    form.back = Some(back.clone());
    let crumbs = vec![(Shown::name("Required actions"), back)];
    Ok(FormPage { frame: console.frame(action.name.as_deref().unwrap_or(alias)), crumbs, form })
}

fn sections(console: &Console, alias: &str) -> Result<Vec<Section>, Refusal> {
    let fields = configured(required_actions::settings_of(&console.caller, alias)?, false);
    Ok(vec![Section::new("settings", "Settings", "", fields)])
}

type Names = Path<(String, String, String)>;

async fn found(
    console: &Console,
    names: Names,
) -> Result<(RequiredActionProviderRepresentation, RequiredActionConfigRepresentation), Refusal> {
    let alias = names.into_inner().2;
    let (services, caller, realm) = (&console.services, &console.caller, console.realm()?);
    let action = required_actions::get(services, caller, realm, &alias).await?;
    let config = required_actions::config(services, caller, realm, &alias).await?;
    Ok((action, config))
}

pub(super) async fn settings(console: Console, names: Names) -> Answer {
    let (action, config) = found(&console, names).await?;
    console.show(&page(&console, &action, &config, None)?)
}

pub(super) async fn save(posted: Posted, names: Names) -> Answer {
    let Posted { console, form } = posted;
    let (action, config) = found(&console, names).await?;
    let alias = action.alias.as_deref().unwrap_or_default();
    let (given, mut errors) = gather(&sections(&console, alias)?, &form);
    if errors.is_empty() {
        // What the page does not show stays.
        let stored = serde_json::to_value(&config).unwrap_or_default();
        let given = Some(serde_json::from_value(overlaid(stored, &given)).unwrap_or_default());
        let realm = console.realm()?;
        match required_actions::set_config(&console.services, &console.caller, realm, alias, given).await {
            Ok(()) => {
                let path = console.path("/authentication/required-actions");
                return console.lead_to(&path, Notice::new("The settings of the action were saved."));
            }
            Err(error) => errors = FormErrors::of(error)?.within("config."),
        }
    }
    console.show_again(&page(&console, &action, &config, Some((&form, &errors)))?)
}
