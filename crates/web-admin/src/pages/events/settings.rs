//! What a realm keeps of what happens.

use representation::RealmEventsConfigRepresentation;
use services::events::{self, SAVED_BY_DEFAULT};

use super::{MANAGE, VIEW};
use crate::{
    Console, Posted,
    field::Field,
    form_errors::FormErrors,
    notice::Notice,
    posted::Form,
    refusal::{Answer, Refusal},
    routes::Routes,
    sheets::{Buttons, FormSheet, Sheet, Sheets, Way},
};

const DAY: i64 = 86_400;

pub(super) fn routes(routes: &mut Routes) {
    routes.page("/events/settings", VIEW, show);
    routes.form("/events/settings", MANAGE, save);
}

async fn show(console: Console) -> Answer {
    page(&console, None, &FormErrors::default())?.show(&console)
}

/// A time in seconds as whole days; empty for ever.
fn in_days(seconds: i64) -> String {
    if seconds <= 0 { String::new() } else { (seconds / DAY).max(1).to_string() }
}

fn page(console: &Console, form: Option<&Form>, errors: &FormErrors) -> Result<Sheets, Refusal> {
    let realm = console.realm()?;
    let is = events::config(&console.caller, realm)?;
    let may = console.may(MANAGE);
    let on = |name: &str, now: bool| form.map_or(now, |form| form.has(name));
    let days = form.map_or_else(|| in_days(is.events_expiration), |form| form.text("days").to_owned());
    let mut types: Vec<&str> = SAVED_BY_DEFAULT.to_vec();
    types.extend(["REFRESH_TOKEN", "INTROSPECT_TOKEN", "USER_INFO_REQUEST", "VALIDATE_ACCESS_TOKEN"]);
    types.extend(is.enabled_event_types.iter().map(String::as_str));
    types.sort_unstable();
    types.dedup();
    let chosen = |kind: &str| match form {
        Some(form) => form.all("enabledEventTypes").any(|given| given == kind),
        None => is.enabled_event_types.iter().any(|enabled| enabled == kind),
    };
    let types = types.into_iter().map(|kind| (kind.to_owned(), kind.to_owned(), chosen(kind))).collect();
    let sheet = FormSheet {
        id: "events",
        action: console.path("/events/settings"),
        fields: vec![
            Field::switch("eventsEnabled", "Keep login events", on("eventsEnabled", is.events_enabled))
                .help("Without them nobody can find out why a login or a push was refused.")
                .fixed(!may),
            Field::number("days", "For how many days", &days).help("Empty: for ever.").fixed(!may),
            Field::switch("adminEventsEnabled", "Keep admin events", on("adminEventsEnabled", is.admin_events_enabled))
                .help("What administrators do in this realm.")
                .fixed(!may),
            Field::switch(
                "adminEventsDetailsEnabled",
                "With what was written",
                on("adminEventsDetailsEnabled", is.admin_events_details_enabled),
            )
            .help("Secrets are left out.")
            .fixed(!may),
            Field::several("enabledEventTypes", "Types of login events that are kept", types).fixed(!may),
        ],
        submit: "Save",
        fixed: !may,
        ..FormSheet::default()
    };
    let clear = Buttons {
        heading: "Delete what was kept",
        ways: vec![
            Way::to(console.path("/events/clear"), "Delete all login events").looking("danger"),
            Way::to(console.path("/admin-events/clear"), "Delete all admin events").looking("danger"),
        ],
        ..Buttons::default()
    };
    Ok(Sheets::new(console, "What is kept of events")
        .below(console.path("/events"), "Login events")
        .form(sheet.with(errors))
        .sheet_if(may.then_some(Sheet::Buttons(clear))))
}

async fn save(Posted { console, form }: Posted) -> Answer {
    let mut errors = FormErrors::default();
    let days = match form.text("days") {
        "" => Some(0),
        text => text.parse::<i64>().ok().filter(|days| (0..=20_000).contains(days)),
    };
    if days.is_none() {
        errors.add("days", "Type a number of days up to 20,000, or leave it empty.");
    }
    let present = events::config(&console.caller, console.realm()?)?.events_expiration;
    let change = RealmEventsConfigRepresentation {
        events_enabled: Some(form.has("eventsEnabled")),
        // A time that is no number of whole days stays as it is, unless another one is typed.
        events_expiration: days.filter(|_| form.text("days") != in_days(present)).map(|days| days * DAY),
        admin_events_enabled: Some(form.has("adminEventsEnabled")),
        admin_events_details_enabled: Some(form.has("adminEventsDetailsEnabled")),
        enabled_event_types: Some(form.all("enabledEventTypes").map(str::to_owned).collect()),
        ..RealmEventsConfigRepresentation::default()
    };
    if errors.is_empty() {
        match events::update_config(&console.services, &console.caller, console.realm()?, change).await {
            Ok(()) => return console.lead_to(&console.path("/events/settings"), Notice::new("That was saved.")),
            Err(error) => errors = FormErrors::of(error)?,
        }
    }
    page(&console, Some(&form), &errors)?.show_again(&console)
}
