//! Login events: what people and clients tried, and why it was refused.

use actix_web::web::Path;
use model::{
    event::Event,
    id::{EventId, UserId},
};
use services::{
    Error, What, events,
    store::events::Filter,
    users::{self, Query as Wanted},
};
use web::{Shown, percent_encoded};

use super::{MANAGE, USERS, VIEW, by_places, day, place, written};
use crate::{
    Console, Posted,
    confirm::Question,
    field::{Field, Filters},
    list::{Cell, Empty, List, PAGE, Query},
    notice::Notice,
    pages::users::address,
    refusal::{Answer, Refusal},
    routes::Routes,
    sheets::{Facts, Note, Sheet, Sheets, Way},
};

/// The types that one can choose from; an address may name any other.
const TYPES: [&str; 19] = [
    "LOGIN",
    "LOGIN_ERROR",
    "LOGOUT",
    "CODE_TO_TOKEN",
    "CODE_TO_TOKEN_ERROR",
    "REFRESH_TOKEN",
    "REFRESH_TOKEN_ERROR",
    "CLIENT_LOGIN",
    "CLIENT_LOGIN_ERROR",
    "INTROSPECT_TOKEN_ERROR",
    "USER_INFO_REQUEST_ERROR",
    "OAUTH2_DEVICE_VERIFY_USER_CODE",
    "UPDATE_PASSWORD",
    "UPDATE_PASSWORD_ERROR",
    "VERIFY_EMAIL",
    "IMPERSONATE",
    "CLIENT_REGISTER",
    "USER_DISABLED_BY_TEMPORARY_LOCKOUT",
    "USER_DISABLED_BY_PERMANENT_LOCKOUT",
];

pub(super) fn routes(routes: &mut Routes) {
    routes.page("/events", VIEW, list);
    routes.page("/events/clear", MANAGE, ask_to_clear);
    routes.form("/events/clear", MANAGE, clear);
    routes.page("/events/{event}", VIEW, show);
}

/// The user that somebody typed: a name or an address, or an id.
async fn user(console: &Console, text: &str) -> Result<UserId, Refusal> {
    if console.may(USERS) {
        let wanted = Wanted { search: Some(format!("\"{text}\"")), ..Wanted::default() };
        let found = users::list(&console.services, &console.caller, console.realm()?, &wanted, 0, Some(2)).await?;
        let name = users::login_name(text);
        let is = |user: &model::user::User| user.username == name || user.email.as_ref() == Some(&name);
        if let Some(found) = found.into_iter().find(|found| is(&found.user)) {
            return Ok(found.user.id);
        }
    }
    Ok(UserId::from(text))
}

/// What an address asks for.
pub(super) async fn filter(console: &Console, query: &Query) -> Result<Filter, Refusal> {
    let user = match query.given("user") {
        Some(text) => Some(user(console, &text).await?),
        None => None,
    };
    Ok(Filter {
        kinds: query.given("type").map(|kind| vec![kind]),
        client_id: query.given("client"),
        user_id: user,
        ip_address: query.given("address"),
        error: query.given("error"),
        refused: match query.get("result") {
            "refused" => Some(true),
            "done" => Some(false),
            _ => None,
        },
        repository: query.given("repository"),
        from: day(query.get("from"), false),
        to: day(query.get("to"), true),
        before: place(query.get("before")),
        ..Filter::default()
    })
}

fn filters(query: &Query) -> Filters {
    let types = std::iter::once(("", "All")).chain(TYPES.iter().map(|&kind| (kind, kind)));
    let mut types: Vec<_> = types.collect();
    if !types.iter().any(|(kind, _)| *kind == query.get("type")) {
        types.push((query.get("type"), query.get("type")));
    }
    let results = [("", "All"), ("refused", "Refused"), ("done", "Went well")];
    Filters::of(
        query,
        vec![
            Field::choice("result", "Result", "", results),
            Field::choice("type", "Type", "", types),
            Field::text("user", "User", ""),
            Field::text("client", "Client", ""),
            Field::text("repository", "Repository", ""),
            Field::text("error", "Reason", ""),
            Field::text("address", "IP address", ""),
            Field::day("from", "From", ""),
            Field::day("to", "Until", ""),
        ],
    )
}

/// The user of an event: by name, where the event has it.
fn person(console: &Console, event: &Event) -> Cell {
    let name = event.details.get("username").map(String::as_str);
    match (&event.user_id, name) {
        (Some(id), name) if console.may(USERS) => Cell::link(address(console, id, ""), name.unwrap_or(id.as_str())),
        (Some(id), name) => Cell::text(name.unwrap_or(id.as_str())),
        (None, name) => Cell::text(name.unwrap_or_default()),
    }
}

fn row(console: &Console, event: &Event) -> Vec<Cell> {
    let path = console.path(&format!("/events/{}", percent_encoded(event.id.as_str())));
    let asked = event.details.get("requested").map_or("", String::as_str);
    vec![
        Cell::at(path, event.time),
        Cell::text(&event.kind),
        match &event.error {
            Some(error) => Cell::Text(Shown::name(error)),
            None if event.kind.starts_with("USER_DISABLED") => Cell::Badge { text: "Locked", tone: "warn" },
            None => Cell::Badge { text: "Went well", tone: "good" },
        },
        person(console, event),
        Cell::text(event.client_id.as_deref().unwrap_or_default()),
        event.ip_address.as_deref().map_or(Cell::text(""), Cell::code),
        Cell::text(asked),
    ]
}

