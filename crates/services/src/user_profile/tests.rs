use model::{MultiAttributes, id::UserId, problem::Problem, user::User};
use representation::UPConfig;
use serde_json::{Value, json};
use time::OffsetDateTime;

use super::*;

fn user(name: &str, attributes: &[(&str, &[&str])]) -> User {
    User {
        id: UserId("u".to_owned()),
        username: name.to_owned(),
        email: None,
        email_verified: false,
        first_name: None,
        last_name: None,
        enabled: true,
        created: OffsetDateTime::UNIX_EPOCH,
        not_before: 0,
        attributes: self::attributes(attributes),
        required_actions: Vec::new(),
        service_account_of: None,
    }
}

fn attributes(given: &[(&str, &[&str])]) -> MultiAttributes {
    given
        .iter()
        .map(|(name, values)| ((*name).to_owned(), values.iter().map(|&value| value.to_owned()).collect()))
        .collect()
}

fn config(policy: Value) -> UPConfig {
    let mut config = serde_json::to_value(default_config(false)).unwrap();
    config["unmanagedAttributePolicy"] = policy;
    config["attributes"].as_array_mut().unwrap().extend([
        json!({"name": "team", "permissions": {"view": ["admin"], "edit": ["admin"]}, "required": {"roles": ["admin"]},
               "validations": {"options": {"options": ["red", "blue"]}}}),
        json!({"name": "shoe", "permissions": {"view": ["admin"], "edit": ["user"]}, "defaultValue": "42"}),
        json!({"name": "hidden", "permissions": {"view": ["user"], "edit": ["user"]}}),
        json!({"name": "many", "permissions": {"edit": ["admin"]}, "multivalued": true}),
    ]);
    serde_json::from_value(config).unwrap()
}

fn judged(profile: &UserProfile, before: Option<&User>, user: &User) -> Vec<(String, String)> {
    let mut problems: Vec<Problem> = Vec::new();
    profile.judge(before, user, &mut problems);
    problems.into_iter().map(|problem| (problem.field, problem.message)).collect()
}

fn problem(field: &str, message: &str) -> (String, String) {
    (field.to_owned(), message.to_owned())
}

#[test]
fn the_default_is_as_keycloaks() {
    let profile = UserProfile::new(default_config(false));
    assert_eq!(check::problems(&profile.config), [""; 0]);
    let users =
        [("alice", None), ("al", Some("error-invalid-length")), ("a lice", Some("error-username-invalid-character"))];
    for (name, message) in users {
        let expected: Vec<_> = message.map(|message| problem("username", message)).into_iter().collect();
        assert_eq!(judged(&profile, None, &user(name, &[])), expected, "{name}");
    }
    let metadata = serde_json::to_value(profile.metadata()).unwrap();
    assert_eq!(
        metadata["attributes"][1],
        json!({"name": "email", "displayName": "${email}", "required": false, "readOnly": false, "multivalued": false,
               "validators": {"email": {"ignore.empty.value": true}, "multivalued": {"max": "1"},
                              "length": {"max": 255, "ignore.empty.value": true}}})
    );
    assert_eq!(metadata["groups"][0]["name"], "user-metadata");
    assert!(default_config(true).attributes.unwrap().iter().all(|attribute| attribute.required.is_none()));
}

#[test]
fn what_nobody_may_have_is_passed_over_and_what_is_there_stays() {
    let given = || Some(attributes(&[("team", &["red"]), ("free", &["x"]), ("email", &["a@b"]), ("many", &[])]));
    let before = attributes(&[("team", &["blue"]), ("old", &["y"]), ("shoe", &["40"])]);
    for (policy, new, changed) in [
        (
            Value::Null,
            &[("shoe", &["42"][..]), ("team", &["red"])][..],
            &[("old", &["y"][..]), ("shoe", &["40"]), ("team", &["red"])][..],
        ),
        (
            json!("ADMIN_VIEW"),
            &[("shoe", &["42"]), ("team", &["red"])],
            &[("old", &["y"]), ("shoe", &["40"]), ("team", &["red"])],
        ),
        (
            json!("ADMIN_EDIT"),
            &[("free", &["x"]), ("shoe", &["42"]), ("team", &["red"])],
            &[("free", &["x"]), ("shoe", &["40"]), ("team", &["red"])],
        ),
        (
            json!("ENABLED"),
            &[("free", &["x"]), ("shoe", &["42"]), ("team", &["red"])],
            &[("free", &["x"]), ("shoe", &["40"]), ("team", &["red"])],
        ),
    ] {
        let profile = UserProfile::new(config(policy.clone()));
        assert_eq!(profile.attributes(None, given()), attributes(new), "{policy}");
        assert_eq!(profile.attributes(Some(&before), given()), attributes(changed), "{policy}");
        assert_eq!(profile.attributes(Some(&before), None), before);
    }
}

