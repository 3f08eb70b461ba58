//! The settings of a client. What is asked for stands in `fields` as data.

use actix_web::web::Path;
use askama::Template;
use model::{
    client::{Client, DOCKER_V2},
    id::ClientId,
};
use representation::ClientRepresentation;
use serde_json::Value;
use services::clients;

use super::{
    MANAGE, VIEW, fields,
    tabs::{self, Tabs},
};
use crate::{
    Console, Posted,
    form_errors::FormErrors,
    frame::Frame,
    notice::Notice,
    posted::Form,
    refusal::{Answer, Refusal},
    routes::Routes,
    settings::{Control, Section, SettingsForm, gather, undoing, views},
};

/// The pages that are nothing but fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Page {
    Settings,
    Advanced,
}

pub(super) fn routes(routes: &mut Routes) {
    for page in [Page::Settings, Page::Advanced] {
        let path = format!("/clients/{{client}}{}", page.path());
        routes.page(&path, VIEW, move |console: Console, path: ClientPath| show(console, path, page));
        routes.form(&path, MANAGE, move |posted: Posted, path: ClientPath| save(posted, path, page));
    }
}

type ClientPath = Path<(String, String, ClientId)>;

impl Page {
    fn path(self) -> &'static str {
        match self {
            Self::Settings => "",
            Self::Advanced => "/advanced",
        }
    }

    fn sections(self, client: &Client) -> Vec<Section> {
        match (self, client.protocol.as_str()) {
            (Self::Settings, DOCKER_V2) => fields::registry(),
            (Self::Settings, _) => fields::application(client),
            (Self::Advanced, DOCKER_V2) => Vec::new(),
            (Self::Advanced, _) => fields::advanced(),
        }
    }
}

#[derive(Template)]
#[template(path = "admin/clients/settings.html")]
struct SettingsPage {
    frame: Frame,
    tabs: Tabs,
    form: SettingsForm,
}

/// A client as the Admin API has it, without its mappers and its secret.
pub(super) fn of(client: &Client) -> Value {
    serde_json::to_value(ClientRepresentation::of(client, &[])).unwrap_or_default()
}

/// What is wrong with a client, beside the fields that ask for it: a protocol names attributes without what is around
/// them.
fn beside(errors: FormErrors, sections: &[Section]) -> FormErrors {
    let is_field = |name: &str| sections.iter().flat_map(|section| &section.fields).any(|field| field.name == name);
    errors.placed("attributes.", is_field)
}

/// Changes a client as a form says. The problems, if there are any, beside the fields of the sections.
pub(super) async fn change(
    console: &Console,
    id: &ClientId,
    sections: &[Section],
    form: &Form,
) -> Result<Result<(), FormErrors>, Refusal> {
    let (given, mut errors) = gather(sections, form);
    if !errors.is_empty() {
        return Ok(Err(errors));
    }
    let given: ClientRepresentation = match serde_json::from_value(given) {
        Ok(given) => given,
        Err(error) => {
            errors.add("", &format!("The settings can't be read: {error}."));
            return Ok(Err(errors));
        }
    };
    match clients::update(&console.services, &console.caller, console.realm()?, id, given).await {
        Ok(()) => Ok(Ok(())),
        Err(error) => Ok(Err(beside(FormErrors::of(error)?, sections))),
    }
}

fn page(console: &Console, client: &Client, which: Page, typed: Option<&Form>, errors: &FormErrors) -> SettingsPage {
    let settings = views(&which.sections(client), &of(client), typed, errors, console.may(MANAGE));
    let title = match which {
        Page::Settings => format!("{}: settings", client.client_id),
        Page::Advanced => format!("{}: advanced settings", client.client_id),
    };
    SettingsPage {
        frame: console.frame(&title),
        tabs: Tabs::of(console, client, which.path()),
        form: SettingsForm::new(settings, tabs::path(console, client, which.path())),
    }
}

async fn show(console: Console, path: ClientPath, which: Page) -> Answer {
    let client = clients::find(&console.services, &console.caller, console.realm()?, &path.2).await?;
    console.show(&page(&console, &client, which, None, &FormErrors::default()))
}

async fn save(posted: Posted, path: ClientPath, which: Page) -> Answer {
    let Posted { console, form } = posted;
    let client = clients::find(&console.services, &console.caller, console.realm()?, &path.2).await?;
    let sections = which.sections(&client);
    match change(&console, &path.2, &sections, &form).await? {
        Ok(()) => {
            let here = tabs::path(&console, &client, which.path());
            let notice = Notice::new("The settings were saved.").undo(here.clone(), undoing(&sections, &of(&client)));
            console.lead_to(&here, notice)
        }
        Err(errors) => console.show_again(&page(&console, &client, which, Some(&form), &errors)),
    }
}
