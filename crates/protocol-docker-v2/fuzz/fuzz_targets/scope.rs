//! Any text as scope: no panic, and what is accepted reads back as itself.
#![no_main]

use libfuzzer_sys::fuzz_target;
use protocol_docker_v2::{
    pattern::{Bindings, Pattern},
    repository_name::RepositoryName,
    scope::{RequestedScopes, Resource, parse_scope},
};

fuzz_target!(|text: &str| {
    if let Ok(scopes) = RequestedScopes::parse(&[text]) {
        for scope in &scopes.resources {
            assert_eq!(parse_scope(&scope.to_string()).as_ref(), Ok(scope));
            if let Resource::Repository(name) = &scope.resource {
                assert_eq!(RepositoryName::parse(name.as_str()).as_ref(), Ok(name));
                // a name is a pattern that matches itself
                assert!(Pattern::parse(name.as_str()).is_ok_and(|pattern| pattern.matches(name, &Bindings::Anonymous)));
            }
        }
    }
    let _ = Pattern::parse(text);
});
