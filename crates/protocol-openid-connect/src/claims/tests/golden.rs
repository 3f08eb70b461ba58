//! The tokens of a user about whom everything is known, in a realm as it is created.

use model::protocol_mapper::ProtocolMapper;
use serde_json::{Value, json};

use super::{super::*, support::*};
use crate::default_scopes;

/// The mappers of these client scopes of a new realm.
fn of_scopes(names: &[&str]) -> Vec<ProtocolMapper> {
    let scopes = default_scopes::all().into_iter();
    let wanted: Vec<_> = scopes.filter(|scope| names.contains(&scope.scope.name.as_str())).collect();
    assert_eq!(wanted.len(), names.len());
    wanted.into_iter().flat_map(|scope| scope.mappers).collect()
}

const DEFAULT: &[&str] = &["acr", "basic", "email", "profile", "roles", "web-origins"];

/// A user with all 14 claims of `profile`, e-mail, phone and address.
fn everybody() -> Known {
    let mut known = Known::new();
    known.subject.attributes = attributes(&[
        ("middleName", &["Q."]),
        ("nickname", &["Janey"]),
        ("profile", &["https://jane.example.org/"]),
        ("picture", &["https://jane.example.org/me.jpg"]),
        ("website", &["https://example.org/"]),
        ("gender", &["female"]),
        ("birthdate", &["1990-02-03"]),
        ("zoneinfo", &["Europe/Berlin"]),
        ("locale", &["en"]),
        ("updatedAt", &["1700000000"]),
        ("phoneNumber", &["+49 30 123456"]),
        ("phoneNumberVerified", &["true"]),
        ("street", &["Main Street 1"]),
        ("locality", &["Berlin"]),
        ("region", &["BE"]),
        ("postal_code", &["10115"]),
        ("country", &["DE"]),
        ("formatted", &["Main Street 1\n10115 Berlin"]),
    ]);
    known
}

/// The claims of `profile`, `email`, `phone` and `address`.
fn person() -> Value {
    json!({
        "name": "Jane Doe", "family_name": "Doe", "given_name": "Jane", "middle_name": "Q.", "nickname": "Janey",
        "preferred_username": "jane", "profile": "https://jane.example.org/",
        "picture": "https://jane.example.org/me.jpg", "website": "https://example.org/", "gender": "female",
        "birthdate": "1990-02-03", "zoneinfo": "Europe/Berlin", "locale": "en", "updated_at": 1_700_000_000,
        "email": "jane@example.org", "email_verified": true,
        "phone_number": "+49 30 123456", "phone_number_verified": true,
        "address": {
            "formatted": "Main Street 1\n10115 Berlin", "street_address": "Main Street 1", "locality": "Berlin",
            "region": "BE", "postal_code": "10115", "country": "DE",
        },
    })
}

fn joined(parts: &[Value]) -> Value {
    Value::Object(parts.iter().flat_map(|part| part.as_object().unwrap().clone()).collect())
}

/// What the endpoint itself puts into a token.
fn registered(kind: &str) -> Value {
    json!({
        "exp": 160, "iat": 100, "jti": "t1", "iss": "https://id.example/realms/r", "typ": kind, "azp": "app",
        "sid": "s1",
    })
}

#[test]
fn every_claim_of_a_user_of_whom_everything_is_known() {
    let known = everybody();
    let mappers = of_scopes(&[DEFAULT, &["phone", "address"]].concat());
    let access = joined(&[
        person(),
        json!({
            "sub": USER, "aud": "account", "acr": "1", "auth_time": 90,
            "allowed-origins": ["https://app.example.org"],
            "realm_access": {"roles": ["auditor", "user"]},
            "resource_access": {
                "account": {"roles": ["manage-account", "view-profile"]},
                "app": {"roles": ["editor"]},
            },
        }),
    ]);
    let scope = json!({"scope": "openid profile email phone address"});
    let token = joined(&[registered("Bearer"), scope]);
    assert_eq!(known.claims_beside(token.clone(), &mappers, Target::Access), joined(&[access.clone(), token]));
    assert_eq!(known.claims(&mappers, Target::Introspection), access);

    let token = joined(&[registered("ID"), json!({"aud": "app", "nonce": "n-0S6", "at_hash": "x"})]);
    let id = joined(&[person(), json!({"sub": USER, "acr": "1", "auth_time": 90})]);
    assert_eq!(known.claims_beside(token.clone(), &mappers, Target::Id), joined(&[id, token]));

    assert_eq!(known.claims(&mappers, Target::UserInfo), joined(&[person(), json!({"sub": USER})]));
    assert_eq!(known.claims(&mappers, Target::LightweightAccess), json!({}));
}

/// What Keycloak's clients for Python insist on, to the claim.
#[test]
fn userinfo_of_a_plain_user() {
    let mut known = Known::new();
    known.subject.email_verified = false;
    assert_eq!(
        known.claims(&of_scopes(DEFAULT), Target::UserInfo),
        json!({
            "sub": USER, "email_verified": false, "name": "Jane Doe", "preferred_username": "jane",
            "given_name": "Jane", "family_name": "Doe", "email": "jane@example.org",
        })
    );
}

#[test]
fn a_client_that_acts_for_itself_is_named_in_its_token() {
    let mut known = Known::new();
    known.subject.email = None;
    known.subject.email_verified = false;
    (known.subject.first_name, known.subject.last_name) = (None, None);
    known.subject.username = "service-account-app".into();
    known.subject.roles = vec![role("uma_authorization")];
    known.notes = [("client_id", "app"), ("clientHost", "192.0.2.1"), ("clientAddress", "192.0.2.1")]
        .map(|(name, value)| (name, value.to_owned()))
        .into();
    let mappers = ClaimMapper::parse_all(&of_scopes(&[DEFAULT, &["service_account"]].concat()));
    let mut claims = serde_json::Map::new();
    let facts = Facts { session: None, auth_time: None, ..known.facts() };
    build(&mappers, &facts, Target::Access, &mut claims);
    assert_eq!(
        Value::Object(claims),
        json!({
            "sub": USER, "acr": "1", "allowed-origins": ["https://app.example.org"],
            "realm_access": {"roles": ["uma_authorization"]}, "email_verified": false,
            "preferred_username": "service-account-app", "client_id": "app", "clientHost": "192.0.2.1",
            "clientAddress": "192.0.2.1",
        })
    );
}

#[test]
fn microprofile_has_its_name_and_groups() {
    let claims = Known::new().claims(&of_scopes(&["microprofile-jwt", "organization"]), Target::Access);
    assert_eq!(claims, json!({"upn": "jane", "groups": ["auditor", "user"]}));
}
