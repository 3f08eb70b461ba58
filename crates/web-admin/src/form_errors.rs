//! What is wrong with a form, each sentence beside the field that it is about.

use services::Error;
use web::Shown;

use crate::refusal::{Refusal, sentence};

/// The problems of a form.
#[derive(Clone, Debug, Default)]
pub struct FormErrors(Vec<(String, Shown)>);

impl FormErrors {
    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Adds a sentence about a field; an empty name is the whole form.
    pub fn add(&mut self, field: &str, text: &str) {
        self.0.push((field.to_owned(), Shown::sentence(text)));
    }

    /// What to show of a refused change: its problems beside their fields, any other refusal above the form.
    ///
    /// # Errors
    /// What is no fault of the form, such as a missing permission or a failure of the server.
    pub fn of(error: Error) -> Result<Self, Refusal> {
        let mut errors = Self::default();
        match &error {
            Error::Invalid(problems) => {
                for problem in problems {
                    errors.add(&problem.field, &problem.message);
                }
            }
            Error::Conflict(_)
            | Error::Stale
            | Error::Refused(_)
            | Error::Illegal(_)
            | Error::Unsupported(_)
            | Error::Failed(_)
            | Error::Policy { .. } => errors.add("", &sentence(&error)),
            _ => return Err(Refusal::Service(error)),
        }
        Ok(errors)
    }

    /// The same about the fields of a form in which this stands before their names.
    #[must_use]
    pub fn within(self, prefix: &str) -> Self {
        self.within_but(prefix, &[])
    }

    /// The same, but for these names, which stand outside.
    #[must_use]
    pub fn within_but(self, prefix: &str, outside: &[&str]) -> Self {
        let stays = |name: &str| name.is_empty() || name.starts_with(prefix) || outside.contains(&name);
        let named = |(name, text): (String, Shown)| match stays(&name) {
            true => (name, text),
            false => (format!("{prefix}{name}"), text),
        };
        Self(self.0.into_iter().map(named).collect())
    }

    /// The same, where what is no field is meant to be the one with this before its name, if there is that one.
    #[must_use]
    pub fn placed(self, prefix: &str, is_field: impl Fn(&str) -> bool) -> Self {
        self.named(|name| {
            let whole = format!("{prefix}{name}");
            if !is_field(name) && is_field(&whole) { whole } else { name.to_owned() }
        })
    }

    /// The same about fields with other names.
    #[must_use]
    pub fn named(self, name: impl Fn(&str) -> String) -> Self {
        Self(self.0.into_iter().map(|(field, text)| (name(&field), text)).collect())
    }

    /// The sentence about a field. Several would be one too many at a time.
    #[must_use]
    pub fn about(&self, field: &str) -> Option<&Shown> {
        self.0.iter().find(|(name, _)| name == field).map(|(_, text)| text)
    }

    /// The sentences about the form as a whole, and about fields that `shown` doesn't name.
    pub fn beyond<'a>(&'a self, shown: &'a [&'a str]) -> impl Iterator<Item = &'a Shown> {
        self.0.iter().filter(|(name, _)| name.is_empty() || !shown.contains(&name.as_str())).map(|(_, text)| text)
    }
}
