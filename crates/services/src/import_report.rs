//! What an import did not take over, to be told to whoever asked for it: nothing is dropped silently.

use std::fmt;

use crate::{Error, Result};

/// One thing that was left out, or taken over differently from how it was given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remark {
    /// Where it stood in what was given, such as `clients[3].authorizationSettings` or `users[alice].totp`.
    pub path: String,
    /// Why, as a sentence for people.
    pub reason: String,
}

impl fmt::Display for Remark {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.path, self.reason)
    }
}

/// The remarks of one import, in the order in which they arose.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ImportReport {
    remarks: Vec<Remark>,
}

impl ImportReport {
    /// Notes that what stood at `path` was not taken over as it was, and why.
    pub fn note(&mut self, path: impl Into<String>, reason: impl Into<String>) {
        self.remarks.push(Remark { path: path.into(), reason: reason.into() });
    }

    /// The result, or none and a note where it is a refusal of what was given. Failures of the server stay failures.
    pub(crate) fn kept<T>(&mut self, path: impl Into<String>, result: Result<T>) -> Result<Option<T>> {
        match result {
            Ok(value) => Ok(Some(value)),
            Err(error @ (Error::Invalid(_) | Error::Refused(_) | Error::Policy { .. })) => {
                self.note(path, format!("{error}; left out"));
                Ok(None)
            }
            Err(other) => Err(other),
        }
    }

    /// What was noted.
    #[must_use]
    pub fn remarks(&self) -> &[Remark] {
        &self.remarks
    }
}
