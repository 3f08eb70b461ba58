//! How users log in, as administrators set it up: flows of executions, their configurations, and required actions.

use std::{fmt, str::FromStr};

use crate::{
    Attributes,
    id::{AuthenticatorConfigId, ExecutionId, FlowId},
};

/// What executions in a flow mean, with Keycloak's ids.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FlowKind {
    /// Authenticators that identify a user.
    Basic,
    /// Ways in which a client proves who it is.
    Client,
    /// Parts of one form.
    Form,
}

impl FlowKind {
    /// Keycloak's `providerId`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Basic => "basic-flow",
            Self::Client => "client-flow",
            Self::Form => "form-flow",
        }
    }
}

/// A text that names none of the values it may.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("it names none of the known values")]
pub struct Unknown;

impl FromStr for FlowKind {
    type Err = Unknown;

    fn from_str(text: &str) -> Result<Self, Unknown> {
        [Self::Basic, Self::Client, Self::Form].into_iter().find(|kind| kind.as_str() == text).ok_or(Unknown)
    }
}

/// How much a flow depends on one of its executions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Requirement {
    /// It must succeed.
    Required,
    /// One of several has to succeed.
    Alternative,
    /// It counts if its conditions hold.
    Conditional,
    /// It is passed over.
    Disabled,
}

impl Requirement {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Required, Self::Alternative, Self::Conditional, Self::Disabled];

    /// Keycloak's word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Required => "REQUIRED",
            Self::Alternative => "ALTERNATIVE",
            Self::Conditional => "CONDITIONAL",
            Self::Disabled => "DISABLED",
        }
    }
}

impl FromStr for Requirement {
    type Err = Unknown;

    fn from_str(text: &str) -> Result<Self, Unknown> {
        Self::ALL.into_iter().find(|requirement| requirement.as_str() == text).ok_or(Unknown)
    }
}

impl fmt::Display for Requirement {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

/// An authentication flow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flow {
    /// The id in admin paths.
    pub id: FlowId,
    /// Its name, unique in the realm.
    pub alias: String,
    /// What it is for.
    pub description: Option<String>,
    /// What its executions mean.
    pub kind: FlowKind,
    /// It stands for itself and is no part of another one.
    pub top_level: bool,
    /// It came with the realm and can't be removed.
    pub built_in: bool,
    /// Where it stands in lists.
    pub place: i32,
}

/// One step of a flow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Execution {
    /// The id in admin paths.
    pub id: ExecutionId,
    /// The flow that it is in.
    pub flow: FlowId,
    /// What does the work; absent for a flow within the flow, unless that is a form.
    pub authenticator: Option<String>,
    /// The flow within the flow that this step is.
    pub sub_flow: Option<FlowId>,
    /// The authenticator's configuration.
    pub config: Option<AuthenticatorConfigId>,
    /// How much depends on it.
    pub requirement: Requirement,
    /// Its position: a lower one comes first.
    pub priority: i32,
}

/// The configuration of an authenticator in one or more places. Secrets in it are sealed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuthenticatorConfig {
    /// The id in admin paths.
    pub id: AuthenticatorConfigId,
    /// Its name.
    pub alias: String,
    /// Settings, one text per name.
    pub config: Attributes,
}

/// Something that users can be told to do when they log in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequiredAction {
    /// Its name in users' `requiredActions`, unique in the realm.
    pub alias: String,
    /// What carries it out.
    pub provider_id: String,
    /// Shown to administrators.
    pub name: String,
    /// It can be asked for.
    pub enabled: bool,
    /// New users have to do it.
    pub default_action: bool,
    /// Its position: a lower one comes first.
    pub priority: i32,
    /// Settings, one text per name.
    pub config: Attributes,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_read_as_they_are_written() {
        for requirement in Requirement::ALL {
            assert_eq!(requirement.as_str().parse(), Ok(requirement));
        }
        for kind in [FlowKind::Basic, FlowKind::Client, FlowKind::Form] {
            assert_eq!(kind.as_str().parse(), Ok(kind));
        }
        assert_eq!("OPTIONAL".parse::<Requirement>(), Err(Unknown));
        assert_eq!("".parse::<FlowKind>(), Err(Unknown));
    }
}
