//! The members of a client's metadata (RFC 7591 section 2), each read as the type that it has, within bounds.

use serde_json::{Map, Value};
use services::client_registration::{Refusal, Result, attributes::SEPARATOR};

/// The longest text, in bytes.
const MAX_TEXT: usize = 2_048;
/// The longest list.
const MAX_LIST: usize = 100;

/// A client's metadata. Members that nobody here knows are passed over (RFC 7591 section 2), `null` and an empty text
/// count as absent.
#[derive(Debug)]
pub struct Members(Map<String, Value>);

/// A refusal that names a member.
pub fn invalid(name: &str, text: &str) -> Refusal {
    Refusal::InvalidMetadata(format!("{name} {text}"))
}

impl Members {
    /// Takes an object's members; none if it isn't one.
    pub fn of(document: Value) -> Option<Self> {
        match document {
            Value::Object(members) => Some(Self(members)),
            _ => None,
        }
    }

    fn get(&self, name: &str) -> Option<&Value> {
        self.0.get(name).filter(|value| !value.is_null())
    }

    /// Whether there is such a member at all.
    pub fn has(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    /// A text.
    ///
    /// # Errors
    /// If it is something else, too long, or holds control characters.
    pub fn text(&self, name: &str) -> Result<Option<&str>> {
        match self.get(name) {
            None => Ok(None),
            Some(Value::String(text)) => checked(name, text).map(|text| Some(text).filter(|text| !text.is_empty())),
            Some(_) => Err(invalid(name, "has to be a text")),
        }
    }

    /// A list of texts. Where `unjoined` is needed, none of them may hold what stands between them in an attribute.
    ///
    /// # Errors
    /// If it is something else or too long, or if a text is.
    pub fn list(&self, name: &str) -> Result<Option<Vec<&str>>> {
        let Some(value) = self.get(name) else { return Ok(None) };
        let Value::Array(items) = value else { return Err(invalid(name, "has to be a list of texts")) };
        if items.len() > MAX_LIST {
            return Err(invalid(name, &format!("may have {MAX_LIST} values at most")));
        }
        let text = |item: &'_ Value| match item {
            Value::String(text) if text.contains(SEPARATOR) => Err(invalid(name, "may not hold ## in a value")),
            Value::String(text) if text.is_empty() => Err(invalid(name, "may not hold an empty value")),
            Value::String(_) => Ok(()),
            _ => Err(invalid(name, "has to be a list of texts")),
        };
        items.iter().try_for_each(text)?;
        items.iter().filter_map(Value::as_str).map(|text| checked(name, text)).collect::<Result<Vec<_>>>().map(Some)
    }

    /// A switch.
    ///
    /// # Errors
    /// If it is something else.
    pub fn flag(&self, name: &str) -> Result<Option<bool>> {
        let wrong = || invalid(name, "has to be true or false");
        self.get(name).map(|value| value.as_bool().ok_or_else(wrong)).transpose()
    }

    /// A number of seconds.
    ///
    /// # Errors
    /// If it is something else, or negative, or more than a hundred years.
    pub fn seconds(&self, name: &str) -> Result<Option<i32>> {
        let wrong = || invalid(name, "has to be a number of seconds");
        let read =
            |value: &Value| value.as_i64().and_then(|number| i32::try_from(number).ok()).filter(|number| *number >= 0);
        self.get(name).map(|value| read(value).ok_or_else(wrong)).transpose()
    }

    /// An object.
    ///
    /// # Errors
    /// If it is something else.
    pub fn object(&self, name: &str) -> Result<Option<&Map<String, Value>>> {
        let wrong = || invalid(name, "has to be an object");
        self.get(name).map(|value| value.as_object().ok_or_else(wrong)).transpose()
    }
}

fn checked<'text>(name: &str, text: &'text str) -> Result<&'text str> {
    if text.len() > MAX_TEXT {
        return Err(invalid(name, &format!("may have {MAX_TEXT} bytes at most")));
    }
    if text.chars().any(char::is_control) {
        return Err(invalid(name, "may not hold control characters"));
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn members(document: Value) -> Members {
        Members::of(document).unwrap()
    }

    #[test]
    fn absent_null_and_empty_are_the_same() {
        let members = members(json!({"a": null, "b": ""}));
        assert_eq!(
            (members.text("a").unwrap(), members.text("b").unwrap(), members.text("c").unwrap()),
            (None, None, None)
        );
        assert!(!members.has("a"));
        assert!(Members::of(json!([])).is_none());
    }

    #[test]
    fn a_wrong_type_or_size_is_refused() {
        let long = "x".repeat(MAX_TEXT + 1);
        let many: Vec<_> = (0..=MAX_LIST).map(|n| n.to_string()).collect();
        let members = members(json!({
            "number": 1, "texts": ["a"], "mixed": ["a", 1], "long": long, "control": "a\u{0}", "many": many,
            "joined": ["a##b"], "longs": [long], "empty": [""], "minus": -1, "huge": 1e10, "float": 1.5,
        }));
        for name in ["number", "texts", "long", "control"] {
            assert!(members.text(name).is_err(), "{name}");
        }
        for name in ["number", "mixed", "many", "joined", "longs", "long", "empty"] {
            assert!(members.list(name).is_err(), "{name}");
        }
        for name in ["minus", "huge", "float", "texts"] {
            assert!(members.seconds(name).is_err(), "{name}");
        }
        assert!(members.flag("number").is_err() && members.object("texts").is_err());
        assert_eq!(members.list("texts").unwrap(), Some(vec!["a"]));
        assert_eq!(members.seconds("number").unwrap(), Some(1));
    }
}
