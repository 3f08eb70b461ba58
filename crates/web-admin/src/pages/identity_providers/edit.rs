//! One identity provider: made, changed, removed.

use actix_web::web::Path;
use askama::Template;
use representation::{IdentityProviderMapperRepresentation, IdentityProviderRepresentation};
use serde_json::{Map, Value, json};
use services::identity_providers::{self, kinds as known};
use web::{Shown, percent_encoded};

use super::{CHANGE, HONEST, kinds, path};
use crate::{
    Console, Posted,
    confirm::Question,
    form_errors::FormErrors,
    frame::Frame,
    list::Query,
    notice::Notice,
    pages::providers::ChoosePage,
    posted::Form,
    refusal::{Answer, Refusal},
    settings::{Control, SettingsForm, gather, overlaid, views},
};

type Names = Path<(String, String, String)>;

#[derive(Template)]
#[template(path = "admin/providers/identity.html")]
struct ProviderPage {
    frame: Frame,
    crumbs: Vec<(Shown, String)>,
    honest: &'static str,
    form: SettingsForm,
    /// The address of discovery, if the kind has one and it is new.
    discovery: Option<(String, Option<Shown>)>,
    /// What the provider has to be told.
    redirect: Option<String>,
    delete: Option<String>,
    mappers: Option<Mappers>,
}

