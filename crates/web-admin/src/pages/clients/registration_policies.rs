//! What is demanded of applications that register themselves.

use actix_web::web::Path;
use askama::Template;
use model::{
    component::Component,
    id::ComponentId,
    permission::Permission::{self, *},
};
use representation::ComponentRepresentation;
use serde_json::{Value, json};
use services::{
    Error, What,
    client_registration::{PROVIDER_TYPE, PROVIDERS},
    components,
    store::components::Filter,
};
use web::{Shown, percent_encoded};

use crate::{
    Console, Posted,
    confirm::Question,
    form_errors::FormErrors,
    frame::Frame,
    list::Query,
    notice::Notice,
    posted::Form,
    refusal::{Answer, Refusal},
    routes::Routes,
    settings::{Control, Field, Kind, Section, SettingsForm, gather, undoing, views},
};

const VIEW: &[Permission] = &[ViewRealm, ManageRealm];
const MANAGE: &[Permission] = &[ManageRealm];
const PATH: &str = "/clients/registration-policies";
/// The two ways to register: Keycloak's word, what it is called, and what it means.
const WAYS: [(&str, &str, &str); 2] = [
    (
        "anonymous",
        "Without a token",
        "Anybody who reaches this server may try. Without any policy here, nobody may register so.",
    ),
    ("authenticated", "With a token", "With an initial access token, or as somebody who may create clients."),
];

pub(super) fn routes(routes: &mut Routes) {
    routes.page(PATH, VIEW, list);
    routes.page(&format!("{PATH}/new"), MANAGE, new);
    routes.form(&format!("{PATH}/new"), MANAGE, create);
    let one = format!("{PATH}/{{policy}}");
    routes.page(&one, VIEW, show);
    routes.form(&one, MANAGE, update);
    routes.page(&format!("{one}/delete"), MANAGE, ask);
    routes.form(&format!("{one}/delete"), MANAGE, delete);
}

type PolicyPath = Path<(String, String, ComponentId)>;

/// What a kind of policy is called, and what it demands.
fn words(kind: &str) -> (&'static str, &'static str) {
    match kind {
        "trusted-hosts" => ("Trusted hosts", "Only these hosts may register, or applications that live on them."),
        "consent-required" => {
            ("Consent required", "People are asked for their consent by every application that comes so.")
        }
        "scope" => ("Full scope disabled", "Tokens carry only roles that are in the application's scope."),
        "max-clients" => ("Most clients", "Nobody may register once the realm has so many clients."),
        "allowed-protocol-mappers" => ("Allowed mappers", "The application may bring mappers of these kinds only."),
        "allowed-client-templates" => ("Allowed client scopes", "The application may have these client scopes only."),
        "client-disabled" => ("Wait for an administrator", "New applications are off until somebody turns them on."),
        "registration-web-origins" => ("Web origins", "Pages of these origins may register applications."),
        _ => ("Unknown", "This server does not act on it."),
    }
}

fn sections(kind: &str, mappers: &[(String, String)]) -> Vec<Section> {
    let many = |name: &'static str, label| Field::new(name, label, Kind::Many).listed();
    let switch = |name: &'static str, label| Field::switch(name, label).listed();
    let mut fields = vec![Field::text("name", "Name").required().help("For administrators.")];
    match kind {
        "trusted-hosts" => fields.extend([
            many("config.trusted-hosts", "Hosts")
                .help("One per line: a host, a domain such as *.example.org, or a network such as 10.0.0.0/8."),
            switch("config.host-sending-registration-request-must-match", "Whoever registers has to come from there"),
            switch("config.client-uris-must-match", "All addresses of the application have to be there"),
        ]),
        "max-clients" => {
            fields.push(Field::number("config.max-clients", "Clients", 0, 1_000_000).required().listed());
        }
        "allowed-protocol-mappers" => fields.push(
            Field::new("config.allowed-protocol-mapper-types", "Kinds of mappers", Kind::Ticks(mappers.to_vec()))
                .listed(),
        ),
        "allowed-client-templates" => fields.extend([
            many("config.allowed-client-scopes", "Client scopes").help("One per line."),
            switch("config.allow-default-scopes", "Also those that every new client gets"),
        ]),
        "registration-web-origins" => {
            fields.push(many("config.web-origins", "Origins").help("One per line, such as https://app.example.org."));
        }
        _ => {}
    }
    vec![Section::new("policy", "Policy", "", fields)]
}

