//! Who is logged in: all open sessions of a realm, by start or by client.

use model::{
    id::{ClientId, SessionId, UserId},
    permission::Permission::{self, *},
    session::UserSession,
};
use services::{listing::Direction, sessions};
use web::{Shown, percent_encoded};

use super::users;
use crate::{
    Console, Posted,
    confirm::Question,
    field::{Field, Filters},
    list::{Cell, Empty, List, Query},
    notice::Notice,
    refusal::Answer,
    routes::Routes,
    sheets::{Sheet, Sheets, Table, Way},
};

const SEEN: &[Permission] = &[ViewRealm, ManageRealm, ViewUsers, ManageUsers, ViewClients, ManageClients];
const REALM: &[Permission] = &[ViewRealm, ManageRealm];
const USERS: &[Permission] = &[ViewUsers, ManageUsers];
const CLIENTS: &[Permission] = &[ViewClients, ManageClients];
const MANAGE: &[Permission] = &[ManageUsers];

/// The columns of [`row`]: the first one is the user, the last one the button of those who may end sessions.
pub(super) const COLUMNS: [&str; 6] = ["User", "Clients", "Started", "Last used", "From", ""];

pub(crate) fn routes(routes: &mut Routes) {
    routes.page("/sessions", SEEN, list);
    routes.form("/sessions/end", MANAGE, end);
    routes.page("/sessions/end-all", MANAGE, ask);
    routes.form("/sessions/end-all", MANAGE, end_all);
}

/// A session; on the page of its user without the user.
pub(super) fn row(console: &Console, session: &UserSession, of_user: Option<&UserId>) -> Vec<Cell> {
    let clients: Vec<&str> = session.clients.iter().map(|(_, name)| name.as_str()).collect();
    let mut row = Vec::new();
    if of_user.is_none() {
        row.push(match console.may(USERS) {
            true => Cell::link(users::address(console, &session.user_id, ""), &session.username),
            false => Cell::text(&session.username),
        });
    }
    row.extend([
        Cell::text(&clients.join(", ")),
        Cell::time(session.started),
        Cell::time(session.last_access),
        session.ip_address.as_deref().map_or(Cell::text(""), Cell::code),
    ]);
    if console.may(MANAGE) {
        let mut fields = vec![("session", session.id.0.clone()), ("offline", session.offline.to_string())];
        fields.extend(of_user.map(|user| ("user", user.0.clone())));
        row.push(Cell::Button {
            action: console.path("/sessions/end"),
            label: "End",
            about: Shown::name(&format!("the session of {}", session.username)),
            fields,
        });
    }
    row
}

async fn list(console: Console) -> Answer {
    let (services, caller, realm) = (&console.services, &console.caller, console.realm()?);
    let query = Query::of(&console.address);
    let client = query.given("client").map(ClientId);
    let offline = query.get("kind") == "offline";
    let mut columns: Vec<_> = COLUMNS.iter().map(|&label| (label, None)).collect();
    if !console.may(MANAGE) {
        columns.pop();
    }
    let mut sheets = Sheets::new(&console, "Sessions")
        .action(console.may(MANAGE), Way::to(console.path("/sessions/end-all"), "Log everybody out").looking("second"));
    if console.may(REALM) && client.is_none() && query.page() == 1 {
        let counted = sessions::count_by_client(services, caller, realm).await?;
        let columns = ["Client", "Sessions", "Offline and docker logins"];
        let rows = counted.iter().map(|counted| {
            vec![
                match console.may(CLIENTS) {
                    true => Cell::link(query.with("client", counted.id.as_str()), &counted.client_id),
                    false => Cell::text(&counted.client_id),
                },
                Cell::text(&counted.sessions.to_string()),
                Cell::text(&counted.offline.to_string()),
            ]
        });
        let rows = rows.collect();
        sheets = sheets.table(Table::of("By client", "", &columns, rows, "No client is in a session."));
    }
    let (first, asked) = (query.asked().first(), query.asked().asked());
    let found = match &client {
        Some(client) if offline => {
            let found = sessions::offline_of_client(services, caller, realm, client, first, Some(asked)).await?;
            query.asked().of(found.sessions)
        }
        Some(client) => {
            query.asked().of(sessions::of_client(services, caller, realm, client, first, Some(asked)).await?)
        }
        None if !console.may(USERS) => return sheets.show(&console),
        None => {
            let direction = if query.get("sort") == "started" { Direction::Ascending } else { Direction::Descending };
            sessions::of_realm(services, caller, realm, offline, direction, query.asked()).await?
        }
    };
    let empty =
        Empty { text: "Nobody is logged in here. A session begins when somebody logs in to a client.", action: None };
    let list = List::of(&query, "Sessions", found.map(|session| row(&console, &session, None)), empty)
        .columns(&query, &columns);
    let mut fields = vec![Field::choice("kind", "Kind", "", [("", "In a browser"), ("offline", "Offline")])];
    if client.is_some() {
        fields.push(Field::choice("client", "Client", "", [("", "All clients"), (query.get("client"), "This client")]));
    }
    sheets.sheet(Sheet::Filters(Filters::of(&query, fields))).sheet(Sheet::List(list)).show(&console)
}

async fn end(Posted { console, form }: Posted) -> Answer {
    let id = SessionId(form.text("session").to_owned());
    let offline = form.text("offline") == "true";
    sessions::remove(&console.services, &console.caller, console.realm()?, &id, offline).await?;
    let back = match form.given("user") {
        Some(user) => console.path(&format!("/users/{}/sessions", percent_encoded(&user))),
        None => console.path("/sessions"),
    };
    console.lead_to(&back, Notice::new("The session was ended."))
}

fn question<'a>(console: &Console, name: &'a str) -> Question<'a> {
    Question {
        title: "Log everybody out?",
        consequence: "All sessions of this realm end, with what goes on without people: everybody and every docker \
                      client has to log in again. If this is your own realm, so do you.",
        action: console.path("/sessions/end-all"),
        verb: "Log everybody out",
        back: console.path("/sessions"),
        fields: Vec::new(),
        name: Some(name),
    }
}

async fn ask(console: Console) -> Answer {
    console.ask(question(&console, &console.realm()?.name))
}

async fn end_all(Posted { console, form }: Posted) -> Answer {
    let realm = console.realm()?;
    if let Some(answer) = console.ask_again(question(&console, &realm.name), &form) {
        return answer;
    }
    sessions::logout_all(&console.services, &console.caller, realm).await?;
    console.lead_to(&console.path("/sessions"), Notice::new("Everybody is logged out."))
}
