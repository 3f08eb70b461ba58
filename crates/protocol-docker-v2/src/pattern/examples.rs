//! What a pattern stands for, by examples. Candidates are made from its parts and changed a little; each is tried, so that no
//! example can say anything else than a decision.

use model::MultiAttributes;

use super::{Bindings, Component, Pattern, Piece, Variable};
use crate::repository_name::RepositoryName;

/// How many names of each kind are given.
const MOST: usize = 3;
/// Whom variables stand for in examples.
const USERNAME: &str = "jane";
/// The group in examples.
const GROUP: &str = "red";
/// The value of every attribute in examples.
const VALUE: &str = "value";

/// Examples of names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Examples {
    /// Matched; of variables, for the user `jane` in the group `red`.
    pub matching: Vec<String>,
    /// Not matched.
    pub others: Vec<String>,
}

pub(super) fn of(pattern: &Pattern) -> Examples {
    let components = &pattern.components;
    let name = |star: &str, many: &str| -> String {
        let parts: Vec<_> = components.iter().map(|component| written(component, star, many)).collect();
        parts.join("/")
    };
    let usual = name("app", "app");
    let mut candidates = vec![usual.clone(), name("web", "app/cache"), name("", "tools/build/base"), name("x", "x")];
    candidates.push(format!("{usual}/cache"));
    candidates.push(format!("{usual}2"));
    candidates.push(format!("other/{usual}"));
    if let Some((above, last)) = usual.rsplit_once('/') {
        candidates.push(above.to_owned());
        candidates.push(format!("other/{last}"));
    }
    candidates.push("other".to_owned());
    let mut attributes = MultiAttributes::new();
    for piece in components
        .iter()
        .filter_map(|component| match component {
            Component::One(pieces) => Some(pieces),
            Component::Many => None,
        })
        .flatten()
    {
        if let Piece::Variable(Variable::Attribute(name)) = piece {
            attributes.insert(name.clone(), vec![VALUE.to_owned()]);
        }
    }
    let bindings = Bindings::User { username: USERNAME, group: Some(GROUP), attributes: &attributes };
    let mut examples = Examples::default();
    for candidate in candidates {
        let Ok(name) = RepositoryName::parse(&candidate) else { continue };
        let list = if pattern.matches(&name, &bindings) { &mut examples.matching } else { &mut examples.others };
        if list.len() < MOST && !list.contains(&candidate) {
            list.push(candidate);
        }
    }
    examples
}

/// A part with these texts for its wildcards.
fn written(component: &Component, star: &str, many: &str) -> String {
    match component {
        Component::Many => many.to_owned(),
        Component::One(pieces) => pieces
            .iter()
            .map(|piece| match piece {
                Piece::Literal(text) => text.as_str(),
                Piece::Star => star,
                Piece::Variable(Variable::Username) => USERNAME,
                Piece::Variable(Variable::Group) => GROUP,
                Piece::Variable(Variable::Attribute(_)) => VALUE,
            })
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn examples_are_what_the_pattern_says() {
        for (pattern, matching, others) in [
            ("team/app", vec!["team/app"], vec!["team/app/cache", "team/app2", "other/team/app"]),
            ("team/*", vec!["team/app", "team/web", "team/x"], vec!["team/app/cache", "other/team/app", "team"]),
            (
                "team/**",
                vec!["team/app", "team/app/cache", "team/tools/build/base"],
                vec!["other/team/app", "team", "other/app"],
            ),
            (
                "home/${username}/**",
                vec!["home/jane/app", "home/jane/app/cache", "home/jane/tools/build/base"],
                vec!["other/home/jane/app", "home/jane", "other/app"],
            ),
            (
                "${attribute:team}/*-prod",
                vec!["value/app-prod", "value/web-prod", "value/x-prod"],
                vec!["value/app-prod/cache", "value/app-prod2", "other/value/app-prod"],
            ),
            ("**", vec!["app", "app/cache", "tools/build/base"], vec![]),
        ] {
            let examples = Pattern::parse(pattern).unwrap().examples();
            assert_eq!(
                (examples.matching, examples.others),
                (
                    matching.into_iter().map(str::to_owned).collect::<Vec<_>>(),
                    others.into_iter().map(str::to_owned).collect::<Vec<_>>(),
                ),
                "{pattern}"
            );
        }
    }
}
