//! Fields for the settings that a kind of thing has: of a provider, a mapper, a step of a flow.

use protocol::{Setting, SettingType};
use representation::is_secret_name;
use serde_json::{Map, Value};

use super::{Field, Kind};

/// Fields for the settings of a kind, below `config`. In components each value is a list.
pub(crate) fn configured(settings: &'static [Setting], listed: bool) -> Vec<Field> {
    settings.iter().map(|setting| field(setting, listed)).collect()
}

fn field(setting: &'static Setting, listed: bool) -> Field {
    let kind = match setting.kind {
        _ if is_secret_name(setting.name) => Kind::Secret,
        SettingType::String | SettingType::Role | SettingType::Group => Kind::Text,
        SettingType::Text => Kind::LongText,
        SettingType::Boolean => Kind::Switch,
        SettingType::List if setting.options.is_empty() => Kind::Text,
        SettingType::List => {
            Kind::Choice(setting.options.iter().map(|option| ((*option).to_owned(), (*option).to_owned())).collect())
        }
        SettingType::MultivaluedString => Kind::Many,
    };
    let many = kind == Kind::Many;
    let mut field = Field::new(format!("config.{}", setting.name), setting.label, kind).help(setting.help);
    field.required = setting.required && field.kind != Kind::Secret;
    if let Some(usual) = setting.default {
        field = field.absent(usual);
    }
    match (listed, many) {
        (true, _) => field.listed(),
        (false, true) => field.joined("##"),
        (false, false) => field,
    }
}

/// The settings of a new thing of a kind, as they are usual.
pub(crate) fn usual(settings: &'static [Setting]) -> Value {
    let given = settings.iter().filter_map(|setting| Some((setting.name.to_owned(), Value::from(setting.default?))));
    Value::Object(Map::from_iter([("config".to_owned(), Value::Object(given.collect()))]))
}
