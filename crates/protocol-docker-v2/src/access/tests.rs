use model::{MultiAttributes, protocol_mapper::ProtocolMapper, role::RoleName, subject::SubjectGroup};
use proptest::prelude::*;

use super::*;
use crate::mapper::kinds;

fn rule(name: &str, kind: &str, config: &[(&str, &str)]) -> PermissionMapper {
    PermissionMapper::parse(&ProtocolMapper {
        id: name.into(),
        name: name.to_owned(),
        protocol: "docker-v2".to_owned(),
        kind: kind.to_owned(),
        config: config.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect(),
    })
    .unwrap()
}

fn everyone(name: &str, anonymous: bool, repositories: &str, actions: &str, effect: &str) -> PermissionMapper {
    let anonymous = if anonymous { "true" } else { "false" };
    let config = [("anonymous", anonymous), ("repositories", repositories), ("actions", actions), ("effect", effect)];
    rule(name, kinds::EVERYONE, &config)
}

fn alice() -> Subject {
    let group =
        |path: &[&str]| SubjectGroup { id: "g".into(), path: path.iter().map(|name| (*name).to_owned()).collect() };
    Subject {
        username: "alice".to_owned(),
        roles: vec![
            RoleName { client: None, name: "writer".to_owned() },
            RoleName { client: Some("registry".to_owned()), name: "cleaner".to_owned() },
        ],
        groups: vec![group(&["teams", "red"]), group(&["other", "blue"])],
        attributes: MultiAttributes::from([("squad".to_owned(), vec!["owls".to_owned()])]),
        ..Subject::default()
    }
}

fn ask(scope: &str, subject: Option<&Subject>, rules: &[PermissionMapper]) -> Decision {
    decide(&RequestedScopes::parse(&[scope]).unwrap(), subject, rules)
}

fn granted(scope: &str, subject: Option<&Subject>, rules: &[PermissionMapper]) -> String {
    ask(scope, subject, rules).granted_scope()
}

#[test]
fn rules_apply_by_role_group_and_variable() {
    let rules = [
        rule("r1", kinds::ROLE, &[("role", "writer"), ("repositories", "team/*"), ("actions", "pull,push")]),
        rule("r2", kinds::ROLE, &[("role", "registry.cleaner"), ("repositories", "team/old"), ("actions", "delete")]),
        rule("r3", kinds::ROLE, &[("role", "cleaner"), ("repositories", "**"), ("actions", "*")]),
        rule("r4", kinds::GROUP, &[("group", "/teams"), ("repositories", "top/**"), ("actions", "*")]),
        rule(
            "r5",
            kinds::GROUP,
            &[
                ("group", "teams"),
                ("include.subgroups", "true"),
                ("repositories", "by-${group}/**"),
                ("actions", "pull"),
            ],
        ),
        everyone("r6", false, "home/${username}/** ## squads/${attribute:squad}/*", "pull,push", "allow"),
        everyone("r7", false, "any/${group}", "pull", "allow"),
    ];
    let alice = alice();
    for (asked, expected) in [
        ("repository:team/app:pull,push,delete", "repository:team/app:pull,push"),
        ("repository:team/old:delete,pull,push", "repository:team/old:pull,push,delete"),
        ("repository:team/a/b:pull", ""),
        ("repository:top/x:pull", ""),
        ("repository:by-red/x:pull,push", "repository:by-red/x:pull"),
        ("repository:by-blue/x:pull", ""),
        ("repository:home/alice/x:push", "repository:home/alice/x:push"),
        ("repository:home/bob/x:push", ""),
        ("repository:squads/owls/x:pull", "repository:squads/owls/x:pull"),
        (
            "repository:any/red:pull repository:any/blue:pull repository:any/x:pull",
            "repository:any/red:pull repository:any/blue:pull",
        ),
        ("", ""),
    ] {
        assert_eq!(granted(asked, Some(&alice), &rules), expected, "{asked}");
        assert_eq!(granted(asked, None, &rules), "", "{asked}");
    }
    assert!(!anonymous_allowed(&rules));
}

#[test]
fn pitfall_10_a_star_is_never_widened() {
    let pull = [everyone("pull", false, "a", "pull", "allow")];
    let all = [everyone("pull", false, "a", "pull", "allow"), everyone("rest", false, "a", "push,delete", "allow")];
    let alice = alice();
    assert_eq!(granted("repository:a:*", Some(&alice), &pull), "repository:a:pull");
    assert_eq!(granted("repository:a:*,push", Some(&alice), &pull), "repository:a:pull");
    assert_eq!(granted("repository:a:*", Some(&alice), &all), "repository:a:pull,push,delete,*");
    assert_eq!(granted("repository:a:pull,push,delete", Some(&alice), &all), "repository:a:pull,push,delete");
    assert_eq!(granted("repository:a:pull", Some(&alice), &all), "repository:a:pull");
}

