//! What a webhook was told, or is to be.

use actix_web::web::Path;
use model::id::{DeliveryId, WebhookId};
use representation::WebhookDeliveryRepresentation;
use services::webhooks::{self, DeliveryQuery};
use web::{Shown, percent_encoded};

use super::{MANAGE, VIEW, address};
use crate::{
    Console, Posted,
    list::{Cell, Moment, PAGE, Query},
    notice::Notice,
    refusal::{Answer, Refusal},
    routes::Routes,
    sheets::{Buttons, Code, Facts, Send, Sheet, Sheets, Table},
};

/// Home, realm, webhook, delivery.
type OneDelivery = Path<(String, String, WebhookId, DeliveryId)>;

pub(super) fn routes(routes: &mut Routes) {
    routes.page("/webhooks/{webhook}/deliveries/{delivery}", VIEW, show);
    routes.form("/webhooks/{webhook}/deliveries/{delivery}/again", MANAGE, again);
}

fn state(delivery: &WebhookDeliveryRepresentation) -> Cell {
    match delivery.state.as_deref() {
        Some("DELIVERED") => Cell::Badge { text: "Delivered", tone: "good" },
        Some("GIVEN_UP") => Cell::Badge { text: "Given up", tone: "bad" },
        _ => Cell::Badge { text: "Waiting", tone: "plain" },
    }
}

fn moment(millis: Option<i64>) -> Cell {
    millis.map_or(Cell::text(""), |millis| Cell::Time(Moment::of_millis(millis)))
}

fn one(console: &Console, webhook: &str, delivery: &str, rest: &str) -> String {
    address(console, webhook, &format!("/deliveries/{}{rest}", percent_encoded(delivery)))
}

/// A page of what a webhook was told.
pub(super) async fn table(console: &Console, webhook: &str) -> Result<Table, Refusal> {
    let query = Query::of(&console.address);
    let asked = DeliveryQuery { first: query.first(), max: Some(PAGE + 1), ..DeliveryQuery::default() };
    let id = WebhookId::from(webhook);
    let found = webhooks::deliveries(&console.services, &console.caller, console.realm()?, &id, &asked).await?;
    let found = query.asked().of(found);
    let row = |delivery: &WebhookDeliveryRepresentation| {
        let id = delivery.id.as_deref().unwrap_or_default();
        vec![
            Cell::At {
                href: one(console, webhook, id, ""),
                at: Moment::of_millis(delivery.created_date.unwrap_or_default()),
            },
            Cell::text(delivery.r#type.as_deref().unwrap_or_default()),
            state(delivery),
            Cell::text(&delivery.attempts.unwrap_or_default().to_string()),
            Cell::text(delivery.failure.as_deref().unwrap_or_default()),
        ]
    };
    let columns = ["Time", "Of", "State", "Attempts", "Why the last one failed"];
    let rows = found.rows.iter().map(row).collect();
    let mut table = Table::of(
        "Deliveries",
        "What it was told, or is to be; the newest first.",
        &columns,
        rows,
        "It was told nothing yet.",
    );
    // From the page of the webhook itself, whatever form was sent last.
    let at = |page: i64| format!("{}?page={page}", address(console, webhook, ""));
    table.list.previous = (query.page() > 1).then(|| at(query.page() - 1));
    table.list.next = found.more.then(|| at(query.page() + 1));
    Ok(table)
}

async fn show(console: Console, path: OneDelivery) -> Answer {
    let (_, _, webhook, id) = path.into_inner();
    let (services, caller, realm) = (&console.services, &console.caller, console.realm()?);
    let delivery = webhooks::delivery(services, caller, realm, &webhook, &id).await?;
    let mut rows = vec![
        (Shown::name("Written"), moment(delivery.created_date)),
        (Shown::name("State"), state(&delivery)),
        (Shown::name("Attempts"), Cell::text(&delivery.attempts.unwrap_or_default().to_string())),
        (Shown::name("Last attempt"), moment(delivery.last_attempt)),
        (Shown::name("Next attempt"), moment(delivery.next_attempt)),
        (Shown::name("Id"), Cell::code(id.as_str())),
    ];
    if let Some(failure) = &delivery.failure {
        rows.push((Shown::name("Why the last one failed"), Cell::Text(Shown::sentence(failure))));
    }
    let body = delivery.body.as_deref().map(|body| {
        let value = serde_json::from_str::<serde_json::Value>(body);
        let pretty = value.ok().and_then(|value| serde_json::to_string_pretty(&value).ok());
        Sheet::Code(Code { heading: "The message", text: Shown::lines(&pretty.unwrap_or_else(|| body.to_owned())) })
    });
    let again = Buttons {
        heading: "Send it again",
        help: "Your program sees the same id as the first time.",
        sends: vec![Send {
            action: one(&console, webhook.as_str(), id.as_str(), "/again"),
            label: "Send again",
            fields: Vec::new(),
        }],
        ..Buttons::default()
    };
    Sheets::new(&console, "Delivery")
        .below(console.path("/webhooks"), "Webhooks")
        .below(address(&console, webhook.as_str(), ""), "This webhook")
        .sheet(Sheet::Facts(Facts { heading: "", rows }))
        .sheet_if(console.may(MANAGE).then_some(Sheet::Buttons(again)))
        .sheet_if(body)
        .show(&console)
}

async fn again(Posted { console, .. }: Posted, path: OneDelivery) -> Answer {
    let (_, _, webhook, id) = path.into_inner();
    webhooks::send_again(&console.services, &console.caller, console.realm()?, &webhook, &id).await?;
    console.lead_to(&one(&console, webhook.as_str(), id.as_str(), ""), Notice::new("It will be sent again."))
}
