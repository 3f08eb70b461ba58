//! Where a user is logged in.

use services::sessions;

use super::{MANAGE, OneUser, VIEW, about, address, viewed};
use crate::{
    Console, Posted,
    confirm::Question,
    notice::Notice,
    pages::sessions::{COLUMNS, row},
    refusal::Answer,
    routes::Routes,
    sheets::{Buttons, Sheet, Table, Way},
};

pub(super) fn routes(routes: &mut Routes) {
    routes.page("/users/{user}/sessions", VIEW, show);
    routes.page("/users/{user}/sessions/end", MANAGE, ask);
    routes.form("/users/{user}/sessions/end", MANAGE, end_all);
}

async fn show(console: Console, path: OneUser) -> Answer {
    let (_, _, id) = path.into_inner();
    let user = viewed(&console, &id).await?;
    let open = sessions::of_user(&console.services, &console.caller, console.realm()?, &id).await?;
    let may = console.may(MANAGE);
    let rows = open.iter().map(|session| row(&console, session, Some(&id))).collect();
    let columns = COLUMNS.get(1..if may { COLUMNS.len() } else { COLUMNS.len() - 1 }).unwrap_or_default();
    let help = "What goes on without this person, such as docker clients, is among the applications.";
    let table = Table::of("Open sessions", help, columns, rows, "This person is logged in nowhere.");
    let everywhere = Buttons {
        heading: "Log out everywhere",
        help: "Ends all sessions and everything that goes on without the person, and refuses every token issued before.",
        ways: vec![Way::to(address(&console, &id, "/sessions/end"), "Log this user out everywhere").looking("danger")],
        ..Buttons::default()
    };
    about(&console, &user, "/sessions").table(table).sheet_if(may.then_some(Sheet::Buttons(everywhere))).show(&console)
}

async fn ask(console: Console, path: OneUser) -> Answer {
    let (_, _, id) = path.into_inner();
    let user = viewed(&console, &id).await?;
    console.ask(Question {
        title: &format!("Log {} out everywhere?", user.username),
        consequence: "All sessions end, docker clients have to log in again, and tokens issued before now are refused.",
        action: address(&console, &id, "/sessions/end"),
        verb: "Log out everywhere",
        back: address(&console, &id, "/sessions"),
        fields: Vec::new(),
        name: None,
    })
}

async fn end_all(Posted { console, .. }: Posted, path: OneUser) -> Answer {
    let (_, _, id) = path.into_inner();
    sessions::logout(&console.services, &console.caller, console.realm()?, &id).await?;
    console.lead_to(&address(&console, &id, "/sessions"), Notice::new("The user is logged out everywhere."))
}