#[test]
fn pitfall_11_the_catalog_is_granted_by_name_only() {
    let alice = alice();
    let none = [everyone("all", false, "**", "*", "allow")];
    let some = [rule("catalog", kinds::ROLE, &[("role", "writer"), ("catalog", "true")])];
    let open = [rule("open", kinds::EVERYONE, &[("anonymous", "true"), ("catalog", "true")])];
    let allow_all = [rule("all", kinds::ALLOW_ALL, &[])];
    let denied =
        [rule("all", kinds::ALLOW_ALL, &[]), rule("no", kinds::EVERYONE, &[("catalog", "true"), ("effect", "deny")])];
    let asked = "registry:catalog:*";
    assert_eq!(granted(asked, Some(&alice), &none), "");
    assert_eq!(granted(asked, Some(&alice), &some), asked);
    assert_eq!(granted(asked, None, &some), "");
    assert_eq!(granted(asked, None, &open), asked);
    assert_eq!(granted(asked, Some(&alice), &allow_all), asked);
    assert_eq!(granted(asked, Some(&alice), &denied), "");
    for other in ["registry:other:*", "registry:catalog:pull", "repository(registry):catalog:fly"] {
        assert_eq!(granted(other, Some(&alice), &allow_all), "", "{other}");
    }
}

#[test]
fn pitfall_12_a_mount_source_is_not_granted_by_the_way() {
    let rules = [everyone("dst", false, "dst", "pull,push", "allow")];
    assert_eq!(
        granted("repository:dst:pull,push repository:src:pull", Some(&alice()), &rules),
        "repository:dst:pull,push"
    );
}

#[test]
fn deny_wins_but_not_over_what_needs_no_credentials() {
    let alice = alice();
    let rules = [
        everyone("open", true, "public/**", "pull", "allow"),
        everyone("closed", true, "public/secret/**", "*", "deny"),
        rule("all", kinds::ALLOW_ALL, &[]),
        rule("no", kinds::ROLE, &[("role", "writer"), ("repositories", "**"), ("actions", "*"), ("effect", "deny")]),
    ];
    assert!(anonymous_allowed(&rules));
    assert_eq!(granted("repository:public/a:*", None, &rules), "repository:public/a:pull");
    assert_eq!(granted("repository:public/a:*", Some(&alice), &rules), "repository:public/a:pull");
    assert_eq!(granted("repository:public/secret/a:*", None, &rules), "");
    assert_eq!(granted("repository:x:*", Some(&alice), &rules), "");
    assert_eq!(granted("repository:x:*", Some(&Subject::default()), &rules), "repository:x:pull,push,delete,*");
    assert_eq!(granted("repository:x:*", None, &rules), "");
}

#[test]
fn every_verdict_says_why() {
    let rules =
        [everyone("reading", false, "a", "pull", "allow"), everyone("no deleting", false, "**", "delete", "deny")];
    let decision = ask("repository:a:*,fly galaxy:x:pull registry:catalog:*,push bad", Some(&alice()), &rules);
    let said: Vec<String> = decision
        .resources
        .iter()
        .flat_map(|resource| {
            resource
                .actions
                .iter()
                .map(move |action| format!("{} {}: {}", resource.resource, action.action, action.verdict.reason()))
        })
        .collect();
    assert_eq!(
        said,
        [
            "repository:a pull: granted because of rule reading",
            "repository:a push: refused: no rule allows it",
            "repository:a delete: refused: denied by rule no deleting",
            "repository:a *: stands for pull, push and delete",
            "repository:a fly: refused: there is no such action on this resource",
            "galaxy:x pull: refused: nothing can be granted on a resource of this type and name",
            "registry:catalog push: refused: there is no such action on this resource",
            "registry:catalog *: refused: no rule allows it",
        ]
    );
    assert_eq!(decision.ignored[0].text, "bad");
    assert_eq!(decision.counts(), (1, 6));
    assert_eq!(decision.resources[0].actions[0].verdict.rule().unwrap().id.as_str(), "reading");
}

#[test]
fn possible_rules_are_found_with_variables_as_wildcards() {
    let rules = [
        everyone("home", false, "home/${username}/*", "push", "allow"),
        everyone("other", false, "other/*", "*", "allow"),
        rule("all", kinds::ALLOW_ALL, &[]),
        everyone("deny", true, "home/**", "delete", "deny"),
    ];
    let name = RepositoryName::parse("home/bob/x").unwrap();
    let names =
        |rules: Vec<&PermissionMapper>| rules.into_iter().map(|rule| rule.origin().name.clone()).collect::<Vec<_>>();
    assert_eq!(names(rules_allowing(&name, Action::Push, &rules)), ["home", "all"]);
    assert_eq!(names(rules_allowing(&name, Action::Delete, &rules)), ["all"]);
    assert_eq!(names(rules_allowing(&name, Action::Any, &rules)), ["home", "all"]);
    assert_eq!(names(rules_denying(&name, Action::Any, &rules)), ["deny"]);
}

