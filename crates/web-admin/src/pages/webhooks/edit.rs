//! Making and changing a webhook, its secret, and trying it out.

use representation::WebhookRepresentation;
use services::{Error, webhooks};
use web::Shown;

use super::{MANAGE, OneWebhook, VIEW, address, deliveries};
use crate::{
    Console, Posted,
    confirm::Question,
    field::Field,
    form_errors::FormErrors,
    notice::Notice,
    posted::Form,
    refusal::{Answer, Refusal},
    routes::Routes,
    sheets::{Buttons, FormSheet, Note, Send, Sheet, Sheets, Way},
};

const OPERATIONS: [(&str, &str); 4] = [
    ("CREATE", "Something was created"),
    ("UPDATE", "Something was changed"),
    ("DELETE", "Something was deleted"),
    ("ACTION", "Something else was done"),
];

pub(super) fn routes(routes: &mut Routes) {
    routes.page("/webhooks/new", MANAGE, new);
    routes.form("/webhooks/new", MANAGE, create);
    routes.page("/webhooks/{webhook}", VIEW, show);
    routes.form("/webhooks/{webhook}", MANAGE, save);
    routes.form("/webhooks/{webhook}/secret", MANAGE, new_secret);
    routes.form("/webhooks/{webhook}/test", MANAGE, test);
    routes.page("/webhooks/{webhook}/delete", MANAGE, ask_to_delete);
    routes.form("/webhooks/{webhook}/delete", MANAGE, delete);
}

/// The fields of a webhook, with what was typed, or what it is.
fn fields(webhook: Option<&WebhookRepresentation>, form: Option<&Form>, fixed: bool) -> Vec<Field> {
    let text = |name: &str, is: Option<&String>| match form {
        Some(form) => form.raw(name).to_owned(),
        None => is.cloned().unwrap_or_default(),
    };
    let lines = |name: &str, is: Option<&Vec<String>>| match form {
        Some(form) => form.raw(name).to_owned(),
        None => is.map(|list| list.join("\n")).unwrap_or_default(),
    };
    let on = |name: &str, is: Option<bool>, usual: bool| form.map_or(is.unwrap_or(usual), |form| form.has(name));
    let is = |value: fn(&WebhookRepresentation) -> Option<bool>| webhook.and_then(value);
    let operations = OPERATIONS.iter().map(|(name, words)| {
        let chosen = match form {
            Some(form) => form.all("operationTypes").any(|given| given == *name),
            None => webhook.is_some_and(|webhook| webhook.operation_types.iter().flatten().any(|given| given == name)),
        };
        ((*name).to_owned(), (*words).to_owned(), chosen)
    });
    let fields = vec![
        Field::text("url", "Address", &text("url", webhook.and_then(|webhook| webhook.url.as_ref())))
            .required()
            .help("Where messages are sent: an https address of a program of yours."),
        Field::switch("enabled", "On", on("enabled", is(|webhook| webhook.enabled), true)),
        Field::switch(
            "eventsEnabled",
            "Tell it of login events",
            on("eventsEnabled", is(|webhook| webhook.events_enabled), true),
        ),
        Field::lines(
            "eventTypes",
            "Only of these types",
            &lines("eventTypes", webhook.and_then(|webhook| webhook.event_types.as_ref())),
        )
        .help("One on each line, such as LOGIN_ERROR. Empty: of all."),
        Field::switch(
            "adminEventsEnabled",
            "Tell it of admin events",
            on("adminEventsEnabled", is(|webhook| webhook.admin_events_enabled), false),
        ),
        Field::several("operationTypes", "Only if", operations.collect()).help("None chosen: in all cases."),
        Field::lines(
            "resourceTypes",
            "Only about these things",
            &lines("resourceTypes", webhook.and_then(|webhook| webhook.resource_types.as_ref())),
        )
        .help("One on each line, such as USER or CLIENT. Empty: about all."),
    ];
    fields.into_iter().map(|field| field.fixed(fixed)).collect()
}

fn read(form: &Form) -> WebhookRepresentation {
    let lines = |name: &str| -> Vec<String> {
        let lines = form.raw(name).lines().map(str::trim).filter(|line| !line.is_empty());
        lines.map(str::to_owned).collect()
    };
    WebhookRepresentation {
        url: Some(form.text("url").to_owned()),
        enabled: Some(form.has("enabled")),
        events_enabled: Some(form.has("eventsEnabled")),
        event_types: Some(lines("eventTypes")),
        admin_events_enabled: Some(form.has("adminEventsEnabled")),
        operation_types: Some(form.all("operationTypes").map(str::to_owned).collect()),
        resource_types: Some(lines("resourceTypes")),
        ..WebhookRepresentation::default()
    }
}

async fn new(console: Console) -> Answer {
    new_page(&console, None, &FormErrors::default()).show(&console)
}

fn new_page(console: &Console, form: Option<&Form>, errors: &FormErrors) -> Sheets {
    let id = form.and_then(|form| form.given("id")).unwrap_or_else(|| console.services.new_id());
    let sheet = FormSheet {
        id: "webhook",
        action: console.path("/webhooks/new"),
        // Known before, so that the form makes one webhook however often it is sent.
        hidden: vec![("id", id)],
        fields: fields(None, form, false),
        submit: "Create the webhook",
        cancel: Some(console.path("/webhooks")),
        ..FormSheet::default()
    };
    Sheets::new(console, "Create a webhook").below(console.path("/webhooks"), "Webhooks").form(sheet.with(errors))
}

