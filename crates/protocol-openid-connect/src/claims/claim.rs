//! A claim as a mapper names it: where in the token it goes, and as what.

use std::borrow::Cow;

use model::Attributes;
use serde_json::Value;

use super::{json_type::JsonType, output::Output, protected::Source};

/// The most levels of a claim's name that may be saved.
pub const DEEPEST: usize = 16;
/// Stands for the client's `clientId` in names of role claims.
pub const CLIENT_ID: &str = "${client_id}";

/// The name of a claim, from the top level down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClaimName(Vec<String>);

impl ClaimName {
    /// Reads Keycloak's notation: a dot goes one level down, a backslash makes the next character literal. Where nothing
    /// stands between two dots, the rest is one name, dots and all. None if there is no name.
    pub fn parse(text: &str) -> Option<Self> {
        let (mut names, mut name, mut rest) = (Vec::new(), String::new(), false);
        let mut letters = text.chars();
        while let Some(letter) = letters.next() {
            match letter {
                '\\' => name.push(letters.next().unwrap_or('\\')),
                '.' if name.is_empty() || rest => {
                    rest = true;
                    name.push('.');
                }
                '.' => names.push(std::mem::take(&mut name)),
                letter => name.push(letter),
            }
        }
        if !name.is_empty() {
            names.push(name);
        }
        (!names.is_empty()).then_some(Self(names))
    }

    /// The name at the top level of the token.
    pub fn first(&self) -> &str {
        self.0.first().map_or("", String::as_str)
    }

    /// The number of levels.
    pub fn depth(&self) -> usize {
        self.0.len()
    }

    /// The names on the way down.
    pub fn path(&self) -> &[String] {
        &self.0
    }

    fn is(&self, names: &[&str]) -> bool {
        matches!(self.0.as_slice(), [only] if names.contains(&only.as_str()))
    }
}

/// A claim that a mapper writes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    name: ClaimName,
    json_type: JsonType,
    multivalued: bool,
    source: Source,
}

impl Claim {
    /// Reads `claim.name`, `jsonType.label` and `multivalued`. None without a name.
    pub fn read(config: &Attributes, source: Source) -> Option<Self> {
        let name = ClaimName::parse(config.get("claim.name")?)?;
        // these have one type only (OpenID Connect Core 1.0 sections 2 and 5.1), whatever was configured
        let fixed = if name.is(&["email_verified", "phone_number_verified"]) {
            Some(JsonType::Boolean)
        } else if name.is(&["updated_at", "auth_time"]) {
            Some(JsonType::Long)
        } else {
            None
        };
        let chosen = config.get("jsonType.label").and_then(|label| JsonType::named(label));
        let multivalued = fixed.is_none() && config.get("multivalued").is_some_and(|text| text == "true");
        let json_type = fixed.or(chosen).unwrap_or(JsonType::String);
        Some(Self { name, json_type, multivalued, source })
    }

    /// A claim of this name and type with one value.
    pub fn single(name: &str, json_type: JsonType, source: Source) -> Self {
        Self { name: ClaimName(vec![name.to_owned()]), json_type, multivalued: false, source }
    }

    /// The same claim with all values as a list.
    pub fn into_list(self) -> Self {
        Self { multivalued: true, ..self }
    }

    /// The text as this claim's value, if it is one.
    pub fn convert(&self, text: &str) -> Option<Value> {
        self.json_type.convert(text)
    }

    /// Writes the values: all of them as a list if the claim is multivalued, else the first one. Values of another type
    /// are left out, and so is a claim without any.
    pub fn write<T: AsRef<str>>(&self, output: &mut Output<'_>, values: impl IntoIterator<Item = T>) {
        if let Some(value) = self.value(values) {
            output.put(self.name.path(), value, self.multivalued, self.source);
        }
    }

    /// The same, with the name of a client in the claim's name.
    pub fn write_for_client<T: AsRef<str>>(
        &self,
        output: &mut Output<'_>,
        client: &str,
        values: impl IntoIterator<Item = T>,
    ) {
        if let Some(value) = self.value(values) {
            // names are split already, so a dot in the client's name stays in its level
            let path: Vec<_> = self.name.path().iter().map(|name| named_for(name, client)).collect();
            output.put(&path, value, self.multivalued, self.source);
        }
    }

    /// Writes a value that was converted before.
    pub fn write_value(&self, output: &mut Output<'_>, value: &Value) {
        output.put(self.name.path(), value.clone(), false, self.source);
    }

    fn value<T: AsRef<str>>(&self, values: impl IntoIterator<Item = T>) -> Option<Value> {
        let mut values = values.into_iter();
        if !self.multivalued {
            return self.convert(values.next()?.as_ref());
        }
        let list: Vec<_> = values.filter_map(|text| self.convert(text.as_ref())).collect();
        (!list.is_empty()).then_some(Value::Array(list))
    }
}

/// The text with the client's name where it is left open.
pub fn named_for<'a>(text: &'a str, client: &str) -> Cow<'a, str> {
    if text.contains(CLIENT_ID) { Cow::Owned(text.replace(CLIENT_ID, client)) } else { Cow::Borrowed(text) }
}
