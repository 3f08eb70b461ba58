//! The settings of a mapper as the fields of a form. A mapper's configuration is flat, with dots in its names; a form's
//! values stand in a tree of two levels. This leads from one to the other.

use model::{Attributes, protocol_mapper::ProtocolMapper};
use protocol::{MapperKind, Setting, SettingType};
use serde_json::{Map, Value};

use crate::{
    form_errors::FormErrors,
    settings::{Field, Kind, Section, undoing as undoing_all},
};

/// What stands between several values of one setting.
const SEPARATOR: &str = "##";
/// The field of a mapper's own name. No setting is called so.
const NAME: &str = "mapperName";

/// The sections of a form for this kind. A new mapper has the settings that are usual.
pub(super) fn sections(kind: &MapperKind, new: bool) -> Vec<Section> {
    let name = Field::text(NAME, "Name").required().help("For administrators; it is not in any token.");
    let fields = kind.settings.iter().map(|setting| field(setting, new));
    vec![Section::new("mapper", "Mapper", "", std::iter::once(name).chain(fields).collect())]
}

fn field(setting: &Setting, new: bool) -> Field {
    let options: Vec<_> = setting.options.iter().map(|option| ((*option).to_owned(), (*option).to_owned())).collect();
    let kind = match setting.kind {
        SettingType::String | SettingType::Role | SettingType::Group => Kind::Text,
        SettingType::Text => Kind::LongText,
        SettingType::Boolean => Kind::Switch,
        SettingType::List => Kind::Choice(options),
        SettingType::MultivaluedString => Kind::Many,
    };
    let mut field = Field::new(setting.name, setting.label, kind).help(setting.help);
    // What a mapper that is there doesn't say, it doesn't have: only a new one begins with what is usual.
    if let Some(default) = setting.default.filter(|_| new) {
        field = field.absent(default);
    }
    if setting.required {
        field = field.required();
    }
    field
}

/// A mapper as the values of such a form.
pub(super) fn of(mapper: Option<&ProtocolMapper>) -> Value {
    let mut tree = Map::new();
    let Some(mapper) = mapper else { return Value::Object(tree) };
    tree.insert(NAME.to_owned(), Value::from(mapper.name.as_str()));
    for (name, value) in &mapper.config {
        match name.split_once('.') {
            None => {
                tree.insert(name.clone(), Value::from(value.as_str()));
            }
            Some((outer, inner)) => {
                let outer = tree.entry(outer).or_insert_with(|| Value::Object(Map::new()));
                if let Value::Object(members) = outer {
                    members.insert(inner.to_owned(), Value::from(value.as_str()));
                }
            }
        }
    }
    Value::Object(tree)
}

/// The name and the configuration that a form's values stand for. What the kind doesn't declare stays as it is.
pub(super) fn read(kind: &MapperKind, tree: &Value, mapper: Option<&ProtocolMapper>) -> (String, Attributes) {
    let mut config = mapper.map(|mapper| mapper.config.clone()).unwrap_or_default();
    for setting in kind.settings {
        let value = match setting.name.split_once('.') {
            None => tree.get(setting.name),
            Some((outer, inner)) => tree.get(outer).and_then(|outer| outer.get(inner)),
        };
        match value.map(text).filter(|value| !value.is_empty()) {
            Some(value) => config.insert(setting.name.to_owned(), value),
            None => config.remove(setting.name),
        };
    }
    (tree.get(NAME).map(text).unwrap_or_default(), config)
}

fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(text).collect::<Vec<_>>().join(SEPARATOR),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

/// The fields of a form that would make a mapper what it is now.
pub(super) fn undoing(kind: &MapperKind, mapper: &ProtocolMapper) -> Vec<(String, String)> {
    let mut fields = undoing_all(&sections(kind, false), &of(Some(mapper)));
    fields.push(("kind".to_owned(), kind.id.to_owned()));
    fields
}

/// The problems of a mapper beside their fields.
pub(super) fn beside(errors: FormErrors, kind: &MapperKind) -> FormErrors {
    errors.named(|name| match name {
        "name" => NAME.to_owned(),
        name => match name.strip_prefix("config.") {
            Some(setting) if kind.settings.iter().any(|known| known.name == setting) => setting.to_owned(),
            _ => name.to_owned(),
        },
    })
}

#[cfg(test)]
mod tests {
    use model::id::MapperId;

    use super::*;

    const KIND: MapperKind = MapperKind {
        id: "kind",
        label: "Kind",
        category: "",
        help: "",
        settings: &[
            Setting {
                name: "user.attribute",
                label: "",
                help: "",
                kind: SettingType::String,
                default: None,
                options: &[],
                required: false,
            },
            Setting {
                name: "user.attribute.street",
                label: "",
                help: "",
                kind: SettingType::String,
                default: None,
                options: &[],
                required: false,
            },
            Setting {
                name: "multivalued",
                label: "",
                help: "",
                kind: SettingType::Boolean,
                default: Some("true"),
                options: &[],
                required: false,
            },
        ],
    };

    #[test]
    fn what_a_form_says_is_what_the_mapper_gets() {
        let config =
            [("user.attribute", "a"), ("user.attribute.street", "b"), ("multivalued", "false"), ("other", "x")];
        let config: Attributes = config.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
        let mapper = ProtocolMapper {
            id: MapperId("id".into()),
            name: "name".into(),
            protocol: "p".into(),
            kind: "kind".into(),
            config: config.clone(),
        };
        let tree = of(Some(&mapper));
        assert_eq!(read(&KIND, &tree, Some(&mapper)), ("name".to_owned(), config));
        let form = undoing(&KIND, &mapper);
        assert!(form.contains(&("user.attribute.street".to_owned(), "b".to_owned())));
        assert!(!form.iter().any(|(name, _)| name == "multivalued"), "a switch that is off is not sent");
    }
}
