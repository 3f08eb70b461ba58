//! The shapes of Keycloak's error bodies.
//!
//! There are three, and clients tell them apart by their keys: a thrown exception gives `error`, a domain error
//! gives `errorMessage`, and OAuth or authorization endpoints give `error` with `error_description`.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// `{"error":"TEXT"}`: not found, bad request, forbidden.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ErrorText {
    /// The sentence shown to the caller.
    pub error: String,
}

impl ErrorText {
    /// An error with this text.
    pub fn new(error: impl Into<String>) -> Self {
        Self { error: error.into() }
    }
}

/// `{"errorMessage":"TEXT"}`: a rule of the product was broken; Keycloak's `ErrorRepresentation`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct ErrorMessage {
    /// The field the error is about, for instance a user attribute.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// The sentence, or the key of a translated message.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error_message: Option<String>,
    /// Values for the placeholders of the message.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub params: Option<Vec<Value>>,
    /// The single errors when there are several; the outer object then has no message of its own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub errors: Option<Vec<ErrorMessage>>,
}

impl ErrorMessage {
    /// An error with this text only.
    pub fn new(error_message: impl Into<String>) -> Self {
        Self { error_message: Some(error_message.into()), ..Self::default() }
    }

    /// Names the field the error is about and the values its message refers to.
    #[must_use]
    pub fn about(self, field: impl Into<String>, params: Vec<Value>) -> Self {
        Self { field: Some(field.into()), params: Some(params), ..self }
    }

    /// Several errors in one answer.
    pub fn several(errors: Vec<Self>) -> Self {
        Self { errors: Some(errors), ..Self::default() }
    }
}

/// `{"error":"code","error_description":"…"}` (RFC 6749 section 5.2).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OAuthError {
    /// The error code, for instance `invalid_request`.
    pub error: String,
    /// Text for the developer of the client.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error_description: Option<String>,
}

impl OAuthError {
    /// An error with code and description.
    pub fn new(error: impl Into<String>, description: impl Into<String>) -> Self {
        Self { error: error.into(), error_description: Some(description.into()) }
    }

    /// An error with the code only.
    pub fn code(error: impl Into<String>) -> Self {
        Self { error: error.into(), error_description: None }
    }
}

/// Any of the three bodies.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum ErrorBody {
    /// See [`ErrorText`].
    Text(ErrorText),
    /// See [`ErrorMessage`].
    Message(ErrorMessage),
    /// See [`OAuthError`].
    OAuth(OAuthError),
}

impl From<ErrorText> for ErrorBody {
    fn from(error: ErrorText) -> Self {
        Self::Text(error)
    }
}

impl From<ErrorMessage> for ErrorBody {
    fn from(error: ErrorMessage) -> Self {
        Self::Message(error)
    }
}

impl From<OAuthError> for ErrorBody {
    fn from(error: OAuthError) -> Self {
        Self::OAuth(error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn json(error: impl Into<ErrorBody>) -> String {
        serde_json::to_string(&error.into()).unwrap()
    }

    #[test]
    fn bodies_have_keycloaks_keys_in_order() {
        assert_eq!(json(ErrorText::new("Realm not found.")), r#"{"error":"Realm not found."}"#);
        assert_eq!(json(ErrorMessage::new("User exists")), r#"{"errorMessage":"User exists"}"#);
        assert_eq!(
            json(ErrorMessage::new("error-invalid-length").about("email", vec!["email".into(), 255.into()])),
            r#"{"field":"email","errorMessage":"error-invalid-length","params":["email",255]}"#
        );
        assert_eq!(
            json(ErrorMessage::several(vec![ErrorMessage::new("a"), ErrorMessage::new("b")])),
            r#"{"errors":[{"errorMessage":"a"},{"errorMessage":"b"}]}"#
        );
        assert_eq!(
            json(OAuthError::new("invalid_grant", "Code not valid")),
            r#"{"error":"invalid_grant","error_description":"Code not valid"}"#
        );
        assert_eq!(json(OAuthError::code("access_denied")), r#"{"error":"access_denied"}"#);
    }
}
