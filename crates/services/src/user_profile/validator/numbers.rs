//! Numbers and their bounds.

use serde_json::Value;

use super::{Found, settings::Settings};

/// The least and the most.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::user_profile) struct Bounds {
    least: Option<f64>,
    most: Option<f64>,
    /// As they were given, for messages.
    shown: [Value; 2],
}

impl Bounds {
    pub(super) fn read(settings: &Settings<'_>) -> Result<Self, Option<String>> {
        let shown = |name: &str| settings.0.get(name).cloned().unwrap_or(Value::Null);
        let bounds =
            Self { least: settings.number("min")?, most: settings.number("max")?, shown: [shown("min"), shown("max")] };
        match (bounds.least, bounds.most) {
            (Some(least), Some(most)) if least > most => Err(Some("'max' must not be less than 'min'".to_owned())),
            _ => Ok(bounds),
        }
    }

    /// The same, if there is a bound at all.
    pub(super) fn some_bound(self) -> Result<Self, Option<String>> {
        match (self.least, self.most) {
            (None, None) => Err(Some("'min' or 'max' is needed".to_owned())),
            _ => Ok(self),
        }
    }

    /// Whether a number lies outside: below or above.
    pub(super) fn outside(&self, number: f64) -> Option<std::cmp::Ordering> {
        if self.least.is_some_and(|least| number < least) {
            Some(std::cmp::Ordering::Less)
        } else if self.most.is_some_and(|most| number > most) {
            Some(std::cmp::Ordering::Greater)
        } else {
            None
        }
    }

    /// The key of the text: for two bounds, for a least one only, for a most one only.
    pub(super) fn key(&self, [both, least, most]: [&'static str; 3]) -> &'static str {
        match (self.least, self.most) {
            (Some(_), Some(_)) => both,
            (Some(_), None) => least,
            _ => most,
        }
    }

    /// What the text speaks of.
    pub(super) fn params(&self) -> Vec<Value> {
        self.shown.to_vec()
    }
}

/// Judges a value that should be a number; `number` is none if it is not.
pub(super) fn judge(number: Option<f64>, bounds: &Bounds, value: &str) -> Option<Found> {
    let Some(number) = number else { return Some(Found::new("error-invalid-number", vec![Value::from(value)])) };
    bounds.outside(number)?;
    let names =
        ["error-number-out-of-range", "error-number-out-of-range-too-small", "error-number-out-of-range-too-big"];
    Some(Found::new(bounds.key(names), bounds.params()))
}
