//! Mappers of a directory: what an entry there says of the user here.

use actix_web::web::Path;
use model::{
    component::{Component, USER_STORAGE_MAPPER},
    id::ComponentId,
};
use representation::ComponentRepresentation;
use serde_json::{Value, json};
use services::{
    Error, What, components,
    user_storage::kinds::{Kind, MAPPERS, find_mapper},
};
use web::{Shown, percent_encoded};

use super::{CHANGE, edit::found, path};
use crate::{
    Console, Posted,
    form_errors::FormErrors,
    list::Query,
    notice::Notice,
    pages::providers::{ChoosePage, MapperPage},
    posted::Form,
    refusal::{Answer, Refusal},
    settings::{Field, Section, SettingsForm, configured, gather, views},
};

type Names = Path<(String, String, String)>;
type MapperNames = Path<(String, String, String, String)>;

fn crumbs(console: &Console, store: &Component) -> Vec<(Shown, String)> {
    vec![
        (Shown::name("User federation"), console.path("/user-federation")),
        (Shown::name(&store.name), path(console, &store.id.0)),
    ]
}

fn sections(kind: Option<&'static Kind>) -> Vec<Section> {
    let mut fields = vec![Field::text("name", "Name").required()];
    fields.extend(configured(kind.map_or(&[], |kind| kind.settings), true));
    vec![Section::new("mapper", kind.map_or("Mapper", |kind| kind.id), kind.map_or("", |kind| kind.help), fields)]
}

fn page(
    console: &Console,
    (title, store, action): (&str, &Component, String),
    kind: Option<&'static Kind>,
    stored: &Value,
    sent: Option<(&Form, &FormErrors)>,
) -> MapperPage {
    let none = FormErrors::default();
    let (typed, errors) = (sent.map(|(form, _)| form), sent.map_or(&none, |(_, errors)| errors));
    let settings = views(&sections(kind), stored, typed, errors, console.may(CHANGE));
    let mut form = SettingsForm::new(settings, action);
    form.hidden = kind.map(|kind| ("providerId", kind.id.to_owned())).into_iter().collect();
    form.back = Some(path(console, &store.id.0));
    MapperPage { frame: console.frame(title), crumbs: crumbs(console, store), form, delete: None }
}

pub(super) async fn choose(console: Console, names: Names) -> Answer {
    let store = found(&console, &names.into_inner().2).await?;
    let query = Query::of(&console.address);
    let new = format!("{}/mappers/new", path(&console, &store.id.0));
    if let Some(kind) = find_mapper(query.get("kind")) {
        let stored = json!({"name": kind.id});
        return console.show(&page(&console, ("Add a mapper", &store, new), Some(kind), &stored, None));
    }
    let choice = |kind: &'static Kind| (kind.id, kind.help, format!("{new}?kind={}", percent_encoded(kind.id)));
    console.show(&ChoosePage {
        frame: console.frame("Add a mapper"),
        crumbs: crumbs(&console, &store),
        question: "What is it to do?",
        kinds: MAPPERS.iter().map(choice).collect(),
    })
}

fn read(given: Value) -> ComponentRepresentation {
    serde_json::from_value(given).unwrap_or_default()
}

pub(super) async fn create(posted: Posted, names: Names) -> Answer {
    let Posted { console, form } = posted;
    let store = found(&console, &names.into_inner().2).await?;
    let Some(kind) = find_mapper(form.text("providerId")) else {
        return Err(Refusal::Unreadable("There is no such kind of mapper."));
    };
    let (given, mut errors) = gather(&sections(Some(kind)), &form);
    if errors.is_empty() {
        let given = ComponentRepresentation {
            provider_id: Some(kind.id.to_owned()),
            provider_type: Some(USER_STORAGE_MAPPER.to_owned()),
            parent_id: Some(store.id.0.clone()),
            ..read(given)
        };
        match components::create(&console.services, &console.caller, console.realm()?, given).await {
            Ok(_) => return console.lead_to(&path(&console, &store.id.0), Notice::new("The mapper was added.")),
            Err(error) => errors = FormErrors::of(error)?.within_but("config.", &["name"]),
        }
    }
    let new = format!("{}/mappers/new", path(&console, &store.id.0));
    console.show_again(&page(&console, ("Add a mapper", &store, new), Some(kind), &json!({}), Some((&form, &errors))))
}

async fn mapper_of(console: &Console, store: &Component, id: &str) -> Result<Component, Refusal> {
    let id = ComponentId(id.to_owned());
    let found = components::get(&console.services, &console.caller, console.realm()?, &id).await?;
    match found.provider_type == USER_STORAGE_MAPPER && found.parent_id == store.id.0 {
        true => Ok(found),
        false => Err(Refusal::Service(Error::NotFound(What::Component))),
    }
}

fn own_path(console: &Console, store: &Component, id: &str) -> String {
    format!("{}/mappers/{}", path(console, &store.id.0), percent_encoded(id))
}

pub(super) async fn show(console: Console, names: MapperNames) -> Answer {
    let (_, _, store, id) = names.into_inner();
    let store = found(&console, &store).await?;
    let mapper = mapper_of(&console, &store, &id).await?;
    let stored = serde_json::to_value(ComponentRepresentation::from(&mapper)).unwrap_or_default();
    let own = own_path(&console, &store, &id);
    let kind = find_mapper(&mapper.provider_id);
    let mut page = page(&console, (&mapper.name, &store, own.clone()), kind, &stored, None);
    page.delete = console.may(CHANGE).then(|| format!("{own}/delete"));
    console.show(&page)
}

pub(super) async fn save(posted: Posted, names: MapperNames) -> Answer {
    let Posted { console, form } = posted;
    let (_, _, store, id) = names.into_inner();
    let store = found(&console, &store).await?;
    let mapper = mapper_of(&console, &store, &id).await?;
    let kind = find_mapper(&mapper.provider_id);
    let (given, mut errors) = gather(&sections(kind), &form);
    if errors.is_empty() {
        match components::update(&console.services, &console.caller, console.realm()?, &mapper.id, read(given)).await {
            Ok(()) => return console.lead_to(&path(&console, &store.id.0), Notice::new("The mapper was saved.")),
            Err(error) => errors = FormErrors::of(error)?.within_but("config.", &["name"]),
        }
    }
    let own = own_path(&console, &store, &id);
    console.show_again(&page(&console, (&mapper.name, &store, own), kind, &json!({}), Some((&form, &errors))))
}

pub(super) async fn delete(posted: Posted, names: MapperNames) -> Answer {
    let console = posted.console;
    let (_, _, store, id) = names.into_inner();
    let store = found(&console, &store).await?;
    let mapper = mapper_of(&console, &store, &id).await?;
    components::delete(&console.services, &console.caller, console.realm()?, &mapper.id).await?;
    let mut fields =
        vec![("providerId".to_owned(), mapper.provider_id.clone()), ("name".to_owned(), mapper.name.clone())];
    let settings =
        mapper.config.iter().filter_map(|(name, values)| Some((format!("config.{name}"), values.first()?.clone())));
    // A box that is not ticked is not sent.
    fields.extend(settings.filter(|(_, value)| value != "false"));
    let undo = format!("{}/mappers/new", path(&console, &store.id.0));
    console.lead_to(&path(&console, &store.id.0), Notice::new("The mapper is gone.").undo(undo, fields))
}
