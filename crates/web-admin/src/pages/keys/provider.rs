//! A source of keys and its settings.

use actix_web::web::Path;
use askama::Template;
use model::{
    component::{Component, KEY_PROVIDER},
    id::ComponentId,
};
use representation::ComponentRepresentation;
use serde_json::Value;
use services::components::{
    self,
    kinds::{KEY_PROVIDERS, Kind},
};
use web::{Shown, percent_encoded};

use super::{CHANGE, path};
use crate::{
    Console, Posted,
    form_errors::FormErrors,
    frame::Frame,
    list::Query,
    notice::Notice,
    posted::Form,
    refusal::{Answer, Refusal},
    settings::{Control, Field, Section, SettingsForm, configured, gather, usual, views},
};

#[derive(Template)]
#[template(path = "admin/keys/choose.html")]
struct ChoosePage {
    frame: Frame,
    kinds: Vec<(&'static str, &'static str, String)>,
    back: String,
}

#[derive(Template)]
#[template(path = "admin/keys/provider.html")]
struct ProviderPage {
    frame: Frame,
    back: String,
    about: Shown,
    delete: Option<String>,
    form: SettingsForm,
}

fn kind(id: &str) -> Option<&'static Kind> {
    KEY_PROVIDERS.iter().find(|kind| kind.id == id)
}

fn sections(kind: Option<&'static Kind>) -> Vec<Section> {
    let name = Field::text("name", "Name").help("For administrators only.").required();
    let mut fields = vec![name];
    fields.extend(configured(kind.map_or(&[], |kind| kind.settings), true));
    vec![Section::new("provider", "Settings", "", fields)]
}

/// The kinds of keys to add, or the form for one of them.
pub(super) async fn choose(console: Console) -> Answer {
    let query = Query::of(&console.address);
    let new = console.path("/keys/new");
    match kind(query.get("kind")) {
        Some(kind) => console.show(&new_page(&console, kind, None, &FormErrors::default())),
        None => {
            let choice = |kind: &Kind| (kind.id, kind.help, format!("{new}?kind={}", percent_encoded(kind.id)));
            let kinds = KEY_PROVIDERS.iter().map(choice).collect();
            console.show(&ChoosePage { frame: console.frame("Add a key"), kinds, back: console.path("/keys") })
        }
    }
}

fn new_page(console: &Console, kind: &'static Kind, form: Option<&Form>, errors: &FormErrors) -> ProviderPage {
    let mut usual = usual(kind.settings);
    if let Value::Object(members) = &mut usual {
        members.insert("name".to_owned(), Value::from(kind.id));
    }
    let mut form =
        SettingsForm::new(views(&sections(Some(kind)), &usual, form, errors, true), console.path("/keys/new"));
    form.save = "Add the key";
    form.hidden = vec![("kind", kind.id.to_owned())];
    form.back = Some(console.path("/keys"));
    ProviderPage {
        frame: console.frame("Add a key"),
        back: console.path("/keys"),
        about: Shown::sentence(kind.help),
        delete: None,
        form,
    }
}

pub(super) async fn create(posted: Posted) -> Answer {
    let Posted { console, form } = posted;
    let Some(kind) = kind(form.text("kind")) else { return Err(Refusal::Unreadable("There is no such kind of key.")) };
    let (given, mut errors) = gather(&sections(Some(kind)), &form);
    if errors.is_empty() {
        let given = ComponentRepresentation {
            provider_id: Some(kind.id.to_owned()),
            provider_type: Some(KEY_PROVIDER.to_owned()),
            ..read(given)
        };
        match components::create(&console.services, &console.caller, console.realm()?, given).await {
            Ok(_) => return console.lead_to(&console.path("/keys"), Notice::new("The key was added.")),
            Err(error) => errors = FormErrors::of(error)?.within_but("config.", &["name"]),
        }
    }
    console.show_again(&new_page(&console, kind, Some(&form), &errors))
}

/// What a form says of a component. Its fields are those of the representation.
fn read(given: Value) -> ComponentRepresentation {
    serde_json::from_value(given).unwrap_or_default()
}

async fn found(console: &Console, id: String) -> Result<Component, Refusal> {
    let found = components::get(&console.services, &console.caller, console.realm()?, &ComponentId(id)).await?;
    match found.provider_type == KEY_PROVIDER {
        true => Ok(found),
        false => Err(Refusal::Service(services::Error::NotFound(services::What::Component))),
    }
}

fn page(console: &Console, component: &Component, form: Option<&Form>, errors: &FormErrors) -> ProviderPage {
    let kind = kind(&component.provider_id);
    let shown = serde_json::to_value(ComponentRepresentation::from(component)).unwrap_or_default();
    let path = path(console, &component.id);
    let editable = console.may(CHANGE);
    let mut form = SettingsForm::new(views(&sections(kind), &shown, form, errors, editable), path.clone());
    form.back = Some(console.path("/keys"));
    ProviderPage {
        frame: console.frame(&component.name),
        back: console.path("/keys"),
        about: Shown::sentence(kind.map_or("This server does not run this kind of provider.", |kind| kind.help)),
        delete: editable.then(|| format!("{path}/delete")),
        form,
    }
}

pub(super) async fn show(console: Console, names: Path<(String, String, String)>) -> Answer {
    let component = found(&console, names.into_inner().2).await?;
    console.show(&page(&console, &component, None, &FormErrors::default()))
}

pub(super) async fn save(posted: Posted, names: Path<(String, String, String)>) -> Answer {
    let Posted { console, form } = posted;
    let component = found(&console, names.into_inner().2).await?;
    let (given, mut errors) = gather(&sections(kind(&component.provider_id)), &form);
    if errors.is_empty() {
        let realm = console.realm()?;
        match components::update(&console.services, &console.caller, realm, &component.id, read(given)).await {
            Ok(()) => {
                return console.lead_to(&console.path("/keys"), Notice::new("The settings of the key were saved."));
            }
            Err(error) => errors = FormErrors::of(error)?.within_but("config.", &["name"]),
        }
    }
    console.show_again(&page(&console, &component, Some(&form), &errors))
}
