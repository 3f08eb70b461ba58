//! Where options come from: a flag, else the environment, else the file.

use std::{collections::BTreeMap, fmt, path::PathBuf};

use super::{
    Trouble,
    hint::closest,
    setting::{CONFIG_FILE_VARIABLE, PREFIX, SETTINGS, Setting},
};

/// Where one value was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// On the command line.
    Flag,
    /// In the environment.
    Environment,
    /// In this file.
    File(PathBuf),
}

/// A value as it was written. Its `Debug` shows nothing, because it may be a secret.
#[derive(Clone, PartialEq, Eq)]
pub struct Given {
    /// The text.
    pub value: String,
    /// Where it was found.
    pub source: Source,
}

impl fmt::Debug for Given {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Given({:?})", self.source)
    }
}

/// All values by the name of their option.
pub type Values = BTreeMap<&'static str, Given>;

/// The name of an option as it has to be written at this source.
#[must_use]
pub fn name_at(setting: &Setting, source: &Source) -> String {
    match source {
        Source::Flag => format!("--{}", setting.name),
        Source::Environment => setting.variable(),
        Source::File(path) => format!("{} in {}", setting.name, path.display()),
    }
}

/// Adds what the environment holds, without replacing anything. An empty variable counts as absent.
pub fn add_environment(values: &mut Values, environment: &BTreeMap<String, String>, trouble: &mut Vec<Trouble>) {
    let variables: Vec<String> = SETTINGS.iter().map(Setting::variable).collect();
    for (variable, value) in environment.range(PREFIX.to_owned()..).take_while(|(name, _)| name.starts_with(PREFIX)) {
        if variable == CONFIG_FILE_VARIABLE {
            continue;
        }
        match SETTINGS.iter().zip(&variables).find(|(_, name)| *name == variable) {
            Some((setting, _)) if !value.is_empty() => {
                let given = Given { value: value.clone(), source: Source::Environment };
                values.entry(setting.name).or_insert(given);
            }
            Some(_) => {}
            None => {
                let known = variables.iter().map(String::as_str).chain([CONFIG_FILE_VARIABLE]);
                trouble.push(unknown(variable, "environment variable", closest(variable, known)));
            }
        }
    }
}

/// Adds what the file holds, without replacing anything.
pub fn add_file(values: &mut Values, path: PathBuf, text: &str, trouble: &mut Vec<Trouble>) {
    let table: toml::Table = match text.parse() {
        Ok(table) => table,
        Err(error) => {
            // The error's text would show the offending line, which may hold a secret.
            let line = error.span().map_or(1, |span| text.get(..span.start).unwrap_or("").matches('\n').count() + 1);
            let found = error.message();
            trouble.push(Trouble::new(
                path.display().to_string(),
                format!("line {line} can't be read: {found}. Write each option as `key = value`, a text in quotes"),
            ));
            return;
        }
    };
    for (key, value) in table {
        let Some(setting) = SETTINGS.iter().find(|setting| setting.name == key) else {
            let name = format!("{key} in {}", path.display());
            trouble.push(unknown(&name, "option", closest(&key, SETTINGS.iter().map(|setting| setting.name))));
            continue;
        };
        let source = Source::File(path.clone());
        match text_of(&value) {
            Some(value) => {
                values.entry(setting.name).or_insert(Given { value, source });
            }
            None => trouble.push(Trouble::new(
                name_at(setting, &source),
                "has to be a text, a number or a list of texts".to_owned(),
            )),
        }
    }
}

fn text_of(value: &toml::Value) -> Option<String> {
    match value {
        toml::Value::String(text) => Some(text.clone()),
        toml::Value::Integer(number) => Some(number.to_string()),
        toml::Value::Boolean(flag) => Some(flag.to_string()),
        toml::Value::Array(values) => {
            values.iter().map(text_of).collect::<Option<Vec<_>>>().map(|texts| texts.join(","))
        }
        toml::Value::Float(_) | toml::Value::Datetime(_) | toml::Value::Table(_) => None,
    }
}

fn unknown(name: &str, kind: &str, meant: Option<&str>) -> Trouble {
    let hint = match meant {
        Some(meant) => format!("Did you mean {meant}?"),
        None => "`portcullis start --help` lists all of them".to_owned(),
    };
    Trouble::new(name.to_owned(), format!("is no known {kind}. {hint}"))
}