async fn list(console: Console) -> Answer {
    let query = Query::of(&console.address);
    let realm = console.realm()?;
    let filter = Filter { max: Some(PAGE + 1), ..filter(&console, &query).await? };
    let found = events::list(&console.services, &console.caller, realm, &filter).await?;
    let found = services::listing::Page::new(0, PAGE).of(found);
    let last = found.rows.last().filter(|_| found.more).map(|event| written(event.time, &event.id));
    let empty = Empty {
        text: "Nothing that is kept passes these filters. Every login and every refusal shows up here.",
        action: None,
    };
    let columns = ["Time", "Type", "Result", "User", "Client", "From", "Asked for"].map(|label| (label, None));
    let rows =
        services::listing::Listed { rows: found.rows.iter().map(|event| row(&console, event)).collect(), more: false };
    let mut list = List::of(&query, "Login events", rows, empty).columns(&query, &columns);
    by_places(&mut list, &query, last);
    let newest = query.get("before").is_empty();
    let live = newest && query.get("live") == "yes";
    let export = |format: &str| {
        let query = query.with("format", format);
        console.path(&format!("/events/export{}", query.strip_prefix(query_path(&query)).unwrap_or_default()))
    };
    let watch = match live {
        true => Way::to(query.without(&["live"]), "Stop watching"),
        false => Way::to(query.with("live", "yes"), "Watch live"),
    };
    let off = !realm.settings.events.events_enabled;
    Sheets::new(&console, "Login events")
        .action(newest, watch.looking("second"))
        .action(true, Way::to(export("csv"), "Export CSV").looking("second"))
        .action(true, Way::to(export("json"), "Export JSON").looking("second"))
        .action(true, Way::to(console.path("/events/settings"), "What is kept").looking("second"))
        .sheet_if(off.then(|| {
            Note::sheet("warn", "This realm keeps no login events. Turn that on under \u{201c}What is kept\u{201d}.")
        }))
        .sheet(Sheet::Filters(filters(&query)))
        .sheet(Sheet::List(list))
        .live(live.then(|| console.address.clone()))
        .show(&console)
}

/// The part of an address before its query.
pub(super) fn query_path(address: &str) -> &str {
    address.split('?').next().unwrap_or(address)
}

async fn show(console: Console, path: Path<(String, String, EventId)>) -> Answer {
    let (_, _, id) = path.into_inner();
    let filter = Filter { id: Some(id), max: Some(1), ..Filter::default() };
    let found = events::list(&console.services, &console.caller, console.realm()?, &filter).await?;
    let event = found.into_iter().next().ok_or(Error::NotFound(What::Event))?;
    let mut rows = vec![
        (Shown::name("Time"), Cell::time(event.time)),
        (Shown::name("Type"), Cell::text(&event.kind)),
        (Shown::name("User"), person(&console, &event)),
    ];
    for (name, value) in [
        ("Refused because of", event.error.as_deref()),
        ("Client", event.client_id.as_deref()),
        ("IP address", event.ip_address.as_deref()),
        ("Session", event.session_id.as_ref().map(|session| session.as_str())),
        ("Id", Some(event.id.as_str())),
    ] {
        rows.extend(value.map(|value| (Shown::name(name), Cell::code(value))));
    }
    let details = event.details.iter().map(|(name, value)| (Shown::name(name), Cell::Text(Shown::sentence(value))));
    let why = console.path(&format!("/refusals?id={}", percent_encoded(event.id.as_str())));
    let partly = event.details.get("refused_actions").is_some_and(|count| count != "0");
    let same = |name: &str, value: Option<&str>| {
        value.map(|value| Way::to(console.path(&format!("/events?{name}={}", percent_encoded(value))), "").href)
    };
    let mut related = Vec::new();
    related.extend(
        same("user", event.user_id.as_ref().map(|user| user.as_str())).map(|href| ("This user's events", href)),
    );
    related.extend(same("client", event.client_id.as_deref()).map(|href| ("This client's events", href)));
    related.extend(same("address", event.ip_address.as_deref()).map(|href| ("Events from this address", href)));
    let related = related.into_iter().map(|(label, href)| Way::to(href, label).looking("second")).collect();
    Sheets::new(&console, &event.kind)
        .below(console.path("/events"), "Login events")
        .action(event.error.is_some() || partly, Way::to(why, "Why was it refused?"))
        .sheet(Sheet::Facts(Facts { heading: "", rows }))
        .sheet_if(
            (!event.details.is_empty()).then(|| Sheet::Facts(Facts { heading: "Details", rows: details.collect() })),
        )
        .sheet(Sheet::Buttons(crate::sheets::Buttons { heading: "Look further", ways: related, ..Default::default() }))
        .show(&console)
}

fn question<'a>(console: &Console, name: &'a str) -> Question<'a> {
    Question {
        title: "Delete all login events?",
        consequence: "What happened in this realm until now can't be looked up any more.",
        action: console.path("/events/clear"),
        verb: "Delete all login events",
        back: console.path("/events/settings"),
        fields: Vec::new(),
        name: Some(name),
    }
}

async fn ask_to_clear(console: Console) -> Answer {
    console.ask(question(&console, &console.realm()?.name))
}

async fn clear(Posted { console, form }: Posted) -> Answer {
    let realm = console.realm()?;
    if let Some(answer) = console.ask_again(question(&console, &realm.name), &form) {
        return answer;
    }
    events::clear(&console.services, &console.caller, realm).await?;
    console.lead_to(&console.path("/events"), Notice::new("All login events were deleted."))
}
