//! Admin events: what administrators did.

use actix_web::web::Path;
use model::{
    event::AdminEvent,
    id::{EventId, UserId},
};
use services::{
    Error, What, admin_events,
    store::admin_events::Filter,
    users::{self, Query as Wanted},
};
use web::{Shown, percent_encoded};

use super::{MANAGE, USERS, VIEW, by_places, day, logins::query_path, place, written};
use crate::{
    Console, Posted,
    confirm::Question,
    field::{Field, Filters},
    list::{Cell, Empty, List, PAGE, Query},
    notice::Notice,
    pages::users::address,
    refusal::{Answer, Refusal},
    routes::Routes,
    sheets::{Code, Facts, Note, Sheet, Sheets, Way},
};

const OPERATIONS: [(&str, &str); 5] = [
    ("", "All"),
    ("CREATE", "Created"),
    ("UPDATE", "Changed"),
    ("DELETE", "Deleted"),
    ("ACTION", "Did something else"),
];
const RESOURCES: [&str; 26] = [
    "REALM",
    "USER",
    "GROUP",
    "GROUP_MEMBERSHIP",
    "REALM_ROLE",
    "CLIENT_ROLE",
    "REALM_ROLE_MAPPING",
    "CLIENT_ROLE_MAPPING",
    "CLIENT",
    "CLIENT_SCOPE",
    "CLIENT_SCOPE_CLIENT_MAPPING",
    "PROTOCOL_MAPPER",
    "CLIENT_INITIAL_ACCESS_MODEL",
    "COMPONENT",
    "IDENTITY_PROVIDER",
    "IDENTITY_PROVIDER_MAPPER",
    "AUTH_FLOW",
    "AUTH_EXECUTION",
    "AUTH_EXECUTION_FLOW",
    "AUTHENTICATOR_CONFIG",
    "REQUIRED_ACTION",
    "REQUIRED_ACTION_CONFIG",
    "USER_PROFILE",
    "USER_SESSION",
    "USER_LOGIN_FAILURE",
    "CUSTOM",
];

pub(super) fn routes(routes: &mut Routes) {
    routes.page("/admin-events", VIEW, list);
    routes.page("/admin-events/clear", MANAGE, ask_to_clear);
    routes.form("/admin-events/clear", MANAGE, clear);
    routes.page("/admin-events/{event}", VIEW, show);
}

/// What an address asks for.
pub(super) fn filter(query: &Query) -> Filter {
    Filter {
        operations: query.given("operation").map(|operation| vec![operation]),
        resource_types: query.given("resource").map(|kind| vec![kind]),
        // The paths of resources keep their capital letters.
        resource_path: query.given("path").map(|path| pattern(&path)),
        auth_user_id: query.given("user"),
        ip_address: query.given("address"),
        from: day(query.get("from"), false),
        to: day(query.get("to"), true),
        before: place(query.get("before")),
        ..Filter::default()
    }
}

/// The pattern of SQL for a path's beginning, or with `*` for anything.
fn pattern(path: &str) -> String {
    let mut pattern = String::new();
    for letter in path.chars() {
        match letter {
            '*' => pattern.push('%'),
            '%' | '_' | '\\' => pattern.extend(['\\', letter]),
            other => pattern.push(other),
        }
    }
    pattern.push('%');
    pattern
}

fn words(operation: &str) -> (&'static str, &'static str) {
    match operation {
        "CREATE" => ("Created", "good"),
        "UPDATE" => ("Changed", "plain"),
        "DELETE" => ("Deleted", "warn"),
        _ => ("Did", "plain"),
    }
}

/// The names of administrators of this realm, for those who may see its users: one statement for all.
async fn names(console: &Console, events: &[AdminEvent]) -> Result<Vec<(UserId, String)>, Refusal> {
    let realm = console.realm()?;
    let here = events.iter().filter(|event| event.auth_realm_id == realm.given_id);
    let mut ids: Vec<&str> = here.filter_map(|event| event.auth_user_id.as_ref()).map(UserId::as_str).collect();
    ids.sort_unstable();
    ids.dedup();
    if ids.is_empty() || !console.may(USERS) {
        return Ok(Vec::new());
    }
    let wanted = Wanted { search: Some(format!("id:{}", ids.join(" "))), ..Wanted::default() };
    let found = users::list(&console.services, &console.caller, realm, &wanted, 0, Some(PAGE)).await?;
    Ok(found.into_iter().map(|found| (found.user.id, found.user.username)).collect())
}

fn person(console: &Console, event: &AdminEvent, names: &[(UserId, String)]) -> Cell {
    let Some(id) = &event.auth_user_id else { return Cell::text("The server") };
    match names.iter().find(|(known, _)| known == id) {
        Some((id, name)) => Cell::link(address(console, id, ""), name),
        // Somebody of another realm; the event's page has the whole id.
        None => Cell::code(&format!("…{}", id.as_str().rsplit('-').next().unwrap_or_default())),
    }
}

