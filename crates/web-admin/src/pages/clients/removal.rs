//! Turning a client off and on, and removing it.

use actix_web::web::Path;
use model::{client::Client, id::ClientId};
use representation::ClientRepresentation;
use services::clients;

use super::{MANAGE, tabs};
use crate::{
    Console, Posted,
    confirm::Question,
    notice::Notice,
    refusal::{Answer, Refusal},
    routes::Routes,
};

pub(super) fn routes(routes: &mut Routes) {
    routes.form("/clients/{client}/enabled", MANAGE, set_enabled);
    routes.page("/clients/{client}/delete", MANAGE, ask);
    routes.form("/clients/{client}/delete", MANAGE, delete);
}

type ClientPath = Path<(String, String, ClientId)>;

async fn set_enabled(posted: Posted, path: ClientPath) -> Answer {
    let console = &posted.console;
    let enabled = posted.form.text("enabled") == "true";
    let given = ClientRepresentation { enabled: Some(enabled), ..ClientRepresentation::default() };
    clients::update(&console.services, &console.caller, console.realm()?, &path.2, given).await?;
    let client = clients::find(&console.services, &console.caller, console.realm()?, &path.2).await?;
    let text = match enabled {
        true => format!("{} is on again.", client.client_id),
        false => format!("{} is off: nobody gets in through it, and it gets no tokens.", client.client_id),
    };
    let undo = vec![("enabled".to_owned(), (!enabled).to_string())];
    let notice = Notice::new(text).undo(tabs::path(console, &client, "/enabled"), undo);
    console.lead_to(&tabs::first(console, &client), notice)
}

async fn find(console: &Console, id: &ClientId) -> Result<Client, Refusal> {
    Ok(clients::find(&console.services, &console.caller, console.realm()?, id).await?)
}

async fn ask(console: Console, path: ClientPath) -> Answer {
    let client = find(&console, &path.2).await?;
    console.ask(Question {
        title: &format!("Delete the client {}?", client.client_id),
        consequence: "Its settings, secret, mappers, roles and sessions will be gone, and nobody can log in to it any \
                      longer. This can't be undone; if you are not sure, turn it off instead.",
        action: tabs::path(&console, &client, "/delete"),
        verb: "Delete",
        back: tabs::first(&console, &client),
        fields: Vec::new(),
        name: None,
    })
}

async fn delete(posted: Posted, path: ClientPath) -> Answer {
    let console = &posted.console;
    let client = find(console, &path.2).await?;
    clients::delete(&console.services, &console.caller, console.realm()?, &path.2).await?;
    console.lead_to(&console.path("/clients"), Notice::new(format!("The client {} was deleted.", client.client_id)))
}
