//! Webhooks: addresses outside this server that are told of events.

mod deliveries;
mod edit;

use actix_web::web::Path;
use model::{
    id::WebhookId,
    permission::Permission::{self, *},
};
use representation::WebhookRepresentation;
use services::webhooks;
use web::percent_encoded;

use crate::{
    Console,
    list::{Cell, Empty, List, Query},
    refusal::Answer,
    routes::Routes,
    sheets::{Sheet, Sheets, Way},
};

const VIEW: &[Permission] = &[ViewEvents, ManageEvents];
const MANAGE: &[Permission] = &[ManageEvents];

/// What a path to a webhook holds: home, realm, webhook.
type OneWebhook = Path<(String, String, WebhookId)>;

pub(crate) fn routes(routes: &mut Routes) {
    routes.page("/webhooks", VIEW, list);
    edit::routes(routes);
    deliveries::routes(routes);
}

/// The path of a page about a webhook.
fn address(console: &Console, webhook: &str, rest: &str) -> String {
    console.path(&format!("/webhooks/{}{rest}", percent_encoded(webhook)))
}

/// What a webhook is told of, in words.
fn hears_of(webhook: &WebhookRepresentation) -> &'static str {
    match (webhook.events_enabled == Some(true), webhook.admin_events_enabled == Some(true)) {
        (true, true) => "Login and admin events",
        (true, false) => "Login events",
        (false, true) => "Admin events",
        (false, false) => "Nothing",
    }
}

async fn list(console: Console) -> Answer {
    let query = Query::of(&console.address);
    let found = webhooks::list(&console.services, &console.caller, console.realm()?).await?;
    let row = |webhook: &WebhookRepresentation| {
        let state = match webhook.enabled == Some(true) {
            true => Cell::Badge { text: "On", tone: "good" },
            false => Cell::Badge { text: "Off", tone: "plain" },
        };
        let id = webhook.id.as_deref().unwrap_or_default();
        let url = webhook.url.as_deref().unwrap_or_default();
        vec![Cell::link(address(&console, id, ""), url), Cell::text(hears_of(webhook)), state]
    };
    let new = console.path("/webhooks/new");
    let may = console.may(MANAGE);
    let empty = Empty {
        text: "A webhook tells a program of yours of what happens here, such as each refused login.",
        action: may.then(|| (new.clone(), "Create a webhook")),
    };
    let list = List::new(&query, "Webhooks", found.iter().map(row).collect(), empty)
        .columns(&query, &[("Address", None), ("Is told of", None), ("State", None)]);
    Sheets::new(&console, "Webhooks")
        .action(may, Way::to(new, "Create a webhook"))
        .sheet(Sheet::List(list))
        .show(&console)
}