async fn list(console: Console) -> Answer {
    let query = Query::of(&console.address);
    let realm = console.realm()?;
    let filter = Filter { max: Some(PAGE + 1), ..filter(&query) };
    let found = admin_events::list(&console.services, &console.caller, realm, &filter).await?;
    let found = services::listing::Page::new(0, PAGE).of(found);
    let last = found.rows.last().filter(|_| found.more).map(|event| written(event.time, &event.id));
    let names = names(&console, &found.rows).await?;
    let row = |event: &AdminEvent| {
        let path = console.path(&format!("/admin-events/{}", percent_encoded(event.id.as_str())));
        let (text, tone) = words(&event.operation);
        vec![
            Cell::at(path, event.time),
            Cell::Badge { text, tone },
            Cell::text(&event.resource_type),
            Cell::code(&event.resource_path),
            person(&console, event, &names),
            event.ip_address.as_deref().map_or(Cell::text(""), Cell::code),
        ]
    };
    let empty = Empty { text: "Nothing that is kept passes these filters. Every change shows up here.", action: None };
    let columns = ["Time", "What", "Thing", "Which one", "Administrator", "From"].map(|label| (label, None));
    let rows = services::listing::Listed { rows: found.rows.iter().map(row).collect(), more: false };
    let mut list = List::of(&query, "Admin events", rows, empty).columns(&query, &columns);
    by_places(&mut list, &query, last);
    let newest = query.get("before").is_empty();
    let live = newest && query.get("live") == "yes";
    let export = |format: &str| {
        let query = query.with("format", format);
        console.path(&format!("/admin-events/export{}", query.strip_prefix(query_path(&query)).unwrap_or_default()))
    };
    let watch = match live {
        true => Way::to(query.without(&["live"]), "Stop watching"),
        false => Way::to(query.with("live", "yes"), "Watch live"),
    };
    let resources = std::iter::once(("", "All")).chain(RESOURCES.iter().map(|&kind| (kind, kind)));
    let filters = Filters::of(
        &query,
        vec![
            Field::choice("operation", "What was done", "", OPERATIONS),
            Field::choice("resource", "With what", "", resources),
            Field::text("path", "Path", "").help("Its beginning, such as users/; * stands for anything."),
            Field::text("user", "Administrator's id", ""),
            Field::text("address", "IP address", ""),
            Field::day("from", "From", ""),
            Field::day("to", "Until", ""),
        ],
    );
    let off = !realm.settings.events.admin_events_enabled;
    Sheets::new(&console, "Admin events")
        .action(newest, watch.looking("second"))
        .action(true, Way::to(export("csv"), "Export CSV").looking("second"))
        .action(true, Way::to(export("json"), "Export JSON").looking("second"))
        .action(true, Way::to(console.path("/events/settings"), "What is kept").looking("second"))
        .sheet_if(off.then(|| {
            Note::sheet("warn", "This realm keeps no admin events. Turn that on under \u{201c}What is kept\u{201d}.")
        }))
        .sheet(Sheet::Filters(filters))
        .sheet(Sheet::List(list))
        .live(live.then(|| console.address.clone()))
        .show(&console)
}

async fn show(console: Console, path: Path<(String, String, EventId)>) -> Answer {
    let (_, _, id) = path.into_inner();
    let filter = Filter { id: Some(id), max: Some(1), ..Filter::default() };
    let found = admin_events::list(&console.services, &console.caller, console.realm()?, &filter).await?;
    let names = names(&console, &found).await?;
    let event = found.into_iter().next().ok_or(Error::NotFound(What::Event))?;
    let (text, tone) = words(&event.operation);
    let mut rows = vec![
        (Shown::name("Time"), Cell::time(event.time)),
        (Shown::name("What"), Cell::Badge { text, tone }),
        (Shown::name("Thing"), Cell::text(&event.resource_type)),
        (Shown::name("Which one"), Cell::code(&event.resource_path)),
        (Shown::name("Administrator"), person(&console, &event, &names)),
        (Shown::name("Of the realm"), Cell::code(&event.auth_realm_id)),
    ];
    for (name, value) in [
        ("With the client", event.auth_client_id.as_ref().map(|client| client.as_str())),
        ("IP address", event.ip_address.as_deref()),
        ("Id", Some(event.id.as_str())),
    ] {
        rows.extend(value.map(|value| (Shown::name(name), Cell::code(value))));
    }
    let pretty = event.representation.as_deref().map(|text| {
        let value = serde_json::from_str::<serde_json::Value>(text);
        let pretty = value.ok().and_then(|value| serde_json::to_string_pretty(&value).ok());
        Sheet::Code(Code {
            heading: "What was written",
            text: Shown::lines(&pretty.unwrap_or_else(|| text.to_owned())),
        })
    });
    Sheets::new(&console, &format!("{text}: {}", event.resource_type))
        .below(console.path("/admin-events"), "Admin events")
        .sheet(Sheet::Facts(Facts { heading: "", rows }))
        .sheet_if(pretty)
        .show(&console)
}

fn question<'a>(console: &Console, name: &'a str) -> Question<'a> {
    Question {
        title: "Delete all admin events?",
        consequence: "What administrators did in this realm until now can't be looked up any more.",
        action: console.path("/admin-events/clear"),
        verb: "Delete all admin events",
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
    admin_events::clear(&console.services, &console.caller, realm).await?;
    console.lead_to(&console.path("/admin-events"), Notice::new("All admin events were deleted."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_beginnings_with_stars() {
        assert_eq!(pattern("users/*_1"), "users/%\\_1%");
    }
}
