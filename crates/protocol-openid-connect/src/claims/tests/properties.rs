//! What holds for any mapper and any user.

use std::collections::BTreeSet;

use model::{Attributes, protocol_mapper::ProtocolMapper, role::RoleName};
use proptest::{collection::vec, option, prelude::*, sample::select};
use protocol::{MapperKind, Setting};
use serde_json::{Map, Value, json};

use super::{super::*, support::*};
use crate::{mapper_check, mapper_kinds::KINDS};

/// Claims that the endpoint puts into every token.
fn given() -> Map<String, Value> {
    let given = json!({
        "iss": "https://id.example/realms/r", "exp": 160, "iat": 100, "nbf": 100, "jti": "t1", "typ": "Bearer",
        "azp": "app", "sid": "s1", "scope": "openid", "aud": "app", "cnf": {"jkt": "x"}, "active": true,
        "token_type": "Bearer",
    });
    given.as_object().unwrap().clone()
}

fn names() -> impl Strategy<Value = String> {
    let known = [
        "sub",
        "iss",
        "aud",
        "typ",
        "acr",
        "auth_time",
        "email_verified",
        "phone_number_verified",
        "updated_at",
        "address",
        "address.country",
        "name",
        "email",
        "groups",
        "realm_access.roles",
        "sid.x",
        "active",
        "a.b",
        "a",
        "resource_access.${client_id}.roles",
        "${client_id}",
        "${client_id}.x",
        "",
        ".",
        "a..b",
        "nonce",
        "scope",
    ];
    prop_oneof![4 => select(known.to_vec()).prop_map(str::to_owned), 1 => "[a.\\\\é]{0,6}"]
}

fn values() -> impl Strategy<Value = String> + Clone {
    let known = [
        "",
        "true",
        "false",
        "TRUE",
        "1",
        "-5",
        "99999999999999999999",
        "null",
        "\"\"",
        "{}",
        "[]",
        "{\"a\":null}",
        "[1,\"\"]",
        "x",
        "department",
        "email",
        "username",
        "id",
        "emailVerified",
        "AUTH_TIME",
        "user",
        "app.editor",
        "iss.x",
        "https://x.example/",
        "String",
        "long",
        "int",
        "boolean",
        "JSON",
        "app",
        "api",
    ];
    prop_oneof![
        6 => select(known.to_vec()).prop_map(str::to_owned),
        2 => select(vec!["", "null", "\"\""]).prop_map(str::to_owned),
        1 => ".{0,12}",
    ]
}

/// Settings that a kind knows, most of them with values that could be meant.
fn settings(kind: MapperKind) -> impl Strategy<Value = Attributes> {
    let setting = |setting: &'static Setting| {
        let value = match setting.name {
            "claim.name" => names().boxed(),
            "jsonType.label" => select(setting.options).prop_map(str::to_owned).boxed(),
            name if EVERYWHERE.iter().any(|(switch, _)| *switch == name) => {
                prop_oneof![3 => Just("true"), 1 => Just("false")].prop_map(str::to_owned).boxed()
            }
            _ => values().boxed(),
        };
        let name = setting.name.to_owned();
        option::weighted(0.9, value).prop_map(move |value| value.map(|value| (name.clone(), value)))
    };
    let settings: Vec<_> = kind.settings.iter().map(setting).collect();
    settings.prop_map(|settings| settings.into_iter().flatten().collect())
}

fn stored_as(kind: MapperKind) -> impl Strategy<Value = ProtocolMapper> {
    settings(kind).prop_map(|config| ProtocolMapper { config, ..mapper(kind.id, &[]) })
}

fn stored() -> impl Strategy<Value = ProtocolMapper> {
    select(KINDS).prop_flat_map(stored_as)
}

fn known() -> impl Strategy<Value = Known> {
    let role_names = select(&["user", "app.editor", "api.call", "iss.x", "account.view-profile"][..]);
    let attribute =
        (select(&["department", "street", "updatedAt", "phoneNumberVerified", "x"][..]), vec(values(), 0..3));
    (
        (vec(role_names.clone(), 0..5), vec(role_names, 0..3)),
        vec(attribute.clone(), 0..5),
        vec(attribute, 0..3),
        option::of(values()),
        any::<bool>(),
        names(),
    )
        .prop_map(|((roles, in_scope), own, of_group, email, full_scope, asked)| {
            let mut known = Known::new();
            known.client.settings.full_scope_allowed = full_scope;
            known.subject.roles = roles.into_iter().map(role).collect();
            known.scope_roles = in_scope.into_iter().map(role).collect();
            known.subject.attributes = own.into_iter().map(|(name, values)| (name.to_owned(), values)).collect();
            known.group_attributes =
                vec![of_group.into_iter().map(|(name, values)| (name.to_owned(), values)).collect()];
            known.subject.email = email;
            let request = json!({asked: {"essential": true, "value": "asked"}, "name": null, "address": null});
            known.claims_parameter = Some(json!({"id_token": request, "userinfo": request}));
            known
        })
}

