//! "Why was I refused?": the id that somebody was told, and what stands behind it.

use askama::Template;
use model::permission::Permission::{self, *};
use services::{
    Error, What,
    refusals::{self, Change, Door, Explanation, Place, Today},
};
use web::{Shown, percent_encoded};

use crate::{
    Console,
    frame::Frame,
    list::{Moment, Query},
    refusal::Answer,
    routes::Routes,
};

const PATH: &str = "/refusals";
const USERS: &[Permission] = &[ViewUsers, ManageUsers];
const CLIENTS: &[Permission] = &[ViewClients, ManageClients];
const REALM: &[Permission] = &[ViewRealm, ManageRealm];

pub(crate) fn routes(routes: &mut Routes) {
    routes.page(PATH, refusals::VIEW, show);
}

/// Something to change, and where.
struct ChangeShown {
    text: Shown,
    href: Option<String>,
}

struct ReasonShown {
    about: Option<Shown>,
    rule: Shown,
    changes: Vec<ChangeShown>,
}

/// An explanation as it is shown.
struct Explained {
    id: Shown,
    time: Moment,
    door: &'static str,
    asked: Shown,
    name: Option<(Shown, Option<String>)>,
    of_realm: Option<Shown>,
    client: Option<(Shown, Option<String>)>,
    from: Option<Shown>,
    program: Option<Shown>,
    reasons: Vec<ReasonShown>,
    today: Option<(&'static str, &'static str, Shown)>,
}

#[derive(Template)]
#[template(path = "admin/refusals.html")]
struct RefusalsPage {
    frame: Frame,
    path: String,
    id: String,
    explained: Option<Explained>,
    not_found: bool,
    events_stored: bool,
    events: String,
}

async fn show(console: Console) -> Answer {
    let query = Query::of(&console.address);
    let id = query.get("id").to_owned();
    let realm = console.realm()?;
    let found = match id.is_empty() {
        true => None,
        false => match refusals::explain(&console.services, &console.caller, realm, &id).await {
            Ok(explanation) => Some(explained(&console, &explanation)),
            Err(Error::NotFound(What::Refusal)) => None,
            Err(error) => return Err(error.into()),
        },
    };
    console.show(&RefusalsPage {
        frame: console.frame("Why was I refused?"),
        path: console.path(PATH),
        not_found: found.is_none() && !id.is_empty(),
        id,
        explained: found,
        events_stored: realm.settings.events.events_enabled,
        events: console.path("/events"),
    })
}

/// The path of an explanation.
pub(crate) fn path(console: &Console, id: &str) -> String {
    console.path(&format!("{PATH}?id={}", percent_encoded(id)))
}

/// Where something is changed, for those who may see it.
fn href(console: &Console, place: &Place) -> Option<String> {
    let (permissions, rest) = match place {
        Place::User(user) => (USERS, format!("/users/{}", percent_encoded(user.as_str()))),
        Place::Users => (USERS, "/users".to_owned()),
        Place::Client(client) => (CLIENTS, format!("/clients/{}", percent_encoded(client.as_str()))),
        Place::Clients => (CLIENTS, "/clients".to_owned()),
        Place::Permissions(client) => (CLIENTS, format!("/clients/{}/permissions", percent_encoded(client.as_str()))),
        Place::Realm => (REALM, "/settings".to_owned()),
        Place::Security => (REALM, "/settings/defences".to_owned()),
    };
    console.may(permissions).then(|| console.path(&rest))
}

fn explained(console: &Console, found: &Explanation) -> Explained {
    let change = |change: &Change| ChangeShown {
        text: Shown::sentence(&change.text),
        href: change.place.as_ref().and_then(|place| href(console, place)),
    };
    let who = &found.who;
    Explained {
        id: Shown::name(found.id.as_str()),
        time: Moment::of(found.time),
        door: match found.door {
            Door::Login => "Login",
            Door::Application => "Request of an application",
            Door::Registry => "Registry",
            Door::Administration => "Administration",
        },
        asked: Shown::sentence(&found.asked),
        name: who
            .name
            .as_ref()
            .map(|name| (Shown::name(name), who.user.clone().and_then(|user| href(console, &Place::User(user))))),
        of_realm: who.of_realm.as_deref().map(Shown::name),
        client: who.client_id.as_ref().map(|name| {
            (Shown::name(name), who.client.clone().and_then(|client| href(console, &Place::Client(client))))
        }),
        from: found.from.as_deref().map(Shown::name),
        program: found.program.as_deref().map(Shown::name),
        reasons: found
            .reasons
            .iter()
            .map(|reason| ReasonShown {
                about: reason.about.as_deref().map(Shown::sentence),
                rule: Shown::sentence(&reason.rule),
                changes: reason.changes.iter().map(change).collect(),
            })
            .collect(),
        today: found.today.as_ref().map(|today| match today {
            Today::Same(text) => ("Still refused", "warn", Shown::sentence(text)),
            Today::Another(text) => ("Different today", "good", Shown::sentence(text)),
            Today::Unknown(text) => ("Not known", "plain", Shown::sentence(text)),
        }),
    }
}
