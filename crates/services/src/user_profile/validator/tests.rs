use serde_json::json;

use super::*;

fn judge(id: &str, settings: Value, value: &str) -> Option<(String, Value)> {
    let settings: BTreeMap<String, Value> = serde_json::from_value(settings).unwrap();
    let validator = Validator::parse(id, &settings).unwrap();
    validator.judge(&[value]).map(|found| (found.key, Value::from(found.params)))
}

fn found(key: &str, params: Value) -> Option<(String, Value)> {
    Some((key.to_owned(), params))
}

#[test]
fn lengths_and_numbers_have_bounds() {
    assert_eq!(judge("length", json!({"min": 3, "max": 5}), "abcd"), None);
    assert_eq!(judge("length", json!({"min": 3, "max": 5}), " ab "), found("error-invalid-length", json!([3, 5])));
    assert_eq!(judge("length", json!({"min": "3"}), "ab"), found("error-invalid-length-too-short", json!(["3", null])));
    assert_eq!(judge("length", json!({"max": 2}), "äöü"), found("error-invalid-length-too-long", json!([null, 2])));
    assert_eq!(
        judge("length", json!({"max": 2, "trim-disabled": true}), " a "),
        found("error-invalid-length-too-long", json!([null, 2]))
    );
    assert_eq!(judge("integer", json!({"min": 0}), "7"), None);
    assert_eq!(judge("integer", json!({}), "7.5"), found("error-invalid-number", json!(["7.5"])));
    assert_eq!(
        judge("integer", json!({"min": 0}), "-1"),
        found("error-number-out-of-range-too-small", json!([0, null]))
    );
    assert_eq!(judge("double", json!({"max": 1.5}), "1.4"), None);
    assert_eq!(
        judge("double", json!({"min": 1, "max": 1.5}), "2"),
        found("error-number-out-of-range", json!([1, 1.5]))
    );
    assert_eq!(judge("double", json!({}), "NaN"), found("error-invalid-number", json!(["NaN"])));
}

#[test]
fn texts_have_forms() {
    let letters = json!({"pattern": "[a-z]+"});
    assert_eq!(judge("pattern", letters.clone(), "abc"), None);
    assert_eq!(judge("pattern", letters, "abc1"), found("error-pattern-no-match", json!(["[a-z]+"])));
    let worded = json!({"pattern": "a|b", "error-message": "mine"});
    assert_eq!(judge("pattern", worded.clone(), "b"), None);
    assert_eq!(judge("pattern", worded, "ab"), found("mine", json!(["a|b"])));
    assert_eq!(judge("email", json!({}), "a@b.example"), None);
    assert_eq!(judge("email", json!({}), "a b@c"), found("error-invalid-email", json!(["a b@c"])));
    assert_eq!(judge("uri", json!({}), "https://a.example/b#c"), None);
    assert_eq!(judge("uri", json!({}), "ftp://a.example"), found("error-invalid-uri-scheme", json!(["ftp"])));
    assert_eq!(judge("uri", json!({}), "nonsense"), found("error-invalid-uri", json!(["nonsense"])));
    assert_eq!(
        judge("uri", json!({"allowFragment": false}), "https://a#b"),
        found("error-invalid-uri-fragment", json!(["b"]))
    );
    for (id, good, bad) in [("iso-date", "2024-02-29", "2023-02-29"), ("local-date", "2/29/2024", "2/29/2023")] {
        assert_eq!(judge(id, json!({}), good), None);
        assert_eq!(judge(id, json!({}), bad), found("error-invalid-date", json!([bad])));
    }
    assert_eq!(judge("local-date", json!({}), "1/2/24"), None);
    assert_eq!(judge("options", json!({"options": ["a", "b"]}), "b"), None);
    assert_eq!(judge("options", json!({"options": ["a", "b"]}), "c"), found("error-invalid-value", json!(["c"])));
}

#[test]
fn names_have_letters() {
    for good in ["alice", "a", "alice@example.org", "jörg", "a.b-c_d+e", "service-account-x"] {
        assert_eq!(judge("username-prohibited-characters", json!({}), good), None, "{good}");
        assert_eq!(judge("up-username-not-idn-homograph", json!({}), good), None, "{good}");
    }
    for bad in ["a b", "a:b", "a/b", "a\nb", "<a>", "a\0", "a%"] {
        let found = judge("username-prohibited-characters", json!({}), bad);
        assert_eq!(found, self::found("error-username-invalid-character", json!([])), "{bad}");
    }
    // A Cyrillic а.
    assert!(judge("up-username-not-idn-homograph", json!({}), "p\u{430}ypal").is_some());
    assert_eq!(judge("person-name-prohibited-characters", json!({}), "Zoë O'Neil-Иванов 伟"), None);
    let found = judge("person-name-prohibited-characters", json!({"error-message": "x"}), "<b>");
    assert_eq!(found, self::found("x", json!([])));
}

#[test]
fn several_values_are_counted() {
    let two = Validator::parse("multivalued", &BTreeMap::from([("max".to_owned(), json!("2"))])).unwrap();
    assert_eq!(two.judge(&["a", "b"]), None);
    let many = two.judge(&["a", "b", "c"]).unwrap();
    assert_eq!((many.key.as_str(), many.params), ("error-invalid-multivalued-size", vec![Value::Null, json!("2")]));
}

#[test]
fn settings_that_make_no_sense_are_told() {
    for (id, settings) in [
        ("length", json!({})),
        ("length", json!({"min": "x"})),
        ("length", json!({"min": 5, "max": 4})),
        ("pattern", json!({})),
        ("pattern", json!({"pattern": "("})),
        ("pattern", json!({"pattern": "(?=lookahead)x"})),
        ("options", json!({})),
        ("multivalued", json!({})),
    ] {
        let settings: BTreeMap<String, Value> = serde_json::from_value(settings).unwrap();
        assert!(matches!(Validator::parse(id, &settings), Err(Some(_))), "{id} {settings:?}");
    }
    assert!(matches!(Validator::parse("nonsense", &BTreeMap::new()), Err(None)));
}
