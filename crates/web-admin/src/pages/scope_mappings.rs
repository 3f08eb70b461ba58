//! Scope mappings: which roles the tokens of a client may carry, or those of every client that has a client scope.

use askama::Template;
use model::permission::Permission::{self, *};
use representation::ClientRepresentation;
use services::{clients, role_mappings::Selection, scope_mappings};

use super::{
    clients::tabs::Tabs,
    owner::{Owner, OwnerPath, patterns},
    role_picker::{self, Picker, Source},
};
use crate::{Console, Posted, frame::Frame, notice::Notice, refusal::Answer, routes::Routes};

const VIEW: &[Permission] = &[ViewClients, ManageClients];
const MANAGE: &[Permission] = &[ManageClients];
const PATH: &str = "/scope-mappings";

pub(crate) fn routes(routes: &mut Routes) {
    for path in patterns(PATH) {
        routes.page(&path, VIEW, show);
        routes.form(&format!("{path}/add"), MANAGE, add);
        routes.form(&format!("{path}/remove"), MANAGE, remove);
    }
    routes.form("/clients/{client}/scope-mappings/all", MANAGE, set_all);
}

#[derive(Template)]
#[template(path = "admin/clients/scope_mappings.html")]
struct ScopePage {
    frame: Frame,
    tabs: Tabs,
    /// Of a client: its tokens carry all roles of a person.
    all: Option<bool>,
    picker: Picker,
}

async fn show(console: Console, path: OwnerPath) -> Answer {
    let (services, caller, realm) = (&console.services, &console.caller, console.realm()?);
    let owner = Owner::of(&console, &path, PATH).await?;
    let has = scope_mappings::all(services, caller, realm, &owner.owner).await?;
    let source = Source::of(&console).await?;
    let offered = match &source.container {
        Some(container) => {
            scope_mappings::list(services, caller, realm, &owner.owner, container, Selection::Available).await?
        }
        None => Vec::new(),
    };
    let picker = Picker::new(&console, &has, &source, &offered, console.may(MANAGE), "No roles yet.");
    console.show(&ScopePage {
        frame: console.frame(&format!("{}: scope", owner.name)),
        all: owner.client.as_ref().map(|client| client.settings.full_scope_allowed),
        tabs: owner.tabs,
        picker,
    })
}

async fn add(posted: Posted, path: OwnerPath) -> Answer {
    let Posted { console, form } = posted;
    let owner = Owner::of(&console, &path, PATH).await?;
    let (container, roles) = role_picker::chosen(&form);
    let text = format!("{} added.", role_picker::count(&roles));
    let (services, caller, realm) = (&console.services, &console.caller, console.realm()?);
    scope_mappings::add(services, caller, realm, &owner.owner, &container, roles).await?;
    let here = format!("{}{PATH}", owner.path);
    console.lead_to(&here, Notice::new(text).undo(format!("{here}/remove"), role_picker::again(&form)))
}

async fn remove(posted: Posted, path: OwnerPath) -> Answer {
    let Posted { console, form } = posted;
    let owner = Owner::of(&console, &path, PATH).await?;
    let (container, roles) = role_picker::chosen(&form);
    let text = format!("{} taken away.", role_picker::count(&roles));
    let (services, caller, realm) = (&console.services, &console.caller, console.realm()?);
    scope_mappings::remove(services, caller, realm, &owner.owner, &container, Some(roles)).await?;
    let here = format!("{}{PATH}", owner.path);
    console.lead_to(&here, Notice::new(text).undo(format!("{here}/add"), role_picker::again(&form)))
}

async fn set_all(posted: Posted, path: OwnerPath) -> Answer {
    let Posted { console, form } = posted;
    let owner = Owner::of(&console, &path, PATH).await?;
    let all = form.text("all") == "true";
    let given = ClientRepresentation { full_scope_allowed: Some(all), ..ClientRepresentation::default() };
    if let Some(client) = &owner.client {
        clients::update(&console.services, &console.caller, console.realm()?, &client.id, given).await?;
    }
    let here = format!("{}{PATH}", owner.path);
    let text = match all {
        true => "Tokens now carry all roles of whoever logs in.",
        false => "Tokens now carry the roles below, and those of this client, alone.",
    };
    let undo = vec![("all".to_owned(), (!all).to_string())];
    console.lead_to(&here, Notice::new(text).undo(format!("{here}/all"), undo))
}
