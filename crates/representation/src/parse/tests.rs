//! Error texts of [`parse`], and what debug prints leave out.

use super::*;
use crate::{
    ClientRepresentation, ComponentRepresentation, CredentialRepresentation, IdentityProviderRepresentation,
    RealmRepresentation, RoleRepresentation, UPConfig,
};

fn failure<T: DeserializeOwned + Representation>(body: &str) -> ParseError {
    parse::<T>(body.as_bytes()).err().unwrap()
}

fn unrecognized(text: &str) -> ParseError {
    ParseError::Unrecognized { text: text.to_owned() }
}

#[test]
fn unknown_property_is_named_with_its_place() {
    assert_eq!(
        failure::<RealmRepresentation>("{\"realm\":\"a\",\n \"x\":1}"),
        unrecognized(
            r#"Invalid json representation for RealmRepresentation. Unrecognized field "x" at line 2 column 7."#
        )
    );
}

#[test]
fn the_place_is_behind_the_first_token_of_the_value() {
    for (body, place) in [
        (r#"{"x":1}"#, "line 1 column 7."),
        (r#"{"x":-12.5e+3}"#, "line 1 column 14."),
        (r#"{"x":"text"}"#, "line 1 column 7."),
        (r#"{"x":null}"#, "line 1 column 10."),
        (r#"{"x":[1,2]}"#, "line 1 column 7."),
        (r#"{"x":{"y":1}}"#, "line 1 column 7."),
        (r#"{ "x" : true }"#, "line 1 column 13."),
        ("{\"realm\":\"a\",\n\"x\":\r\n  {}}", "line 3 column 4."),
        (r#"{"x""#, "line 1 column 5."),
    ] {
        let ParseError::Unrecognized { text } = failure::<RealmRepresentation>(body) else { panic!("{body}") };
        assert!(text.ends_with(place), "{body}: {text}");
    }
}

#[test]
fn unknown_property_is_reported_for_the_innermost_representation() {
    for (body, name) in [
        (r#"{"clients":[{"clientId":"a","bad":1}]}"#, "ClientRepresentation"),
        (r#"{"roles":{"client":{"c":[{"composites":{"bad":1}}]}}}"#, "Composites"),
        (r#"{"roles":{"realm":[{"name":"a"}]},"bad":1}"#, "RealmRepresentation"),
    ] {
        let ParseError::Unrecognized { text } = failure::<RealmRepresentation>(body) else { panic!("{body}") };
        assert!(
            text.starts_with(&format!("Invalid json representation for {name}. Unrecognized field \"bad\"")),
            "{text}"
        );
    }
    let ParseError::Unrecognized { text } = failure::<UPConfig>(r#"{"groups":[{"bad":1}]}"#) else { panic!() };
    assert!(text.contains("for UPGroup."), "{text}");
}

#[test]
fn lists_are_reported_under_the_name_of_their_items() {
    assert_eq!(parse::<Vec<RoleRepresentation>>(br#"[{"name":"a"}]"#).unwrap().len(), 1);
    let ParseError::Unrecognized { text } = failure::<Vec<RoleRepresentation>>(r#"[{"bad":1}]"#) else { panic!() };
    assert!(text.starts_with("Invalid json representation for RoleRepresentation."), "{text}");
    assert_eq!(failure::<Vec<RoleRepresentation>>("{}"), ParseError::WrongType);
}

#[test]
fn property_names_cannot_forge_the_text() {
    let body = r#"{"a`, expected nothing":1}"#;
    let ParseError::Unrecognized { text } = failure::<RealmRepresentation>(body) else { panic!() };
    assert!(text.contains(r#"Unrecognized field "a`, expected nothing" at line 1"#), "{text}");
    // A value that holds serde's words is no unknown property.
    assert_eq!(
        failure::<RealmRepresentation>(r#"{"enabled":"unknown field `x`, expected one of `a`"}"#),
        ParseError::WrongType
    );
}

#[test]
fn wrong_types_and_broken_json_differ() {
    assert_eq!(failure::<RealmRepresentation>(r#"{"roles":[]}"#), ParseError::WrongType);
    assert_eq!(failure::<RealmRepresentation>(r#"{"roles":5}"#), ParseError::WrongType);
    assert_eq!(failure::<RealmRepresentation>(r#"["id"]"#), ParseError::WrongType);
    assert_eq!(failure::<RealmRepresentation>("null"), ParseError::WrongType);
    assert_eq!(failure::<RealmRepresentation>(r#"{"realm":"a","realm":"b"}"#), ParseError::WrongType);
    for body in ["", "{", r#"{"realm":}"#, r#"{"realm":"a"} x"#, "realm=a"] {
        assert!(matches!(failure::<RealmRepresentation>(body), ParseError::Syntax(_)), "{body}");
    }
    let deep = format!("{{\"clientProfiles\":{}1", "[".repeat(200));
    assert!(matches!(failure::<RealmRepresentation>(&deep), ParseError::Syntax(_)));
}

#[test]
fn errors_have_keycloaks_bodies() {
    let body = |error: ParseError| serde_json::to_string(&error.body()).unwrap();
    assert_eq!(body(unrecognized("Text.")), r#"{"error":"Text."}"#);
    assert_eq!(body(ParseError::WrongType), r#"{"error":"unknown_error","error_description":"Cannot parse the JSON"}"#);
    assert_eq!(
        body(failure::<RealmRepresentation>("{")),
        r#"{"error":"invalid_request","error_description":"Cannot parse the JSON"}"#
    );
}

#[test]
fn debug_prints_hold_no_secrets() {
    let client: ClientRepresentation = parse(
        br#"{"clientId":"shown","secret":"hush-1","registrationAccessToken":"hush-2","attributes":{"client.secret.rotated":"hush-3"}}"#,
    )
    .unwrap();
    let credential: CredentialRepresentation = parse(
        br#"{"type":"password","value":"hush-4","secretData":"hush-5","hashedSaltedValue":"hush-6","salt":"hush-7"}"#,
    )
    .unwrap();
    let realm: RealmRepresentation = parse(
        br#"{"smtpServer":{"password":"hush-8"},"privateKey":"hush-9","components":{"t":[{"config":{"privateKey":["hush-a"]}}]},
            "organizations":[{"identityProviders":[{"config":{"clientSecret":"hush-b"}}]}]}"#,
    )
    .unwrap();
    let component: ComponentRepresentation = parse(br#"{"config":{"bindCredential":["hush-c"]}}"#).unwrap();
    let provider: IdentityProviderRepresentation = parse(br#"{"config":{"clientSecret":"hush-d"}}"#).unwrap();
    let printed = format!("{client:?} {credential:#?} {realm:?} {component:?} {provider:?}");
    assert!(printed.contains("shown"));
    assert!(!printed.contains("hush"), "{printed}");
    assert!(serde_json::to_string(&client).unwrap().contains(r#""secret":"hush-1""#));
    assert_eq!(client.secret.unwrap().expose(), "hush-1");
}

#[test]
fn errors_hold_no_values() {
    let error = failure::<CredentialRepresentation>(r#"{"value":"hush-1","temporary":"hush-2"}"#);
    assert!(!format!("{error} {error:?}").contains("hush"));
}
