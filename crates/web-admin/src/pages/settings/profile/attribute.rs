//! An attribute of the user profile as a form has it: its checks as fields, where the profile has them as JSON.

use representation::{UPAttribute, UPConfig};
use serde_json::{Map, Value, json};

use crate::settings::{Field, Kind, Section};

/// Checks without settings: the validator, and what it says.
const PLAIN: [(&str, &str); 7] = [
    ("email", "An e-mail address"),
    ("uri", "An address of the web"),
    ("local-date", "A day, as people write it"),
    ("iso-date", "A day, as 2026-11-26"),
    ("username-prohibited-characters", "No characters that a user name must not have"),
    ("person-name-prohibited-characters", "No characters that a person's name has not"),
    ("up-username-not-idn-homograph", "No letters that look like others"),
];
/// Checks with settings that the form asks for: the field, the validator, and its setting.
const SETTINGS: [(&str, &str, &str); 7] = [
    ("checks.length-min", "length", "min"),
    ("checks.length-max", "length", "max"),
    ("checks.integer-min", "integer", "min"),
    ("checks.integer-max", "integer", "max"),
    ("checks.pattern", "pattern", "pattern"),
    ("checks.pattern-message", "pattern", "error-message"),
    ("checks.options", "options", "options"),
];

/// The fields of an attribute.
pub(super) fn sections(config: &UPConfig, new: bool) -> Vec<Section> {
    let roles = [("user", "The user"), ("admin", "Administrators")];
    let groups = config.groups.iter().flatten().filter_map(|group| group.name.clone()).map(|name| (name.clone(), name));
    let groups = [(String::new(), "None".to_owned())].into_iter().chain(groups).collect();
    vec![
        Section::new(
            "attribute",
            "Attribute",
            "",
            vec![
                Field::text("name", "Name")
                    .help("Letters, digits, dots, dashes and underscores.")
                    .required()
                    .fixed(!new),
                Field::text("displayName", "Name shown to people"),
                Field::new("group", "Group", Kind::Choice(groups)).absent(""),
                Field::switch("multivalued", "It can have several values"),
                Field::text("defaultValue", "Value of new users"),
            ],
        ),
        Section::new(
            "people",
            "Who",
            "",
            vec![
                Field::ticks("permissions.view", "Who sees it", &roles).listed(),
                Field::ticks("permissions.edit", "Who changes it", &roles).listed(),
                Field::choice(
                    "requiredFor",
                    "A value is needed",
                    &[
                        ("", "Never"),
                        ("user", "If the user writes it"),
                        ("admin", "If an administrator writes it"),
                        ("both", "Always"),
                    ],
                )
                .absent(""),
                Field::new("selector.scopes", "Only with these client scopes", Kind::Many)
                    .listed()
                    .help("One on each line. Empty is always."),
            ],
        ),
        Section::new(
            "checks",
            "What is checked",
            "What is left empty is not checked.",
            vec![
                Field::number("checks.length-min", "At least so many characters", 0, 100_000),
                Field::number("checks.length-max", "At most so many characters", 0, 100_000),
                Field::number("checks.integer-min", "A whole number of at least", i64::MIN, i64::MAX),
                Field::number("checks.integer-max", "A whole number of at most", i64::MIN, i64::MAX),
                Field::text("checks.pattern", "Matches the pattern").help("A regular expression for the whole value."),
                Field::text("checks.pattern-message", "What is said if it doesn't"),
                Field::new("checks.options", "One of these", Kind::Many).listed().help("One on each line."),
                Field::ticks("checks.plain", "It is", &PLAIN).listed(),
                Field::new("others", "Further checks", Kind::LongText)
                    .help("As JSON: names of validators with their settings, as in the Admin API."),
            ],
        ),
        Section::new(
            "hints",
            "Hints for forms",
            "",
            vec![Field::new("annotations", "Annotations", Kind::Pairs).help("Such as inputType and textarea.")],
        ),
    ]
}

fn is_asked_for(validator: &str) -> bool {
    PLAIN.iter().any(|(known, _)| *known == validator) || SETTINGS.iter().any(|(_, known, _)| *known == validator)
}

/// An attribute as the form shows it.
pub(super) fn shown(attribute: &UPAttribute) -> Value {
    let mut shown = serde_json::to_value(attribute).unwrap_or_default();
    let validations = attribute.validations.clone().unwrap_or_default();
    let setting =
        |validator: &str, name: &str| validations.get(validator).and_then(|settings| settings.get(name)).cloned();
    let mut checks = Map::new();
    for (field, validator, name) in SETTINGS {
        let field = field.trim_start_matches("checks.").to_owned();
        checks.extend(setting(validator, name).map(|value| (field, value)));
    }
    let plain: Vec<_> = PLAIN.iter().map(|(id, _)| *id).filter(|id| validations.contains_key(*id)).collect();
    checks.insert("plain".to_owned(), json!(plain));
    let others: Map<String, Value> = validations
        .iter()
        .filter(|(id, _)| !is_asked_for(id))
        .map(|(id, settings)| (id.clone(), json!(settings)))
        .collect();
    let others =
        if others.is_empty() { String::new() } else { serde_json::to_string_pretty(&others).unwrap_or_default() };
    let required = attribute.required.as_ref().map(|required| {
        let has = |role: &str| required.roles.iter().flatten().any(|known| known == role);
        match (has("user"), has("admin")) {
            (true, false) => "user",
            (false, true) => "admin",
            _ => "both",
        }
    });
    if let Value::Object(members) = &mut shown {
        members.insert("checks".to_owned(), Value::Object(checks));
        members.insert("others".to_owned(), Value::from(others));
        members.insert("requiredFor".to_owned(), Value::from(required.unwrap_or_default()));
    }
    shown
}