struct Mappers {
    rows: Vec<(Shown, &'static str, String)>,
    add: Option<String>,
}

fn crumbs(console: &Console) -> Vec<(Shown, String)> {
    vec![(Shown::name("Identity providers"), console.path("/identity-providers"))]
}

/// The kinds to add, or the form for one of them.
pub(super) async fn choose(console: Console) -> Answer {
    let query = Query::of(&console.address);
    let new = console.path("/identity-providers/new");
    match known::find(query.get("kind")) {
        Some(kind) => {
            let stored = usual(kind.id);
            console.show(&new_page(&console, kind, &stored, None, &FormErrors::default(), ("", None)))
        }
        None => {
            let choice =
                |kind: &known::Kind| (kind.name, kinds::help(kind), format!("{new}?kind={}", percent_encoded(kind.id)));
            console.show(&ChoosePage {
                frame: console.frame("Add an identity provider"),
                crumbs: crumbs(&console),
                question: "Where do people have their accounts?",
                kinds: known::ALL.iter().map(choice).collect(),
            })
        }
    }
}

/// A new provider, as it is safe.
fn usual(id: &str) -> Value {
    let alias = known::find(id).map_or(id, |kind| kind.id);
    json!({
        "alias": alias,
        "enabled": true,
        "config": {
            "validateSignature": "true",
            "wantAssertionsSigned": "true",
            "useJwksUrl": "true",
            "pkceEnabled": "true",
            "pkceMethod": "S256",
            "clientAuthMethod": "client_secret_post",
            "defaultScope": if kinds::is_discovered(id) { "openid profile email" } else { "" },
            "syncMode": "IMPORT",
            "postBindingResponse": "true",
        },
    })
}

fn new_page(
    console: &Console,
    kind: &known::Kind,
    stored: &Value,
    form: Option<&Form>,
    errors: &FormErrors,
    (address, wrong): (&str, Option<Shown>),
) -> ProviderPage {
    let settings = views(&kinds::sections(kind.id, true), stored, form, errors, true);
    let mut form = SettingsForm::new(settings, console.path("/identity-providers/new"));
    form.save = "Add the identity provider";
    form.hidden = vec![("providerId", kind.id.to_owned())];
    form.back = Some(console.path("/identity-providers"));
    ProviderPage {
        frame: console.frame(&format!("Add {}", kind.name)),
        crumbs: crumbs(console),
        honest: HONEST,
        form,
        discovery: kinds::is_discovered(kind.id).then(|| (address.to_owned(), wrong)),
        redirect: None,
        delete: None,
        mappers: None,
    }
}

pub(super) async fn create(posted: Posted) -> Answer {
    let Posted { console, form } = posted;
    let Some(kind) = known::find(form.text("providerId")) else {
        return Err(Refusal::Unreadable("There is no such kind of identity provider."));
    };
    let realm = console.realm()?;
    let sections = kinds::sections(kind.id, true);
    if form.has("discover") {
        let address = form.text("discovery");
        let stored = usual(kind.id);
        return match identity_providers::from_url(&console.services, &console.caller, realm, kind.id, address).await {
            Ok(found) => {
                let found = json!({"config": found});
                let stored = overlaid(stored, &found);
                console.show(&new_page(&console, kind, &stored, None, &FormErrors::default(), (address, None)))
            }
            Err(error) => {
                let errors = FormErrors::of(error)?;
                let wrong = errors.beyond(&[]).next().cloned();
                let none = FormErrors::default();
                console.show_again(&new_page(&console, kind, &stored, None, &none, (address, wrong)))
            }
        };
    }
    let (given, mut errors) = gather(&sections, &form);
    if errors.is_empty() {
        let given = IdentityProviderRepresentation { provider_id: Some(kind.id.to_owned()), ..read(given) };
        let alias = given.alias.clone().unwrap_or_default();
        match identity_providers::create(&console.services, &console.caller, realm, given).await {
            Ok(_) => {
                let notice =
                    Notice::new("The identity provider was added. Tell it the redirect URI that stands on this page.");
                return console.lead_to(&path(&console, &alias), notice);
            }
            Err(error) => errors = FormErrors::of(error)?,
        }
    }
    console.show_again(&new_page(&console, kind, &usual(kind.id), Some(&form), &errors, ("", None)))
}

fn read(given: Value) -> IdentityProviderRepresentation {
    serde_json::from_value(given).unwrap_or_default()
}

async fn found(console: &Console, alias: &str) -> Result<IdentityProviderRepresentation, Refusal> {
    Ok(identity_providers::get(&console.services, &console.caller, console.realm()?, alias).await?)
}

async fn page(
    console: &Console,
    provider: &IdentityProviderRepresentation,
    sent: Option<(&Form, &FormErrors)>,
) -> Result<ProviderPage, Refusal> {
    let realm = console.realm()?;
    let (alias, kind) =
        (provider.alias.as_deref().unwrap_or_default(), provider.provider_id.as_deref().unwrap_or_default());
    let stored = serde_json::to_value(provider).unwrap_or_default();
    let none = FormErrors::default();
    let (typed, errors) = (sent.map(|(form, _)| form), sent.map_or(&none, |(_, errors)| errors));
    let editable = console.may(CHANGE);
    let settings = views(&kinds::sections(kind, false), &stored, typed, errors, editable);
    let own = path(console, alias);
    let mappers = identity_providers::mappers(&console.services, &console.caller, realm, alias).await?;
    let row = |mapper: &IdentityProviderMapperRepresentation| {
        let id = mapper.id.as_deref().unwrap_or_default();
        let kind = mapper.identity_provider_mapper.as_deref().unwrap_or_default();
        let label = known::mappers_of(provider.provider_id.as_deref().unwrap_or_default()).find(|one| one.id == kind);
        let name = Shown::name(mapper.name.as_deref().unwrap_or_default());
        (name, label.map_or("Another kind", |one| one.label), format!("{own}/mappers/{}", percent_encoded(id)))
    };
    let redirect = format!("{}/broker/{}/endpoint", console.services.realm_url(realm), percent_encoded(alias));
    Ok(ProviderPage {
        frame: console.frame(provider.display_name.as_deref().filter(|name| !name.is_empty()).unwrap_or(alias)),
        crumbs: crumbs(console),
        honest: HONEST,
        form: SettingsForm::new(settings, own.clone()),
        discovery: None,
        redirect: Some(redirect),
        delete: editable.then(|| format!("{own}/delete")),
        mappers: Some(Mappers {
            rows: mappers.iter().map(row).collect(),
            add: editable.then(|| format!("{own}/mappers/new")),
        }),
    })
}

pub(super) async fn show(console: Console, names: Names) -> Answer {
    let provider = found(&console, &names.into_inner().2).await?;
    console.show(&page(&console, &provider, None).await?)
}

pub(super) async fn save(posted: Posted, names: Names) -> Answer {
    let Posted { console, form } = posted;
    let alias = names.into_inner().2;
    let provider = found(&console, &alias).await?;
    let sections = kinds::sections(provider.provider_id.as_deref().unwrap_or_default(), false);
    let (given, mut errors) = gather(&sections, &form);
    if errors.is_empty() {
        // The configuration is given as a whole: what the page doesn't ask for stays.
        let config = serde_json::to_value(&provider.config).unwrap_or(Value::Object(Map::new()));
        let whole = overlaid(json!({"config": config}), &given);
        let given = IdentityProviderRepresentation {
            alias: Some(alias.clone()),
            provider_id: provider.provider_id.clone(),
            internal_id: provider.internal_id.clone(),
            ..read(whole)
        };
        match identity_providers::update(&console.services, &console.caller, console.realm()?, &alias, given).await {
            Ok(()) => return console.lead_to(&path(&console, &alias), Notice::new("The identity provider was saved.")),
            Err(error) => errors = FormErrors::of(error)?,
        }
    }
    console.show_again(&page(&console, &provider, Some((&form, &errors))).await?)
}

fn question<'a>(console: &Console, alias: &'a str) -> Question<'a> {
    let own = path(console, alias);
    Question {
        title: "Remove this identity provider?",
        consequence: "Its settings and mappers go, and users lose their links to accounts there. It can't be had back.",
        action: format!("{own}/delete"),
        verb: "Remove it",
        back: own,
        fields: Vec::new(),
        name: Some(alias),
    }
}

pub(super) async fn ask(console: Console, names: Names) -> Answer {
    let alias = names.into_inner().2;
    found(&console, &alias).await?;
    console.ask(question(&console, &alias))
}

pub(super) async fn delete(posted: Posted, names: Names) -> Answer {
    let Posted { console, form } = posted;
    let alias = names.into_inner().2;
    if let Some(answer) = console.ask_again(question(&console, &alias), &form) {
        return answer;
    }
    identity_providers::delete(&console.services, &console.caller, console.realm()?, &alias).await?;
    let notice = Notice::new(format!("The identity provider {alias} is gone."));
    console.lead_to(&console.path("/identity-providers"), notice)
}
