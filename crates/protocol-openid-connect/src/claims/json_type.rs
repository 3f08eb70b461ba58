//! The JSON type that a text is given as.

use serde_json::Value;

/// What `jsonType.label` says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JsonType {
    /// As it stands.
    String,
    /// A whole number of 64 bits.
    Long,
    /// A whole number of 32 bits.
    Int,
    /// `true` or `false`.
    Boolean,
    /// Any JSON.
    Json,
}

impl JsonType {
    /// The type with Keycloak's name.
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "String" => Some(Self::String),
            "long" => Some(Self::Long),
            "int" => Some(Self::Int),
            "boolean" => Some(Self::Boolean),
            "JSON" => Some(Self::Json),
            _ => None,
        }
    }

    /// The text as this type. None if it isn't one, or if it is nothing: a claim without a value is left out, neither
    /// null nor empty (OpenID Connect Core 1.0 section 5.3.2).
    pub fn convert(self, text: &str) -> Option<Value> {
        match self {
            Self::String => Some(Value::String(text.to_owned())),
            Self::Long => text.parse::<i64>().ok().map(Value::from),
            Self::Int => text.parse::<i32>().ok().map(Value::from),
            Self::Boolean => boolean(text).map(Value::from),
            Self::Json => serde_json::from_str(text).ok(),
        }
        .filter(|value| !is_nothing(value))
    }
}

/// Keycloak takes everything but `true` for false. A wrong word says nothing about the user, so it is no claim here.
fn boolean(text: &str) -> Option<bool> {
    if text.eq_ignore_ascii_case("true") { Some(true) } else { text.eq_ignore_ascii_case("false").then_some(false) }
}

fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn each_type_takes_its_texts() {
        use JsonType::{Boolean, Int, Json, Long, String};
        let cases = [
            (String, "007", json!("007")),
            (Long, "-9223372036854775808", json!(i64::MIN)),
            (Long, "+5", json!(5)),
            (Int, "2147483647", json!(i32::MAX)),
            (Boolean, "True", json!(true)),
            (Boolean, "false", json!(false)),
            (Json, r#"{"a":[1,null]}"#, json!({"a": [1, null]})),
            (Json, "1.5", json!(1.5)),
        ];
        for (kind, text, expected) in cases {
            assert_eq!(kind.convert(text), Some(expected), "{kind:?} {text}");
        }
    }

    #[test]
    fn what_is_no_such_value_is_nothing() {
        use JsonType::{Boolean, Int, Json, Long, String};
        let cases = [
            (String, ""),
            (Long, ""),
            (Long, " 5"),
            (Long, "1.0"),
            (Long, "9223372036854775808"),
            (Int, "2147483648"),
            (Boolean, "yes"),
            (Boolean, "1"),
            (Boolean, ""),
            (Json, ""),
            (Json, "null"),
            (Json, "\"\""),
            (Json, "{"),
            (Json, "{} x"),
        ];
        for (kind, text) in cases {
            assert_eq!(kind.convert(text), None, "{kind:?} {text}");
        }
        assert_eq!(Json.convert(&"[".repeat(100_000)), None);
    }
}
