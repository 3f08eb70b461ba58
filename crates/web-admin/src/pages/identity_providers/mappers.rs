//! Mappers of an identity provider: what an account there says of the user here.

use actix_web::web::Path;
use model::id::IdentityProviderMapperId;
use protocol::MapperKind;
use representation::IdentityProviderMapperRepresentation;
use serde_json::{Value, json};
use services::identity_providers;
use web::{Shown, percent_encoded};

use super::{CHANGE, path};
use crate::{
    Console, Posted,
    form_errors::FormErrors,
    list::Query,
    notice::Notice,
    pages::providers::{ChoosePage, MapperPage},
    posted::Form,
    refusal::{Answer, Refusal},
    settings::{Field, Section, SettingsForm, configured, gather, overlaid, undoing, views},
};

type Names = Path<(String, String, String)>;
type MapperNames = Path<(String, String, String, String)>;

fn crumbs(console: &Console, alias: &str) -> Vec<(Shown, String)> {
    vec![
        (Shown::name("Identity providers"), console.path("/identity-providers")),
        (Shown::name(alias), path(console, alias)),
    ]
}

fn sections(kind: Option<&'static MapperKind>) -> Vec<Section> {
    let mut fields = vec![
        Field::text("name", "Name").required(),
        Field::choice(
            "config.syncMode",
            "When it acts",
            &[
                ("INHERIT", "As the identity provider says"),
                ("IMPORT", "At the first login"),
                ("FORCE", "At every login"),
                ("LEGACY", "As this mapper is used to"),
            ],
        )
        .absent("INHERIT"),
    ];
    fields.extend(configured(kind.map_or(&[], |kind| kind.settings), false));
    vec![Section::new("mapper", kind.map_or("Mapper", |kind| kind.label), kind.map_or("", |kind| kind.help), fields)]
}

async fn kinds(console: &Console, alias: &str) -> Result<Vec<&'static MapperKind>, Refusal> {
    Ok(identity_providers::mapper_kinds(&console.services, &console.caller, console.realm()?, alias).await?)
}

fn page(
    console: &Console,
    (title, alias, action): (&str, &str, String),
    kind: Option<&'static MapperKind>,
    stored: &Value,
    sent: Option<(&Form, &FormErrors)>,
) -> MapperPage {
    let none = FormErrors::default();
    let (typed, errors) = (sent.map(|(form, _)| form), sent.map_or(&none, |(_, errors)| errors));
    let settings = views(&sections(kind), stored, typed, errors, console.may(CHANGE));
    let mut form = SettingsForm::new(settings, action);
    form.hidden = kind.map(|kind| ("identityProviderMapper", kind.id.to_owned())).into_iter().collect();
    form.back = Some(path(console, alias));
    MapperPage { frame: console.frame(title), crumbs: crumbs(console, alias), form, delete: None }
}

pub(super) async fn choose(console: Console, names: Names) -> Answer {
    let alias = names.into_inner().2;
    let kinds = kinds(&console, &alias).await?;
    let query = Query::of(&console.address);
    let new = format!("{}/mappers/new", path(&console, &alias));
    if let Some(kind) = kinds.iter().find(|kind| kind.id == query.get("kind")) {
        let stored = json!({"name": kind.label});
        return console.show(&page(&console, ("Add a mapper", &alias, new), Some(kind), &stored, None));
    }
    let choice =
        |kind: &&'static MapperKind| (kind.label, kind.help, format!("{new}?kind={}", percent_encoded(kind.id)));
    console.show(&ChoosePage {
        frame: console.frame("Add a mapper"),
        crumbs: crumbs(&console, &alias),
        question: "What is it to do?",
        kinds: kinds.iter().map(choice).collect(),
    })
}

fn read(given: Value, alias: &str, kind: &str) -> IdentityProviderMapperRepresentation {
    IdentityProviderMapperRepresentation {
        identity_provider_alias: Some(alias.to_owned()),
        identity_provider_mapper: Some(kind.to_owned()),
        ..serde_json::from_value(given).unwrap_or_default()
    }
}

