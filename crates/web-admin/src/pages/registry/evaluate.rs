//! What a user would get from a registry and why, and who may do something with a repository. No token is made; the question
//! stands in the address.

use actix_web::web::Path;
use askama::Template;
use model::id::ClientId;
use protocol::Rule as RuleName;
use services::{
    Error, What,
    access::{self, LOOK_INTO, Requester},
    permission_table::subject_text,
};
use web::{Shown, percent_encoded};

use super::registry;
use crate::{
    Console,
    frame::Frame,
    list::Query,
    pages::clients::{
        VIEW,
        tabs::{self, Tabs},
    },
    refusal::{Answer, Refusal, sentence},
    routes::Routes,
};

/// How many users one answer names.
const MOST: i64 = 50;

pub(super) fn routes(routes: &mut Routes) {
    routes.page("/clients/{client}/evaluate", VIEW, show);
}

struct Action {
    scope: Shown,
    granted: bool,
    reason: Shown,
    rule: Option<(Shown, String)>,
}

/// What somebody would get.
struct Tried {
    who: Shown,
    granted: Shown,
    actions: Vec<Action>,
    ignored: Vec<(Shown, Shown)>,
}

struct Person {
    name: Shown,
    href: String,
    rule: Option<(Shown, String)>,
}

/// Who may do something.
struct Holders {
    anonymous: Option<(Shown, String)>,
    rules: Vec<(bool, Shown, (Shown, String))>,
    people: Vec<Person>,
    next: Option<String>,
}

#[derive(Template)]
#[template(path = "admin/registry/evaluate.html")]
struct EvaluatePage {
    frame: Frame,
    tabs: Tabs,
    path: String,
    may: bool,
    user: String,
    anonymous: bool,
    repository: String,
    actions: [(&'static str, bool); 3],
    catalog: bool,
    tried: Option<Result<Tried, Shown>>,
    of: String,
    action: String,
    holders: Option<Result<Holders, Shown>>,
}

async fn show(console: Console, path: Path<(String, String, ClientId)>) -> Answer {
    let client = registry(&console, &path.2).await?;
    let query = Query::of(&console.address);
    let text = |name: &str| query.get(name).to_owned();
    let may = LOOK_INTO.iter().all(|either| console.may(either));
    let asked = ["pull", "push", "delete"].map(|action| (action, query.given(action).is_some()));
    let untouched = query.given("repository").is_none() && asked.iter().all(|(_, on)| !on);
    let action = query.given("action").unwrap_or_else(|| "push".to_owned());
    let mut page = EvaluatePage {
        frame: console.frame(&format!("{}: evaluate", client.client_id)),
        tabs: Tabs::of(&console, &client, "/evaluate"),
        path: tabs::path(&console, &client, "/evaluate"),
        may,
        user: text("user"),
        anonymous: query.given("anonymous").is_some(),
        repository: text("repository"),
        actions: if untouched { [("pull", true), ("push", true), ("delete", false)] } else { asked },
        catalog: query.given("catalog").is_some(),
        tried: None,
        of: text("of"),
        action,
        holders: None,
    };
    let (who, what) = (page.anonymous || !page.user.is_empty(), page.catalog || !page.repository.is_empty());
    if may && who && what {
        page.tried = Some(told(tried(&console, &client.id, &page).await)?);
    }
    if may && !page.of.is_empty() {
        page.holders = Some(told(holders(&console, &client.id, &page, &query).await)?);
    }
    console.show(&page)
}

/// What can be mended by asking otherwise is said on the page.
fn told<T>(answer: services::Result<T>) -> Result<Result<T, Shown>, Refusal> {
    match answer {
        Ok(found) => Ok(Ok(found)),
        Err(Error::NotFound(What::User)) => Ok(Err(Shown::sentence("There is no user of this name in the realm."))),
        Err(error @ Error::Refused(_)) => Ok(Err(Shown::sentence(&sentence(&error)))),
        Err(error) => Err(error.into()),
    }
}

async fn tried(console: &Console, client: &ClientId, page: &EvaluatePage) -> services::Result<Tried> {
    let realm = console.realm().map_err(|_refusal| Error::NotFound(What::Realm))?;
    let requester = if page.anonymous { Requester::Anonymous } else { Requester::User(page.user.clone()) };
    let actions: Vec<_> = page.actions.iter().filter(|(_, on)| *on).map(|(action, _)| *action).collect();
    let mut scopes = Vec::new();
    if !page.repository.is_empty() {
        scopes.push(format!("repository:{}:{}", page.repository, actions.join(",")));
    }
    if page.catalog {
        scopes.push("registry:catalog:*".to_owned());
    }
    let found = access::evaluate(&console.services, &console.caller, realm, client, &requester, &scopes).await?;
    let who = if page.anonymous { "Whoever asks without credentials".to_owned() } else { page.user.clone() };
    Ok(Tried {
        who: Shown::name(&who),
        granted: Shown::sentence(&found.granted_scope),
        actions: found
            .actions
            .iter()
            .map(|action| Action {
                scope: Shown::sentence(&format!("{}:{}:{}", action.resource_type, action.resource_name, action.action)),
                granted: action.granted,
                reason: Shown::sentence(&action.reason),
                rule: action.rule.as_ref().map(|rule| named(page, rule)),
            })
            .collect(),
        ignored: found
            .ignored
            .iter()
            .map(|(scope, reason)| (Shown::sentence(scope), Shown::sentence(reason)))
            .collect(),
    })
}

/// A rule's name, and where it is.
fn named(page: &EvaluatePage, rule: &RuleName) -> (Shown, String) {
    let href = format!("{}/permissions?rule={}#rule", page.tabs.path, percent_encoded(rule.id.as_str()));
    (Shown::name(&rule.name), href)
}

async fn holders(
    console: &Console,
    client: &ClientId,
    page: &EvaluatePage,
    query: &Query,
) -> services::Result<Holders> {
    let realm = console.realm().map_err(|_refusal| Error::NotFound(What::Realm))?;
    let (services, caller) = (&console.services, &console.caller);
    let number = query.page();
    let first = (number - 1) * MOST;
    let found = access::who_may(services, caller, realm, client, &page.of, &page.action, first, MOST).await?;
    Ok(Holders {
        anonymous: found.anonymous.as_ref().map(|rule| named(page, rule)),
        rules: found
            .rules
            .iter()
            .map(|rule| (rule.allows, Shown::sentence(&subject_text(&rule.subject)), named(page, &rule.rule)))
            .collect(),
        people: found
            .users
            .iter()
            .map(|user| Person {
                name: Shown::name(&user.username),
                href: console.path(&format!("/users/{}", percent_encoded(user.id.as_str()))),
                rule: user.rule.as_ref().map(|rule| named(page, rule)),
            })
            .collect(),
        next: found.more.then(|| query.with("page", &(number + 1).to_string())),
    })
}
