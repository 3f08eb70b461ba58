//! Who is logged in to a client, and how to end that.

use actix_web::web::Path;
use askama::Template;
use model::{
    id::{ClientId, SessionId},
    permission::Permission::{self, *},
    session::UserSession,
};
use representation::ClientRepresentation;
use services::{clients, sessions, store::identity_tokens::Listed};
use web::{Shown, percent_encoded};

use super::{
    MANAGE, VIEW,
    tabs::{self, Tabs},
};
use crate::{
    Console, Posted,
    confirm::Question,
    frame::Frame,
    list::{Cell, Empty, List, Moment, PAGE, Query},
    notice::Notice,
    refusal::Answer,
    routes::Routes,
};

const USERS: &[Permission] = &[ViewUsers, ManageUsers];
const MANAGE_USERS: &[Permission] = &[ManageUsers];

pub(super) fn routes(routes: &mut Routes) {
    routes.page("/clients/{client}/sessions", VIEW, show);
    routes.form("/clients/{client}/sessions/end", MANAGE_USERS, end);
    routes.page("/clients/{client}/sessions/revoke", MANAGE, ask_revoke);
    routes.form("/clients/{client}/sessions/revoke", MANAGE, revoke);
}

type ClientPath = Path<(String, String, ClientId)>;

#[derive(Template)]
#[template(path = "admin/clients/sessions.html")]
struct SessionsPage {
    frame: Frame,
    tabs: Tabs,
    list: List,
    offline: bool,
    counts: (i64, i64),
    here: String,
    revoke: Option<String>,
    not_before: Option<Moment>,
}

async fn show(console: Console, path: ClientPath) -> Answer {
    let (services, caller, realm) = (&console.services, &console.caller, console.realm()?);
    let query = Query::of(&console.address);
    let offline = query.get("kind") == "offline";
    let client = clients::find(services, caller, realm, &path.2).await?;
    let counts = (
        sessions::count_of_client(services, caller, realm, &path.2).await?,
        sessions::count_offline_of_client(services, caller, realm, &path.2).await?,
    );
    let ends = console.may(MANAGE_USERS);
    let person = |id: &str, name: &str| match console.may(USERS) {
        true => Cell::link(console.path(&format!("/users/{}", percent_encoded(id))), name),
        false => Cell::text(name),
    };
    let here = tabs::path(&console, &client, "/sessions");
    let button = |id: &str, name: &str| Cell::Button {
        action: format!("{here}/end"),
        label: "End",
        about: Shown::name(&format!("the session of {name}")),
        fields: vec![("session", id.to_owned()), ("kind", if offline { "offline" } else { "" }.to_owned())],
    };
    let row = |session: &UserSession| {
        let mut cells = vec![
            person(session.user_id.as_str(), &session.username),
            Cell::code(session.ip_address.as_deref().unwrap_or_default()),
            Cell::time(session.started),
            Cell::time(session.last_access),
        ];
        cells.extend(ends.then(|| button(session.id.as_str(), &session.username)));
        cells
    };
    let max = Some(PAGE + 1);
    let rows: Vec<Vec<Cell>> = match offline {
        false => {
            sessions::of_client(services, caller, realm, &path.2, query.first(), max).await?.iter().map(row).collect()
        }
        true => {
            let found = sessions::offline_of_client(services, caller, realm, &path.2, query.first(), max).await?;
            let token = |listed: &Listed| {
                let mut cells = vec![
                    person(listed.token.user_id.as_str(), &listed.username),
                    Cell::text("docker login"),
                    Cell::time(listed.token.created),
                    Cell::time(listed.token.last_used),
                ];
                cells.extend(ends.then(|| button(listed.token.id.as_str(), &listed.username)));
                cells
            };
            found.sessions.iter().map(row).chain(found.identity_tokens.iter().map(token)).collect()
        }
    };
    let empty = Empty { text: "Nobody is logged in here at the moment.", action: None };
    let mut columns = vec![("Person", None), ("From", None), ("Since", None), ("Last used", None)];
    columns.extend(ends.then_some(("End", None)));
    let list = List::new(&query, "Sessions", rows, empty).columns(&query, &columns);
    let not_before = Some(client.settings.not_before).filter(|seconds| *seconds > 0);
    console.show(&SessionsPage {
        frame: console.frame(&format!("{}: sessions", client.client_id)),
        tabs: Tabs::of(&console, &client, "/sessions"),
        list,
        offline,
        counts,
        revoke: console.may(MANAGE).then(|| format!("{here}/revoke")),
        here,
        not_before: not_before.map(|seconds| Moment::of_millis(seconds.saturating_mul(1_000))),
    })
}

async fn end(posted: Posted, path: ClientPath) -> Answer {
    let Posted { console, form } = posted;
    let id = SessionId(form.text("session").to_owned());
    let offline = form.text("kind") == "offline";
    sessions::remove(&console.services, &console.caller, console.realm()?, &id, offline).await?;
    let kind = if offline { "?kind=offline" } else { "" };
    let here = console.path(&format!("/clients/{}/sessions{kind}", percent_encoded(path.2.as_str())));
    console.lead_to(&here, Notice::new("The session has ended, in every application that was in it."))
}

async fn ask_revoke(console: Console, path: ClientPath) -> Answer {
    let client = clients::find(&console.services, &console.caller, console.realm()?, &path.2).await?;
    console.ask(Question {
        title: &format!("Refuse all tokens that {} has?", client.client_id),
        consequence: "Every token that was issued to it before now is refused. Who uses it has to log in again; their \
                      sessions elsewhere go on.",
        action: tabs::path(&console, &client, "/sessions/revoke"),
        verb: "Refuse them",
        back: tabs::path(&console, &client, "/sessions"),
        fields: Vec::new(),
        name: None,
    })
}

async fn revoke(posted: Posted, path: ClientPath) -> Answer {
    let console = &posted.console;
    let now = i32::try_from(console.services.now().unix_timestamp()).unwrap_or(i32::MAX);
    let given = ClientRepresentation { not_before: Some(now), ..ClientRepresentation::default() };
    clients::update(&console.services, &console.caller, console.realm()?, &path.2, given).await?;
    let here = console.path(&format!("/clients/{}/sessions", percent_encoded(path.2.as_str())));
    console.lead_to(&here, Notice::new("Tokens from before now are refused."))
}
