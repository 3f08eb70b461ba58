//! The last token requests of a registry, live.

use actix_web::web::Path;
use askama::Template;
use model::{
    id::ClientId,
    permission::Permission::{self, *},
};
use services::{
    refusals,
    token_requests::{self, TokenRequest},
};
use web::{Shown, percent_encoded};

use super::registry;
use crate::{
    Console, Rule,
    frame::Frame,
    list::{Moment, Query},
    pages::{
        clients::{
            VIEW,
            tabs::{self, Tabs},
        },
        refusals::path as explanation,
    },
    refusal::Answer,
    routes::Routes,
};

/// How many are shown.
const MOST: i64 = 50;
const USERS: &[Permission] = &[ViewUsers, ManageUsers];

pub(super) fn routes(routes: &mut Routes) {
    let rule = Rule::Each(&[VIEW, refusals::VIEW]);
    routes.open("/realms/{realm}/clients/{client}/requests", rule, show);
}

struct Row {
    time: Moment,
    name: Option<(Shown, Option<String>)>,
    from: Shown,
    program: Shown,
    requested: Vec<Shown>,
    granted: Vec<Shown>,
    refused: Vec<(Shown, Shown)>,
    error: Option<Shown>,
    /// Why, where something was refused.
    why: Option<String>,
}

#[derive(Template)]
#[template(path = "admin/registry/requests.html")]
struct RequestsPage {
    frame: Frame,
    tabs: Tabs,
    rows: Vec<Row>,
    live: bool,
    path: String,
    events_stored: bool,
    service: Shown,
}

async fn show(console: Console, path: Path<(String, String, ClientId)>) -> Answer {
    let client = registry(&console, &path.2).await?;
    let (services, caller, realm) = (&console.services, &console.caller, console.realm()?);
    let requests = token_requests::of_client(services, caller, realm, &client, MOST).await?;
    console.show(&RequestsPage {
        frame: console.frame(&format!("{}: token requests", client.client_id)),
        tabs: Tabs::of(&console, &client, "/requests"),
        rows: requests.iter().map(|request| row(&console, request)).collect(),
        live: Query::of(&console.address).get("live") != "off",
        path: tabs::path(&console, &client, "/requests"),
        events_stored: realm.settings.events.events_enabled,
        service: Shown::name(&client.client_id),
    })
}

/// A scope without the word that nearly all begin with.
fn short(scope: &str) -> Shown {
    Shown::sentence(scope.strip_prefix("repository:").unwrap_or(scope))
}

fn row(console: &Console, request: &TokenRequest) -> Row {
    let scopes = |text: &str| text.split(' ').filter(|scope| !scope.is_empty()).map(short).collect();
    let user = |id: &model::id::UserId| {
        console.may(USERS).then(|| console.path(&format!("/users/{}", percent_encoded(id.as_str()))))
    };
    Row {
        time: Moment::of(request.time),
        name: request.name.as_ref().map(|name| (Shown::name(name), request.user.as_ref().and_then(user))),
        from: Shown::name(request.from.as_deref().unwrap_or_default()),
        program: Shown::name(request.program.as_deref().unwrap_or_default()),
        requested: scopes(&request.requested),
        granted: scopes(&request.granted),
        refused: request.refused.iter().map(|(about, why)| (short(about), Shown::sentence(why))).collect(),
        error: request.error.as_deref().map(Shown::sentence),
        why: (request.error.is_some() || !request.refused.is_empty())
            .then(|| explanation(console, request.id.as_str())),
    }
}
