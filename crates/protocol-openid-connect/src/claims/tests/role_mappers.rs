//! Roles: which, under which names and where.

use std::collections::BTreeSet;

use model::protocol_mapper::ProtocolMapper;
use serde_json::{Value, json};

use super::{super::*, support::*};

fn realm_roles(settings: &[(&str, &str)]) -> ProtocolMapper {
    everywhere("oidc-usermodel-realm-role-mapper", settings)
}

fn client_roles(settings: &[(&str, &str)]) -> ProtocolMapper {
    everywhere("oidc-usermodel-client-role-mapper", settings)
}

fn usual() -> Vec<ProtocolMapper> {
    vec![
        realm_roles(&[("claim.name", "realm_access.roles"), ("multivalued", "true")]),
        client_roles(&[("claim.name", "resource_access.${client_id}.roles"), ("multivalued", "true")]),
        mapper("oidc-audience-resolve-mapper", &[]),
    ]
}

fn with(more: &[ProtocolMapper]) -> Value {
    Known::new().claims(&[more, &usual()].concat(), Target::Access)
}

#[test]
fn roles_make_the_usual_claims_and_the_audience() {
    assert_eq!(
        with(&[]),
        json!({
            "aud": "account",
            "realm_access": {"roles": ["auditor", "user"]},
            "resource_access": {
                "account": {"roles": ["manage-account", "view-profile"]},
                "app": {"roles": ["editor"]},
            },
        })
    );
    let mut known = Known::new();
    known.subject.roles.clear();
    assert_eq!(known.claims(&usual(), Target::Access), json!({}));
}

#[test]
fn several_audiences_are_a_list_without_the_client_itself() {
    let mut known = Known::new();
    known.subject.roles.push(role("api.call"));
    assert_eq!(known.claims(&usual(), Target::Access)["aud"], json!(["account", "api"]));
}

#[test]
fn a_limited_scope_keeps_the_clients_own_roles_and_mapped_ones() {
    let mut known = Known::new();
    known.client.settings.full_scope_allowed = false;
    assert_eq!(known.claims(&usual(), Target::Access), json!({"resource_access": {"app": {"roles": ["editor"]}}}));
    known.scope_roles = ["user", "account.view-profile", "account.delete-account"].map(role).into();
    assert_eq!(
        known.claims(&usual(), Target::Access),
        json!({
            "aud": "account",
            "realm_access": {"roles": ["user"]},
            "resource_access": {"account": {"roles": ["view-profile"]}, "app": {"roles": ["editor"]}},
        })
    );
}

#[test]
fn an_added_role_is_shown_to_a_client_of_any_scope() {
    let add = |role| mapper("oidc-hardcoded-role-mapper", &[("role", role)]);
    let claims = with(&[add("guest"), add("my.api.call"), add("user")]);
    assert_eq!(claims["realm_access"], json!({"roles": ["auditor", "guest", "user"]}));
    assert_eq!(claims["resource_access"]["my.api"], json!({"roles": ["call"]}));
    assert_eq!(claims["aud"], json!(["account", "my.api"]));
    let mut known = Known::new();
    known.client.settings.full_scope_allowed = false;
    let claims = known.claims(&[&usual()[..], &[add("guest")]].concat(), Target::Access);
    assert_eq!(claims["realm_access"], json!({"roles": ["guest"]}));
}

#[test]
fn another_name_comes_before_everything_that_reads_roles() {
    let name = |role, name| mapper("oidc-role-name-mapper", &[("role", role), ("new.role.name", name)]);
    let claims = with(&[name("user", "member"), name("account.view-profile", "seen"), name("nobody", "king")]);
    assert_eq!(claims["realm_access"], json!({"roles": ["auditor", "member", "seen"]}));
    let moved = with(&[name("account.view-profile", "api.see"), name("account.manage-account", "api.see")]);
    assert_eq!(moved["resource_access"], json!({"api": {"roles": ["see"]}, "app": {"roles": ["editor"]}}));
    assert_eq!(moved["aud"], json!("api"));
    let added = mapper("oidc-hardcoded-role-mapper", &[("role", "guest")]);
    let claims = Known::new().claims(&[&usual()[..], &[name("guest", "visitor"), added]].concat(), Target::Id);
    assert_eq!(claims["realm_access"], json!({"roles": ["auditor", "user", "visitor"]}));
}

