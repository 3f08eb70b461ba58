//! Permission mappers: the rules that an administrator puts on a registry client or a client scope.
//!
//! They are ordinary protocol mappers of the protocol `docker-v2`; this module turns their texts into a closed set of
//! rules, once, so that decisions never meet an unchecked setting.

use model::{id::MapperId, subject::SubjectGroup};

use crate::{action::ActionSet, pattern::Pattern};

pub mod kinds;
mod parse;
#[cfg(test)]
mod tests;

/// Which mapper a rule comes from.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct RuleOrigin {
    /// The mapper's id.
    pub id: MapperId,
    /// The mapper's name, as administrators know the rule.
    pub name: String,
}

/// Whether a rule gives or takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// What it names is permitted.
    Allow,
    /// What it names is refused, whatever other rules allow.
    Deny,
}

/// Whom a rule applies to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Audience {
    /// Users who have the role, written `NAME` or `CLIENT.NAME`.
    Role(String),
    /// Members of the group.
    Group {
        /// The names on the way down to it.
        path: Vec<String>,
        /// Members of groups below it count, too.
        include_subgroups: bool,
    },
    /// Every signed-in user.
    Everyone {
        /// Requests without credentials count, too.
        anonymous: bool,
    },
}

impl Audience {
    /// Whether `group` makes a member subject to a group rule; false for other audiences.
    #[must_use]
    pub fn covers_group(&self, group: &SubjectGroup) -> bool {
        match self {
            Self::Group { path, include_subgroups: true } => group.path.starts_with(path),
            Self::Group { path, include_subgroups: false } => group.path == *path,
            Self::Role(_) | Self::Everyone { .. } => false,
        }
    }
}

/// What a repository mapper says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RepositoryRule {
    /// The mapper that it comes from.
    pub origin: RuleOrigin,
    /// Whom it applies to.
    pub audience: Audience,
    /// The repositories that it is about.
    pub patterns: Vec<Pattern>,
    /// The actions that it is about; `*` was expanded.
    pub actions: ActionSet,
    /// It is also about the list of all repositories.
    pub catalog: bool,
    /// Whether it gives or takes.
    pub effect: Effect,
}

/// A permission mapper, read and checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PermissionMapper {
    /// A rule of one of the three repository mappers.
    Repository(RepositoryRule),
    /// Keycloak's mapper: signed-in users get whatever they ask for.
    AllowAll(RuleOrigin),
}

impl PermissionMapper {
    /// The mapper that it comes from.
    #[must_use]
    pub fn origin(&self) -> &RuleOrigin {
        match self {
            Self::Repository(rule) => &rule.origin,
            Self::AllowAll(origin) => origin,
        }
    }

    /// Whether it gives or takes.
    #[must_use]
    pub fn effect(&self) -> Effect {
        match self {
            Self::Repository(rule) => rule.effect,
            Self::AllowAll(_) => Effect::Allow,
        }
    }
}
