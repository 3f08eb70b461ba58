//! What has to be written into an application: its id and secret, the realm's addresses, and ready-made code for the
//! usual libraries. The last step of "Connect an application", and there for every application later.

use actix_web::web::Path;
use askama::Template;
use model::{id::ClientId, secret::Secret};
use services::{Error, clients};
use web::Shown;

use super::{
    VIEW,
    posture::{Row, rows},
    tabs::{self, Tabs},
};
use crate::{
    Console,
    frame::Frame,
    list::Query,
    pages::applications::{
        kinds::Kind,
        snippets::{self, Facts, Snippet},
    },
    refusal::Answer,
    routes::Routes,
};

pub(super) fn routes(routes: &mut Routes) {
    routes.page("/clients/{client}/connect", VIEW, show);
}

#[derive(Template)]
#[template(path = "admin/clients/connect.html")]
struct ConnectPage {
    frame: Frame,
    tabs: Tabs,
    /// It was made a moment ago.
    new: bool,
    kind: &'static str,
    client_id: String,
    secret: Option<Secret>,
    /// It has a secret, which the person may not see.
    hidden: bool,
    signs: bool,
    discovery: String,
    issuer: String,
    redirect_uris: Vec<Shown>,
    account: bool,
    snippets: Vec<Snippet>,
    rows: Vec<Row>,
    path: Option<String>,
}

async fn show(console: Console, path: Path<(String, String, ClientId)>) -> Answer {
    let (services, caller, realm) = (&console.services, &console.caller, console.realm()?);
    let (client, findings) = clients::examine(services, caller, realm, &path.2).await?;
    let settings = &client.settings;
    let confidential = !settings.public_client && !settings.bearer_only;
    let secret = match confidential && console.may(super::MANAGE) {
        true => match clients::secret(services, caller, realm, &path.2).await {
            Ok(secret) => Some(secret),
            Err(Error::NotFound(_) | Error::Forbidden) => None,
            Err(error) => return Err(error.into()),
        },
        false => None,
    };
    let kind = Kind::of(&client);
    let issuer = services.realm_url(realm);
    let made = kind.map(|kind| snippets::of(kind, &Facts::of(services, realm, &client, kind)));
    console.show(&ConnectPage {
        frame: console.frame(&format!("{}: connect", client.client_id)),
        tabs: Tabs::of(&console, &client, "/connect"),
        new: Query::of(&console.address).given("new").is_some(),
        kind: kind.map_or("Service that checks tokens", Kind::title),
        client_id: client.client_id.clone(),
        hidden: confidential && secret.is_none(),
        secret,
        signs: settings.client_authenticator_type == "client-jwt",
        discovery: snippets::discovery(&issuer),
        issuer,
        redirect_uris: settings.redirect_uris.iter().map(|uri| Shown::sentence(uri)).collect(),
        account: settings.service_accounts_enabled,
        snippets: made.unwrap_or_default(),
        rows: rows(&findings),
        path: Some(tabs::path(&console, &client, "")),
    })
}
