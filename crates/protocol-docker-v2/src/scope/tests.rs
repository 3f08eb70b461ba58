use proptest::prelude::*;

use super::*;

fn parsed(values: &[&str]) -> RequestedScopes {
    RequestedScopes::parse(values).unwrap()
}

#[test]
fn pitfall_05_colons_in_names_do_not_split_them() {
    for (text, name) in [
        ("repository:h:5000/a/b:pull", "h:5000/a/b"),
        ("repository:localhost:5000/a/b:pull", "localhost:5000/a/b"),
        ("repository:[::1]:5000/a:pull", "[::1]:5000/a"),
        ("repository:a/b:pull", "a/b"),
    ] {
        let scope = parse_scope(text).unwrap();
        assert_eq!(scope.resource, Resource::Repository(RepositoryName::parse(name).unwrap()));
        assert_eq!(scope.to_string(), text);
    }
    for (text, reason) in [
        ("a:b", ScopeError::Parts),
        ("repository:a", ScopeError::Parts),
        ("repository", ScopeError::Parts),
        ("::", ScopeError::Type),
        ("repository::pull", ScopeError::Name(NameError::Empty)),
        ("repository:a:", ScopeError::Actions),
        ("repository:a:,", ScopeError::Actions),
        ("repository:a:PULL", ScopeError::Actions),
        ("repository:a/b:pull:", ScopeError::Name(NameError::Component)),
        ("repository():a:pull", ScopeError::Type),
        ("repository(plugin:a:pull", ScopeError::Type),
        ("Repository:a:pull", ScopeError::Type),
        ("registry::*", ScopeError::OtherName),
    ] {
        assert_eq!(parse_scope(text), Err(reason), "{text}");
    }
}

#[test]
fn pitfall_05_and_40_the_amount_is_bounded() {
    let many = |count: usize| vec!["repository:a:pull"; count].join(" ");
    assert!(RequestedScopes::parse(&[many(100)]).is_ok());
    assert_eq!(RequestedScopes::parse(&[many(100), "x".to_owned()]), Err(TooManyScopes::Count));
    assert_eq!(RequestedScopes::parse(&vec!["repository:a:pull"; 1000]), Err(TooManyScopes::Length));
    assert_eq!(RequestedScopes::parse(&["a".repeat(64 * 1024)]), Err(TooManyScopes::Length));
    assert_eq!(parsed(&["", "   ", " "]), RequestedScopes::default());
}

#[test]
fn pitfall_06_nothing_is_decoded_a_second_time() {
    let scopes = parsed(&["repository:a%2Fb:pull"]);
    assert!(scopes.resources.is_empty());
    assert_eq!(scopes.ignored[0].text, "repository:a%2Fb:pull");
    assert_eq!(scopes.ignored[0].reason, ScopeError::Name(NameError::Component));
}

#[test]
fn the_same_resource_is_asked_for_once() {
    let scopes = parsed(&[
        "repository:a/b:push,pull repository:a/b:pull",
        "repository(plugin):a/b:delete",
        "repository:c:fly,*",
        "registry:catalog:*",
        "bad",
    ]);
    assert_eq!(scopes.to_string(), "repository:a/b:pull,push,delete repository:c:*,fly registry:catalog:*");
    assert_eq!(scopes.ignored.len(), 1);
}

#[test]
fn unknown_types_and_names_are_kept_apart() {
    let scopes = parsed(&["registry:other:*", "galaxy:Far/Away:go", "repository:a:fly"]);
    assert!(matches!(scopes.resources[0].resource, Resource::Other(_)));
    assert!(matches!(scopes.resources[1].resource, Resource::Other(_)));
    assert_eq!(scopes.resources[2].to_string(), "repository:a:fly");
    assert!(scopes.ignored.is_empty());
}

#[test]
fn excerpts_of_bad_pieces_are_short_and_hold_no_control_characters() {
    let scopes = parsed(&[&format!("x\u{1b}[31m\n{}", "y".repeat(5000))]);
    assert!(scopes.ignored[0].text.len() < 300);
    assert!(!scopes.ignored[0].text.chars().any(char::is_control));
}

/// The grammar written a second time, straight from its documentation, as a check on the reader.
fn matches_grammar(name: &str) -> bool {
    let component = |text: &str| {
        let mut rest = text;
        loop {
            let word =
                rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_lowercase() || c.is_ascii_digit()).len();
            if word == 0 {
                return false;
            }
            rest = &rest[word..];
            if rest.is_empty() {
                return true;
            }
            rest = if let Some(rest) = rest.strip_prefix("__") {
                rest
            } else if let Some(rest) = rest.strip_prefix(['.', '_']) {
                rest
            } else if rest.starts_with('-') {
                rest.trim_start_matches('-')
            } else {
                return false;
            };
        }
    };
    let mut parts: Vec<&str> = name.split('/').collect();
    if name.len() > 255 || name.is_empty() {
        return false;
    }
    if parts.len() > 1 && !component(parts[0]) {
        let host = parts.remove(0);
        if !host.contains(['.', ':']) || !host.chars().all(|c| c.is_ascii_alphanumeric() || "[].:-".contains(c)) {
            return false;
        }
    }
    parts.into_iter().all(component)
}

proptest! {
    #[test]
    fn accepted_scopes_follow_the_grammar(text in "(repository|registry|[a-z(]{0,4})?:?[a-zA-Z0-9._:/\\[\\]%*-]{0,20}:[a-z*,]{0,10}") {
        if let Ok(scope) = parse_scope(&text) {
            if let Resource::Repository(name) = &scope.resource {
                prop_assert!(matches_grammar(name.as_str()), "{}", name);
            }
            prop_assert_eq!(parse_scope(&scope.to_string()), Ok(scope));
        }
    }

    #[test]
    fn names_of_the_grammar_are_read(name in "([A-Z]{1,3}\\.io(:[0-9]{1,5})?/)?[a-z0-9]{1,4}((\\.|_|__|-{1,3})[a-z0-9]{1,3}){0,3}(/[a-z0-9]{1,4}){0,4}") {
        prop_assert!(matches_grammar(&name));
        prop_assert_eq!(RepositoryName::parse(&name).unwrap().to_string(), name);
    }

    #[test]
    fn no_text_makes_the_reader_panic(values in prop::collection::vec(".{0,80}", 0..6)) {
        let _ = RequestedScopes::parse(&values);
    }
}
