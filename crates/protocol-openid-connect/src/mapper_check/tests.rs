//! What may be saved, and what is said about the rest.

use model::{Attributes, id::MapperId};
use proptest::{collection::btree_map, prelude::*, sample::select};
use serde_json::{Value, json};

use super::*;
use crate::{default_scopes, mapper_kinds::KINDS};

fn mapper(kind: &str, settings: &[(&str, &str)]) -> ProtocolMapper {
    ProtocolMapper {
        id: MapperId("m1".into()),
        name: "m".into(),
        protocol: "openid-connect".into(),
        kind: kind.into(),
        config: settings.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect(),
    }
}

/// The settings that are wrong.
fn fields(kind: &str, settings: &[(&str, &str)]) -> Vec<String> {
    check(&mapper(kind, settings)).into_iter().map(|problem| problem.field).collect()
}

#[test]
fn the_mappers_of_a_new_realm_are_sound() {
    for mapper in default_scopes::all().iter().flat_map(|scope| &scope.mappers) {
        assert_eq!(check(mapper), [], "{}", mapper.name);
    }
}

/// As Keycloak 18, 24 and 26 export them.
#[test]
fn mappers_of_exports_are_sound() {
    let exported = json!([
        ["oidc-audience-resolve-mapper", {}],
        ["oidc-allowed-origins-mapper", {}],
        ["oidc-acr-mapper", {"id.token.claim": "true", "access.token.claim": "true", "userinfo.token.claim": "true"}],
        ["oidc-full-name-mapper", {"id.token.claim": "true", "access.token.claim": "true",
            "userinfo.token.claim": "true"}],
        ["oidc-organization-membership-mapper", {"id.token.claim": "true", "introspection.token.claim": "true",
            "access.token.claim": "true", "userinfo.token.claim": "true"}],
        ["oidc-usermodel-property-mapper", {"userinfo.token.claim": "true", "user.attribute": "username",
            "id.token.claim": "true", "access.token.claim": "true", "claim.name": "preferred_username",
            "jsonType.label": "String"}],
        ["oidc-usermodel-attribute-mapper", {"userinfo.token.claim": "true", "user.attribute": "phoneNumberVerified",
            "id.token.claim": "true", "access.token.claim": "true", "claim.name": "phone_number_verified",
            "jsonType.label": "boolean"}],
        ["oidc-usermodel-realm-role-mapper", {"user.attribute": "foo", "access.token.claim": "true",
            "claim.name": "realm_access.roles", "jsonType.label": "String", "multivalued": "true"}],
        ["oidc-usermodel-client-role-mapper", {"user.attribute": "foo", "access.token.claim": "true",
            "claim.name": "resource_access.${client_id}.roles", "jsonType.label": "String", "multivalued": "true"}],
        ["oidc-usersessionmodel-note-mapper", {"user.session.note": "AUTH_TIME", "userinfo.token.claim": "true",
            "id.token.claim": "true", "introspection.token.claim": "true", "access.token.claim": "true",
            "claim.name": "auth_time", "jsonType.label": "long"}],
        ["oidc-usersessionmodel-note-mapper", {"user.session.note": "client_id", "id.token.claim": "true",
            "introspection.token.claim": "true", "access.token.claim": "true", "claim.name": "client_id",
            "jsonType.label": "String"}],
        ["oidc-address-mapper", {"user.attribute.formatted": "formatted", "user.attribute.country": "country",
            "user.attribute.postal_code": "postal_code", "userinfo.token.claim": "true",
            "user.attribute.street": "street", "id.token.claim": "true", "user.attribute.region": "region",
            "access.token.claim": "true", "user.attribute.locality": "locality"}],
        ["oidc-sub-mapper", {"introspection.token.claim": "true", "access.token.claim": "true"}],
        ["oidc-sha256-pairwise-sub-mapper", {}],
    ]);
    for exported in exported.as_array().unwrap() {
        let config: Attributes = serde_json::from_value(exported[1].clone()).unwrap();
        let mapper = ProtocolMapper { config, ..mapper(exported[0].as_str().unwrap(), &[]) };
        assert_eq!(check(&mapper), [], "{mapper:?}");
    }
}

#[test]
fn a_claim_needs_a_name() {
    let kinds = [
        ("oidc-usermodel-attribute-mapper", &[("user.attribute", "x")][..]),
        ("oidc-usermodel-property-mapper", &[("user.attribute", "email"), ("claim.name", "")]),
        ("oidc-hardcoded-claim-mapper", &[]),
        ("oidc-usersessionmodel-note-mapper", &[("user.session.note", "x")]),
        ("oidc-group-membership-mapper", &[]),
        ("oidc-usermodel-client-role-mapper", &[]),
        ("oidc-usermodel-realm-role-mapper", &[]),
        ("oidc-claims-param-value-idtoken-mapper", &[]),
    ];
    for (kind, settings) in kinds {
        assert_eq!(fields(kind, settings), ["claim.name"], "{kind}");
    }
}

#[test]
fn essential_settings_are_asked_for() {
    let name = ("claim.name", "x");
    assert_eq!(fields("oidc-usermodel-attribute-mapper", &[name]), ["user.attribute"]);
    assert_eq!(fields("oidc-usersessionmodel-note-mapper", &[name]), ["user.session.note"]);
    assert_eq!(fields("oidc-hardcoded-role-mapper", &[("role", "app.")]), ["role"]);
    assert_eq!(fields("oidc-role-name-mapper", &[]), ["role", "new.role.name"]);
    assert!(fields("oidc-role-name-mapper", &[("role", "app.a"), ("new.role.name", "b")]).is_empty());
}

