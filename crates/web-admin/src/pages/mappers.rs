//! Protocol mappers of clients and client scopes: each turns something that is known of a person into a part of a token.
//! What a kind of mapper can be set to, its protocol declares.

mod fields;

use askama::Template;
use model::{
    permission::Permission::{self, *},
    protocol_mapper::ProtocolMapper,
};
use protocol::MapperKind;
use representation::ProtocolMapperRepresentation;
use services::mappers;
use web::{Shown, percent_encoded};

use super::owner::{Owner, OwnerPath, patterns};
use crate::{
    Console, Posted,
    confirm::Question,
    form_errors::FormErrors,
    frame::Frame,
    list::{Cell, Empty, List, Query},
    notice::Notice,
    posted::Form,
    refusal::{Answer, Refusal},
    routes::Routes,
    settings::{Control, SettingsForm, gather, views},
};

const VIEW: &[Permission] = &[ViewClients, ManageClients];
const MANAGE: &[Permission] = &[ManageClients];

pub(crate) fn routes(routes: &mut Routes) {
    for path in patterns("/mappers") {
        routes.page(&path, VIEW, list);
        routes.page(&format!("{path}/new"), MANAGE, new);
        routes.form(&format!("{path}/new"), MANAGE, create);
        routes.page(&format!("{path}/{{mapper}}"), VIEW, show);
        routes.form(&format!("{path}/{{mapper}}"), MANAGE, update);
        routes.page(&format!("{path}/{{mapper}}/delete"), MANAGE, ask);
        routes.form(&format!("{path}/{{mapper}}/delete"), MANAGE, delete);
    }
}

#[derive(Template)]
#[template(path = "admin/mappers/list.html")]
struct ListPage {
    frame: Frame,
    tabs: super::clients::tabs::Tabs,
    list: List,
    new: Option<String>,
}

fn kind<'a>(console: &'a Console, protocol: &str, id: &str) -> Option<&'a MapperKind> {
    console.services.protocols.get(protocol)?.mapper_kinds().iter().find(|kind| kind.id == id)
}

async fn list(console: Console, path: OwnerPath) -> Answer {
    let owner = Owner::of(&console, &path, "/mappers").await?;
    let query = Query::of(&console.address);
    let found = mappers::list(&console.services, &console.caller, console.realm()?, &owner.owner).await?;
    let search = query.get("q").to_lowercase();
    let first = usize::try_from(query.first()).unwrap_or_default();
    let row = |mapper: &ProtocolMapper| {
        match kind(&console, &mapper.protocol, &mapper.kind) {
            Some(kind) => {
                let href = format!("{}/mappers/{}", owner.path, percent_encoded(mapper.id.as_str()));
                vec![Cell::link(href, &mapper.name), Cell::text(kind.label)]
            }
            // Kept for whoever knows it.
            None => vec![Cell::text(&mapper.name), Cell::code(&mapper.kind)],
        }
    };
    let rows =
        found.iter().filter(|mapper| mapper.name.to_lowercase().contains(&search)).skip(first).map(row).collect();
    let new = console.may(MANAGE).then(|| format!("{}/mappers/new", owner.path));
    let empty = Empty {
        text: "No mappers yet. A mapper puts something that is known of a person into their tokens.",
        action: new.clone().map(|new| (new, "Add a mapper")),
    };
    let list = List::new(&query, "Mappers", rows, empty)
        .columns(&query, &[("Name", None), ("Kind", None)])
        .search(&query, "Part of a name");
    console.show(&ListPage { frame: console.frame(&format!("{}: mappers", owner.name)), tabs: owner.tabs, list, new })
}

/// The way to a new mapper of a kind: where to, what the kind is called, what it does.
type KindLink = (String, &'static str, &'static str);

