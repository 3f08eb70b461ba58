//! Files of realms, read in two passes.

use super::*;

const TWO: &str = r#"[
    {"realm": "a", "users": [{"username": "u1"}, {"username": "u2"}, {"username": "u3"}], "enabled": true},
    {"users": [{"username": "v1"}], "realm": "b"},
    {"realm": "c", "users": null}
]"#;

fn names(text: &str, number: usize, size: usize) -> Vec<Vec<String>> {
    let mut batches = Vec::new();
    users(text.as_bytes(), number, size, |batch| {
        batches.push(batch.into_iter().filter_map(|user| user.username).collect());
        true
    })
    .unwrap();
    batches
}

#[test]
fn realms_come_without_their_users() {
    let realms = realms(TWO.as_bytes()).unwrap();
    let seen: Vec<_> = realms.iter().map(|one| (one.realm.realm.as_deref(), one.users, one.only_users)).collect();
    assert_eq!(seen, [(Some("a"), 3, false), (Some("b"), 1, true), (Some("c"), 0, false)]);
    assert!(realms.iter().all(|one| one.realm.users.is_none()));
    assert_eq!(super::realms(&b"{\"realm\":\"x\"}"[..]).unwrap().len(), 1);
}

#[test]
fn users_come_in_batches() {
    assert_eq!(names(TWO, 0, 2), [vec!["u1", "u2"], vec!["u3"]]);
    assert_eq!(names(TWO, 1, 2), [["v1"]]);
    assert_eq!(names(TWO, 2, 2), Vec::<Vec<String>>::new());
    assert_eq!(names(r#"{"users":[{"username":"x"}],"realm":"a"}"#, 0, 10), [["x"]]);
    let mut taken = 0;
    users(TWO.as_bytes(), 0, 1, |_| {
        taken += 1;
        false
    })
    .unwrap();
    assert_eq!(taken, 1);
}

#[test]
fn what_is_wrong_is_said() {
    for (text, part) in [
        ("[1]", "not the JSON of a realm"),
        ("{", "not the JSON of a realm"),
        ("\"x\"", "not the JSON of a realm"),
        (r#"{"realm":"a","nonsense":1}"#, "Unrecognized field \"nonsense\"."),
        (r#"{"realm":"a","displayName":"\u0000"}"#, "NUL"),
        (r#"{"realm":"a","users":[],"users":[]}"#, "duplicate field"),
    ] {
        let error = realms(text.as_bytes()).unwrap_err().to_string();
        assert!(error.contains(part), "{text}: {error}");
    }
    let text = r#"{"realm":"a","users":[{"username":"x"},{"username":"y","bad":1}]}"#;
    let error = users(text.as_bytes(), 0, 10, |_| true).unwrap_err().to_string();
    assert!(error.starts_with("users[1] (y): unknown field `bad`"), "{error}");
}
