use model::MultiAttributes;
use proptest::prelude::*;

use super::*;

fn pattern(text: &str) -> Pattern {
    Pattern::parse(text).unwrap_or_else(|problem| panic!("{text}: {problem}"))
}

fn name(text: &str) -> RepositoryName {
    RepositoryName::parse(text).unwrap()
}

fn fits(text: &str, repository: &str) -> bool {
    pattern(text).matches(&name(repository), &Bindings::Anonymous)
}

#[test]
fn pitfall_07_patterns_are_anchored() {
    for (text, yes, no) in [
        ("team", &["team"][..], &["team-evil", "team/x", "x/team", "team-evil/x", "ateam"][..]),
        ("team/*", &["team/a", "team/a-b.c"], &["team", "team/a/b", "team-evil/x", "x/team/a"]),
        ("team/**", &["team/a", "team/a/b", "team/a/b/c"], &["team", "team-evil/x", "x/team/a"]),
        ("**/app", &["a/app", "a/b/app", "app/app"], &["app", "a/app/b"]),
        ("a/**/b/**", &["a/x/b/y", "a/b/b/b", "a/x/y/b/z/z"], &["a/b/c", "a/b/b"]),
        ("team/app-*", &["team/app-x", "team/app-x-y"], &["team/app", "team/app-x/y", "team/xapp-y"]),
        ("*", &["a", "a.b"], &["a/b"]),
        ("**", &["a", "a/b", "reg.io:5000/a"], &[]),
        ("*-*/x*z", &["a-b/xz", "a-b/xyz"], &["ab/xz", "a-b/xzy"]),
        ("a.b", &["a.b"], &["axb", "a-b"]),
        ("Reg.IO:5000/team/*", &["Reg.IO:5000/team/a"], &["reg.io:5000/team/a", "team/a"]),
    ] {
        for repository in yes {
            assert!(fits(text, repository), "{text} should match {repository}");
        }
        for repository in no {
            assert!(!fits(text, repository), "{text} should not match {repository}");
        }
    }
}

#[test]
fn pitfall_09_problems_name_the_offending_part() {
    for (text, part) in [
        ("", "empty"),
        ("Team/*", "upper-case letter `T`"),
        ("team//x", "`team//x` has an empty part"),
        ("/team", "empty part"),
        ("team/", "empty part"),
        ("team/a**", "in `a**`"),
        ("team/***", "in `***`"),
        ("team/${user}", "`${user}` is unknown"),
        ("team/${attribute:}", "`${attribute:}` is unknown"),
        ("team/${username", "in `${username`: `${` is not closed"),
        ("team/a b", "in `a b`: ` ` occurs"),
        ("team/a\u{0}b", "`\\0` occurs"),
        ("te?m", "`?`"),
        ("[a-z]/x", "`[`"),
        ("team/$x", "`$`"),
        ("../x", "`..`"),
        ("a/./b", "`.`"),
        ("-a*", "`-a*`"),
        ("*a-", "`*a-`"),
        ("a..*", "`a..*`"),
        ("a:5000", "`:`"),
    ] {
        let problem = Pattern::parse(text).unwrap_err().to_string();
        assert!(problem.contains(part), "{text}: {problem}");
    }
    assert!(matches!(Pattern::parse(&"a".repeat(513)), Err(PatternError::TooLong(_))));
}

#[test]
fn variables_are_taken_literally_and_hold_one_component() {
    let mut attributes = MultiAttributes::new();
    attributes.insert("team".to_owned(), vec!["red".to_owned(), "b/c".to_owned(), "**".to_owned(), "blue".to_owned()]);
    let fits = |text: &str, repository: &str, username: &str, group: Option<&str>| {
        let bindings = Bindings::User { username, group, attributes: &attributes };
        pattern(text).matches(&name(repository), &bindings)
    };
    assert!(fits("${username}/**", "alice/app", "alice", None));
    assert!(!fits("${username}/**", "bob/app", "alice", None));
    assert!(fits("u-${username}/x", "u-alice/x", "alice", None));
    for evil in ["*", "**", "a/b", "", ".*", "alice/..", "Alice", "${username}", "a b", "a\0"] {
        for repository in ["alice/app", "a/b/app", "a/app", "ab/app"] {
            assert!(!fits("${username}/**", repository, evil, None), "{evil} {repository}");
        }
    }
    assert!(fits("${attribute:team}/x", "red/x", "alice", None));
    assert!(fits("${attribute:team}/x", "blue/x", "alice", None));
    assert!(!fits("${attribute:team}/x", "b/c/x", "alice", None));
    assert!(!fits("${attribute:other}/x", "red/x", "alice", None));
    assert!(fits("${group}/${username}-*", "dev/alice-1", "alice", Some("dev")));
    assert!(!fits("${group}/x", "dev/x", "alice", None));
    assert!(pattern("${group}/x").mentions_group() && !pattern("a/**").mentions_group());
}

