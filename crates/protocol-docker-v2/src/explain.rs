//! Decisions explained to administrators: what a request would get and why, and which rules are about a repository.

use model::{protocol_mapper::ProtocolMapper, subject::Subject};
use protocol::{AccessRule, EvaluatedAction, Evaluation, Rule, RuleSubject};

use crate::{
    access::{self, Verdict},
    action::Action,
    mapper::{Audience, Effect, PermissionMapper, RuleOrigin},
    repository_name::RepositoryName,
    scope::RequestedScopes,
};

fn rule(origin: &RuleOrigin) -> Rule {
    Rule { id: origin.id.clone(), name: origin.name.clone() }
}

/// The permission mappers among `mappers`, read.
///
/// # Errors
/// A sentence that names the first one that can't be read.
pub fn rules(mappers: &[ProtocolMapper]) -> Result<Vec<PermissionMapper>, String> {
    let each = |mapper: &ProtocolMapper| {
        PermissionMapper::parse(mapper).map_err(|problems| {
            let problems: Vec<_> = problems.iter().map(ToString::to_string).collect();
            format!("The mapper '{}' can't be read: {}", mapper.name, problems.join("; "))
        })
    };
    mappers.iter().map(each).collect()
}

/// Tries a request.
///
/// # Errors
/// A sentence why it could not be tried.
pub fn evaluate(
    mappers: &[ProtocolMapper],
    subject: Option<&Subject>,
    scopes: &[String],
) -> Result<Evaluation, String> {
    let requested = RequestedScopes::parse(scopes).map_err(|error| error.to_string())?;
    let decision = access::decide(&requested, subject, &rules(mappers)?);
    let mut actions = Vec::new();
    for resource in &decision.resources {
        for action in resource.actions.iter().filter(|action| !matches!(action.verdict, Verdict::Expanded)) {
            actions.push(EvaluatedAction {
                resource_type: resource.resource.type_name().to_owned(),
                resource_name: resource.resource.name().to_owned(),
                action: action.action.clone(),
                granted: action.verdict.is_granted(),
                reason: action.verdict.reason(),
                rule: action.verdict.rule().map(rule),
            });
        }
    }
    let ignored = decision.ignored.iter().map(|ignored| (ignored.text.clone(), ignored.reason.to_string())).collect();
    Ok(Evaluation { granted_scope: decision.granted_scope(), actions, ignored })
}

/// The rules that may be about `action` on the repository `resource`.
///
/// # Errors
/// A sentence that says what is wrong with the name or the action.
pub fn access_rules(mappers: &[ProtocolMapper], resource: &str, action: &str) -> Result<Vec<AccessRule>, String> {
    let repository = RepositoryName::parse(resource).map_err(|error| error.to_string())?;
    let action =
        Action::parse(action).ok_or_else(|| format!("'{action}' is no action; there are pull, push, delete and *"))?;
    let rules = rules(mappers)?;
    let mut found = access::rules_allowing(&repository, action, &rules);
    found.extend(access::rules_denying(&repository, action, &rules));
    Ok(found
        .into_iter()
        .map(|mapper| AccessRule {
            rule: rule(mapper.origin()),
            allows: mapper.effect() == Effect::Allow,
            subject: subject_of(mapper),
        })
        .collect())
}

pub(crate) fn subject_of(mapper: &PermissionMapper) -> RuleSubject {
    match mapper {
        PermissionMapper::AllowAll(_) => RuleSubject::SignedIn,
        PermissionMapper::Repository(rule) => match &rule.audience {
            Audience::Everyone { anonymous: true } => RuleSubject::Anonymous,
            Audience::Everyone { anonymous: false } => RuleSubject::SignedIn,
            Audience::Role(role) => RuleSubject::Role(role.clone()),
            Audience::Group { path, include_subgroups } => RuleSubject::Group {
                path: model::group::path_text(path.iter().map(String::as_str)),
                include_subgroups: *include_subgroups,
            },
        },
    }
}
