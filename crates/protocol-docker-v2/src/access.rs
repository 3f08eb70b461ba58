//! The decision: what of the requested access is granted, and by which rule.
//!
//! Pure: the same request, subject and rules always give the same answer, so that the evaluate screen shows exactly
//! what a token would hold. Granted = requested ∩ permitted. Allow rules add up, a deny rule wins, and whatever is
//! permitted without credentials is permitted to every user.

use model::subject::Subject;
use serde::Serialize;

use crate::{
    action::{Action, ActionSet},
    mapper::{Audience, Effect, PermissionMapper, RuleOrigin},
    repository_name::RepositoryName,
    scope::{IgnoredScope, RequestedScopes, Resource, ResourceScope},
};

mod rules;
#[cfg(test)]
mod tests;

/// One entry of the `access` claim. Always complete: registries crash on less.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Access {
    /// `repository` or `registry`.
    #[serde(rename = "type")]
    pub type_name: String,
    /// The resource's name.
    pub name: String,
    /// The granted actions, at least one.
    pub actions: Vec<&'static str>,
}

impl std::fmt::Display for Access {
    /// Writes it as a scope.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}:{}", self.type_name, self.name, self.actions.join(","))
    }
}

/// What became of a request.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Decision {
    /// Each requested resource with each requested action.
    pub resources: Vec<ResourceDecision>,
    /// Pieces of the request that are no scopes.
    pub ignored: Vec<IgnoredScope>,
    /// What the token grants; resources with nothing granted are left out.
    pub granted: Vec<Access>,
}

impl Decision {
    /// The granted access as scopes, separated by spaces.
    #[must_use]
    pub fn granted_scope(&self) -> String {
        self.granted.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
    }

    /// How many requested actions were granted, and how many refused.
    #[must_use]
    pub fn counts(&self) -> (usize, usize) {
        let verdicts = || self.resources.iter().flat_map(|resource| &resource.actions).map(|action| &action.verdict);
        let granted = verdicts().filter(|verdict| matches!(verdict, Verdict::Granted(_))).count();
        let expanded = verdicts().filter(|verdict| matches!(verdict, Verdict::Expanded)).count();
        (granted, verdicts().count() - granted - expanded)
    }

    /// What was not granted, for the event: one resource and reason on each line, such as
    /// `repository:team/app:push: no rule allows it`. Empty if everything was granted.
    #[must_use]
    pub fn not_granted(&self) -> String {
        let mut lines: Vec<(&Resource, String, Vec<&str>)> = Vec::new();
        for ResourceDecision { resource, actions } in &self.resources {
            for action in actions {
                if action.verdict.is_granted() || action.verdict == Verdict::Expanded {
                    continue;
                }
                let why = action.verdict.reason();
                let why = why.strip_prefix("refused: ").unwrap_or(&why);
                match lines.last_mut() {
                    Some((same, reason, together)) if *same == resource && reason == why => {
                        together.push(&action.action);
                    }
                    _ => lines.push((resource, why.to_owned(), vec![&action.action])),
                }
            }
        }
        let lines =
            lines.into_iter().map(|(resource, why, actions)| format!("{resource}:{}: {why}", actions.join(",")));
        lines.collect::<Vec<_>>().join("\n")
    }
}

/// What became of one requested resource.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResourceDecision {
    /// The resource.
    pub resource: Resource,
    /// The verdict on each action; where a repository's `*` was asked for, on each action that it stands for.
    pub actions: Vec<ActionDecision>,
}

/// What became of one action.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActionDecision {
    /// The action as in the scope.
    pub action: String,
    /// The verdict on it.
    pub verdict: Verdict,
}

/// Why an action is granted or refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// This rule allows it.
    Granted(RuleOrigin),
    /// This rule denies it.
    Denied(RuleOrigin),
    /// No rule allows it.
    NoRule,
    /// `*` of a repository: answered by the actions that it stands for.
    Expanded,
    /// No registry knows the action on this resource.
    UnknownAction,
    /// Nothing can be granted on this type or name.
    UnknownResource,
}

impl Verdict {
    /// The verdict in words, for people.
    #[must_use]
    pub fn reason(&self) -> String {
        match self {
            Self::Granted(rule) => format!("granted because of rule {}", rule.name),
            Self::Denied(rule) => format!("refused: denied by rule {}", rule.name),
            Self::NoRule => "refused: no rule allows it".to_owned(),
            Self::Expanded => "stands for pull, push and delete".to_owned(),
            Self::UnknownAction => "refused: there is no such action on this resource".to_owned(),
            Self::UnknownResource => "refused: nothing can be granted on a resource of this type and name".to_owned(),
        }
    }

