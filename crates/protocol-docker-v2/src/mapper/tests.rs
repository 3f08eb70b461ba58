use std::collections::HashSet;

use model::{id::GroupId, protocol_mapper::ProtocolMapper};

use super::*;
use crate::action::Action;

fn mapper(kind: &str, config: &[(&str, &str)]) -> ProtocolMapper {
    ProtocolMapper {
        id: "m1".into(),
        name: "rule".to_owned(),
        protocol: "docker-v2".to_owned(),
        kind: kind.to_owned(),
        config: config.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect(),
    }
}

fn rule(kind: &str, config: &[(&str, &str)]) -> RepositoryRule {
    match PermissionMapper::parse(&mapper(kind, config)).unwrap() {
        PermissionMapper::Repository(rule) => rule,
        PermissionMapper::AllowAll(_) => panic!("an allow-all mapper"),
    }
}

#[test]
fn a_role_mapper_is_read_whole() {
    let rule = rule(
        kinds::ROLE,
        &[
            ("role", " registry.writer "),
            ("repositories", "team/*## team/**\n\n  x ##"),
            ("actions", "pull, push"),
            ("catalog", "true"),
            ("effect", "deny"),
            ("unknown", "kept"),
        ],
    );
    assert_eq!(rule.audience, Audience::Role("registry.writer".to_owned()));
    assert_eq!(rule.patterns.iter().map(Pattern::as_str).collect::<Vec<_>>(), ["team/*", "team/**", "x"]);
    assert_eq!(rule.actions, [Action::Pull, Action::Push].into_iter().collect());
    assert!(rule.catalog);
    assert_eq!(rule.effect, Effect::Deny);
}

#[test]
fn group_and_everyone_mappers_are_read() {
    let group = rule(
        kinds::GROUP,
        &[("group", "/teams/red"), ("include.subgroups", "true"), ("repositories", "${group}/**"), ("actions", "*")],
    );
    assert_eq!(group.actions, ActionSet::CONCRETE);
    let member = |path: &[&str]| SubjectGroup {
        id: GroupId::from("g"),
        path: path.iter().map(|name| (*name).to_owned()).collect(),
    };
    assert!(group.audience.covers_group(&member(&["teams", "red"])));
    assert!(group.audience.covers_group(&member(&["teams", "red", "x"])));
    assert!(!group.audience.covers_group(&member(&["teams", "redder"])));
    assert!(!group.audience.covers_group(&member(&["teams"])));
    let everyone = rule(kinds::EVERYONE, &[("anonymous", "true"), ("catalog", "true")]);
    assert_eq!(everyone.audience, Audience::Everyone { anonymous: true });
    assert!(everyone.patterns.is_empty());
    assert!(matches!(PermissionMapper::parse(&mapper(kinds::ALLOW_ALL, &[])), Ok(PermissionMapper::AllowAll(_))));
}

#[test]
fn every_bad_part_is_named() {
    let problems = |kind: &str, config: &[(&str, &str)]| {
        PermissionMapper::parse(&mapper(kind, config))
            .unwrap_err()
            .into_iter()
            .map(|problem| problem.to_string())
            .collect::<Vec<_>>()
    };
    let found = problems(
        kinds::ROLE,
        &[("repositories", "Team/* ## ok ## a//b"), ("actions", "pull,fly"), ("effect", "perhaps"), ("catalog", "yes")],
    );
    assert_eq!(found.len(), 6, "{found:#?}");
    for part in ["role: is missing", "`T`", "`a//b`", "`fly`", "`perhaps`", "`yes`"] {
        assert!(found.iter().any(|problem| problem.contains(part)), "{part}: {found:#?}");
    }
    let nothing = problems(kinds::EVERYONE, &[("actions", "pull"), ("repositories", " ## \n")]);
    assert!(nothing[0].starts_with("repositories: name at least one"), "{nothing:?}");
    let no_action = problems(kinds::EVERYONE, &[("repositories", "a")]);
    assert!(no_action[0].starts_with("actions: name at least one"), "{no_action:?}");
    let commas = problems(kinds::EVERYONE, &[("repositories", "a"), ("actions", " , ")]);
    assert!(commas[0].starts_with("actions: name at least one"), "{commas:?}");
    assert!(problems(kinds::GROUP, &[("group", "/"), ("catalog", "true")])[0].contains("is no group"));
    assert!(problems("other-mapper", &[])[0].contains("`other-mapper`"));
    let many = vec!["a"; 501].join("##");
    assert!(problems(kinds::EVERYONE, &[("repositories", &many), ("actions", "pull")])[0].contains("501"));
}

#[test]
fn the_kinds_are_listed_once_with_help() {
    let ids: HashSet<&str> = kinds::KINDS.iter().map(|kind| kind.id).collect();
    assert_eq!(ids, HashSet::from([kinds::ROLE, kinds::GROUP, kinds::EVERYONE, kinds::ALLOW_ALL]));
    for kind in &kinds::KINDS {
        assert!(!kind.help.is_empty() && kind.settings.iter().all(|setting| !setting.help.is_empty()));
    }
}
