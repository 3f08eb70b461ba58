//! What is told beside a form that was refused.

use crate::shown::Shown;

/// Why a form was refused, as a sentence, and the id of the refusal, under which an administrator finds the reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormError {
    /// What went wrong and what to do.
    pub text: Shown,
    /// The id of the event.
    pub id: Shown,
}

impl FormError {
    /// The refusal with this text and id.
    #[must_use]
    pub fn new(text: &str, id: &str) -> Self {
        Self { text: Shown::sentence(text), id: Shown::name(id) }
    }
}
