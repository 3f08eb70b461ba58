//! Differences between two states of a realm, for people: where, what it was, what it is. Secrets are never in them.

use std::fmt;

use representation::is_secret_name;
use serde_json::Value;

use super::merge::{is_of_things, same_set, same_thing};

/// What stands for a secret.
const HIDDEN: &str = "(not shown)";
/// The longest value that is shown as a whole, in letters.
const LONGEST: usize = 200;

/// One difference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// Where, such as `clients[app].enabled`.
    pub path: String,
    /// What it was; none for what is new.
    pub before: Option<Value>,
    /// What it is; none for what is gone.
    pub after: Option<Value>,
}

impl fmt::Display for Difference {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = &self.path;
        match (&self.before, &self.after) {
            (None, Some(after)) => write!(formatter, "+ {path}: {}", shortened(after)),
            (Some(before), None) => write!(formatter, "- {path}: {}", shortened(before)),
            (Some(before), Some(after)) => write!(formatter, "~ {path}: {} → {}", shortened(before), shortened(after)),
            (None, None) => write!(formatter, "~ {path}"),
        }
    }
}

fn shortened(value: &Value) -> String {
    let text = match value {
        Value::String(text) if text == HIDDEN => text.clone(),
        value => value.to_string(),
    };
    if text.chars().count() <= LONGEST {
        return text;
    }
    let begin: String = text.chars().take(LONGEST).collect();
    format!("{begin}…")
}

/// A value without its secrets; `name` is that of the member that holds it.
#[must_use]
pub(crate) fn without_secrets(name: &str, value: &Value) -> Value {
    match value {
        Value::Object(members) => {
            let shown = members.iter().map(|(name, value)| (name.clone(), without_secrets(name, value)));
            Value::Object(shown.collect())
        }
        Value::Array(items) => Value::Array(items.iter().map(|item| without_secrets(name, item)).collect()),
        Value::String(text) if is_hidden(name) && !text.is_empty() => Value::from(HIDDEN),
        other => other.clone(),
    }
}

/// Secrets by name, and the password in the clear of a credential.
fn is_hidden(name: &str) -> bool {
    is_secret_name(name) || name == "value"
}

/// All differences between two states, by path.
#[must_use]
pub(crate) fn differences(before: &Value, after: &Value) -> Vec<Difference> {
    let mut found = Vec::new();
    compare(String::new(), "", Some(before), Some(after), &mut found);
    found.sort_by(|one, other| one.path.cmp(&other.path));
    found
}

fn compare(path: String, name: &str, before: Option<&Value>, after: Option<&Value>, found: &mut Vec<Difference>) {
    match (before, after) {
        (None, None) => {}
        (Some(before), Some(after)) if before == after => {}
        (Some(Value::Object(before)), Some(Value::Object(after))) => {
            let gone = before.keys().filter(|name| !after.contains_key(*name));
            for name in gone.chain(after.keys()) {
                let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                compare(path, name, before.get(name), after.get(name), found);
            }
        }
        (Some(Value::Array(before)), Some(Value::Array(after))) if is_of_things(before) || is_of_things(after) => {
            compare_things(&path, name, before, after, found);
        }
        (Some(Value::Array(before)), Some(Value::Array(after))) if same_set(before, after) => {}
        (before, after) => {
            let shown = |value: Option<&Value>| value.map(|value| without_secrets(name, value));
            found.push(Difference { path, before: shown(before), after: shown(after) });
        }
    }
}

fn compare_things(path: &str, name: &str, before: &[Value], after: &[Value], found: &mut Vec<Difference>) {
    let gone = before.iter().filter(|item| !after.iter().any(|other| same_thing(item, other)));
    for item in gone {
        compare(format!("{path}[{}]", shown_name(item)), name, Some(item), None, found);
    }
    for item in after {
        let there = before.iter().find(|other| same_thing(item, other));
        compare(format!("{path}[{}]", shown_name(item)), name, there, Some(item), found);
    }
}

/// How a thing in a list is called, as in reports of imports.
#[must_use]
pub(crate) fn shown_name(item: &Value) -> String {
    let names = ["clientId", "username", "path", "name", "alias", "client", "clientScope", "identityProvider"];
    let own = names.iter().find_map(|name| item.get(name)?.as_str()).unwrap_or_default();
    match item.get("identityProviderAlias").and_then(Value::as_str) {
        Some(provider) => format!("{provider}/{own}"),
        None => own.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn differences_are_readable_and_hold_no_secrets() {
        let before = json!({
            "enabled": true, "clients": [{"clientId": "app", "secret": "hush-1", "redirectUris": ["a", "b"]}],
            "roles": {"realm": [{"name": "gone"}]}, "smtpServer": {"password": "hush-2"},
        });
        let after = json!({
            "enabled": false, "clients": [
                {"clientId": "app", "secret": "hush-3", "redirectUris": ["b", "a"]},
                {"clientId": "new", "secret": "hush-4"}],
            "roles": {"realm": []}, "smtpServer": {"password": "hush-5"}, "displayName": "x",
        });
        let lines: Vec<_> = differences(&before, &after).iter().map(ToString::to_string).collect();
        assert_eq!(
            lines,
            [
                "~ clients[app].secret: (not shown) → (not shown)",
                r#"+ clients[new]: {"clientId":"new","secret":"(not shown)"}"#,
                r#"+ displayName: "x""#,
                "~ enabled: true → false",
                r#"- roles.realm[gone]: {"name":"gone"}"#,
                "~ smtpServer.password: (not shown) → (not shown)",
            ]
        );
        assert_eq!(differences(&after, &after), []);
    }
}
