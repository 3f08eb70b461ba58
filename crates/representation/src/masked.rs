//! Values that travel in JSON but must never reach a log.
//!
//! A representation derives `Debug`, and a debug print of a request is an easy mistake to make. Wrapping the
//! secret fields here makes that mistake harmless, while the JSON stays exactly as Keycloak has it.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A value that reads and writes as plain JSON but prints as `<hidden>`.
///
/// Equality is ordinary, not constant time: compare credentials with the functions made for that.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Masked<T>(T);

/// A secret string: client secret, password, private key.
pub type SecretText = Masked<String>;

impl<T> Masked<T> {
    /// Wraps a value.
    pub const fn new(value: T) -> Self {
        Self(value)
    }

    /// The value itself. The caller takes over the duty not to print it.
    pub const fn expose(&self) -> &T {
        &self.0
    }

    /// The value itself, by move.
    pub fn into_inner(self) -> T {
        self.0
    }
}

impl<T> From<T> for Masked<T> {
    fn from(value: T) -> Self {
        Self(value)
    }
}

impl From<&str> for Masked<String> {
    fn from(value: &str) -> Self {
        Self(value.to_owned())
    }
}

impl<T> fmt::Debug for Masked<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("<hidden>")
    }
}