/// The kinds of mappers of all protocols: id and label.
fn mapper_kinds(console: &Console) -> Vec<(String, String)> {
    let kinds = console.services.protocols.iter().flat_map(|protocol| protocol.mapper_kinds());
    kinds.map(|kind| (kind.id.to_owned(), kind.label.to_owned())).collect()
}

/// A policy in the list.
struct Row {
    name: Shown,
    href: String,
    demands: &'static str,
}

/// One of the two ways to register.
struct Way {
    title: &'static str,
    help: &'static str,
    rows: Vec<Row>,
    new: Option<String>,
}

#[derive(Template)]
#[template(path = "admin/clients/registration_policies.html")]
struct PoliciesPage {
    frame: Frame,
    ways: Vec<Way>,
}

#[derive(Template)]
#[template(path = "admin/clients/registration_policy.html")]
struct PolicyPage {
    frame: Frame,
    list: String,
    about: &'static str,
    delete: Option<String>,
    form: SettingsForm,
}

#[derive(Template)]
#[template(path = "admin/clients/registration_kinds.html")]
struct KindsPage {
    frame: Frame,
    list: String,
    kinds: Vec<(String, &'static str, &'static str)>,
}

fn path(console: &Console, id: &ComponentId, rest: &str) -> String {
    console.path(&format!("{PATH}/{}{rest}", percent_encoded(id.as_str())))
}

async fn list(console: Console) -> Answer {
    let filter = Filter { provider_type: Some(PROVIDER_TYPE.to_owned()), ..Filter::default() };
    let found = components::list(&console.services, &console.caller, console.realm()?, &filter).await?;
    let way = |(way, title, help): &(&'static str, &'static str, &'static str)| {
        let policies = found.iter().filter(|policy| policy.sub_type.as_deref() == Some(way));
        let row = |policy: &Component| Row {
            name: Shown::name(&policy.name),
            href: path(&console, &policy.id, ""),
            demands: words(&policy.provider_id).1,
        };
        let new = console.may(MANAGE).then(|| console.path(&format!("{PATH}/new?way={way}")));
        Way { title, help, rows: policies.map(row).collect(), new }
    };
    let ways = WAYS.iter().map(way).collect();
    console.show(&PoliciesPage { frame: console.frame("Registration policies"), ways })
}

fn kinds_page(console: &Console, way: &str) -> KindsPage {
    let kind = |kind: &&str| {
        let (title, help) = words(kind);
        (console.path(&format!("{PATH}/new?way={}&kind={kind}", percent_encoded(way))), title, help)
    };
    let kinds = PROVIDERS.iter().map(kind).collect();
    KindsPage { frame: console.frame("Add a registration policy"), list: console.path(PATH), kinds }
}

fn new_page(console: &Console, (way, kind): (&str, &str), typed: Option<&Form>, errors: &FormErrors) -> PolicyPage {
    let (title, about) = words(kind);
    let usual = json!({"name": title, "config": {"allow-default-scopes": ["true"], "max-clients": ["200"]}});
    let settings = views(&sections(kind, &mapper_kinds(console)), &usual, typed, errors, true);
    let mut form = SettingsForm::new(settings, console.path(&format!("{PATH}/new")));
    form.save = "Add";
    form.hidden = vec![("way", way.to_owned()), ("kind", kind.to_owned())];
    form.back = Some(console.path(PATH));
    let frame = console.frame("Add a registration policy");
    PolicyPage { frame, list: console.path(PATH), about, delete: None, form }
}

async fn new(console: Console) -> Answer {
    let query = Query::of(&console.address);
    let way = if query.get("way") == "authenticated" { "authenticated" } else { "anonymous" };
    match PROVIDERS.contains(&query.get("kind")) {
        true => console.show(&new_page(&console, (way, query.get("kind")), None, &FormErrors::default())),
        false => console.show(&kinds_page(&console, way)),
    }
}