#[test]
fn variables_match_nothing_for_anonymous_and_anything_for_anybody() {
    assert!(!pattern("${username}/x").matches(&name("alice/x"), &Bindings::Anonymous));
    assert!(pattern("${username}/x").matches(&name("alice/x"), &Bindings::Anybody));
    assert!(pattern("u-${group}/x").matches(&name("u-a.b/x"), &Bindings::Anybody));
    assert!(!pattern("u-${group}/x").matches(&name("v-a.b/x"), &Bindings::Anybody));
}

#[test]
fn no_pattern_takes_exponential_time() {
    let stars = pattern(&format!("{}b", "a*".repeat(200)));
    let many = pattern(&format!("{}b", "**/".repeat(160)));
    let name = name(&format!("{}a", "a/".repeat(120)));
    for _ in 0..50 {
        assert!(!stars.matches(&RepositoryName::parse(&"a".repeat(255)).unwrap(), &Bindings::Anonymous));
        assert!(!many.matches(&name, &Bindings::Anonymous));
    }
}

/// A second implementation, recursive and plain, for short inputs without variables.
fn reference(pattern: &[&str], name: &[&str]) -> bool {
    fn part(pattern: &[u8], text: &[u8]) -> bool {
        match (pattern.split_first(), text.split_first()) {
            (None, None) => true,
            (None, Some(_)) => false,
            (Some((b'*', rest)), None) => part(rest, text),
            (Some((b'*', rest)), Some((_, shorter))) => part(rest, text) || part(pattern, shorter),
            (Some(_), None) => false,
            (Some((wanted, rest)), Some((found, shorter))) => wanted == found && part(rest, shorter),
        }
    }
    match (pattern.split_first(), name.split_first()) {
        (None, None) => true,
        (None, Some(_)) | (Some(_), None) => false,
        (Some((&"**", rest)), Some((_, shorter))) => reference(rest, shorter) || reference(pattern, shorter),
        (Some((wanted, rest)), Some((found, shorter))) => {
            part(wanted.as_bytes(), found.as_bytes()) && reference(rest, shorter)
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn matching_agrees_with_the_reference(
        text in "(\\*\\*|[ab*]{1,4}|a-\\*)(/(\\*\\*|[ab*]{1,3}|\\*\\.b)){0,4}",
        repository in "[ab]{1,4}(/[ab]{1,3}(\\.b|-a)?){0,4}",
    ) {
        if let Ok(pattern) = Pattern::parse(&text) {
            let expected =
                reference(&text.split('/').collect::<Vec<_>>(), &repository.split('/').collect::<Vec<_>>());
            prop_assert_eq!(pattern.matches(&name(&repository), &Bindings::Anonymous), expected);
        }
    }

    #[test]
    fn literal_patterns_match_themselves_only(one in "[a-z]{1,5}(/[a-z0-9]{1,5}){0,3}", other in "[a-z]{1,5}(/[a-z0-9]{1,5}){0,3}") {
        prop_assert!(fits(&one, &one));
        prop_assert_eq!(fits(&one, &other), one == other);
    }

    #[test]
    fn no_text_makes_the_reader_panic(text in ".{0,600}", bytes in prop::collection::vec(any::<u8>(), 0..600)) {
        let _ = Pattern::parse(&text);
        let _ = Pattern::parse(&String::from_utf8_lossy(&bytes));
    }
}
