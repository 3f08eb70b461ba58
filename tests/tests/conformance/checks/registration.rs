//! What the registration endpoint answers.

use std::collections::BTreeSet;

use serde_json::Value;
use tests::Answer;

use super::text;

/// The client information response (RFC 7591, section 3.2.1; RFC 7592, section 3).
#[track_caller]
pub fn answer(asked: &Value, answer: &Value) {
    assert!(answer["client_id"].as_str().is_some_and(text::is_visible), "{answer}");
    if !answer["client_secret"].is_null() {
        assert!(answer["client_secret_expires_at"].is_number(), "{answer}");
    }
    let (uri, token) = (answer["registration_client_uri"].as_str(), answer["registration_access_token"].as_str());
    assert_eq!(uri.is_some(), token.is_some(), "both or neither: {answer}");
    assert!(uri.is_none_or(|uri| uri.starts_with("https://")), "{answer}");
    echo(asked, answer);
}

/// All metadata is told as it was registered.
#[track_caller]
pub fn echo(asked: &Value, answer: &Value) {
    for (name, value) in asked.as_object().expect("an object") {
        assert!(is_same(value, &answer[name]), "{name} was {value} and is {}", answer[name]);
    }
}

/// Whether two values are the same if the order in lists says nothing.
fn is_same(asked: &Value, given: &Value) -> bool {
    match (asked, given) {
        (Value::Array(asked), Value::Array(given)) => {
            let set = |list: &[Value]| list.iter().map(Value::to_string).collect::<BTreeSet<_>>();
            set(asked) == set(given)
        }
        (Value::Object(asked), Value::Object(given)) => {
            asked.iter().all(|(name, value)| given.get(name).is_some_and(|given| is_same(value, given)))
        }
        _ => asked == given,
    }
}

/// A refusal (RFC 7591, section 3.2.2) with one of these codes.
#[track_caller]
pub fn error(answer: &Answer, codes: &[&str]) {
    assert_eq!(answer.status, 400, "{}", answer.shown());
    let content_type = answer.header("content-type").unwrap_or_default();
    assert!(content_type.starts_with("application/json"), "{content_type}");
    let body = answer.json();
    assert!(body["error"].as_str().is_some_and(|code| codes.contains(&code)), "{codes:?}: {}", answer.shown());
    assert!(
        body["error_description"].is_null() || body["error_description"].as_str().is_some_and(text::is_error_text),
        "{}",
        answer.shown()
    );
}
