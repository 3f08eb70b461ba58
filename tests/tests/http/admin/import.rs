//! Realms that come as full exports: real ones of Keycloak, and one that holds everything.

mod everything;
mod exports;
mod guarantees;

use representation::RealmRepresentation;
use serde_json::Value;
use services::{Caller, realms::Export};

use crate::http::support::World;

/// How remarks end on what is kept and does nothing.
const KEPT: &str = "kept, without an effect";

/// A realm with its users and its secrets, as the command line exports it.
pub async fn exported(world: &World, realm: &str) -> Value {
    let services = world.server.services();
    let server = Caller::of_server(services);
    let mut export = Export::begin(services, &server, realm).await.expect("the realm is there");
    let mut document = export.document(services, true).await.expect("the realm can be exported");
    let mut users = Vec::new();
    loop {
        let page = export.users(services).await.expect("users can be exported");
        if page.is_empty() {
            break;
        }
        users.extend(page);
    }
    export.end().await.expect("the export ends");
    document.users = (!users.is_empty()).then_some(users);
    as_json(&document)
}

pub fn as_json(realm: &RealmRepresentation) -> Value {
    serde_json::to_value(realm).expect("a realm is JSON")
}

/// What stands in `before` and not in `after`, by path. Things in lists are found by their names, in whatever order.
pub fn lost(before: &Value, after: &Value) -> Vec<String> {
    let mut paths = Vec::new();
    compare(String::new(), before, Some(after), &mut paths);
    paths
}

fn compare(path: String, before: &Value, after: Option<&Value>, lost: &mut Vec<String>) {
    match (before, after) {
        (Value::Null, _) => {}
        (Value::Object(members), Some(Value::Object(other))) => {
            for (name, value) in members {
                let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                compare(path, value, other.get(name), lost);
            }
        }
        (Value::Object(members), None) if members.values().all(Value::is_null) => {}
        (Value::Array(items), Some(Value::Array(others))) => {
            // Steps of a flow have no names: they are told by their places.
            if items.iter().any(|item| item.is_object() && key_of(item).is_none()) {
                for (index, item) in items.iter().enumerate() {
                    compare(format!("{path}[{index}]"), item, others.get(index), lost);
                }
                return;
            }
            for item in items {
                let path = format!("{path}[{}]", name_of(item));
                let same = |other: &&Value| match item {
                    Value::Object(_) if item["id"].is_string() => item["id"] == other["id"],
                    Value::Object(_) => key_of(item) == key_of(other),
                    scalar => scalar == *other,
                };
                compare(path, item, others.iter().find(same), lost);
            }
        }
        (Value::Array(items), None) if items.is_empty() => {}
        (before, Some(after)) if before == after => {}
        _ => lost.push(path),
    }
}

fn text(item: &Value, name: &str) -> Option<String> {
    item[name].as_str().map(str::to_owned)
}

/// What tells a thing in a list from the others.
fn key_of(item: &Value) -> Option<String> {
    ["clientId", "alias", "client", "clientScope", "username", "name", "identityProvider"]
        .iter()
        .find_map(|name| text(item, name))
        .or_else(|| item.get("requirement").map(|_| step_of(item)))
}

/// What tells a step of an authentication flow from the others: what it runs, and its place.
fn step_of(item: &Value) -> String {
    let runs = text(item, "authenticator").or_else(|| text(item, "flowAlias")).unwrap_or_default();
    format!("{runs} at {}", item["priority"])
}

/// How reports call a thing in a list.
fn name_of(item: &Value) -> String {
    if let Some(text) = item.as_str() {
        return text.to_owned();
    }
    let names = ["clientId", "username", "name", "providerId", "alias", "client", "clientScope", "id", "type"];
    names.iter().find_map(|name| text(item, name)).unwrap_or_default()
}