#[test]
fn prefixes_filters_and_open_names() {
    let run = |mapper| Known::new().access(mapper);
    let prefix = ("usermodel.realmRoleMapping.rolePrefix", "R_");
    assert_eq!(
        run(realm_roles(&[("claim.name", "roles"), prefix, ("multivalued", "true")])),
        json!({"roles": ["R_auditor", "R_user"]})
    );
    assert_eq!(run(realm_roles(&[("claim.name", "role"), prefix])), json!({"role": "R_auditor"}));
    let all = [("claim.name", "roles"), ("multivalued", "true")];
    assert_eq!(run(client_roles(&all)), json!({"roles": ["manage-account", "view-profile", "editor"]}));
    let filter = ("usermodel.clientRoleMapping.clientId", "app");
    assert_eq!(run(client_roles(&[&all[..], &[filter]].concat())), json!({"roles": ["editor"]}));
    let prefix = ("usermodel.clientRoleMapping.rolePrefix", "${client_id}:");
    assert_eq!(
        run(client_roles(&[&all[..], &[prefix]].concat())),
        json!({"roles": ["account:manage-account", "account:view-profile", "app:editor"]})
    );
}

#[test]
fn dots_in_a_clients_name_stay_in_their_level() {
    let mut known = Known::new();
    known.subject.roles = vec![model::role::RoleName { client: Some(r"my.a\pi".into()), name: "call".into() }];
    assert_eq!(known.claims(&usual(), Target::Access)["resource_access"], json!({r"my.a\pi": {"roles": ["call"]}}));
}

#[test]
fn a_client_with_the_name_of_a_protected_claim_changes_nothing() {
    let mut known = Known::new();
    known.subject.roles = vec![role("iss.x"), role("sub.x"), role("ok.x")];
    let mapper = client_roles(&[("claim.name", "${client_id}"), ("multivalued", "true")]);
    assert_eq!(known.access(mapper), json!({"ok": ["x"]}));
}

#[test]
fn the_audience_follows_its_switches() {
    let mapper = |settings: &[_]| mapper("oidc-audience-resolve-mapper", settings);
    let aud = |settings: &[_], target| Known::new().claims(&[mapper(settings)], target).get("aud").cloned();
    assert_eq!(aud(&[], Target::Access), Some(json!("account")));
    assert_eq!(aud(&[], Target::Introspection), Some(json!("account")));
    assert_eq!(aud(&[], Target::LightweightAccess), None);
    assert_eq!(aud(&[("lightweight.claim", "true")], Target::LightweightAccess), Some(json!("account")));
    assert_eq!(aud(&[("access.token.claim", "false")], Target::Access), None);
    assert_eq!(aud(EVERYWHERE, Target::Id), None);
}

#[test]
fn roles_in_scope_are_keycloaks_intersection() {
    let held = ["user", "app.editor", "api.call", "api.admin"].map(role);
    let mapped: BTreeSet<_> = ["api.call", "king"].map(role).into();
    let seen = |scope: RoleScope<'_>| held.iter().filter(|role| scope.admits(role)).cloned().collect::<Vec<_>>();
    assert_eq!(seen(RoleScope::Full), held);
    let limited = |client| seen(RoleScope::Limited { client, roles: &mapped });
    assert_eq!(limited("app"), ["app.editor", "api.call"].map(role));
    assert_eq!(limited("other"), ["api.call"].map(role));
}

#[test]
fn a_scope_with_roles_is_for_those_who_have_one() {
    let offline: BTreeSet<_> = [role("offline_access")].into();
    assert!(scope_applies(&BTreeSet::new(), &[]));
    assert!(scope_applies(&offline, &[role("user"), role("offline_access")]));
    assert!(!scope_applies(&offline, &[role("user"), role("app.offline_access")]));
}