fn has_role(claims: &Map<String, Value>) -> impl Iterator<Item = (Option<&str>, &str)> {
    fn names(access: &Value) -> impl Iterator<Item = &str> {
        access.get("roles").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str)
    }
    let of_realm = claims.get("realm_access").into_iter().flat_map(names).map(|name| (None, name));
    let of_clients = claims.get("resource_access").and_then(Value::as_object).into_iter().flatten();
    of_realm.chain(of_clients.flat_map(|(client, access)| names(access).map(|name| (Some(client.as_str()), name))))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn no_mapper_changes_what_the_endpoint_says(
        mappers in vec(stored(), 0..6), known in known(), target in select(&TARGETS[..])
    ) {
        let before = given();
        let claims = known.claims_beside(Value::Object(before.clone()), &mappers, target);
        for (name, value) in &before {
            let exempt = match name.as_str() {
                "aud" => true,
                "active" | "token_type" => target != Target::Introspection,
                _ => false,
            };
            if !exempt {
                prop_assert_eq!(&claims[name], value);
            }
        }
        let kept = claims["aud"] == "app" || claims["aud"].as_array().is_some_and(|list| list.contains(&json!("app")));
        prop_assert!(kept, "{}", claims["aud"]);
    }

    #[test]
    fn standard_claims_are_well_typed_and_none_is_empty(
        mappers in vec(stored(), 0..6), known in known(), target in select(&TARGETS[..])
    ) {
        let claims = known.claims(&mappers, target);
        for (name, value) in claims.as_object().unwrap() {
            prop_assert!(!value.is_null() && value != "", "{} is {}", name, value);
            let typed = match name.as_str() {
                "email_verified" | "phone_number_verified" => value.is_boolean(),
                "updated_at" | "auth_time" => value.is_i64(),
                "address" => value.as_object().is_some_and(|members| !members.is_empty()),
                "sub" => value.is_string(),
                "aud" => value.is_string() || value.as_array().is_some_and(|list| list.len() > 1),
                _ => true,
            };
            prop_assert!(typed, "{} is {}", name, value);
        }
    }

    #[test]
    fn the_subject_is_always_the_same(mappers in vec(stored(), 0..6), known in known()) {
        let expected = subject_identifier(&ClaimMapper::parse_all(&mappers), &known.facts()).unwrap();
        let pairwise = mappers.iter().any(|mapper| mapper.kind == "oidc-sha256-pairwise-sub-mapper");
        prop_assert_eq!(expected != USER, pairwise);
        for target in TARGETS {
            match known.claims(&mappers, target).get("sub") {
                Some(sub) => prop_assert_eq!(sub, &expected),
                None => prop_assert!(!matches!(target, Target::Id | Target::UserInfo)),
            }
        }
    }

    #[test]
    fn no_role_is_shown_that_is_out_of_scope(
        others in vec(stored(), 0..8), known in known(), target in select(&TARGETS[..])
    ) {
        let mut mappers = vec![
            everywhere(
                "oidc-usermodel-realm-role-mapper",
                &[("claim.name", "realm_access.roles"), ("multivalued", "true")],
            ),
            everywhere(
                "oidc-usermodel-client-role-mapper",
                &[("claim.name", "resource_access.${client_id}.roles"), ("multivalued", "true")],
            ),
        ];
        mappers.extend(others.into_iter().filter(|mapper| !mapper.kind.contains("role")));
        let admitted = |role: &&RoleName| {
            known.client.settings.full_scope_allowed
                || role.client.as_deref() == Some("app")
                || known.scope_roles.contains(*role)
        };
        let allowed: BTreeSet<_> = known.subject.roles.iter().filter(admitted).collect();
        let claims = known.claims(&mappers, target);
        let mut shown = 0;
        for (client, name) in has_role(claims.as_object().unwrap()) {
            shown += 1;
            prop_assert!(allowed.iter().any(|role| role.client.as_deref() == client && role.name == name));
        }
        prop_assert_eq!(shown, allowed.len());
    }

    #[test]
    fn a_mapper_that_is_switched_off_says_nothing(
        mapper in stored(), known in known(), target in select(&TARGETS[..])
    ) {
        let mut mapper = mapper;
        for (switch, _) in EVERYWHERE {
            mapper.config.insert((*switch).to_owned(), "false".to_owned());
        }
        prop_assume!(!["nonce", "pairwise"].iter().any(|part| mapper.kind.contains(part)));
        let without = known.claims(&[], target);
        prop_assert_eq!(known.claims(&[mapper], target), without);
    }

    #[test]
    fn names_are_read_as_they_are_written(names in vec("[a-c.\\\\$é]{1,4}", 1..5)) {
        let escaped = names.iter().map(|name| name.replace('\\', "\\\\").replace('.', "\\."));
        let text = escaped.collect::<Vec<_>>().join(".");
        let parsed = ClaimName::parse(&text).unwrap();
        prop_assert_eq!(parsed.path(), names);
    }

    #[test]
    fn any_text_is_a_name_without_empty_levels_or_none(text in "[ab.\\\\]{0,12}|.{0,40}") {
        match ClaimName::parse(&text) {
            Some(name) => prop_assert!(name.path().iter().all(|level| !level.is_empty())),
            None => prop_assert!(text.is_empty()),
        }
    }

    #[test]
    fn what_may_be_saved_can_be_run(mapper in stored()) {
        let idle = ["oidc-organization-membership-mapper", "oidc-audience-mapper", "oidc-hardcoded-claim-mapper"];
        prop_assume!(!idle.contains(&mapper.kind.as_str()));
        if mapper_check::check(&mapper).is_empty() {
            prop_assert!(ClaimMapper::parse(&mapper).is_some(), "{:?}", mapper);
        }
    }
}
