//! Whether one rule speaks about one question, and what all of them say together.

use model::subject::{Subject, SubjectGroup};

use super::Verdict;
use crate::{
    action::{Action, ActionSet},
    mapper::{Audience, Effect, PermissionMapper, RepositoryRule},
    pattern::{Bindings, Pattern},
    repository_name::RepositoryName,
};

/// What is asked of the rules.
#[derive(Clone, Copy)]
pub(super) enum Question<'a> {
    /// One concrete action on a repository.
    Repository(&'a RepositoryName, Action),
    /// The list of all repositories.
    Catalog,
}

/// What all rules together say.
pub(super) fn verdict(rules: &[PermissionMapper], subject: Option<&Subject>, question: Question<'_>) -> Verdict {
    // First without credentials: no rule about users takes that away, or a login would lose what its absence gives.
    let anonymous = weigh(rules, |rule| match rule {
        PermissionMapper::Repository(rule) => {
            rule.audience == Audience::Everyone { anonymous: true }
                && speaks_about(rule, question, |pattern, name| pattern.matches(name, &Bindings::Anonymous))
        }
        PermissionMapper::AllowAll(_) => false,
    });
    match subject {
        Some(subject) if !anonymous.is_granted() => weigh(rules, |rule| match rule {
            PermissionMapper::Repository(rule) => applies(rule, subject, question),
            PermissionMapper::AllowAll(_) => true,
        }),
        _ => anonymous,
    }
}

/// Deny wins over allow; of several, the first is named.
fn weigh(rules: &[PermissionMapper], relevant: impl Fn(&PermissionMapper) -> bool) -> Verdict {
    let mut allowing = None;
    for rule in rules {
        match rule.effect() {
            Effect::Deny if relevant(rule) => return Verdict::Denied(rule.origin().clone()),
            Effect::Allow if allowing.is_none() && relevant(rule) => allowing = Some(rule.origin()),
            Effect::Deny | Effect::Allow => {}
        }
    }
    allowing.map_or(Verdict::NoRule, |origin| Verdict::Granted(origin.clone()))
}

/// Whether the rule's words cover the question, apart from whom it applies to.
fn speaks_about(
    rule: &RepositoryRule,
    question: Question<'_>,
    matches: impl Fn(&Pattern, &RepositoryName) -> bool,
) -> bool {
    match question {
        Question::Catalog => rule.catalog,
        Question::Repository(name, action) => {
            rule.actions.contains(action) && rule.patterns.iter().any(|pattern| matches(pattern, name))
        }
    }
}

/// Whether the rule applies to a signed-in user and covers the question.
fn applies(rule: &RepositoryRule, subject: &Subject, question: Question<'_>) -> bool {
    match &rule.audience {
        Audience::Everyone { .. } => covers(rule, subject, question, &all_groups),
        Audience::Role(role) => {
            subject.roles.iter().any(|held| held.is_written(role)) && covers(rule, subject, question, &all_groups)
        }
        Audience::Group { .. } => {
            subject.groups.iter().any(|group| rule.audience.covers_group(group))
                && covers(rule, subject, question, &|group| rule.audience.covers_group(group))
        }
    }
}

fn all_groups(_: &SubjectGroup) -> bool {
    true
}

/// Whether the question is covered, `${group}` standing for each of the user's groups in turn that `counts`.
fn covers(
    rule: &RepositoryRule,
    subject: &Subject,
    question: Question<'_>,
    counts: &dyn Fn(&SubjectGroup) -> bool,
) -> bool {
    let bindings = |group| Bindings::User { username: &subject.username, group, attributes: &subject.attributes };
    speaks_about(rule, question, |pattern, name| {
        if pattern.mentions_group() {
            subject.groups.iter().filter(|group| counts(group)).any(|group| {
                group.path.last().is_some_and(|group| pattern.matches(name, &bindings(Some(group.as_str()))))
            })
        } else {
            pattern.matches(name, &bindings(None))
        }
    })
}

/// The rules of one effect that may concern somebody; `*` stands for any action.
pub(super) fn possible<'a>(
    repository: &RepositoryName,
    action: Action,
    rules: &'a [PermissionMapper],
    effect: Effect,
) -> Vec<&'a PermissionMapper> {
    let wanted = ActionSet::from_iter([action]).expanded();
    rules
        .iter()
        .filter(|rule| rule.effect() == effect)
        .filter(|rule| match rule {
            PermissionMapper::AllowAll(_) => true,
            PermissionMapper::Repository(rule) => wanted.iter().any(|action| {
                speaks_about(rule, Question::Repository(repository, action), |pattern, name| {
                    pattern.matches(name, &Bindings::Anybody)
                })
            }),
        })
        .collect()
}