/// The attribute that a form makes of another one. Else the field that is wrong, and why.
pub(super) fn read(given: &Value, present: UPAttribute) -> Result<UPAttribute, (&'static str, String)> {
    let mut whole = serde_json::to_value(&present).unwrap_or_default();
    let text = |name: &str| given.get(name).and_then(Value::as_str).unwrap_or_default();
    let others: Map<String, Value> = match text("others").trim() {
        "" => Map::new(),
        json => serde_json::from_str(json).map_err(|error| ("others", format!("This can't be read: {error}.")))?,
    };
    let before = present.validations.unwrap_or_default();
    let checks = given.get("checks").cloned().unwrap_or_default();
    let mut validations: Map<String, Value> = others;
    for (field, validator, name) in SETTINGS {
        let value = checks.get(field.trim_start_matches("checks.")).cloned().unwrap_or_default();
        let empty = match &value {
            Value::String(text) => text.is_empty(),
            Value::Array(list) => list.is_empty(),
            other => other.is_null(),
        };
        if empty {
            continue;
        }
        // Settings that the form doesn't ask for stay, such as whether white space counts.
        let kept = before.get(validator).map_or(Value::Object(Map::new()), |settings| {
            let asked = |known: &str| SETTINGS.iter().any(|(_, of, name)| *of == validator && *name == known);
            Value::Object(
                settings
                    .iter()
                    .filter(|(name, _)| !asked(name))
                    .map(|(name, value)| (name.clone(), value.clone()))
                    .collect(),
            )
        });
        let settings = validations.entry(validator).or_insert(kept);
        if let Value::Object(settings) = settings {
            settings.insert(name.to_owned(), value);
        }
    }
    for id in checks.get("plain").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str) {
        let kept = before.get(id).map_or(json!({}), |settings| json!(settings));
        validations.insert(id.to_owned(), kept);
    }
    let scopes = present.required.as_ref().and_then(|required| required.scopes.clone());
    let required = match text("requiredFor") {
        "user" => json!({"roles": ["user"], "scopes": scopes.unwrap_or_default()}),
        "admin" => json!({"roles": ["admin"], "scopes": scopes.unwrap_or_default()}),
        "both" => json!({"roles": ["admin", "user"], "scopes": scopes.unwrap_or_default()}),
        _ => Value::Null,
    };
    let annotations = present.annotations.unwrap_or_default();
    let typed = given.get("annotations").and_then(Value::as_object).cloned().unwrap_or_default();
    let annotations: Map<String, Value> = typed
        .into_iter()
        .map(|(name, value)| {
            // What is no text was shown as JSON, and stays what it is.
            let as_json = value.as_str().and_then(|text| serde_json::from_str::<Value>(text).ok());
            let value = match annotations.get(&name) {
                Some(kept) if !kept.is_string() && as_json.as_ref() == Some(kept) => kept.clone(),
                _ => value,
            };
            (name, value)
        })
        .collect();
    let scoped =
        given.get("selector").and_then(|selector| selector.get("scopes")).cloned().unwrap_or_else(|| json!([]));
    if let Value::Object(members) = &mut whole {
        for name in ["name", "displayName", "group", "defaultValue", "multivalued", "permissions"] {
            if let Some(value) = given.get(name) {
                members.insert(name.to_owned(), value.clone());
            }
        }
        members.retain(|name, value| !(["group", "defaultValue"].contains(&name.as_str()) && value == ""));
        members.insert("validations".to_owned(), Value::Object(validations));
        members.insert("required".to_owned(), required);
        members.insert("annotations".to_owned(), Value::Object(annotations));
        let none = scoped.as_array().is_none_or(Vec::is_empty);
        members.insert("selector".to_owned(), if none { Value::Null } else { json!({"scopes": scoped}) });
    }
    serde_json::from_value(whole).map_err(|error| ("", format!("The attribute can't be read: {error}.")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        posted::Form,
        settings::{gather, undoing},
    };

    #[test]
    fn an_attribute_becomes_a_form_and_comes_back() {
        let attribute: UPAttribute = serde_json::from_value(json!({
            "name": "department",
            "displayName": "Department",
            "validations": {
                "length": {"min": "2", "max": "40", "trim-disabled": "true"},
                "email": {},
                "double": {"min": 1.5},
                "options": {"options": ["a", "b"]},
            },
            "annotations": {"inputType": "select", "inputOptionLabels": {"a": "A"}},
            "required": {"roles": ["user"], "scopes": []},
            "permissions": {"view": ["user", "admin"], "edit": ["admin"]},
            "multivalued": false,
        }))
        .unwrap();
        let config = UPConfig::default();
        let sections = sections(&config, true);
        let sent = undoing(&sections, &shown(&attribute));
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(sent).finish();
        let (given, errors) = gather(&sections, &Form::parse(body.as_bytes()).unwrap());
        assert!(errors.is_empty(), "{errors:?}");
        let back = read(&given, attribute.clone()).unwrap();
        let json = |attribute: &UPAttribute| serde_json::to_value(attribute).unwrap();
        assert_eq!(json(&back), json(&attribute));
        assert_eq!(read(&json!({"others": "[]"}), attribute).unwrap_err().0, "others");
    }
}
