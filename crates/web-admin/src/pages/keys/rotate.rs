//! How a key is exchanged for another: a new one signs, the old one verifies until its last token has ended, then it goes.

use actix_web::web::Path;
use model::{component::Component, id::ComponentId};
use representation::{ComponentRepresentation, Masked};
use services::{Error, What, components, keys};

use super::{path, providers};
use crate::{
    Console, Posted,
    confirm::Question,
    notice::Notice,
    refusal::{Answer, Refusal},
};

type Names = Path<(String, String, String)>;

async fn found(console: &Console, names: Names) -> Result<Component, Refusal> {
    let id = ComponentId(names.into_inner().2);
    let component = providers(console).await?.remove(&id);
    component.ok_or(Refusal::Service(Error::NotFound(What::Component)))
}

/// Adds a key of the same kind with a higher priority.
pub(super) async fn rotate(posted: Posted, names: Names) -> Answer {
    let console = posted.console;
    let id = ComponentId(names.into_inner().2);
    keys::rotate(&console.services, &console.caller, console.realm()?, &id).await?;
    let text = "A new key is in use. The old one still verifies what it signed: remove it when the last token and session \
                from before have ended.";
    console.lead_to(&console.path("/keys"), Notice::new(text))
}

/// Switches a key on or off, or makes it one that only verifies.
pub(super) async fn set_state(posted: Posted, names: Names) -> Answer {
    let Posted { console, form } = posted;
    let component = found(&console, names).await?;
    let setting = match form.text("setting") {
        "enabled" => "enabled",
        _ => "active",
    };
    let value = form.text("value") == "true";
    let config = [(setting.to_owned(), vec![value.to_string()])];
    let given =
        ComponentRepresentation { config: Some(Masked::new(config.into_iter().collect())), ..Default::default() };
    components::update(&console.services, &console.caller, console.realm()?, &component.id, given).await?;
    let text = match (setting, value) {
        ("enabled", true) => "The key is used again.",
        ("enabled", false) => "The key is not used any more: what it signed is refused.",
        (_, true) => "The key may sign again. Of several for one algorithm, that of the highest priority does.",
        (_, false) => "The key makes no new signatures. It still verifies what it signed.",
    };
    let back = vec![("setting".to_owned(), setting.to_owned()), ("value".to_owned(), (!value).to_string())];
    let undo = format!("{}/state", path(&console, &component.id));
    console.lead_to(&console.path("/keys"), Notice::new(text).undo(undo, back))
}

fn question<'a>(console: &Console, path: &str, name: &'a str) -> Question<'a> {
    Question {
        title: "Remove this key?",
        consequence: "Tokens and sessions that it signed are refused at once, and it can't be had back. If it signs by now, \
                      everybody has to log in again unless another key of the algorithm is there.",
        action: format!("{path}/delete"),
        verb: "Remove the key",
        back: console.path("/keys"),
        fields: Vec::new(),
        name: Some(name),
    }
}

pub(super) async fn ask(console: Console, names: Names) -> Answer {
    let component = found(&console, names).await?;
    console.ask(question(&console, &path(&console, &component.id), &component.name))
}

pub(super) async fn delete(posted: Posted, names: Names) -> Answer {
    let Posted { console, form } = posted;
    let component = found(&console, names).await?;
    let asked = question(&console, &path(&console, &component.id), &component.name);
    if let Some(answer) = console.ask_again(asked, &form) {
        return answer;
    }
    components::delete(&console.services, &console.caller, console.realm()?, &component.id).await?;
    console.lead_to(&console.path("/keys"), Notice::new("The key is gone."))
}