    /// The rule that decided, where one did.
    #[must_use]
    pub fn rule(&self) -> Option<&RuleOrigin> {
        match self {
            Self::Granted(rule) | Self::Denied(rule) => Some(rule),
            Self::NoRule | Self::Expanded | Self::UnknownAction | Self::UnknownResource => None,
        }
    }

    /// Whether it grants.
    #[must_use]
    pub fn is_granted(&self) -> bool {
        matches!(self, Self::Granted(_))
    }
}

/// Decides a request.
///
/// `subject` is none for a request without credentials. `rules` are those of the client and of its client scopes.
#[must_use]
pub fn decide(requested: &RequestedScopes, subject: Option<&Subject>, rules: &[PermissionMapper]) -> Decision {
    let mut decision = Decision { ignored: requested.ignored.clone(), ..Decision::default() };
    for scope in &requested.resources {
        let (mut actions, granted) = decide_resource(scope, subject, rules);
        let unknown = if matches!(scope.resource, Resource::Other(_)) {
            Verdict::UnknownResource
        } else {
            Verdict::UnknownAction
        };
        actions.extend(
            scope.unknown_actions.iter().map(|word| ActionDecision { action: word.clone(), verdict: unknown.clone() }),
        );
        if !granted.is_empty() {
            decision.granted.push(Access {
                type_name: scope.resource.type_name().to_owned(),
                name: scope.resource.name().to_owned(),
                actions: granted.iter().map(Action::as_str).collect(),
            });
        }
        decision.resources.push(ResourceDecision { resource: scope.resource.clone(), actions });
    }
    decision
}

/// The verdicts on the known actions of one scope, and what is granted.
fn decide_resource(
    scope: &ResourceScope,
    subject: Option<&Subject>,
    rules: &[PermissionMapper],
) -> (Vec<ActionDecision>, ActionSet) {
    let said = |action: Action, verdict: Verdict| ActionDecision { action: action.as_str().to_owned(), verdict };
    let mut granted = ActionSet::NONE;
    let mut actions = Vec::new();
    match &scope.resource {
        Resource::Repository(name) => {
            for action in scope.actions.expanded().iter() {
                let verdict = rules::verdict(rules, subject, rules::Question::Repository(name, action));
                if verdict.is_granted() {
                    granted.insert(action);
                }
                actions.push(said(action, verdict));
            }
            if scope.actions.contains(Action::Any) {
                actions.push(said(Action::Any, Verdict::Expanded));
                if ActionSet::CONCRETE.is_subset(granted) {
                    granted.insert(Action::Any);
                }
            }
        }
        Resource::Catalog => {
            for action in scope.actions.iter() {
                let verdict = match action {
                    Action::Any => rules::verdict(rules, subject, rules::Question::Catalog),
                    _ => Verdict::UnknownAction,
                };
                if verdict.is_granted() {
                    granted.insert(action);
                }
                actions.push(said(action, verdict));
            }
        }
        Resource::Other(_) => {
            actions.extend(scope.actions.iter().map(|action| said(action, Verdict::UnknownResource)));
        }
    }
    (actions, granted)
}

/// Whether requests without credentials can get anything; otherwise they are answered with a challenge.
#[must_use]
pub fn anonymous_allowed(rules: &[PermissionMapper]) -> bool {
    rules.iter().any(|rule| match rule {
        PermissionMapper::Repository(rule) => {
            rule.effect == Effect::Allow && rule.audience == Audience::Everyone { anonymous: true }
        }
        PermissionMapper::AllowAll(_) => false,
    })
}

/// The rules that may allow somebody `action` on `repository`; variables count as wildcards.
///
/// `*` asks for rules that allow at least one action.
#[must_use]
pub fn rules_allowing<'a>(
    repository: &RepositoryName,
    action: Action,
    rules: &'a [PermissionMapper],
) -> Vec<&'a PermissionMapper> {
    rules::possible(repository, action, rules, Effect::Allow)
}

/// The rules that may deny somebody `action` on `repository`, as [`rules_allowing`].
#[must_use]
pub fn rules_denying<'a>(
    repository: &RepositoryName,
    action: Action,
    rules: &'a [PermissionMapper],
) -> Vec<&'a PermissionMapper> {
    rules::possible(repository, action, rules, Effect::Deny)
}