async fn create(Posted { console, form }: Posted) -> Answer {
    let given = WebhookRepresentation { id: form.given("id"), ..read(&form) };
    match webhooks::create(&console.services, &console.caller, console.realm()?, given).await {
        Ok(made) => {
            let secret = made.secret.as_ref().map(|secret| secret.expose().to_owned());
            page(&console, &made, None, &FormErrors::default(), secret.as_deref()).await?.show(&console)
        }
        Err(error) => new_page(&console, Some(&form), &FormErrors::of(error)?).show_again(&console),
    }
}

async fn show(console: Console, path: OneWebhook) -> Answer {
    let (_, _, id) = path.into_inner();
    let webhook = webhooks::get(&console.services, &console.caller, console.realm()?, &id).await?;
    page(&console, &webhook, None, &FormErrors::default(), None).await?.show(&console)
}

async fn page(
    console: &Console,
    webhook: &WebhookRepresentation,
    form: Option<&Form>,
    errors: &FormErrors,
    secret: Option<&str>,
) -> Result<Sheets, Refusal> {
    let id = webhook.id.as_deref().unwrap_or_default();
    let may = console.may(MANAGE);
    let mut fields = fields(Some(webhook), form, !may);
    if may {
        fields.push(Field::secret("secret", "Secret").help(
            "Messages are signed with it. Needed if you change the address; empty: it stays. It begins with whsec_.",
        ));
    }
    let sheet = FormSheet {
        id: "webhook",
        action: address(console, id, ""),
        fields,
        submit: "Save",
        fixed: !may,
        ..FormSheet::default()
    };
    let note = secret.map(|secret| {
        Sheet::Note(Note {
            tone: "good",
            text: Shown::sentence(
                "This is the secret that signs its messages. It is shown this once: give it to your program now.",
            ),
            code: Some(Shown::sentence(secret)),
        })
    });
    let buttons = Buttons {
        heading: "Try it out, or take it away",
        sends: vec![
            Send { action: address(console, id, "/test"), label: "Send a test message", fields: Vec::new() },
            Send { action: address(console, id, "/secret"), label: "Make a new secret", fields: Vec::new() },
        ],
        ways: vec![Way::to(address(console, id, "/delete"), "Delete the webhook").looking("danger")],
        ..Buttons::default()
    };
    let told = deliveries::table(console, id).await?;
    Ok(Sheets::new(console, webhook.url.as_deref().unwrap_or_default())
        .below(console.path("/webhooks"), "Webhooks")
        .sheet_if(note)
        .form(sheet.with(errors))
        .sheet_if(may.then_some(Sheet::Buttons(buttons)))
        .table(told))
}

async fn save(Posted { console, form }: Posted, path: OneWebhook) -> Answer {
    let (_, _, id) = path.into_inner();
    let given = WebhookRepresentation { secret: form.given("secret").map(|text| text.as_str().into()), ..read(&form) };
    let (services, caller, realm) = (&console.services, &console.caller, console.realm()?);
    match webhooks::update(services, caller, realm, &id, given).await {
        Ok(()) => console.lead_to(&address(&console, id.as_str(), ""), Notice::new("The webhook was saved.")),
        Err(error) => {
            let errors = FormErrors::of(error)?;
            let webhook = webhooks::get(services, caller, realm, &id).await?;
            page(&console, &webhook, Some(&form), &errors, None).await?.show_again(&console)
        }
    }
}

async fn new_secret(Posted { console, .. }: Posted, path: OneWebhook) -> Answer {
    let (_, _, id) = path.into_inner();
    let made = webhooks::new_secret(&console.services, &console.caller, console.realm()?, &id).await?;
    let secret = made.secret.as_ref().map(|secret| secret.expose().to_owned());
    page(&console, &made, None, &FormErrors::default(), secret.as_deref()).await?.show(&console)
}

async fn test(Posted { console, .. }: Posted, path: OneWebhook) -> Answer {
    let (_, _, id) = path.into_inner();
    let (services, caller, realm) = (&console.services, &console.caller, console.realm()?);
    match webhooks::test(services, caller, realm, &id).await {
        Ok(()) => console.lead_to(&address(&console, id.as_str(), ""), Notice::new("The test message was taken.")),
        Err(error @ Error::Refused(_)) => {
            let webhook = webhooks::get(services, caller, realm, &id).await?;
            let errors = FormErrors::of(error)?;
            page(&console, &webhook, None, &errors, None).await?.show_again(&console)
        }
        Err(other) => Err(other.into()),
    }
}

async fn ask_to_delete(console: Console, path: OneWebhook) -> Answer {
    let (_, _, id) = path.into_inner();
    let webhook = webhooks::get(&console.services, &console.caller, console.realm()?, &id).await?;
    console.ask(Question {
        title: "Delete this webhook?",
        consequence: &format!(
            "{} is told of nothing any more; what waits to be sent is forgotten.",
            webhook.url.as_deref().unwrap_or_default()
        ),
        action: address(&console, id.as_str(), "/delete"),
        verb: "Delete the webhook",
        back: address(&console, id.as_str(), ""),
        fields: Vec::new(),
        name: None,
    })
}

async fn delete(Posted { console, .. }: Posted, path: OneWebhook) -> Answer {
    let (_, _, id) = path.into_inner();
    webhooks::delete(&console.services, &console.caller, console.realm()?, &id).await?;
    console.lead_to(&console.path("/webhooks"), Notice::new("The webhook was deleted."))
}
