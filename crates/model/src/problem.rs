//! What is wrong with an input, said so that a person can mend it.

use std::fmt;

use serde_json::Value;

/// One reason why a change is refused, tied to the field that caused it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The field or setting as the caller knows it, such as `repositories`.
    pub field: String,
    /// A plain-language sentence that names the offending part.
    pub message: String,
    /// What the message speaks of, where it is the key of a text with places to fill in.
    pub params: Vec<Value>,
}

impl Problem {
    /// Says what is wrong with `field`.
    pub fn new(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self { field: field.into(), message: message.into(), params: Vec::new() }
    }

    /// The same with what the message speaks of.
    #[must_use]
    pub fn with(self, params: Vec<Value>) -> Self {
        Self { params, ..self }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.field, self.message)
    }
}