pub(super) async fn create(posted: Posted, names: Names) -> Answer {
    let Posted { console, form } = posted;
    let alias = names.into_inner().2;
    let kinds = kinds(&console, &alias).await?;
    let Some(kind) = kinds.into_iter().find(|kind| kind.id == form.text("identityProviderMapper")) else {
        return Err(Refusal::Unreadable("There is no such kind of mapper."));
    };
    let (given, mut errors) = gather(&sections(Some(kind)), &form);
    if errors.is_empty() {
        let given = read(given, &alias, kind.id);
        let realm = console.realm()?;
        match identity_providers::create_mapper(&console.services, &console.caller, realm, &alias, given).await {
            Ok(_) => return console.lead_to(&path(&console, &alias), Notice::new("The mapper was added.")),
            Err(error) => errors = FormErrors::of(error)?.within_but("config.", &["name"]),
        }
    }
    let new = format!("{}/mappers/new", path(&console, &alias));
    let shown = page(&console, ("Add a mapper", &alias, new), Some(kind), &json!({}), Some((&form, &errors)));
    console.show_again(&shown)
}

/// A mapper, and its kind if the server knows it.
async fn found(
    console: &Console,
    alias: &str,
    id: &str,
) -> Result<(IdentityProviderMapperRepresentation, Option<&'static MapperKind>), Refusal> {
    let id = IdentityProviderMapperId(id.to_owned());
    let realm = console.realm()?;
    let mapper = identity_providers::get_mapper(&console.services, &console.caller, realm, alias, &id).await?;
    let kind = mapper.identity_provider_mapper.clone().unwrap_or_default();
    Ok((mapper, kinds(console, alias).await?.into_iter().find(|known| known.id == kind)))
}

fn own_path(console: &Console, alias: &str, id: &str) -> String {
    format!("{}/mappers/{}", path(console, alias), percent_encoded(id))
}

pub(super) async fn show(console: Console, names: MapperNames) -> Answer {
    let (_, _, alias, id) = names.into_inner();
    let (mapper, kind) = found(&console, &alias, &id).await?;
    let stored = serde_json::to_value(&mapper).unwrap_or_default();
    let own = own_path(&console, &alias, &id);
    let mut page =
        page(&console, (mapper.name.as_deref().unwrap_or_default(), &alias, own.clone()), kind, &stored, None);
    page.delete = console.may(CHANGE).then(|| format!("{own}/delete"));
    console.show(&page)
}

pub(super) async fn save(posted: Posted, names: MapperNames) -> Answer {
    let Posted { console, form } = posted;
    let (_, _, alias, id) = names.into_inner();
    let (mapper, kind) = found(&console, &alias, &id).await?;
    let (given, mut errors) = gather(&sections(kind), &form);
    let stored = serde_json::to_value(&mapper).unwrap_or_default();
    if errors.is_empty() {
        let whole = overlaid(stored.clone(), &given);
        let given = read(whole, &alias, mapper.identity_provider_mapper.as_deref().unwrap_or_default());
        let id = IdentityProviderMapperId(id.clone());
        let realm = console.realm()?;
        match identity_providers::update_mapper(&console.services, &console.caller, realm, &alias, &id, given).await {
            Ok(()) => return console.lead_to(&path(&console, &alias), Notice::new("The mapper was saved.")),
            Err(error) => errors = FormErrors::of(error)?.within_but("config.", &["name"]),
        }
    }
    let own = own_path(&console, &alias, &id);
    let title = mapper.name.as_deref().unwrap_or_default();
    console.show_again(&page(&console, (title, &alias, own), kind, &stored, Some((&form, &errors))))
}

pub(super) async fn delete(posted: Posted, names: MapperNames) -> Answer {
    let console = posted.console;
    let (_, _, alias, id) = names.into_inner();
    let id = IdentityProviderMapperId(id);
    let (services, caller, realm) = (&console.services, &console.caller, console.realm()?);
    let (mapper, kind) = found(&console, &alias, &id.0).await?;
    identity_providers::delete_mapper(services, caller, realm, &alias, &id).await?;
    let mut notice = Notice::new("The mapper is gone.");
    if let Some(kind) = kind {
        let stored = serde_json::to_value(&mapper).unwrap_or_default();
        let mut fields = undoing(&sections(Some(kind)), &stored);
        fields.push(("identityProviderMapper".to_owned(), kind.id.to_owned()));
        notice = notice.undo(format!("{}/mappers/new", path(&console, &alias)), fields);
    }
    console.lead_to(&path(&console, &alias), notice)
}
