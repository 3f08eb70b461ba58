//! The fields of a form or query, each taken at most once except `scope`.

use super::{MAX_FORM_LENGTH, MAX_LABEL_LENGTH, MAX_SERVICE_LENGTH, printable};
use crate::error::TokenError;

/// Decoded fields that were not looked at yet.
pub(super) struct Fields(Vec<(String, String)>);

impl Fields {
    /// Decodes `application/x-www-form-urlencoded` text, once.
    pub(super) fn parse(text: &[u8]) -> Result<Self, TokenError> {
        if text.len() > MAX_FORM_LENGTH {
            return Err(TokenError::TooMuch("The fields of this request are longer than 64 KiB.".to_owned()));
        }
        let fields: Result<Vec<(String, String)>, _> = serde_urlencoded::from_bytes(text);
        fields.map(Self).or(Err(TokenError::InvalidRequest("The fields of this request can't be read.".to_owned())))
    }

    /// All values of a field that may be repeated.
    pub(super) fn take_all(&mut self, name: &str) -> Vec<String> {
        self.0.extract_if(.., |(field, _)| field == name).map(|(_, value)| value).collect()
    }

    /// The value of a field that occurs at most once.
    pub(super) fn take(&mut self, name: &str) -> Result<Option<String>, TokenError> {
        let mut values = self.take_all(name);
        if values.len() > 1 {
            return Err(TokenError::InvalidRequest(format!("The field {name} occurs more than once.")));
        }
        Ok(values.pop())
    }

    /// The value of a field that must be there.
    pub(super) fn required(&mut self, name: &'static str) -> Result<String, TokenError> {
        self.take(name)?.filter(|value| !value.is_empty()).ok_or(TokenError::MissingField(name))
    }

    /// The registry's name for itself.
    pub(super) fn service(&mut self) -> Result<String, TokenError> {
        let service = self.required("service")?;
        if service.len() > MAX_SERVICE_LENGTH || service.chars().any(char::is_control) {
            return Err(TokenError::UnknownService);
        }
        Ok(service)
    }

    /// The client's label of itself.
    pub(super) fn label(&mut self) -> Result<Option<String>, TokenError> {
        let label = self.take("client_id")?.filter(|label| !label.is_empty());
        Ok(label.map(|label| printable(&label, MAX_LABEL_LENGTH)))
    }
}
