//! What goes into a registry, or onto the machines that pull from it: files that are shown, copied or downloaded.

use actix_web::{
    HttpResponse,
    http::header::{CONTENT_DISPOSITION, CONTENT_TYPE},
    web::Path,
};
use askama::Template;
use model::{
    client::{Client, DOCKER_V2},
    id::ClientId,
};
use services::{Error, What, installations, overview, refusals};
use web::Shown;

use super::registry;
use crate::{
    Console,
    frame::Frame,
    list::Query,
    pages::{
        clients::{
            VIEW,
            tabs::{self, Tabs},
        },
        overview::CareShown,
    },
    refusal::{Answer, Refusal},
    routes::Routes,
};

pub(super) fn routes(routes: &mut Routes) {
    routes.page("/clients/{client}/installation", VIEW, show);
}

/// The files in the order in which they are offered, with what people know them by.
const KNOWN: [(&str, &str); 7] = [
    ("docker-v2-variable-override", "docker run"),
    ("docker-v2-compose-file", "Docker Compose"),
    ("docker-v2-registry-config-file", "Registry 2.8"),
    ("docker-v2-registry3-config-file", "Registry 3"),
    ("docker-v2-zot-config", "zot"),
    ("docker-v2-containerd-hosts", "containerd"),
    ("docker-v2-compose-yaml", "Try it out"),
];

struct Choice {
    label: &'static str,
    href: String,
    current: bool,
}

/// The chosen file.
struct Chosen {
    help: &'static str,
    filename: &'static str,
    /// None for what can only be saved.
    text: Option<String>,
    download: String,
    /// Why it can't be made.
    problem: Option<Shown>,
}

#[derive(Template)]
#[template(path = "admin/registry/installation.html")]
struct InstallationPage {
    frame: Frame,
    tabs: Tabs,
    /// The registry was connected a moment ago.
    new: bool,
    choices: Vec<Choice>,
    chosen: Chosen,
    care: Vec<CareShown>,
    service: Shown,
    issuer: Shown,
    requests: Option<String>,
    permissions: String,
}

async fn show(console: Console, path: Path<(String, String, ClientId)>) -> Answer {
    let client = registry(&console, &path.2).await?;
    let query = Query::of(&console.address);
    let offered = console.services.protocols.get(DOCKER_V2).map(protocol::Protocol::installations).unwrap_or_default();
    let id = query.given("file").unwrap_or_else(|| KNOWN.first().map(|(id, _)| *id).unwrap_or_default().to_owned());
    let offer = offered.iter().find(|offer| offer.id == id).ok_or(Error::NotFound(What::Installation))?;
    if query.given("download").is_some() {
        return download(&console, &client, &id).await;
    }
    let (services, caller, realm) = (&console.services, &console.caller, console.realm()?);
    let (text, problem) = match offer.download_only {
        true => (None, None),
        false => match installations::make(services, caller, realm, &client.id, &id).await {
            Ok(file) => (Some(String::from_utf8_lossy(&file.content).into_owned()), None),
            Err(Error::Refused(why)) => (None, Some(Shown::sentence(&why))),
            Err(error) => return Err(error.into()),
        },
    };
    let choice = |(known, label): &(&'static str, &'static str)| Choice {
        label,
        href: query.with("file", known),
        current: *known == id,
    };
    let care = overview::care(services, caller, realm).await?;
    console.show(&InstallationPage {
        frame: console.frame(&format!("{}: installation", client.client_id)),
        tabs: Tabs::of(&console, &client, "/installation"),
        new: query.given("new").is_some(),
        choices: KNOWN.iter().map(choice).collect(),
        chosen: Chosen {
            help: offer.help,
            filename: offer.filename,
            text,
            download: query.with("download", "1"),
            problem,
        },
        care: care.iter().filter(|care| care.urgent).map(CareShown::from).collect(),
        service: Shown::name(&client.client_id),
        issuer: Shown::sentence(&services.realm_url(realm)),
        requests: console.may(refusals::VIEW).then(|| tabs::path(&console, &client, "/requests")),
        permissions: tabs::path(&console, &client, "/permissions"),
    })
}

/// The file itself.
async fn download(console: &Console, client: &Client, id: &str) -> Result<HttpResponse, Refusal> {
    let file = installations::make(&console.services, &console.caller, console.realm()?, &client.id, id).await?;
    let answer = HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, file.media_type))
        .insert_header((CONTENT_DISPOSITION, format!("attachment; filename=\"{}\"", file.filename)))
        .body(file.content);
    console.dressed(answer)
}
