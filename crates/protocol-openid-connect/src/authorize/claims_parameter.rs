//! The `claims` parameter (OpenID Connect Core 1.0 section 5.5).

use serde_json::Value;

/// The longest text, in bytes.
const MAX_LENGTH: usize = 4_000;

/// Reads the parameter: an object with `userinfo` and `id_token`, each an object or null. Other members are ignored.
/// None if it is anything else.
pub fn parse(text: &str) -> Option<Value> {
    if text.len() > MAX_LENGTH {
        return None;
    }
    let value: Value = serde_json::from_str(text).ok()?;
    let object = value.as_object()?;
    let sound = |name| object.get(name).is_none_or(|part: &Value| part.is_null() || part.is_object());
    (sound("userinfo") && sound("id_token")).then_some(value)
}

/// The `acr` values of which the request says that one is essential; none if it doesn't say so.
pub fn essential_acr(claims: Option<&Value>) -> Option<Vec<&str>> {
    let acr = claims?.pointer("/id_token/acr")?;
    if acr.get("essential").and_then(Value::as_bool) != Some(true) {
        return None;
    }
    let listed = acr.get("values").and_then(Value::as_array).into_iter().flatten();
    Some(acr.get("value").into_iter().chain(listed).filter_map(Value::as_str).collect())
}

/// The subject that the ID token must be about.
pub fn wanted_subject(claims: Option<&Value>) -> Option<&str> {
    claims?.pointer("/id_token/sub/value")?.as_str()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn anything_but_two_objects_is_refused() {
        for good in [r#"{}"#, r#"{"userinfo":{"name":null}}"#, r#"{"id_token":null,"other":1}"#] {
            assert!(parse(good).is_some(), "{good}");
        }
        for bad in ["", "[]", "1", r#"{"userinfo":[]}"#, r#"{"id_token":"sub"}"#, "{"] {
            assert!(parse(bad).is_none(), "{bad}");
        }
    }

    #[test]
    fn essential_levels_are_found() {
        let claims = parse(r#"{"id_token":{"acr":{"essential":true,"values":["1","2"]},"sub":{"value":"u"}}}"#);
        assert_eq!(essential_acr(claims.as_ref()), Some(vec!["1", "2"]));
        assert_eq!(wanted_subject(claims.as_ref()), Some("u"));
        assert_eq!(essential_acr(parse(r#"{"id_token":{"acr":{"values":["1"]}}}"#).as_ref()), None);
    }
}
