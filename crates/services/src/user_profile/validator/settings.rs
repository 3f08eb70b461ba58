//! Settings of a validator, whose numbers and switches may be written as texts.

use std::collections::BTreeMap;

use serde_json::Value;

/// The settings.
pub(super) struct Settings<'a>(pub(super) &'a BTreeMap<String, Value>);

impl Settings<'_> {
    /// A setting as text.
    pub(super) fn text(&self, name: &str) -> Option<String> {
        match self.0.get(name)? {
            Value::String(text) => Some(text.clone()).filter(|text| !text.is_empty()),
            Value::Number(number) => Some(number.to_string()),
            Value::Bool(switch) => Some(switch.to_string()),
            _ => None,
        }
    }

    /// A setting that must be a number.
    pub(super) fn number(&self, name: &str) -> Result<Option<f64>, Option<String>> {
        match self.text(name) {
            None => Ok(None),
            Some(text) => match text.parse::<f64>() {
                Ok(number) if number.is_finite() => Ok(Some(number)),
                _ => Err(Some(format!("'{name}' is no number"))),
            },
        }
    }

    /// A setting that is a list of texts, or one text.
    pub(super) fn list(&self, name: &str) -> Option<Vec<String>> {
        match self.0.get(name)? {
            Value::Array(items) => Some(items.iter().filter_map(Value::as_str).map(str::to_owned).collect()),
            Value::String(text) => Some(vec![text.clone()]),
            _ => None,
        }
    }
}