#[derive(Template)]
#[template(path = "admin/mappers/kinds.html")]
struct KindsPage {
    frame: Frame,
    tabs: super::clients::tabs::Tabs,
    /// Heading, and what stands below it.
    kinds: Vec<(&'static str, Vec<KindLink>)>,
}

#[derive(Template)]
#[template(path = "admin/mappers/edit.html")]
struct EditPage {
    frame: Frame,
    tabs: super::clients::tabs::Tabs,
    heading: Shown,
    help: &'static str,
    form: SettingsForm,
    delete: Option<String>,
}

/// What a form of a mapper is made from.
struct Editing<'a> {
    kind: &'a MapperKind,
    mapper: Option<&'a ProtocolMapper>,
    typed: Option<&'a Form>,
    errors: &'a FormErrors,
}

fn edit_page(console: &Console, owner: Owner, editing: &Editing<'_>) -> EditPage {
    let Editing { kind, mapper, typed, errors } = editing;
    let held = fields::of(*mapper);
    let settings = views(&fields::sections(kind, mapper.is_none()), &held, *typed, errors, console.may(MANAGE));
    let base = format!("{}/mappers", owner.path);
    let (action, heading) = match mapper {
        Some(mapper) => (format!("{base}/{}", percent_encoded(mapper.id.as_str())), mapper.name.clone()),
        None => (format!("{base}/new"), format!("New mapper: {}", kind.label)),
    };
    let mut form = SettingsForm::new(settings, action.clone());
    form.hidden.push(("kind", kind.id.to_owned()));
    form.back = Some(base);
    if mapper.is_none() {
        form.save = "Add";
    }
    EditPage {
        frame: console.frame(&format!("{}: {heading}", owner.name)),
        tabs: owner.tabs,
        heading: Shown::name(&heading),
        help: kind.help,
        form,
        delete: mapper.filter(|_| console.may(MANAGE)).map(|_| format!("{action}/delete")),
    }
}

fn kinds_page(console: &Console, owner: Owner) -> KindsPage {
    let mut kinds: Vec<(&'static str, Vec<KindLink>)> = Vec::new();
    let known = console.services.protocols.get(&owner.protocol).map(|protocol| protocol.mapper_kinds());
    for kind in known.unwrap_or_default() {
        let href = format!("{}/mappers/new?kind={}", owner.path, percent_encoded(kind.id));
        let entry = (href, kind.label, kind.help);
        match kinds.iter_mut().find(|(category, _)| *category == kind.category) {
            Some((_, entries)) => entries.push(entry),
            None => kinds.push((kind.category, vec![entry])),
        }
    }
    KindsPage { frame: console.frame(&format!("{}: add a mapper", owner.name)), tabs: owner.tabs, kinds }
}

async fn new(console: Console, path: OwnerPath) -> Answer {
    let owner = Owner::of(&console, &path, "/mappers").await?;
    let query = Query::of(&console.address);
    match kind(&console, &owner.protocol, query.get("kind")) {
        Some(kind) => {
            let editing = Editing { kind, mapper: None, typed: None, errors: &FormErrors::default() };
            console.show(&edit_page(&console, owner, &editing))
        }
        None => console.show(&kinds_page(&console, owner)),
    }
}

/// The mapper that a form asks for, over what is there.
fn given(
    kind: &MapperKind,
    owner: &Owner,
    mapper: Option<&ProtocolMapper>,
    form: &Form,
) -> Result<ProtocolMapperRepresentation, FormErrors> {
    let (gathered, errors) = gather(&fields::sections(kind, mapper.is_none()), form);
    if !errors.is_empty() {
        return Err(errors);
    }
    let (name, config) = fields::read(kind, &gathered, mapper);
    Ok(ProtocolMapperRepresentation {
        id: mapper.map(|mapper| mapper.id.0.clone()),
        name: Some(name),
        protocol: Some(owner.protocol.clone()),
        protocol_mapper: Some(kind.id.to_owned()),
        config: Some(config),
        ..ProtocolMapperRepresentation::default()
    })
}

async fn create(posted: Posted, path: OwnerPath) -> Answer {
    let Posted { console, form } = posted;
    let owner = Owner::of(&console, &path, "/mappers").await?;
    let Some(kind) = kind(&console, &owner.protocol, form.text("kind")) else {
        return console.show_again(&kinds_page(&console, owner));
    };
    let errors = match given(kind, &owner, None, &form) {
        Ok(wanted) => {
            let (services, caller, realm) = (&console.services, &console.caller, console.realm()?);
            match mappers::create(services, caller, realm, &owner.owner, vec![wanted]).await {
                Ok(_) => {
                    let notice = Notice::new("The mapper was added. New tokens have it.");
                    return console.lead_to(&format!("{}/mappers", owner.path), notice);
                }
                Err(error) => fields::beside(FormErrors::of(error)?, kind),
            }
        }
        Err(errors) => errors,
    };
    let editing = Editing { kind, mapper: None, typed: Some(&form), errors: &errors };
    console.show_again(&edit_page(&console, owner, &editing))
}

/// A mapper and its kind. One of a kind that the server doesn't know is not to be edited here.
async fn find<'a>(
    console: &'a Console,
    owner: &Owner,
    path: &OwnerPath,
) -> Result<(ProtocolMapper, &'a MapperKind), Refusal> {
    let (services, caller, realm) = (&console.services, &console.caller, console.realm()?);
    let mapper = mappers::get(services, caller, realm, &owner.owner, &path.mapper()).await?;
    let kind = kind(console, &mapper.protocol, &mapper.kind);
    let kind = kind.ok_or(Refusal::Service(services::Error::NotFound(services::What::MapperKind)))?;
    Ok((mapper, kind))
}

