//! Why a registration was refused.

use model::problem::Problem;

use crate::{Error, What};

/// A refusal, as RFC 7591 section 3.2.2 and RFC 6750 section 3.1 tell them apart. The texts are Keycloak's where it has
/// one.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// There is no token, or none that is good for this.
    #[error("{0}")]
    InvalidToken(&'static str),
    /// The caller is known and may not do this.
    #[error("Forbidden")]
    Forbidden,
    /// A policy of the realm is against it.
    #[error("Policy '{policy}' rejected request to client-registration service. Details: {text}")]
    Policy {
        /// The policy's name.
        policy: String,
        /// What it says.
        text: String,
    },
    /// Nobody may register here without a token.
    #[error("Clients can be registered here with an initial access token only")]
    NotAnonymously,
    /// The client can't be as it was described.
    #[error("{0}")]
    InvalidMetadata(String),
    /// A redirect URI can't be accepted.
    #[error("{0}")]
    InvalidRedirectUri(String),
    /// There is no such client, as far as a caller who may know is concerned.
    #[error("Client not found")]
    NotFound,
    /// Something else failed.
    #[error(transparent)]
    Service(Error),
}

/// The result of a registration.
pub type Result<T> = std::result::Result<T, Refusal>;

impl From<store::Error> for Refusal {
    fn from(error: store::Error) -> Self {
        Self::Service(error.into())
    }
}

/// Says in the words of registration why a client could not be saved.
impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        match error {
            Error::Conflict(_) => Self::InvalidMetadata("Client Identifier in use".to_owned()),
            Error::Invalid(problems) => of_problems(&problems),
            Error::Refused(text) => Self::InvalidMetadata(text),
            Error::NotFound(What::MapperKind) => Self::InvalidMetadata("ProtocolMapper provider not found".to_owned()),
            Error::NotFound(What::Client) => Self::NotFound,
            Error::Forbidden => Self::Forbidden,
            other => Self::Service(other),
        }
    }
}

fn of_problems(problems: &[Problem]) -> Refusal {
    let texts: Vec<_> = problems.iter().map(ToString::to_string).collect();
    let text = texts.join("; ");
    match problems.iter().any(|problem| problem.field == "redirectUris") {
        true => Refusal::InvalidRedirectUri(text),
        false => Refusal::InvalidMetadata(text),
    }
}
