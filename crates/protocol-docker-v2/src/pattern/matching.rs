//! Matching names against patterns without backtracking: the set of reachable positions is carried along, so no
//! pattern takes exponential time.

use model::MultiAttributes;

use super::{Component, Piece, Variable};
use crate::repository_name::{RepositoryName, is_component};

/// What variables stand for.
#[derive(Clone, Copy, Debug)]
pub enum Bindings<'a> {
    /// Nobody: a pattern with a variable matches nothing.
    Anonymous,
    /// A user.
    User {
        /// The user's name.
        username: &'a str,
        /// The name of the group through which the rule applies.
        group: Option<&'a str>,
        /// The user's attributes; each value counts.
        attributes: &'a MultiAttributes,
    },
    /// Somebody: a variable matches any path component. For the question who could act at all.
    Anybody,
}

/// Whether the whole name fits.
pub(super) fn matches(components: &[Component], name: &RepositoryName, bindings: &Bindings<'_>) -> bool {
    let parts: Vec<&str> = name.components().collect();
    // `reached` holds how many parts can be consumed by the components looked at so far
    let mut reached = vec![false; parts.len() + 1];
    set(&mut reached, 0);
    for component in components {
        let mut next = vec![false; parts.len() + 1];
        match component {
            Component::Many => {
                let mut below = false;
                for (now, after) in reached.iter().zip(next.iter_mut().skip(1)) {
                    below |= *now;
                    *after = below;
                }
            }
            Component::One(pieces) => {
                for ((now, part), after) in reached.iter().zip(&parts).zip(next.iter_mut().skip(1)) {
                    *after = *now && part_matches(pieces, part, bindings);
                }
            }
        }
        reached = next;
    }
    reached.last().copied().unwrap_or(false)
}

/// Whether the pieces make up the whole of one part.
fn part_matches(pieces: &[Piece], part: &str, bindings: &Bindings<'_>) -> bool {
    let mut reached = vec![false; part.len() + 1];
    set(&mut reached, 0);
    for piece in pieces {
        let mut next = vec![false; part.len() + 1];
        match piece {
            Piece::Star => {
                let mut below = false;
                for (now, after) in reached.iter().zip(next.iter_mut()) {
                    below |= *now;
                    *after = below;
                }
            }
            Piece::Literal(text) => advance(&reached, &mut next, part, text),
            Piece::Variable(variable) => match bindings {
                Bindings::Anonymous => {}
                Bindings::Anybody => advance_over_any(&reached, &mut next, part),
                Bindings::User { username, group, attributes } => {
                    let mut value = |text: &str| {
                        if is_component(text) {
                            advance(&reached, &mut next, part, text);
                        }
                    };
                    match variable {
                        Variable::Username => value(username),
                        Variable::Group => group.iter().for_each(|group| value(group)),
                        Variable::Attribute(name) => {
                            attributes.get(name).into_iter().flatten().for_each(|text| value(text));
                        }
                    }
                }
            },
        }
        reached = next;
    }
    reached.last().copied().unwrap_or(false)
}

/// Marks where `text` ends, beginning at each reached position.
fn advance(reached: &[bool], next: &mut [bool], part: &str, text: &str) {
    for (start, now) in reached.iter().enumerate() {
        if *now && part.get(start..).is_some_and(|rest| rest.starts_with(text)) {
            set(next, start + text.len());
        }
    }
}

/// Marks where a path component ends, beginning at each reached position.
fn advance_over_any(reached: &[bool], next: &mut [bool], part: &str) {
    for (start, _) in reached.iter().enumerate().filter(|(_, now)| **now) {
        for end in start + 1..=part.len() {
            if part.get(start..end).is_some_and(is_component) {
                set(next, end);
            }
        }
    }
}

fn set(positions: &mut [bool], index: usize) {
    if let Some(position) = positions.get_mut(index) {
        *position = true;
    }
}
