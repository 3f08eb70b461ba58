//! "Connect an application": what kind it is, where its people come back to, and then everything that has to be written
//! into it. What was typed stands in the address or in hidden fields, so that going back loses nothing.

mod draft;
pub(crate) mod kinds;
pub(crate) mod snippets;

use actix_web::{HttpResponse, http::header::LOCATION};
use askama::Template;
use services::{Error, clients, store::clients::Filter};
use web::{Shown, percent_encoded};

use self::{draft::Draft, kinds::Kind};
use super::clients::{
    MANAGE,
    posture::{Row, rows},
};
use crate::{
    Console, Posted,
    form_errors::FormErrors,
    frame::Frame,
    notice::Notice,
    posted::Form,
    refusal::{Answer, Refusal},
    routes::Routes,
};

const PATH: &str = "/applications/new";
const TITLE: &str = "Connect an application";

pub(crate) fn routes(routes: &mut Routes) {
    routes.page(PATH, MANAGE, show);
    routes.form(PATH, MANAGE, go);
}

#[derive(Template)]
#[template(path = "admin/applications/kind.html")]
struct KindPage {
    frame: Frame,
    draft: Draft,
    action: String,
    back: String,
    error: bool,
}

/// What was found out about what is typed.
struct Checked {
    problems: Vec<Shown>,
    rows: Vec<Row>,
}

#[derive(Template)]
#[template(path = "admin/applications/addresses.html")]
struct AddressesPage {
    frame: Frame,
    draft: Draft,
    kind: Kind,
    action: String,
    issuer: Shown,
    errors: FormErrors,
    checked: Option<Checked>,
}

/// The fields whose errors stand beside them.
const FIELDS: &[&str] = &["clientId", "name", "redirectUris", "baseUrl", "post.logout.redirect.uris"];

fn kind_page(console: &Console, draft: Draft, error: bool) -> KindPage {
    let (action, back) = (console.path(PATH), console.path("/clients"));
    KindPage { frame: console.frame(TITLE), draft, action, back, error }
}

fn addresses_page(
    console: &Console,
    (draft, kind): (Draft, Kind),
    errors: FormErrors,
    checked: Option<Checked>,
) -> Result<AddressesPage, Refusal> {
    let issuer = Shown::sentence(&console.services.realm_url(console.realm()?));
    let action = console.path(PATH);
    Ok(AddressesPage { frame: console.frame(TITLE), draft, kind, action, issuer, errors, checked })
}

async fn show(console: Console) -> Answer {
    let query = console.address.split_once('?').map_or("", |(_, query)| query);
    let form = Form::parse(query.as_bytes())?;
    let draft = Draft::of(&form);
    match draft.kind {
        Some(kind) if form.text("step") != "kind" => {
            console.show(&addresses_page(&console, (draft, kind), FormErrors::default(), None)?)
        }
        _ => console.show(&kind_page(&console, draft, form.has("step") && form.text("step") != "kind")),
    }
}

async fn go(posted: Posted) -> Answer {
    let Posted { console, form } = posted;
    let draft = Draft::of(&form);
    let Some(kind) = draft.kind else { return console.show_again(&kind_page(&console, draft, true)) };
    match form.text("go") {
        "back" => {
            let path = format!("{}?step=kind&{}", console.path(PATH), draft.query());
            console.dressed(HttpResponse::SeeOther().insert_header((LOCATION, path)).finish())
        }
        "check" => {
            let (errors, checked) = check(&console, &draft, kind).await?;
            console.show(&addresses_page(&console, (draft, kind), errors, Some(checked))?)
        }
        _ => create(console, draft, kind).await,
    }
}

/// What the service would say, and the rules of posture; nothing is written.
async fn check(console: &Console, draft: &Draft, kind: Kind) -> Result<(FormErrors, Checked), Refusal> {
    let realm = console.realm()?;
    let mut errors = FormErrors::default();
    if !draft.client_id.is_empty() {
        let named = Filter { client_id: Some(draft.client_id.clone()), max: Some(1), ..Filter::default() };
        if !clients::brief(&console.services, &console.caller, realm, &named).await?.is_empty() {
            errors.add("clientId", "There is a client with this ID already.");
        }
    }
    let rows = match clients::try_out(&console.services, &console.caller, realm, draft.wanted(kind)) {
        Ok((_, findings)) => rows(&findings),
        Err(error) => {
            let found = FormErrors::of(error)?;
            for field in FIELDS {
                // What nobody has typed yet is no mistake.
                if let Some(text) = found.about(field).filter(|_| *field != "clientId" || !draft.client_id.is_empty()) {
                    errors.add(field, text.as_str());
                }
            }
            found.beyond(FIELDS).for_each(|text| errors.add("", text.as_str()));
            Vec::new()
        }
    };
    let problems = errors.beyond(&[]).cloned().collect();
    Ok((errors, Checked { problems, rows }))
}

async fn create(console: Console, draft: Draft, kind: Kind) -> Answer {
    let mut errors = FormErrors::default();
    if draft.client_id.is_empty() {
        errors.add("clientId", "The application needs an ID: a short name without spaces, such as orders.");
    }
    if kind.has_redirects() && draft.redirects().is_empty() {
        errors.add("redirectUris", "Name at least one address: without it nobody can come back from the login.");
    }
    if errors.is_empty() {
        let made = clients::create(&console.services, &console.caller, console.realm()?, draft.wanted(kind)).await;
        match made {
            Ok(id) => {
                let path = console.path(&format!("/clients/{}/connect?new=1", percent_encoded(id.as_str())));
                let text = format!("The client {} is there. What follows goes into the application.", draft.client_id);
                return console.lead_to(&path, Notice::new(text));
            }
            Err(Error::Conflict(_)) => errors.add("clientId", "There is a client with this ID already."),
            Err(error) => errors = FormErrors::of(error)?,
        }
    }
    console.show_again(&addresses_page(&console, (draft, kind), errors, None)?)
}
