//! The end of a realm.

use services::{Error, realms};

use super::CHANGE;
use crate::{
    Console, Posted,
    confirm::Question,
    notice::Notice,
    refusal::{Answer, Refusal},
    routes::Routes,
};

pub(super) fn routes(routes: &mut Routes) {
    routes.page("/settings/delete", CHANGE, ask);
    routes.form("/settings/delete", CHANGE, delete);
}

fn question(console: &Console) -> Result<Question<'_>, Refusal> {
    let realm = console.realm()?;
    if realm.is_master() {
        return Err(Refusal::Service(Error::Refused("The realm master can't be removed.".to_owned())));
    }
    Ok(Question {
        title: "Delete this realm?",
        consequence: "Its users, applications, registries, roles, keys and events are gone at once and can't be had back. \
                      Everybody is logged out, and registries refuse every token of it. Export it first if it may be \
                      needed again.",
        action: console.path("/settings/delete"),
        verb: "Delete the realm",
        back: console.path("/settings"),
        fields: Vec::new(),
        name: Some(&realm.name),
    })
}

async fn ask(console: Console) -> Answer {
    console.ask(question(&console)?)
}

async fn delete(posted: Posted) -> Answer {
    let Posted { console, form } = posted;
    if let Some(answer) = console.ask_again(question(&console)?, &form) {
        return answer;
    }
    let realm = console.realm()?;
    realms::delete(&console.services, &console.caller, realm).await?;
    console.lead_to(&format!("{}/realms", console.base()), Notice::new(format!("The realm {} is gone.", realm.name)))
}
