//! Permission mappers as rows of a table, for consoles: read from a mapper's settings, and written into them.

use std::collections::BTreeMap;

use model::{problem::Problem, protocol_mapper::ProtocolMapper};
use protocol::{PatternExamples, PermissionMapperSettings, PermissionRow, RuleSubject};

use crate::{
    action::Action,
    explain::subject_of,
    mapper::{Effect, PermissionMapper, kinds},
    pattern::Pattern,
};

/// A mapper as a row; none for kinds of other protocols.
///
/// # Errors
/// One problem per part that can't be read.
#[must_use]
pub fn row(mapper: &ProtocolMapper) -> Option<Result<PermissionRow, Vec<Problem>>> {
    kinds::KINDS.iter().find(|kind| kind.id == mapper.kind)?;
    Some(PermissionMapper::parse(mapper).map(|rule| {
        let subject = subject_of(&rule);
        match &rule {
            PermissionMapper::AllowAll(_) => PermissionRow {
                subject,
                patterns: vec!["**".to_owned()],
                actions: Action::CONCRETE.map(|action| action.as_str().to_owned()).into(),
                catalog: true,
                allows: true,
                everything: true,
            },
            PermissionMapper::Repository(rule) => PermissionRow {
                subject,
                patterns: rule.patterns.iter().map(|pattern| pattern.as_str().to_owned()).collect(),
                actions: rule
                    .actions
                    .iter()
                    .filter(|action| *action != Action::Any)
                    .map(|action| action.to_string())
                    .collect(),
                catalog: rule.catalog,
                allows: rule.effect == Effect::Allow,
                everything: false,
            },
        }
    }))
}

/// A row as a mapper. Nothing is checked: saving does that.
#[must_use]
pub fn mapper(row: &PermissionRow) -> PermissionMapperSettings {
    let flag = |on: bool| on.then(|| "true".to_owned());
    let mut settings = BTreeMap::from([
        (kinds::ROLE_SETTING, None),
        (kinds::GROUP_SETTING, None),
        (kinds::INCLUDE_SUBGROUPS, None),
        (kinds::ANONYMOUS, None),
        (kinds::REPOSITORIES, Some(row.patterns.join("##")).filter(|text| !text.is_empty())),
        (kinds::ACTIONS, Some(row.actions.join(",")).filter(|text| !text.is_empty())),
        (kinds::CATALOG, flag(row.catalog)),
        (kinds::EFFECT, Some(if row.allows { "allow" } else { "deny" }.to_owned())),
    ]);
    let kind = match &row.subject {
        RuleSubject::Role(role) => {
            settings.insert(kinds::ROLE_SETTING, Some(role.clone()));
            kinds::ROLE
        }
        RuleSubject::Group { path, include_subgroups } => {
            settings.insert(kinds::GROUP_SETTING, Some(path.clone()));
            settings.insert(kinds::INCLUDE_SUBGROUPS, flag(*include_subgroups));
            kinds::GROUP
        }
        RuleSubject::SignedIn => kinds::EVERYONE,
        RuleSubject::Anonymous => {
            settings.insert(kinds::ANONYMOUS, flag(true));
            kinds::EVERYONE
        }
    };
    PermissionMapperSettings { kind, settings }
}

/// What a pattern stands for.
///
/// # Errors
/// A sentence that names the offending part.
pub fn examples(pattern: &str) -> Result<PatternExamples, String> {
    let pattern = Pattern::parse(pattern).map_err(|error| error.to_string())?;
    let examples = pattern.examples();
    Ok(PatternExamples { matching: examples.matching, others: examples.others, personal: pattern.has_variables() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_is_read_as_it_is_written() {
        let subjects = [
            RuleSubject::Role("ci.push".to_owned()),
            RuleSubject::Group { path: "/teams/red".to_owned(), include_subgroups: true },
            RuleSubject::Group { path: "/teams".to_owned(), include_subgroups: false },
            RuleSubject::SignedIn,
            RuleSubject::Anonymous,
        ];
        for subject in subjects {
            let written = PermissionRow {
                subject,
                patterns: vec!["team/*".to_owned(), "base".to_owned()],
                actions: vec!["pull".to_owned(), "push".to_owned()],
                catalog: true,
                allows: false,
                everything: false,
            };
            let PermissionMapperSettings { kind, settings } = mapper(&written);
            let mapper = ProtocolMapper {
                id: "m".into(),
                name: "m".to_owned(),
                protocol: "docker-v2".to_owned(),
                kind: kind.to_owned(),
                config: settings.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect(),
            };
            assert_eq!(row(&mapper), Some(Ok(written)));
        }
    }
}
