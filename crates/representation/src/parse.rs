//! Request bodies to representations, with Keycloak's error texts.
//!
//! Admin clients match on those texts (python-keycloak looks for "Unrecognized field"), so they are part of the
//! interface. A body's size is bounded by the HTTP layer, its nesting by serde_json (128 levels).

mod position;
#[cfg(test)]
mod tests;
mod tracked;

use std::cell::Cell;

use serde::de::DeserializeOwned;
use serde_json::error::Category;

use crate::{
    define::Representation,
    error::{ErrorBody, ErrorText, OAuthError},
};

/// Keycloak's description of every body it cannot read, whatever the reason.
const CANNOT_PARSE: &str = "Cannot parse the JSON";

/// Why a body could not be read. All three are answered with status 400.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ParseError {
    /// The JSON has a property the representation does not know.
    #[error("{text}")]
    Unrecognized {
        /// Keycloak's sentence: representation, property, line and column.
        text: String,
    },
    /// A value has a JSON type its field cannot take, or a property is given twice.
    #[error("{CANNOT_PARSE}")]
    WrongType,
    /// The body is not JSON, or is nested too deeply. Holds what is wrong and where, never the body's content.
    #[error("{0}")]
    Syntax(String),
}

impl ParseError {
    /// The body of the error response. The detail of a syntax error is for logs; the caller gets Keycloak's text.
    pub fn body(&self) -> ErrorBody {
        match self {
            Self::Unrecognized { text } => ErrorText::new(text.as_str()).into(),
            Self::WrongType => OAuthError::new("unknown_error", CANNOT_PARSE).into(),
            Self::Syntax(_) => OAuthError::new("invalid_request", CANNOT_PARSE).into(),
        }
    }
}

/// Reads one representation, or a list of one kind, from a JSON body.
///
/// # Errors
/// See [`ParseError`]. An unknown property is reported under the name of the innermost representation around it,
/// with the line and column Keycloak would give.
pub fn parse<T: DeserializeOwned + Representation>(body: &[u8]) -> Result<T, ParseError> {
    let failed_in = Cell::new(None);
    let mut json = serde_json::Deserializer::from_slice(body);
    T::deserialize(tracked::Tracked::new(&mut json, &failed_in))
        .and_then(|value| json.end().map(|()| value))
        .map_err(|error| classify(&error, body, failed_in.get().unwrap_or(T::NAME)))
}

fn classify(error: &serde_json::Error, body: &[u8], representation: &str) -> ParseError {
    match error.classify() {
        Category::Data => match unknown_field(&error.to_string()) {
            Some(field) => {
                let (line, column) = position::behind_first_token(body, error.line(), error.column());
                ParseError::Unrecognized {
                    text: format!(
                        "Invalid json representation for {representation}. Unrecognized field \"{field}\" at line {line} column {column}."
                    ),
                }
            }
            None => ParseError::WrongType,
        },
        Category::Syntax | Category::Eof | Category::Io => ParseError::Syntax(error.to_string()),
    }
}

/// The property name in serde's "unknown field" message.
///
/// The name is the caller's and may itself contain the words around it, so the closing words are searched from
/// the end: what follows them is the list of our own field names.
fn unknown_field(message: &str) -> Option<&str> {
    let rest = message.strip_prefix("unknown field `")?;
    rest.rsplit_once("`, expected ").or_else(|| rest.rsplit_once("`, there are no fields")).map(|(field, _)| field)
}
