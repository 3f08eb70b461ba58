//! Which client scopes a client has: always, on request, or not at all.

use actix_web::web::Path;
use askama::Template;
use model::{
    client_scope::{ClientScope, ScopeAssignment},
    id::{ClientId, ClientScopeId},
};
use services::{client_scopes, clients};
use web::{Shown, percent_encoded};

use super::{
    MANAGE, VIEW,
    tabs::{self, Tabs},
};
use crate::{Console, Posted, frame::Frame, notice::Notice, refusal::Answer, routes::Routes};

pub(super) fn routes(routes: &mut Routes) {
    routes.page("/clients/{client}/scopes", VIEW, show);
    routes.form("/clients/{client}/scopes", MANAGE, assign);
}

type ClientPath = Path<(String, String, ClientId)>;

/// The words for assignments in forms, and what they say.
pub(crate) const ASSIGNMENTS: [(&str, &str); 3] =
    [("default", "Always"), ("optional", "On request"), ("", "Not at all")];

/// The assignment of this word.
pub(crate) fn assignment(word: &str) -> Option<ScopeAssignment> {
    match word {
        "default" => Some(ScopeAssignment::Default),
        "optional" => Some(ScopeAssignment::Optional),
        _ => None,
    }
}

struct Row {
    id: String,
    name: Shown,
    description: Shown,
    href: String,
    assigned: &'static str,
    choices: Vec<(&'static str, &'static str, bool)>,
}

#[derive(Template)]
#[template(path = "admin/clients/scopes.html")]
struct ScopesPage {
    frame: Frame,
    tabs: Tabs,
    rows: Vec<Row>,
    manage: bool,
    action: String,
    all: String,
}

async fn show(console: Console, path: ClientPath) -> Answer {
    let (services, caller, realm) = (&console.services, &console.caller, console.realm()?);
    let client = clients::find(services, caller, realm, &path.2).await?;
    let scopes = client_scopes::list(services, caller, realm).await?;
    let row = |scope: &ClientScope| {
        let word = match () {
            () if client.default_scopes.contains(&scope.name) => "default",
            () if client.optional_scopes.contains(&scope.name) => "optional",
            () => "",
        };
        let choices: Vec<_> = ASSIGNMENTS.iter().map(|(value, label)| (*value, *label, *value == word)).collect();
        Row {
            id: scope.id.0.clone(),
            name: Shown::name(&scope.name),
            description: Shown::sentence(scope.description.as_deref().unwrap_or_default()),
            href: console.path(&format!("/client-scopes/{}", percent_encoded(scope.id.as_str()))),
            assigned: choices.iter().find(|(.., chosen)| *chosen).map_or("", |(_, label, _)| label),
            choices,
        }
    };
    let mut rows: Vec<_> =
        scopes.iter().map(|(scope, _)| scope).filter(|scope| scope.protocol == client.protocol).map(row).collect();
    rows.sort_by_key(|row| ASSIGNMENTS.iter().position(|(_, label)| *label == row.assigned));
    console.show(&ScopesPage {
        frame: console.frame(&format!("{}: client scopes", client.client_id)),
        tabs: Tabs::of(&console, &client, "/scopes"),
        rows,
        manage: console.may(MANAGE),
        action: tabs::path(&console, &client, "/scopes"),
        all: console.path("/client-scopes"),
    })
}

async fn assign(posted: Posted, path: ClientPath) -> Answer {
    let Posted { console, form } = posted;
    let (services, caller, realm) = (&console.services, &console.caller, console.realm()?);
    let client = clients::find(services, caller, realm, &path.2).await?;
    let scope = ClientScopeId(form.text("scope").to_owned());
    let (named, _) = client_scopes::get(services, caller, realm, &scope).await?;
    let before = match () {
        () if client.default_scopes.contains(&named.name) => "default",
        () if client.optional_scopes.contains(&named.name) => "optional",
        () => "",
    };
    client_scopes::assign(services, caller, realm, &path.2, &scope, assignment(form.text("assignment"))).await?;
    let here = tabs::path(&console, &client, "/scopes");
    let text = match assignment(form.text("assignment")) {
        Some(ScopeAssignment::Default) => format!("{} has {} always.", client.client_id, named.name),
        Some(ScopeAssignment::Optional) => format!("{} has {} on request.", client.client_id, named.name),
        None => format!("{} has {} no longer.", client.client_id, named.name),
    };
    let undo = vec![("scope".to_owned(), scope.0), ("assignment".to_owned(), before.to_owned())];
    console.lead_to(&here, Notice::new(text).undo(here.clone(), undo))
}
