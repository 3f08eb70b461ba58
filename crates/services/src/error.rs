//! Why a service did not do what it was asked for. Each surface has one file that puts these into its dialect.

use std::time::Duration;

use model::problem::Problem;

/// The result of every service function.
pub type Result<T> = std::result::Result<T, Error>;

/// A kind of thing that was not found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// A realm.
    Realm,
    /// A client.
    Client,
    /// The secret of a client that has none.
    ClientSecret,
    /// A client scope.
    ClientScope,
    /// A protocol mapper.
    Mapper,
    /// The implementation behind a mapper's kind.
    MapperKind,
    /// A role by name.
    Role,
    /// A role by id.
    RoleById,
    /// A role that is to be part of another.
    CompositeRole,
    /// A role that is to be granted or taken.
    MappedRole,
    /// A user.
    User,
    /// A credential.
    Credential,
    /// A group by id.
    Group,
    /// A group in a membership.
    Membership,
    /// A group by path.
    GroupPath,
    /// A group that is to be moved.
    ChildGroup,
    /// A component.
    Component,
    /// A session.
    Session,
    /// An installation provider.
    Installation,
    /// What defines roles: the realm or a client.
    RoleContainer,
    /// The secret that a client had before.
    RotatedSecret,
    /// A node of a client.
    Node,
    /// The key of a client.
    ClientKey,
    /// An authentication flow by id.
    Flow,
    /// An authentication flow by alias.
    FlowByAlias,
    /// The authentication flow in the path of a change of its executions.
    FlowInPath,
    /// A step of an authentication flow.
    Execution,
    /// The configuration of an authenticator.
    AuthenticatorConfig,
    /// An authenticator.
    Authenticator,
    /// A required action.
    RequiredAction,
    /// A required action that has settings.
    ConfigurableAction,
    /// The settings of a required action.
    RequiredActionConfig,
    /// An identity provider.
    IdentityProvider,
    /// What an identity provider would publish for the other side.
    BrokerMetadata,
    /// An account of a user at an identity provider.
    FederatedIdentity,
    /// A component that is to have components of its own.
    ParentComponent,
    /// A text of a realm.
    LocalizationText,
    /// Something that happened.
    Event,
    /// A webhook.
    Webhook,
    /// Something that a webhook was told, or is to be.
    Delivery,
    /// A refusal by its id.
    Refusal,
}

/// A refusal or a failure.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// It isn't there.
    #[error("{0:?} not found")]
    NotFound(What),
    /// Something else has the name already. The text is for people.
    #[error("{0}")]
    Conflict(String),
    /// The input can't be accepted as it is.
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
    Invalid(Vec<Problem>),
    /// It isn't any more what the caller saw it as, and the change was only for that.
    #[error("changed in the meantime")]
    Stale,
    /// A rule forbids it, whoever asks. The text is for people.
    #[error("{0}")]
    Refused(String),
    /// It makes no sense for the thing in question. The text is for people; Keycloak throws it where it would say
    /// [`Error::Refused`] elsewhere, so the body of the answer differs.
    #[error("{0}")]
    Illegal(String),
    /// This server can't do it. The text is for people.
    #[error("{0}")]
    Unsupported(String),
    /// It was tried and failed, through no fault of the question. The text is for people.
    #[error("{0}")]
    Failed(String),
    /// The password breaks the realm's policy.
    #[error("{text}")]
    Policy {
        /// Keycloak's message key, such as `invalidPasswordMinLengthMessage`.
        key: String,
        /// What is wrong, for people.
        text: String,
    },
    /// The caller may not do this.
    #[error("forbidden")]
    Forbidden,
    /// Too much to do at the moment: ask again after a while.
    #[error("busy, ask again in {0:?}")]
    Busy(Duration),
    /// The database failed.
    #[error(transparent)]
    Store(store::Error),
    /// Cryptography failed.
    #[error(transparent)]
    Jose(#[from] jose::Error),
    /// A stored credential can't be read.
    #[error("a stored credential can't be read")]
    Credential(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl From<store::Error> for Error {
    fn from(error: store::Error) -> Self {
        match error {
            store::Error::Overtaken => {
                Self::Conflict("Somebody else changed the same things in the meantime. Try again.".to_owned())
            }
            other => Self::Store(other),
        }
    }
}

impl Error {
    /// One problem with one field.
    #[must_use]
    pub fn invalid(field: &str, message: impl Into<String>) -> Self {
        Self::Invalid(vec![Problem::new(field, message)])
    }

    /// Replaces a broken constraint by a text for people; leaves every other error as it is.
    #[must_use]
    pub fn on_conflict(self, constraint: &str, text: impl FnOnce() -> Self) -> Self {
        match self {
            Self::Store(store::Error::Conflict { constraint: broken, .. }) if broken == constraint => text(),
            other => other,
        }
    }
}

/// Says what a broken constraint means, where it can break.
pub(crate) trait OnConflict<T> {
    /// Replaces a broken `constraint` by a conflict with this text.
    fn on_conflict(self, constraint: &str, text: impl FnOnce() -> String) -> Result<T>;
}

impl<T> OnConflict<T> for store::Result<T> {
    fn on_conflict(self, constraint: &str, text: impl FnOnce() -> String) -> Result<T> {
        self.map_err(|error| Error::from(error).on_conflict(constraint, || Error::Conflict(text())))
    }
}

/// Turns an absent thing into the error that names it.
pub(crate) trait Found<T> {
    /// The thing, or `NotFound`.
    fn found(self, what: What) -> Result<T>;
}

impl<T> Found<T> for Option<T> {
    fn found(self, what: What) -> Result<T> {
        self.ok_or(Error::NotFound(what))
    }
}