async fn show(console: Console, path: OwnerPath) -> Answer {
    let owner = Owner::of(&console, &path, "/mappers").await?;
    let (mapper, kind) = find(&console, &owner, &path).await?;
    let editing = Editing { kind, mapper: Some(&mapper), typed: None, errors: &FormErrors::default() };
    console.show(&edit_page(&console, owner, &editing))
}

async fn update(posted: Posted, path: OwnerPath) -> Answer {
    let Posted { console, form } = posted;
    let owner = Owner::of(&console, &path, "/mappers").await?;
    let (mapper, kind) = find(&console, &owner, &path).await?;
    let errors = match given(kind, &owner, Some(&mapper), &form) {
        Ok(wanted) => {
            let (services, caller, realm) = (&console.services, &console.caller, console.realm()?);
            match mappers::update(services, caller, realm, &owner.owner, &mapper.id, wanted).await {
                Ok(()) => {
                    let here = format!("{}/mappers/{}", owner.path, percent_encoded(mapper.id.as_str()));
                    let before = fields::undoing(kind, &mapper);
                    let notice = Notice::new("The mapper was changed. New tokens follow it.").undo(here, before);
                    return console.lead_to(&format!("{}/mappers", owner.path), notice);
                }
                Err(error) => fields::beside(FormErrors::of(error)?, kind),
            }
        }
        Err(errors) => errors,
    };
    let editing = Editing { kind, mapper: Some(&mapper), typed: Some(&form), errors: &errors };
    console.show_again(&edit_page(&console, owner, &editing))
}

async fn ask(console: Console, path: OwnerPath) -> Answer {
    let owner = Owner::of(&console, &path, "/mappers").await?;
    let (services, caller, realm) = (&console.services, &console.caller, console.realm()?);
    let mapper = mappers::get(services, caller, realm, &owner.owner, &path.mapper()).await?;
    console.ask(Question {
        title: &format!("Delete the mapper {}?", mapper.name),
        consequence: "New tokens will no longer hold what it put into them.",
        action: format!("{}/mappers/{}/delete", owner.path, percent_encoded(mapper.id.as_str())),
        verb: "Delete",
        back: format!("{}/mappers", owner.path),
        fields: Vec::new(),
        name: None,
    })
}

async fn delete(posted: Posted, path: OwnerPath) -> Answer {
    let console = &posted.console;
    let owner = Owner::of(console, &path, "/mappers").await?;
    mappers::delete(&console.services, &console.caller, console.realm()?, &owner.owner, &path.mapper()).await?;
    console.lead_to(&format!("{}/mappers", owner.path), Notice::new("The mapper was deleted."))
}
