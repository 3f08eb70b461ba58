//! Each kind that isn't about roles or the subject.

use serde_json::{Value, json};

use super::{super::*, support::*};

const ATTRIBUTE: &str = "oidc-usermodel-attribute-mapper";
const PROPERTY: &str = "oidc-usermodel-property-mapper";
const HARDCODED: &str = "oidc-hardcoded-claim-mapper";
const NOTE: &str = "oidc-usersessionmodel-note-mapper";
const GROUPS: &str = "oidc-group-membership-mapper";
const AUDIENCE: &str = "oidc-audience-mapper";

fn attribute(attribute: &str, claim: &str, more: &[(&str, &str)]) -> Value {
    let settings = [&[("user.attribute", attribute), ("claim.name", claim)], more].concat();
    Known::new().access(everywhere(ATTRIBUTE, &settings))
}

fn fixed(claim: &str, value: &str, json_type: &str) -> Value {
    let settings = [("claim.name", claim), ("claim.value", value), ("jsonType.label", json_type)];
    Known::new().access(everywhere(HARDCODED, &settings))
}

#[test]
fn an_attribute_gives_its_first_value_or_all() {
    assert_eq!(attribute("department", "dep", &[]), json!({"dep": "R&D"}));
    assert_eq!(attribute("department", "dep", &[("multivalued", "true")]), json!({"dep": ["R&D", "Sales"]}));
    assert_eq!(attribute("nothing", "dep", &[("multivalued", "true")]), json!({}));
    assert_eq!(attribute("empty", "dep", &[]), json!({}));
    assert_eq!(attribute("empty", "dep", &[("multivalued", "true")]), json!({}));
}

#[test]
fn values_of_another_type_are_left_out() {
    assert_eq!(attribute("level", "level", &[("jsonType.label", "long")]), json!({"level": 3}));
    let list = [("jsonType.label", "int"), ("multivalued", "true")];
    assert_eq!(attribute("level", "level", &list), json!({"level": [3]}));
    assert_eq!(attribute("department", "level", &list), json!({}));
}

#[test]
fn fields_are_attributes_too() {
    let fields = [("username", "jane"), ("email", "jane@example.org"), ("firstName", "Jane"), ("lastName", "Doe")];
    for (field, value) in fields {
        assert_eq!(attribute(field, "x", &[]), json!({"x": value}));
        assert_eq!(attribute(field, "x", &[("multivalued", "true")]), json!({"x": [value]}));
    }
    assert_eq!(attribute("emailVerified", "x", &[]), json!({}));
}

#[test]
fn groups_answer_for_a_user_without_the_attribute_and_together_if_wished() {
    let mut known = Known::new();
    known.group_attributes = vec![
        attributes(&[("cost", &[]), ("department", &["Board"])]),
        attributes(&[("cost", &["4711", "R&D"])]),
        attributes(&[("cost", &["4712"]), ("email", &["staff@example.org"])]),
    ];
    let run = |known: &Known, attribute: &str, more: &[(&str, &str)]| {
        let settings = [&[("user.attribute", attribute), ("claim.name", "x"), ("multivalued", "true")], more].concat();
        known.access(everywhere(ATTRIBUTE, &settings))
    };
    assert_eq!(run(&known, "cost", &[]), json!({"x": ["4711", "R&D"]}));
    assert_eq!(run(&known, "department", &[]), json!({"x": ["R&D", "Sales"]}));
    let all = &[("aggregate.attrs", "true")];
    assert_eq!(run(&known, "cost", all), json!({"x": ["4711", "R&D", "4712"]}));
    assert_eq!(run(&known, "department", all), json!({"x": ["R&D", "Sales", "Board"]}));
    known.subject.email = None;
    assert_eq!(run(&known, "email", &[]), json!({}), "a group is nobody's mailbox");
    assert_eq!(run(&known, "email", all), json!({}));
}

