use serde_json::json;

use super::*;
use crate::{form_errors::FormErrors, posted};

fn form(body: &str) -> posted::Form {
    posted::Form::parse(body.as_bytes()).unwrap()
}

fn sections() -> Vec<Section> {
    vec![Section::new(
        "all",
        "All",
        "",
        vec![
            Field::text("displayName", "Name"),
            Field::duration("accessTokenLifespan", "Lifespan", 1).at_most(300, "A stolen token is soon worthless."),
            Field::switch("attributes.acr.on", "On").safe(true, "It protects."),
            Field::choice("sslRequired", "TLS", &[("all", "Always"), ("none", "Never")]).safe("all", "Passwords."),
            Field::new("supportedLocales", "Locales", Kind::Many),
            Field::new("attributes.uris", "Addresses", Kind::Many),
            Field::new("attributes.url", "Address", Kind::Url),
            Field::new("smtpServer.password", "Password", Kind::Secret),
            Field::new("browserSecurityHeaders", "Headers", Kind::Pairs),
            Field::number("config.priority", "Priority", 0, 1_000).listed(),
            Field::new("config.wait", "Wait", Kind::Duration(0, 100)),
        ],
    )]
}

#[test]
fn what_a_form_says_stands_where_the_representation_has_it() {
    let body = "displayName=+A+&accessTokenLifespan=5&accessTokenLifespan.unit=60&attributes.acr.on=on&sslRequired=all\
                &supportedLocales=en%0D%0Ade%0D%0A&attributes.uris=a%0Ab&attributes.url=https://x.example/\
                &smtpServer.password=&smtpServer.password.kept=1&config.priority=7\
                &browserSecurityHeaders.key=X&browserSecurityHeaders.value=1\
                &browserSecurityHeaders.key=&browserSecurityHeaders.value=&other=1";
    let (value, errors) = gather(&sections(), &form(body));
    assert!(errors.is_empty(), "{errors:?}");
    let expected = json!({
        "displayName": "A",
        "accessTokenLifespan": 300,
        "attributes": {"acr.on": "true", "uris": "a##b", "url": "https://x.example/"},
        "sslRequired": "all",
        "supportedLocales": ["en", "de"],
        "smtpServer": {"password": "**********"},
        "browserSecurityHeaders": {"X": "1"},
        "config": {"priority": ["7"], "wait": ""},
    });
    assert_eq!(value, expected);
}

#[test]
fn what_is_wrong_stands_beside_its_field_and_nothing_typed_is_lost() {
    let body = "accessTokenLifespan=5000&accessTokenLifespan.unit=86400&attributes.url=ftp%3A%2F%2Fx&config.priority=-1\
                &browserSecurityHeaders.key=&browserSecurityHeaders.value=lonely&config.wait=x&sslRequired=odd";
    let form = form(body);
    let (_, errors) = gather(&sections(), &form);
    for name in ["accessTokenLifespan", "attributes.url", "config.priority", "browserSecurityHeaders", "config.wait"] {
        assert!(errors.about(name).is_some(), "{name}");
    }
    let shown = views(&sections(), &json!({}), Some(&form), &errors, true);
    assert!(shown.wrong && shown.problems.is_empty());
    let control = |name: &str| {
        let field = shown.sections[0].fields.iter().find(|field| field.name == name).unwrap();
        field.control.clone()
    };
    let Control::Duration { value, units } = control("accessTokenLifespan") else { panic!() };
    assert!(value == "5000" && units.contains(&(86_400, "days", true)));
    let Control::Pairs { rows } = control("browserSecurityHeaders") else { panic!() };
    assert_eq!(rows[0], (String::new(), "lonely".to_owned()));
    let Control::Choice { options } = control("sslRequired") else { panic!() };
    assert_eq!(options[0], ("odd".to_owned(), "odd".to_owned(), true));
}

#[test]
fn what_is_stored_is_shown_whatever_form_it_has() {
    let stored = json!({
        "accessTokenLifespan": 7200,
        "attributes": {"acr.on": "false", "uris": "a##b"},
        "smtpServer": {"password": "**********"},
        "config": {"priority": ["100"], "wait": 90},
        "sslRequired": "none",
    });
    let shown = views(&sections(), &stored, None, &FormErrors::default(), true);
    let field = |name: &str| shown.sections[0].fields.iter().find(|field| field.name == name).unwrap();
    let Control::Duration { value, units } = &field("accessTokenLifespan").control else { panic!() };
    assert!(value == "2" && units.contains(&(3_600, "hours", true)));
    let safe = field("accessTokenLifespan").safe.as_ref().unwrap();
    assert!(safe.differs && safe.value == "at most 5 minutes");
    assert!(field("attributes.acr.on").safe.as_ref().unwrap().differs);
    assert_eq!(field("sslRequired").safe.as_ref().unwrap().value, "Always");
    assert_eq!(field("smtpServer.password").control, Control::Secret { kept: true });
    assert!(matches!(&field("attributes.uris").control, Control::Many { text, .. } if text == "a\nb"));
    assert!(matches!(&field("config.priority").control, Control::Number { value, .. } if value == "100"));
    assert!(matches!(&field("config.wait").control, Control::Duration { value, .. } if value == "90"));
}

#[test]
fn a_fixed_field_is_shown_and_not_read() {
    let sections = vec![Section::new("s", "S", "", vec![Field::text("realm", "Name").fixed(true)])];
    let form = form("realm=other");
    assert_eq!(gather(&sections, &form).0, json!({}));
    let shown = views(&sections, &json!({"realm": "a"}), Some(&form), &FormErrors::default(), true);
    assert!(matches!(&shown.sections[0].fields[0].control, Control::Line { value, .. } if value == "a"));
}

#[test]
fn times_are_said_in_whole_units() {
    for (seconds, expected) in
        [(0, "0 minutes"), (1, "1 second"), (90, "90 seconds"), (3_600, "1 hour"), (172_800, "2 days")]
    {
        assert_eq!(said(seconds), expected);
    }
}

#[test]
fn a_change_is_undone_by_sending_what_was_there() {
    let stored = json!({
        "displayName": "A", "accessTokenLifespan": 7200, "sslRequired": "none", "supportedLocales": ["en", "de"],
        "attributes": {"acr.on": "true", "uris": "a##b", "url": ""}, "smtpServer": {"password": "**********"},
        "browserSecurityHeaders": {"X": "1"}, "config": {"priority": ["100"], "wait": "90"},
    });
    let sent = undoing(&sections(), &stored);
    let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(sent).finish();
    let (value, errors) = gather(&sections(), &form(&body));
    assert!(errors.is_empty());
    assert_eq!(value, stored);
}
