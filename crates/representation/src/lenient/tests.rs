//! What is accepted in place of what.

use serde_json::json;

use crate::{
    AuthenticationExecutionRepresentation, ClientRepresentation, GroupRepresentation, RealmRepresentation,
    UserRepresentation, parse,
};

fn realm(body: serde_json::Value) -> RealmRepresentation {
    parse(body.to_string().as_bytes()).unwrap()
}

#[test]
fn scalars_in_string_maps_become_text_and_null_becomes_empty() {
    let body = json!({"attributes": {"flag": true, "count": 5, "share": 1.0, "text": "x", "gone": null}});
    let attributes = realm(body).attributes.unwrap();
    let expected = [("count", "5"), ("flag", "true"), ("gone", ""), ("share", "1.0"), ("text", "x")];
    assert_eq!(attributes.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect::<Vec<_>>(), expected);
}

#[test]
fn smtp_settings_and_client_attributes_take_booleans() {
    let realm = realm(json!({"smtpServer": {"auth": true, "port": 25}}));
    assert_eq!(realm.smtp_server.as_ref().unwrap().expose()["auth"], "true");
    assert_eq!(realm.smtp_server.as_ref().unwrap().expose()["port"], "25");
    let client: ClientRepresentation =
        parse(br#"{"attributes":{"oauth2.device.authorization.grant.enabled":true}}"#).unwrap();
    assert_eq!(client.attributes.unwrap().expose()["oauth2.device.authorization.grant.enabled"], "true");
}

#[test]
fn attribute_values_need_not_be_lists() {
    let user: UserRepresentation = parse(
        br#"{"attributes":{"one":"a","many":["a","b"],"n":7,"yes":true,"half":0.5,"mixed":[1,null,"x"],"gone":null}}"#,
    )
    .unwrap();
    let attributes = user.attributes.unwrap();
    assert_eq!(attributes["one"], ["a"]);
    assert_eq!(attributes["many"], ["a", "b"]);
    assert_eq!(attributes["n"], ["7"]);
    assert_eq!(attributes["yes"], ["true"]);
    assert_eq!(attributes["half"], ["0.5"]);
    assert_eq!(attributes["mixed"], ["1", "x"]);
    assert!(attributes["gone"].is_empty());
    // Other maps of lists, and plain lists, stay strict.
    assert!(parse::<GroupRepresentation>(br#"{"clientRoles":{"c":"role"}}"#).is_err());
    assert!(parse::<GroupRepresentation>(br#"{"realmRoles":"role"}"#).is_err());
}

#[test]
fn numbers_and_booleans_may_be_text() {
    let body = json!({"accessTokenLifespan": "300", "quickLoginCheckMilliSeconds": " 1000 ", "enabled": "true",
        "rememberMe": "FALSE", "verifyEmail": 1, "notBefore": 5.9, "failureFactor": "", "bruteForceProtected": ""});
    let realm = realm(body);
    assert_eq!(realm.access_token_lifespan, Some(300));
    assert_eq!(realm.quick_login_check_milli_seconds, Some(1000));
    assert_eq!(realm.enabled, Some(true));
    assert_eq!(realm.remember_me, Some(false));
    assert_eq!(realm.verify_email, Some(true));
    assert_eq!(realm.not_before, Some(5));
    assert_eq!(realm.failure_factor, None);
    assert_eq!(realm.brute_force_protected, None);
}

#[test]
fn text_fields_take_scalars() {
    let realm = realm(json!({"realm": 42, "displayName": false, "supportedLocales": ["en", 1]}));
    assert_eq!(realm.realm.as_deref(), Some("42"));
    assert_eq!(realm.display_name.as_deref(), Some("false"));
    assert_eq!(realm.supported_locales.unwrap(), ["en", "1"]);
}

#[test]
fn what_has_no_plain_meaning_is_refused() {
    for body in [
        json!({"accessTokenLifespan": "soon"}),
        json!({"accessTokenLifespan": true}),
        json!({"accessTokenLifespan": 2_147_483_648_i64}),
        json!({"accessTokenLifespan": "2147483648"}),
        json!({"quickLoginCheckMilliSeconds": u64::MAX}),
        json!({"quickLoginCheckMilliSeconds": 1e300}),
        json!({"enabled": "yes"}),
        json!({"realm": {}}),
        json!({"realm": ["a"]}),
        json!({"attributes": {"a": ["b"]}}),
        json!({"attributes": []}),
        json!({"supportedLocales": {}}),
    ] {
        assert!(parse::<RealmRepresentation>(body.to_string().as_bytes()).is_err(), "{body}");
    }
}

#[test]
fn null_is_absent_and_absent_is_not_written() {
    let realm = realm(json!({"realm": "a", "displayName": null, "roles": null, "clients": null, "attributes": null,
        "smtpServer": null, "clientProfiles": null, "enabled": null, "users": [null]}));
    assert_eq!(serde_json::to_string(&realm).unwrap(), r#"{"realm":"a","users":[]}"#);
}

#[test]
fn leniency_does_not_depend_on_the_parser() {
    let user: UserRepresentation =
        serde_json::from_value(json!({"enabled": "true", "attributes": {"a": "b"}})).unwrap();
    assert_eq!(user.enabled, Some(true));
    assert_eq!(user.attributes.unwrap()["a"], ["b"]);
    let execution: AuthenticationExecutionRepresentation = serde_json::from_value(json!({"priority": "10"})).unwrap();
    assert_eq!(execution.priority, Some(10));
}