#[test]
fn pitfall_26_access_entries_are_complete_objects() {
    let rules = [rule("all", kinds::ALLOW_ALL, &[])];
    let decision = ask("repository:a:* registry:catalog:* x:y:z bad", Some(&alice()), &rules);
    assert_eq!(
        serde_json::to_value(&decision.granted).unwrap(),
        serde_json::json!([
            {"type": "repository", "name": "a", "actions": ["pull", "push", "delete", "*"]},
            {"type": "registry", "name": "catalog", "actions": ["*"]},
        ])
    );
}

fn any_rule() -> impl Strategy<Value = PermissionMapper> {
    let repositories =
        prop::sample::select(vec!["a", "*", "**", "a/*", "a/**", "${username}/*", "x-${group}", "b##a/b"]);
    let actions = prop::sample::select(vec!["pull", "push", "delete", "pull,push", "*"]);
    let catalog = prop::sample::select(vec!["true", "false"]);
    let effect = prop::sample::select(vec!["allow", "allow", "deny"]);
    (0..6_u8, repositories, actions, catalog, effect).prop_map(|(kind, repositories, actions, catalog, effect)| {
        let rest = [("repositories", repositories), ("actions", actions), ("catalog", catalog), ("effect", effect)];
        let with = |kind: &str, own: (&str, &str)| rule(repositories, kind, &[&rest[..], &[own]].concat());
        match kind {
            0 => with(kinds::ROLE, ("role", "writer")),
            1 => with(kinds::ROLE, ("role", "nobody")),
            2 => with(kinds::GROUP, ("group", "/teams/red")),
            3 => with(kinds::EVERYONE, ("anonymous", "false")),
            4 => with(kinds::EVERYONE, ("anonymous", "true")),
            _ => rule("all", kinds::ALLOW_ALL, &[]),
        }
    })
}

fn any_scope() -> impl Strategy<Value = String> {
    let resource = prop::sample::select(vec![
        "repository:a",
        "repository:b",
        "repository:a/b",
        "repository:alice/x",
        "repository:x-red",
        "registry:catalog",
        "repository(plugin):a",
        "galaxy:a",
        "repository:A",
    ]);
    let actions = prop::sample::select(vec!["pull", "push", "delete", "*", "pull,push", "*,pull", "fly"]);
    prop::collection::vec((resource, actions).prop_map(|(resource, actions)| format!("{resource}:{actions}")), 0..6)
        .prop_map(|scopes| scopes.join(" "))
}

fn pairs(decision: &Decision) -> Vec<(String, &'static str)> {
    decision
        .granted
        .iter()
        .flat_map(|access| {
            access.actions.iter().map(move |action| (format!("{}:{}", access.type_name, access.name), *action))
        })
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn granted_is_within_requested_and_permitted(scope in any_scope(), rules in prop::collection::vec(any_rule(), 0..5)) {
        let alice = alice();
        let requested = RequestedScopes::parse(&[&scope]).unwrap();
        let decision = decide(&requested, Some(&alice), &rules);
        for (resource, action) in pairs(&decision) {
            let asked = requested.resources.iter().find(|asked| asked.resource.to_string() == resource).unwrap();
            let action = Action::parse(action).unwrap();
            prop_assert!(asked.actions.contains(action) || asked.actions.contains(Action::Any));
            // permitted: asked for alone, with everything else left out, it is granted as well
            let alone = granted(&format!("{resource}:{action}"), Some(&alice), &rules);
            prop_assert!(!alone.is_empty(), "{resource}:{action}");
        }
        prop_assert!(decision.granted.iter().all(|access| !access.actions.is_empty()));
    }

    #[test]
    fn signed_in_users_get_what_anonymous_gets(scope in any_scope(), rules in prop::collection::vec(any_rule(), 0..6)) {
        let requested = RequestedScopes::parse(&[scope]).unwrap();
        let (alice, anonymous) = (decide(&requested, Some(&alice()), &rules), decide(&requested, None, &rules));
        let alice = pairs(&alice);
        prop_assert!(pairs(&anonymous).iter().all(|pair| alice.contains(pair)));
    }

    #[test]
    fn deny_wins(scope in any_scope(), mut rules in prop::collection::vec(any_rule(), 0..5), place in 0..5_usize) {
        let deny = rule("deny", kinds::EVERYONE, &[
            ("anonymous", "true"), ("repositories", "**"), ("actions", "*"), ("catalog", "true"), ("effect", "deny"),
        ]);
        rules.insert(place.min(rules.len()), deny);
        prop_assert_eq!(granted(&scope, Some(&alice()), &rules), "");
        prop_assert_eq!(granted(&scope, None, &rules), "");
    }

    #[test]
    fn allow_rules_add_up(scope in any_scope(), rules in prop::collection::vec(any_rule(), 0..5), more in any_rule()) {
        if more.effect() == Effect::Allow {
            let requested = RequestedScopes::parse(&[scope]).unwrap();
            let before = decide(&requested, Some(&alice()), &rules);
            let after = decide(&requested, Some(&alice()), &[&rules[..], &[more]].concat());
            let after = pairs(&after);
            prop_assert!(pairs(&before).iter().all(|pair| after.contains(pair)));
        }
    }
}
