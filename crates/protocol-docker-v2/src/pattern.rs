//! Repository patterns of permission rules.
//!
//! A pattern is anchored and case-sensitive and works on the parts between slashes: `*` stays within one part, `**` as
//! a whole part is one or more parts, and `${username}`, `${group}`, `${attribute:NAME}` stand for text that itself is
//! one well-formed path component, so no user name or attribute widens a rule.

use std::fmt;

use crate::repository_name::RepositoryName;

mod examples;
mod matching;
mod parse;
#[cfg(test)]
mod tests;

pub use examples::Examples;
pub use matching::Bindings;
pub use parse::PatternError;

/// The longest pattern, in bytes.
pub const MAX_PATTERN_LENGTH: usize = 512;

/// A pattern that was checked when it was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern {
    text: String,
    components: Vec<Component>,
}

/// One part between slashes.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Component {
    /// `**`: one or more parts.
    Many,
    /// Exactly one part, made of these pieces.
    One(Vec<Piece>),
}

/// A piece of a part.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Piece {
    /// Text that stands for itself.
    Literal(String),
    /// `*`: any characters, also none.
    Star,
    /// A text that depends on the user.
    Variable(Variable),
}

/// What a variable stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Variable {
    /// The user's name.
    Username,
    /// The name of the group through which the rule applies.
    Group,
    /// A value of the user's attribute of this name.
    Attribute(String),
}

impl Pattern {
    /// Reads and checks a pattern.
    ///
    /// # Errors
    /// A sentence that names the offending part.
    pub fn parse(text: &str) -> Result<Self, PatternError> {
        Ok(Self { text: text.to_owned(), components: parse::components(text)? })
    }

    /// The pattern as written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether the whole of `name` fits, with variables standing for what `bindings` say.
    ///
    /// Takes time proportional to the product of both lengths at worst.
    #[must_use]
    pub fn matches(&self, name: &RepositoryName, bindings: &Bindings<'_>) -> bool {
        matching::matches(&self.components, name, bindings)
    }

    /// Names that it matches, and close ones that it doesn't.
    #[must_use]
    pub fn examples(&self) -> Examples {
        examples::of(self)
    }

    /// Whether it depends on who asks.
    #[must_use]
    pub fn has_variables(&self) -> bool {
        self.components.iter().any(|component| match component {
            Component::Many => false,
            Component::One(pieces) => pieces.iter().any(|piece| matches!(piece, Piece::Variable(_))),
        })
    }

    /// Whether `${group}` occurs.
    #[must_use]
    pub fn mentions_group(&self) -> bool {
        self.components.iter().any(|component| match component {
            Component::Many => false,
            Component::One(pieces) => pieces.contains(&Piece::Variable(Variable::Group)),
        })
    }
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}
