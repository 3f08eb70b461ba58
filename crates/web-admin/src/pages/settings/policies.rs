//! Client policies and profiles, as JSON: they are kept for exports and the API, and no client is held to them yet.

use serde_json::{Value, json};
use services::client_policies;

use super::{CHANGE, LOOK, SettingsPage, tabs};
use crate::{
    Console, Posted,
    form_errors::FormErrors,
    notice::Notice,
    posted::Form,
    refusal::{Answer, Refusal},
    routes::Routes,
    settings::{Field, Kind, Section, SettingsForm, gather, views},
};

pub(super) fn routes(routes: &mut Routes) {
    routes.page("/settings/client-policies", LOOK, show);
    routes.form("/settings/client-policies", CHANGE, save);
}

fn sections() -> Vec<Section> {
    let help = "Which rules clients have to keep, as Keycloak has them. They are checked, kept and exported; no client is \
                held to them yet.";
    let fields = vec![
        Field::new("profiles", "Profiles", Kind::LongText).help("A list in JSON: each a name with executors."),
        Field::new("policies", "Policies", Kind::LongText)
            .help("A list in JSON: each a name with conditions and the profiles that then hold."),
    ];
    vec![Section::new("policies", "Client policies", help, fields)]
}

fn stored(console: &Console) -> Result<Value, Refusal> {
    let (caller, realm) = (&console.caller, console.realm()?);
    let pretty = |value: Value| serde_json::to_string_pretty(&value).unwrap_or_default();
    let profiles = client_policies::profiles(caller, realm, false)?.profiles.unwrap_or_default();
    let policies = client_policies::policies(caller, realm, false)?.policies.unwrap_or_default();
    Ok(json!({"profiles": pretty(json!(profiles)), "policies": pretty(json!(policies))}))
}

fn page(console: &Console, sent: Option<(&Form, &FormErrors)>) -> Result<SettingsPage, Refusal> {
    let none = FormErrors::default();
    let (typed, errors) = (sent.map(|(form, _)| form), sent.map_or(&none, |(_, errors)| errors));
    let settings = views(&sections(), &stored(console)?, typed, errors, console.may(CHANGE));
    let form = SettingsForm::new(settings, console.path("/settings/client-policies"));
    Ok(SettingsPage {
        frame: console.frame("Settings: client policies"),
        tabs: tabs(console),
        done: None,
        form,
        delete: None,
    })
}

async fn show(console: Console) -> Answer {
    console.show(&page(&console, None)?)
}

/// Reads a list that was typed.
fn list(given: &Value, name: &str) -> Result<Value, String> {
    let text = given.get(name).and_then(Value::as_str).unwrap_or_default();
    match serde_json::from_str(if text.trim().is_empty() { "[]" } else { text }) {
        Ok(list @ Value::Array(_)) => Ok(json!({(name): list})),
        Ok(_) => Err("This is no list: it begins with [.".to_owned()),
        Err(error) => Err(format!("This can't be read: {error}.")),
    }
}

async fn save(posted: Posted) -> Answer {
    let Posted { console, form } = posted;
    let (given, mut errors) = gather(&sections(), &form);
    let mut read = |name: &str| match list(&given, name) {
        Ok(value) => value,
        Err(text) => {
            errors.add(name, &text);
            Value::Null
        }
    };
    let (profiles, policies) = (read("profiles"), read("policies"));
    if errors.is_empty() {
        let (services, caller, realm) = (&console.services, &console.caller, console.realm()?);
        let mut set = |name: &str, error: serde_json::Error| errors.add(name, &format!("This can't be read: {error}."));
        match (serde_json::from_value(profiles), serde_json::from_value(policies)) {
            (Ok(profiles), Ok(policies)) => {
                let mut saved = client_policies::set_profiles(services, caller, realm, profiles).await;
                if saved.is_ok() {
                    saved = client_policies::set_policies(services, caller, realm, policies).await;
                }
                match saved {
                    Ok(()) => {
                        let path = console.path("/settings/client-policies");
                        return console.lead_to(&path, Notice::new("Profiles and policies were saved."));
                    }
                    Err(error) => errors = FormErrors::of(error)?,
                }
            }
            (profiles, policies) => {
                if let Err(error) = profiles {
                    set("profiles", error);
                }
                if let Err(error) = policies {
                    set("policies", error);
                }
            }
        }
    }
    console.show_again(&page(&console, Some((&form, &errors)))?)
}