#[test]
fn protected_claims_are_refused_with_the_way_out() {
    let problem = |kind, claim| {
        let settings = [("claim.name", claim), ("claim.value", "x"), ("user.attribute", "x")];
        check(&mapper(kind, &settings)).into_iter().map(|problem| problem.message).collect::<Vec<_>>().join("\n")
    };
    let fixed = "oidc-hardcoded-claim-mapper";
    assert_eq!(problem(fixed, "aud"), "this mapper can't write the claim `aud`; use the mapper `oidc-audience-mapper`");
    assert_eq!(problem(fixed, "iss.x"), "this mapper can't write the claim `iss`");
    for claim in ["sub", "exp", "jti", "typ", "azp", "sid", "nonce", r"\iss", "realm_access.roles"] {
        assert_ne!(problem(fixed, claim), "", "{claim}");
    }
    let user = "oidc-usermodel-attribute-mapper";
    assert_ne!(problem(user, "acr"), "");
    assert_eq!(problem(fixed, "acr"), "");
    assert_eq!(problem(user, "x.iss"), "");
    assert_eq!(problem("oidc-usermodel-realm-role-mapper", "realm_access.roles"), "");
}

#[test]
fn types_and_fixed_values_fit() {
    let value = |json_type, value| {
        let settings = [("claim.name", "x"), ("claim.value", value), ("jsonType.label", json_type)];
        fields("oidc-hardcoded-claim-mapper", &settings)
    };
    for (json_type, text) in
        [("JSON", "[1]"), ("long", "5"), ("boolean", "true"), ("String", "{"), ("JSON", ""), ("", "x")]
    {
        assert!(value(json_type, text).is_empty(), "{json_type} {text}");
    }
    for (json_type, text) in [("JSON", "{"), ("JSON", "null"), ("long", "x"), ("int", "9999999999"), ("boolean", "yes")]
    {
        assert_eq!(value(json_type, text), ["claim.value"], "{json_type} {text}");
    }
    assert_eq!(value("number", "5"), ["jsonType.label"]);
}

#[test]
fn a_sector_is_an_address_that_can_be_trusted() {
    let sector = |uri| fields("oidc-sha256-pairwise-sub-mapper", &[("sectorIdentifierUri", uri)]);
    for uri in
        ["", "https://example.org/redirects.json", "http://localhost:8080/x", "http://127.0.0.1/x", "http://[::1]/x"]
    {
        assert!(sector(uri).is_empty(), "{uri}");
    }
    let dangerous = [
        "example.org",
        "/redirects.json",
        "http://example.org/redirects.json",
        "http://localhost.example.org/",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "https://user@example.org/",
        "https://:secret@example.org/",
        "https://example.org/#x",
        "https://",
    ];
    for uri in dangerous {
        assert_eq!(sector(uri), ["sectorIdentifierUri"], "{uri}");
    }
}

#[test]
fn settings_have_bounds() {
    let kind = "oidc-full-name-mapper";
    assert_eq!(fields(kind, &[("x", &"v".repeat(LONGEST_VALUE + 1))]), ["x"]);
    assert!(fields(kind, &[("x", &"v".repeat(LONGEST_VALUE))]).is_empty());
    assert_eq!(fields(kind, &[(&"n".repeat(LONGEST_NAME + 1), "")]), ["config"]);
    assert_eq!(fields(kind, &[("x", "a\0b"), ("y\0", "")]), ["x", "y"]);
    let many: Vec<_> = (0..=MOST_SETTINGS).map(|number| number.to_string()).collect();
    let many: Vec<_> = many.iter().map(|name| (name.as_str(), "")).collect();
    assert_eq!(fields(kind, &many), ["config"]);
    let deep = vec!["a"; DEEPEST + 1].join(".");
    for name in [deep, "a".repeat(LONGEST_CLAIM_NAME + 1)] {
        assert_eq!(fields("oidc-group-membership-mapper", &[("claim.name", &name)]), ["claim.name"]);
    }
}

#[test]
fn a_foreign_kind_is_not_our_business() {
    assert!(check(&mapper("docker-v2-allow-all-mapper", &[])).is_empty());
}

proptest! {
    #[test]
    fn any_settings_are_answered(
        kind in select(KINDS.iter().map(|kind| kind.id).collect::<Vec<_>>()),
        config in btree_map("(claim|user|jsonType|sectorIdentifierUri|role|\\PC{0,3})(\\.name|\\.attribute|\\.label|)", ".{0,40}", 0..8),
    ) {
        let mut mapper = mapper(kind, &[]);
        mapper.config = config;
        for problem in check(&mapper) {
            prop_assert!(!problem.field.is_empty() || mapper.config.contains_key(""));
            prop_assert!(!problem.message.contains('\0'));
        }
    }
}

/// A JSON text in a fixed value is bounded like every other setting, and its depth by the reader.
#[test]
fn deep_json_is_refused() {
    let deep = "[".repeat(5000) + &"]".repeat(5000);
    let settings = [("claim.name", "x"), ("claim.value", deep.as_str()), ("jsonType.label", "JSON")];
    assert_eq!(fields("oidc-hardcoded-claim-mapper", &settings), ["claim.value"]);
    assert!(serde_json::from_str::<Value>(&deep).is_err());
}
