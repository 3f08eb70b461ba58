//! Reading JSON with the tolerance Keycloak's callers rely on.
//!
//! Keycloak reads JSON through Jackson, which turns scalars into one another where that is unambiguous: `"300"`
//! is a number, `"true"` a boolean, `true` and `5` are strings. Terraform, the admin console and hand-written
//! import files all depend on it, so every field of every representation is read through [`Lenient`].

mod collection;
mod scalar;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

use crate::{define::Representation, masked::Masked};

/// A `map<string,string>` (attributes, config, smtpServer).
///
/// Numbers and booleans are taken as their text. A null entry becomes the empty string, which is the mark for
/// "remove this entry" in an update, as in Keycloak.
pub type StringMap = BTreeMap<String, String>;

/// A `map<string,[string]>` whose values must be lists (clientRoles, component config).
pub type ListMap = BTreeMap<String, Vec<String>>;

/// A type that can be read with Jackson's tolerance.
pub trait Lenient: Sized {
    /// Reads one value.
    ///
    /// # Errors
    /// The deserialiser's own error when the value cannot be taken for this type. `Ok(None)` is a JSON null, or
    /// an empty string where a number or boolean is wanted.
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error>;

    /// What a null entry of a map stands for; `None` drops the entry.
    fn null_entry() -> Option<Self> {
        None
    }
}

/// The form serde's `deserialize_with` wants.
///
/// # Errors
/// See [`Lenient::read`].
pub(crate) fn read<'de, T: Lenient, D: Deserializer<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    T::read(deserializer)
}

impl Lenient for Value {
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error> {
        Option::deserialize(deserializer)
    }
}

impl<T: Lenient> Lenient for Masked<T> {
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error> {
        Ok(T::read(deserializer)?.map(Self::new))
    }
}

/// The attributes of a user, role, group or organization: each name has a list of values.
///
/// Where a list is expected a single string, number or boolean is taken as a list of one. A null entry becomes
/// an empty list, which removes the attribute in an update.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Attributes(pub BTreeMap<String, Vec<String>>);

impl std::ops::Deref for Attributes {
    type Target = BTreeMap<String, Vec<String>>;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl std::ops::DerefMut for Attributes {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.0
    }
}

impl From<BTreeMap<String, Vec<String>>> for Attributes {
    fn from(map: BTreeMap<String, Vec<String>>) -> Self {
        Self(map)
    }
}

impl From<Attributes> for BTreeMap<String, Vec<String>> {
    fn from(attributes: Attributes) -> Self {
        attributes.0
    }
}

impl FromIterator<(String, Vec<String>)> for Attributes {
    fn from_iter<I: IntoIterator<Item = (String, Vec<String>)>>(entries: I) -> Self {
        Self(entries.into_iter().collect())
    }
}

/// A body that is nothing but names and texts, such as `{"newName": …}`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct TextMap(pub StringMap);

impl<'de> Deserialize<'de> for TextMap {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self(StringMap::read(deserializer)?.unwrap_or_default()))
    }
}

impl Representation for TextMap {
    const NAME: &'static str = "LinkedHashMap";
}