#[test]
fn properties_are_the_users_fields() {
    let property = |name, json_type| {
        let settings = [("user.attribute", name), ("claim.name", "x"), ("jsonType.label", json_type)];
        Known::new().access(everywhere(PROPERTY, &settings))
    };
    assert_eq!(property("emailVerified", "boolean"), json!({"x": true}));
    assert_eq!(property("emailVerified", "String"), json!({"x": "true"}));
    assert_eq!(property("id", "String"), json!({"x": USER}));
    assert_eq!(property("username", "String"), json!({"x": "jane"}));
    assert_eq!(property("enabled", "boolean"), json!({"x": true}));
    assert_eq!(property("createdTimestamp", "long"), json!({"x": 1_700_000_000_123_i64}));
    assert_eq!(property("department", "String"), json!({}), "an attribute is no property");
}

#[test]
fn a_dot_goes_one_level_down_unless_it_is_escaped() {
    assert_eq!(fixed("a.b.c", "1", "int"), json!({"a": {"b": {"c": 1}}}));
    assert_eq!(fixed(r"https://x\.example/y.z", "1", "int"), json!({"https://x.example/y": {"z": 1}}));
    assert_eq!(fixed(r"a\\b", "1", "int"), json!({r"a\b": 1}));
    assert_eq!(fixed("a.", "1", "int"), json!({"a": 1}));
    assert_eq!(fixed("a..b.c", "1", "int"), json!({"a": {".b.c": 1}}));
    assert_eq!(fixed(r"a\", "1", "int"), json!({r"a\": 1}));
}

#[test]
fn nested_claims_of_several_mappers_meet_in_one_object() {
    let fixed = |claim, value| everywhere(HARDCODED, &[("claim.name", claim), ("claim.value", value)]);
    let run = |mappers: &[_]| Known::new().claims(mappers, Target::Access);
    assert_eq!(run(&[fixed("a.b", "1"), fixed("a.c", "2")]), json!({"a": {"b": "1", "c": "2"}}));
    assert_eq!(run(&[fixed("a", "1"), fixed("a.c", "2")]), json!({"a": "1"}), "a text has no members");
    assert_eq!(run(&[fixed("a", "1"), fixed("a", "2")]), json!({"a": "2"}), "the later one counts");
}

#[test]
fn lists_of_several_mappers_become_one() {
    let list = |attribute: &str| {
        let settings = [("user.attribute", attribute), ("claim.name", "x"), ("multivalued", "true")];
        everywhere(ATTRIBUTE, &settings)
    };
    let fixed = everywhere(HARDCODED, &[("claim.name", "x"), ("claim.value", "first")]);
    let claims = Known::new().claims(&[fixed, list("department"), list("department"), list("email")], Target::Access);
    assert_eq!(claims, json!({"x": ["first", "R&D", "Sales", "jane@example.org"]}));
}

#[test]
fn standard_claims_have_the_standards_types() {
    assert_eq!(fixed("email_verified", "true", "String"), json!({"email_verified": true}));
    assert_eq!(fixed("phone_number_verified", "yes", "String"), json!({}));
    assert_eq!(fixed("updated_at", "1700000000", "String"), json!({"updated_at": 1_700_000_000}));
    assert_eq!(fixed("updated_at", "2024-01-01", "String"), json!({}));
    assert_eq!(fixed("address", "Main Street 1", "String"), json!({}));
    assert_eq!(fixed("address", "{}", "JSON"), json!({}));
    assert_eq!(fixed("address", r#"{"country":"DE"}"#, "JSON"), json!({"address": {"country": "DE"}}));
    let settings = [("user.attribute", "emailVerified"), ("claim.name", "email_verified"), ("multivalued", "true")];
    assert_eq!(Known::new().access(everywhere(PROPERTY, &settings)), json!({"email_verified": true}));
}

#[test]
fn a_mapper_without_a_known_type_or_essential_settings_still_does_what_it_can() {
    assert_eq!(fixed("x", "1", "number"), json!({"x": "1"}));
    assert_eq!(fixed("x", "", "String"), json!({}));
    assert_eq!(fixed("", "1", "String"), json!({}));
    assert_eq!(Known::new().access(everywhere(ATTRIBUTE, &[("user.attribute", "department")])), json!({}));
    let mut foreign = everywhere(HARDCODED, &[("claim.name", "x"), ("claim.value", "1")]);
    foreign.protocol = "saml".into();
    assert_eq!(Known::new().access(foreign), json!({}));
    assert_eq!(Known::new().access(everywhere("oidc-script-based-protocol-mapper", &[])), json!({}));
}

#[test]
fn full_name_and_address_have_only_what_there_is() {
    let mut known = Known::new();
    let name = |known: &Known| known.access(everywhere("oidc-full-name-mapper", &[]));
    assert_eq!(name(&known), json!({"name": "Jane Doe"}));
    known.subject.first_name = Some(String::new());
    assert_eq!(name(&known), json!({"name": "Doe"}));
    known.subject.last_name = None;
    assert_eq!(name(&known), json!({}));

    let address = |known: &Known, settings: &[(&str, &str)]| known.access(everywhere("oidc-address-mapper", settings));
    assert_eq!(address(&known, &[]), json!({}));
    known.subject.attributes =
        attributes(&[("street", &["Main Street 1"]), ("locality", &[""]), ("land", &["DE", "AT"]), ("region", &[])]);
    assert_eq!(address(&known, &[]), json!({"address": {"street_address": "Main Street 1"}}));
    assert_eq!(
        address(&known, &[("user.attribute.country", "land"), ("user.attribute.street", "")]),
        json!({"address": {"country": "DE"}})
    );
}

#[test]
fn notes_are_those_of_the_session() {
    let note = |note, claim, json_type| {
        everywhere(NOTE, &[("user.session.note", note), ("claim.name", claim), ("jsonType.label", json_type)])
    };
    let mut known = Known::new();
    let auth_time = note("AUTH_TIME", "auth_time", "String");
    assert_eq!(known.access(auth_time.clone()), json!({"auth_time": 90}));
    assert_eq!(known.access(note("clientHost", "clientHost", "String")), json!({}));
    known.notes = [("clientHost", "192.0.2.1".to_owned()), ("AUTH_TIME", "95".to_owned())].into();
    assert_eq!(known.access(note("clientHost", "clientHost", "String")), json!({"clientHost": "192.0.2.1"}));
    assert_eq!(known.access(auth_time.clone()), json!({"auth_time": 95}));
    assert_eq!(known.claims(&[auth_time], Target::UserInfo), json!({"sub": USER}), "userinfo is about the user");
}

#[test]
fn groups_are_given_with_or_without_those_above() {
    let groups = |full_path| {
        let settings = [("claim.name", "org.groups"), ("full.path", full_path)];
        Known::new().access(everywhere(GROUPS, &settings))
    };
    assert_eq!(groups("true"), json!({"org": {"groups": ["/staff/a~/b", "/guests"]}}));
    assert_eq!(groups("false"), json!({"org": {"groups": ["a/b", "guests"]}}));
    let mut known = Known::new();
    known.subject.groups.clear();
    assert_eq!(known.access(everywhere(GROUPS, &[("claim.name", "groups")])), json!({}));
}

#[test]
fn audiences_come_beside_those_that_are_there() {
    let client = everywhere(AUDIENCE, &[("included.client.audience", "api"), ("included.custom.audience", "x")]);
    let custom = everywhere(AUDIENCE, &[("included.client.audience", ""), ("included.custom.audience", "urn:x")]);
    let known = Known::new();
    assert_eq!(known.access(client.clone()), json!({"aud": "api"}));
    assert_eq!(known.claims(&[client.clone(), client.clone()], Target::Access), json!({"aud": "api"}));
    let both = [client.clone(), custom, client];
    assert_eq!(known.claims(&both, Target::Access), json!({"aud": ["api", "urn:x"]}));
    assert_eq!(
        known.claims_beside(json!({"aud": "app"}), &both, Target::Id),
        json!({"aud": ["app", "api", "urn:x"], "sub": USER})
    );
    assert_eq!(known.claims(&both, Target::UserInfo), json!({"sub": USER}));
    assert_eq!(known.access(everywhere(AUDIENCE, &[])), json!({}));
}

#[test]
fn allowed_origins_are_those_of_the_client_in_access_tokens_only() {
    let origins = mapper("oidc-allowed-origins-mapper", &[]);
    let mut known = Known::new();
    let expected = json!({"allowed-origins": ["https://app.example.org"]});
    assert_eq!(known.claims(std::slice::from_ref(&origins), Target::Access), expected);
    assert_eq!(known.claims(std::slice::from_ref(&origins), Target::Introspection), expected);
    assert_eq!(known.claims(std::slice::from_ref(&origins), Target::LightweightAccess), json!({}));
    let on = everywhere("oidc-allowed-origins-mapper", &[]);
    assert_eq!(known.claims(std::slice::from_ref(&on), Target::LightweightAccess), expected);
    assert_eq!(known.claims(&[on], Target::Id), json!({"sub": USER}));
    known.client.settings.web_origins.clear();
    assert_eq!(known.access(origins), json!({}));
}

#[test]
fn the_login_is_told_of_by_its_own_mappers() {
    let known = Known::new();
    let kinds = [
        ("oidc-acr-mapper", json!({"acr": "1"})),
        ("oidc-amr-mapper", json!({"amr": ["pwd"]})),
        ("oidc-session-state-mapper", json!({"session_state": "s1"})),
        ("oidc-nonce-backwards-compatible-mapper", json!({"nonce": "n-0S6"})),
    ];
    for (kind, expected) in kinds {
        assert_eq!(known.access(everywhere(kind, &[])), expected, "{kind}");
    }
    let userinfo = known.claims(&kinds_everywhere(), Target::UserInfo);
    assert_eq!(userinfo, json!({"sub": USER, "session_state": "s1"}));
    assert_eq!(known.access(mapper("oidc-nonce-backwards-compatible-mapper", &[])), json!({"nonce": "n-0S6"}));

    let facts = Facts { session: None, acr: None, amr: &[], nonce: None, ..known.facts() };
    let mut claims = serde_json::Map::new();
    build(&ClaimMapper::parse_all(&kinds_everywhere()), &facts, Target::Access, &mut claims);
    assert!(claims.is_empty(), "{claims:?}");
}

fn kinds_everywhere() -> Vec<model::protocol_mapper::ProtocolMapper> {
    ["oidc-acr-mapper", "oidc-amr-mapper", "oidc-session-state-mapper", "oidc-nonce-backwards-compatible-mapper"]
        .map(|kind| everywhere(kind, &[]))
        .into()
}

#[test]
fn claims_of_the_request_are_added_where_they_were_asked_for() {
    let mut known = Known::new();
    known.subject.attributes =
        attributes(&[("phoneNumber", &["+49 30"]), ("updatedAt", &["5"]), ("country", &["DE"]), ("nickname", &[""])]);
    let requested = everywhere("oidc-claims-param-token-mapper", &[]);
    let run = |known: &Known, target| known.claims(std::slice::from_ref(&requested), target);
    assert_eq!(run(&known, Target::UserInfo), json!({"sub": USER}));
    known.claims_parameter = Some(json!({
        "userinfo": {"name": {"essential": true}, "given_name": null, "nickname": null, "department": null,
            "email_verified": null, "phone_number": null, "updated_at": null, "address": null},
        "id_token": {"email": {"essential": true}, "acr": {"essential": true, "values": ["9"]}, "sub": {"value": "x"}},
    }));
    assert_eq!(
        run(&known, Target::UserInfo),
        json!({
            "sub": USER, "name": "Jane Doe", "given_name": "Jane", "email_verified": true, "phone_number": "+49 30",
            "updated_at": 5, "address": {"country": "DE"},
        })
    );
    assert_eq!(run(&known, Target::Id), json!({"sub": USER, "email": "jane@example.org"}));
    assert_eq!(run(&known, Target::Access), json!({}));
    for odd in [json!(null), json!([]), json!({"userinfo": null}), json!({"userinfo": ["name"]}), json!("name")] {
        known.claims_parameter = Some(odd);
        assert_eq!(run(&known, Target::UserInfo), json!({"sub": USER}));
    }
}

#[test]
fn an_essential_value_of_the_request_is_handed_through() {
    let value = |claim: &str, request: Value| {
        let mut known = Known::new();
        known.claims_parameter = Some(json!({"id_token": {claim: request}, "userinfo": {claim: request}}));
        let mapper = everywhere("oidc-claims-param-value-idtoken-mapper", &[("claim.name", claim)]);
        assert_eq!(known.claims(std::slice::from_ref(&mapper), Target::UserInfo), json!({"sub": USER}));
        known.claims(&[mapper], Target::Id)
    };
    assert_eq!(
        value("intent_id", json!({"value": "i-1", "essential": true})),
        json!({"sub": USER, "intent_id": "i-1"})
    );
    for request in [json!(null), json!({"value": "i-1"}), json!({"value": 1, "essential": true}), json!("i-1")] {
        assert_eq!(value("intent_id", request), json!({"sub": USER}));
    }
    for claim in ["sub", "acr", "aud", "client_id", "realm_access"] {
        let claims = value(claim, json!({"value": "x", "essential": true}));
        assert_eq!(claims, json!({"sub": USER}), "a client can't name its own {claim}");
    }
}

#[test]
fn no_general_mapper_writes_what_others_decide() {
    let server = [
        "iss",
        "sub",
        "aud",
        "exp",
        "nbf",
        "iat",
        "jti",
        "typ",
        "azp",
        "sid",
        "scope",
        "nonce",
        "session_state",
        "cnf",
        "act",
        "at_hash",
        "authorization",
        "realm_access",
        "resource_access",
        "sub.x",
        "realm_access.roles",
    ];
    for claim in server {
        assert_eq!(fixed(claim, "x", "String"), json!({}), "{claim}");
        assert_eq!(attribute("department", claim, &[]), json!({}), "{claim}");
    }
    for claim in ["acr", "amr", "auth_time", "client_id"] {
        assert_eq!(attribute("level", claim, &[]), json!({}), "{claim}");
    }
    assert_eq!(fixed("acr", "gold", "String"), json!({"acr": "gold"}));
    let active = everywhere(HARDCODED, &[("claim.name", "active"), ("claim.value", "true")]);
    let beside = json!({"active": false});
    assert_eq!(
        Known::new().claims_beside(beside.clone(), std::slice::from_ref(&active), Target::Introspection),
        beside
    );
    assert_eq!(Known::new().access(active), json!({"active": "true"}));
}

#[test]
fn nobody_is_a_member_of_an_organization_yet() {
    let mapper = everywhere("oidc-organization-membership-mapper", &[("claim.name", "organization")]);
    assert_eq!(Known::new().access(mapper), json!({}));
}

#[test]
fn a_mapper_tells_where_it_has_a_say() {
    let read = |settings: &[_]| ClaimMapper::parse(&mapper("oidc-full-name-mapper", settings)).unwrap();
    assert!(read(&[("lightweight.claim", "true")]).is_for(Target::LightweightAccess));
    assert!(!read(&[("access.token.claim", "true")]).is_for(Target::LightweightAccess));
}
