//! The roles of the user that a client acts as when it acts for itself.

use actix_web::web::Path;
use askama::Template;
use model::{
    client::Client,
    id::ClientId,
    permission::Permission::{self, *},
    user::User,
};
use services::{
    clients,
    role_mappings::{self, Holder, Selection},
};
use web::{Shown, percent_encoded};

use super::{
    VIEW,
    tabs::{self, Tabs},
};
use crate::{
    Console, Posted, Rule,
    frame::Frame,
    notice::Notice,
    pages::role_picker::{self, Picker, Source},
    refusal::{Answer, Refusal},
    routes::Routes,
};

const PATH: &str = "/service-account";
const USERS: &[Permission] = &[ViewUsers, ManageUsers];
const BOTH: &[&[Permission]] = &[VIEW, USERS];
const CHANGE: &[&[Permission]] = &[VIEW, &[ManageUsers]];

pub(super) fn routes(routes: &mut Routes) {
    let path = "/realms/{realm}/clients/{client}/service-account";
    routes.open(path, Rule::Each(BOTH), show);
    routes.send(&format!("{path}/add"), Rule::Each(CHANGE), add);
    routes.send(&format!("{path}/remove"), Rule::Each(CHANGE), remove);
}

type ClientPath = Path<(String, String, ClientId)>;

#[derive(Template)]
#[template(path = "admin/clients/service_account.html")]
struct AccountPage {
    frame: Frame,
    tabs: Tabs,
    user: Shown,
    user_path: String,
    picker: Picker,
}

async fn find(console: &Console, id: &ClientId) -> Result<(Client, User), Refusal> {
    let (services, caller, realm) = (&console.services, &console.caller, console.realm()?);
    let client = clients::find(services, caller, realm, id).await?;
    Ok((client, clients::service_account_user(services, caller, realm, id).await?))
}

async fn show(console: Console, path: ClientPath) -> Answer {
    let (services, caller, realm) = (&console.services, &console.caller, console.realm()?);
    let (client, user) = find(&console, &path.2).await?;
    let holder = Holder::User(&user.id);
    let has = role_mappings::all(services, caller, realm, holder).await?;
    let source = Source::of(&console).await?;
    let offered = match &source.container {
        Some(container) => {
            role_mappings::list(services, caller, realm, holder, container, Selection::Available).await?
        }
        None => Vec::new(),
    };
    let none = "No roles yet: the service gets tokens, and may do nothing with them.";
    let picker = Picker::new(&console, &has, &source, &offered, console.may(&[ManageUsers]), none);
    console.show(&AccountPage {
        frame: console.frame(&format!("{}: service account", client.client_id)),
        tabs: Tabs::of(&console, &client, PATH),
        user: Shown::name(&user.username),
        user_path: console.path(&format!("/users/{}", percent_encoded(user.id.as_str()))),
        picker,
    })
}

async fn add(posted: Posted, path: ClientPath) -> Answer {
    let Posted { console, form } = posted;
    let (client, user) = find(&console, &path.2).await?;
    let (container, roles) = role_picker::chosen(&form);
    let text = format!("{} given to the service.", role_picker::count(&roles));
    let (services, caller, realm) = (&console.services, &console.caller, console.realm()?);
    role_mappings::grant(services, caller, realm, Holder::User(&user.id), &container, roles).await?;
    let here = tabs::path(&console, &client, PATH);
    console.lead_to(&here, Notice::new(text).undo(format!("{here}/remove"), role_picker::again(&form)))
}

async fn remove(posted: Posted, path: ClientPath) -> Answer {
    let Posted { console, form } = posted;
    let (client, user) = find(&console, &path.2).await?;
    let (container, roles) = role_picker::chosen(&form);
    let text = format!("{} taken from the service.", role_picker::count(&roles));
    let (services, caller, realm) = (&console.services, &console.caller, console.realm()?);
    role_mappings::revoke(services, caller, realm, Holder::User(&user.id), &container, Some(roles)).await?;
    let here = tabs::path(&console, &client, PATH);
    console.lead_to(&here, Notice::new(text).undo(format!("{here}/add"), role_picker::again(&form)))
}
