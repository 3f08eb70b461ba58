//! The validators of attributes, by Keycloak's ids, with its message keys.
//!
//! None of them judges an empty value: whether there must be one is for `required` to say.

mod dates;
mod letters;
mod numbers;
mod settings;
mod uri;

use std::collections::BTreeMap;

use regex::{Regex, RegexBuilder};
use serde_json::Value;

use numbers::Bounds;
use settings::Settings;

/// How large a compiled pattern may be, in bytes. Matching takes time linear in the value whatever the pattern.
const PATTERN_SIZE: usize = 256 * 1_024;
/// The most values to choose from.
const MAX_OPTIONS: usize = 2_000;

/// What a validator found.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Found {
    /// The key of the text.
    pub(super) key: String,
    /// What it speaks of, after the attribute's name.
    pub(super) params: Vec<Value>,
}

impl Found {
    fn new(key: &str, params: Vec<Value>) -> Self {
        Self { key: key.to_owned(), params }
    }
}

/// A validator with its settings.
#[derive(Clone, Debug)]
pub(super) enum Validator {
    /// So many letters.
    Length { bounds: Bounds, trim: bool },
    /// A whole number.
    Integer(Bounds),
    /// A number.
    Double(Bounds),
    /// The whole value fits.
    Pattern { fits: Regex, text: String, message: String },
    /// An address.
    Email { longest_local: usize },
    /// A URI.
    Uri(uri::Rules),
    /// A day as people write it.
    LocalDate,
    /// A day as ISO 8601 writes it.
    IsoDate,
    /// One of these.
    Options(Vec<String>),
    /// So many values.
    Multivalued(Bounds),
    /// Letters that can't stand in a person's name.
    PersonName { message: String },
    /// Letters that can't stand in a login name.
    Username { message: String },
    /// Letters that look like others.
    NotHomograph { message: String },
}

impl Validator {
    /// Reads a validator. The error is none if there is no such validator, else what is wrong with its settings.
    pub(super) fn parse(id: &str, settings: &BTreeMap<String, Value>) -> Result<Self, Option<String>> {
        let settings = Settings(settings);
        let message = |usual: &str| settings.text("error-message").unwrap_or_else(|| usual.to_owned());
        Ok(match id {
            "length" => {
                let bounds = Bounds::read(&settings)?.some_bound()?;
                Self::Length { bounds, trim: settings.text("trim-disabled").is_none_or(|disabled| disabled != "true") }
            }
            "integer" => Self::Integer(Bounds::read(&settings)?),
            "double" => Self::Double(Bounds::read(&settings)?),
            "pattern" => {
                let text = settings.text("pattern").ok_or_else(|| Some("'pattern' is missing".to_owned()))?;
                let fits = RegexBuilder::new(&format!("^(?:{text})$")).size_limit(PATTERN_SIZE).build();
                let fits = fits.or(Err(Some(format!("'pattern' can't be understood: {text}"))))?;
                Self::Pattern { fits, text, message: message("error-pattern-no-match") }
            }
            "email" => Self::Email {
                longest_local: match settings.number("max-local-length")? {
                    Some(most) => usize::try_from(most as i64).unwrap_or(64),
                    None => 64,
                },
            },
            "uri" => Self::Uri(uri::Rules::read(&settings)),
            "local-date" => Self::LocalDate,
            "iso-date" => Self::IsoDate,
            "options" => {
                let options = settings.list("options").ok_or_else(|| Some("'options' is missing".to_owned()))?;
                if options.len() > MAX_OPTIONS {
                    return Err(Some(format!("there are more than {MAX_OPTIONS} options")));
                }
                Self::Options(options)
            }
            "multivalued" => Self::Multivalued(Bounds::read(&settings)?.some_bound()?),
            "person-name-prohibited-characters" => {
                Self::PersonName { message: message("error-person-name-invalid-character") }
            }
            "username-prohibited-characters" => Self::Username { message: message("error-username-invalid-character") },
            "up-username-not-idn-homograph" => {
                Self::NotHomograph { message: message("error-username-invalid-character") }
            }
            _ => return Err(None),
        })
    }

    /// The first thing that is wrong with these values, none of which is empty.
    pub(super) fn judge(&self, values: &[&str]) -> Option<Found> {
        if let Self::Multivalued(bounds) = self {
            let outside = bounds.outside(values.len() as f64).is_some();
            return outside.then(|| Found::new("error-invalid-multivalued-size", bounds.params()));
        }
        values.iter().find_map(|value| self.judge_one(value))
    }

    fn judge_one(&self, value: &str) -> Option<Found> {
        let wrong = |key: &str| Some(Found::new(key, vec![Value::from(value)]));
        let plain = |fits: bool, message: &str| (!fits).then(|| Found::new(message, Vec::new()));
        match self {
            Self::Length { bounds, trim } => {
                let measured = if *trim { value.trim() } else { value };
                let outside = bounds.outside(measured.chars().count() as f64).is_some();
                let names = ["error-invalid-length", "error-invalid-length-too-short", "error-invalid-length-too-long"];
                outside.then(|| Found::new(bounds.key(names), bounds.params()))
            }
            Self::Integer(bounds) => {
                numbers::judge(value.parse::<i64>().ok().map(|number| number as f64), bounds, value)
            }
            Self::Double(bounds) => {
                numbers::judge(value.parse::<f64>().ok().filter(|number| number.is_finite()), bounds, value)
            }
            Self::Pattern { fits, text, message } => {
                (!fits.is_match(value)).then(|| Found::new(message, vec![Value::from(text.as_str())]))
            }
            Self::Email { longest_local } => {
                let local = value.split_once('@').map_or(0, |(local, _)| local.len());
                let good = crate::users::is_email(value) && local <= *longest_local;
                if good { None } else { wrong("error-invalid-email") }
            }
            Self::Uri(rules) => rules.judge(value),
            Self::LocalDate => {
                if dates::is_local(value) {
                    None
                } else {
                    wrong("error-invalid-date")
                }
            }
            Self::IsoDate => {
                if dates::is_iso(value) {
                    None
                } else {
                    wrong("error-invalid-date")
                }
            }
            Self::Options(options) => {
                if options.iter().any(|option| option == value) {
                    None
                } else {
                    wrong("error-invalid-value")
                }
            }
            Self::Multivalued(_) => None,
            Self::PersonName { message } => plain(letters::fit_person_name(value), message),
            Self::Username { message } => plain(letters::fit_username(value), message),
            Self::NotHomograph { message } => plain(letters::are_no_homographs(value), message),
        }
    }
}

#[cfg(test)]
mod tests;