/// What a form says of a component.
fn read(given: Value) -> ComponentRepresentation {
    serde_json::from_value(given).unwrap_or_default()
}

async fn create(posted: Posted) -> Answer {
    let Posted { console, form } = posted;
    let (way, kind) = (form.text("way").to_owned(), form.text("kind").to_owned());
    let (given, mut errors) = gather(&sections(&kind, &mapper_kinds(&console)), &form);
    if errors.is_empty() {
        let given = ComponentRepresentation {
            provider_id: Some(kind.clone()),
            provider_type: Some(PROVIDER_TYPE.to_owned()),
            sub_type: Some(way.clone()),
            ..read(given)
        };
        match components::create(&console.services, &console.caller, console.realm()?, given).await {
            Ok(_) => {
                let notice = Notice::new("The policy was added. It holds for registrations from now on.");
                return console.lead_to(&console.path(PATH), notice);
            }
            Err(error) => errors = FormErrors::of(error)?.within_but("config.", &["name"]),
        }
    }
    console.show_again(&new_page(&console, (&way, &kind), Some(&form), &errors))
}

async fn find(console: &Console, id: &ComponentId) -> Result<Component, Refusal> {
    let found = components::get(&console.services, &console.caller, console.realm()?, id).await?;
    match found.provider_type == PROVIDER_TYPE {
        true => Ok(found),
        false => Err(Refusal::from(Error::NotFound(What::Component))),
    }
}

fn shown(policy: &Component) -> Value {
    serde_json::to_value(ComponentRepresentation::from(policy)).unwrap_or_default()
}

fn page(console: &Console, policy: &Component, typed: Option<&Form>, errors: &FormErrors) -> PolicyPage {
    let sections = sections(&policy.provider_id, &mapper_kinds(console));
    let settings = views(&sections, &shown(policy), typed, errors, console.may(MANAGE));
    let mut form = SettingsForm::new(settings, path(console, &policy.id, ""));
    form.back = Some(console.path(PATH));
    PolicyPage {
        frame: console.frame(&policy.name),
        list: console.path(PATH),
        about: words(&policy.provider_id).1,
        delete: console.may(MANAGE).then(|| path(console, &policy.id, "/delete")),
        form,
    }
}

async fn show(console: Console, names: PolicyPath) -> Answer {
    let policy = find(&console, &names.2).await?;
    console.show(&page(&console, &policy, None, &FormErrors::default()))
}

async fn update(posted: Posted, names: PolicyPath) -> Answer {
    let Posted { console, form } = posted;
    let policy = find(&console, &names.2).await?;
    let sections = sections(&policy.provider_id, &mapper_kinds(&console));
    let (given, mut errors) = gather(&sections, &form);
    if errors.is_empty() {
        let realm = console.realm()?;
        match components::update(&console.services, &console.caller, realm, &policy.id, read(given)).await {
            Ok(()) => {
                let before = undoing(&sections, &shown(&policy));
                let notice = Notice::new("The policy was changed.").undo(path(&console, &policy.id, ""), before);
                return console.lead_to(&console.path(PATH), notice);
            }
            Err(error) => errors = FormErrors::of(error)?.within_but("config.", &["name"]),
        }
    }
    console.show_again(&page(&console, &policy, Some(&form), &errors))
}

async fn ask(console: Console, names: PolicyPath) -> Answer {
    let policy = find(&console, &names.2).await?;
    console.ask(Question {
        title: &format!("Delete the policy {}?", policy.name),
        consequence: "Applications that register from then on are no longer held to it. Those that are there stay as they \
                      are.",
        action: path(&console, &policy.id, "/delete"),
        verb: "Delete",
        back: path(&console, &policy.id, ""),
        fields: Vec::new(),
        name: None,
    })
}

async fn delete(posted: Posted, names: PolicyPath) -> Answer {
    let console = &posted.console;
    let policy = find(console, &names.2).await?;
    components::delete(&console.services, &console.caller, console.realm()?, &policy.id).await?;
    console.lead_to(&console.path(PATH), Notice::new(format!("The policy {} was deleted.", policy.name)))
}