#[test]
fn changes_are_judged() {
    let profile = UserProfile::new(config(json!("ENABLED")));
    let good = user("alice", &[("team", &["red"]), ("many", &["a", "b"])]);
    assert_eq!(judged(&profile, None, &good), []);
    let bad = user("alice", &[("team", &["green", "red"]), ("shoe", &["7"])]);
    assert_eq!(
        judged(&profile, None, &bad),
        [
            problem("team", "error-invalid-multivalued-size"),
            problem("team", "error-invalid-value"),
            problem("shoe", "error-user-attribute-read-only"),
        ]
    );
    // what was there before is let be, but for what must be there
    assert_eq!(judged(&profile, Some(&bad), &bad), []);
    assert_eq!(judged(&profile, None, &user("alice", &[])), [problem("team", "error-user-attribute-required")]);
    assert_eq!(
        judged(&profile, None, &user("alice", &[("team", &[" "])])),
        [problem("team", "error-user-attribute-required")]
    );
}

#[test]
fn what_administrators_may_not_see_is_not_shown() {
    let stored = user("alice", &[("team", &["red"]), ("hidden", &["x"]), ("free", &["y"])]);
    let names = |policy: Value| {
        let profile = UserProfile::new(config(policy));
        profile.shown(stored.clone()).attributes.into_keys().collect::<Vec<_>>()
    };
    assert_eq!(names(Value::Null), ["team"]);
    assert_eq!(names(json!("ADMIN_VIEW")), ["free", "team"]);
    let profile = UserProfile::new(config(Value::Null));
    assert_eq!(profile.unmanaged(stored.attributes.clone()), attributes(&[("free", &["y"])]));
    let metadata = profile.metadata().attributes.unwrap();
    assert!(metadata.iter().all(|attribute| attribute.name.as_deref() != Some("hidden")));
    let shoe = metadata.iter().find(|attribute| attribute.name.as_deref() == Some("shoe")).unwrap();
    assert_eq!(shoe.read_only, Some(true));
}

#[test]
fn a_wrong_profile_is_told() {
    let problems = |given: Value| check::problems(&serde_json::from_value(given).unwrap());
    assert_eq!(problems(json!({})).len(), 1);
    let told = problems(json!({
        "attributes": [
            {"name": "username"}, {"name": "username"}, {}, {"name": "a b"},
            {"name": "x", "permissions": {"view": ["boss"]}, "required": {"roles": ["boss"]}, "group": "none",
             "validations": {"nonsense": {}, "length": {}}},
        ],
        "groups": [{"name": "g"}, {"name": "g"}, {}],
        "unmanagedAttributePolicy": "SOMETIMES",
    }));
    assert_eq!(told.len(), 12, "{told:#?}");
}

#[test]
fn the_pieces_of_old_exports_are_put_together() {
    let json = serde_json::to_string(&default_config(false)).unwrap();
    let (one, two) = json.split_at(100);
    let mut component = Component {
        id: "c".into(),
        name: String::new(),
        provider_id: PROVIDER.to_owned(),
        provider_type: PROVIDER_TYPE.to_owned(),
        parent_id: "r".to_owned(),
        sub_type: None,
        config: [(PIECES, "2"), ("config-piece-0", one), ("config-piece-1", two)]
            .map(|(name, value)| (name.to_owned(), vec![value.to_owned()]))
            .into(),
    };
    assert_eq!(read(&component), Some(default_config(false)));
    assert!(check_component(&component).is_ok());
    component.config = BTreeMap::from([(SETTING.to_owned(), vec!["{}".to_owned()])]);
    assert!(check_component(&component).is_err());
}
