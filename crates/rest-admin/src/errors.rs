//! Service errors in Keycloak's dialect: the one place where the admin API chooses statuses and error bodies.

use std::borrow::Cow;

use actix_web::{
    HttpResponse, HttpResponseBuilder, ResponseError,
    http::{
        StatusCode,
        header::{RETRY_AFTER, WWW_AUTHENTICATE},
    },
};
use model::problem::Problem;
use representation::{ErrorMessage, ErrorText, OAuthError, ParseError};
use services::{Error, What, store};

/// The result of every handler.
pub type Answer<T> = Result<T, Refusal>;

/// A refused admin request.
#[derive(Debug)]
pub enum Refusal {
    /// No token, or none that is good.
    Unauthorized,
    /// What a service said.
    Service(Error),
    /// Something is not found, with Keycloak's text for this route.
    NotFound(Cow<'static, str>),
    /// Something is not found, in the form `{"errorMessage": …}`.
    NoSuch(&'static str),
    /// What is asked for is not there at all.
    Off,
    /// A bad request in the form `{"error": …}`.
    BadRequest(String),
    /// A bad request in the form `{"error": …, "error_description": …}`.
    Described(&'static str, String),
    /// The body can't be read as the representation that it should be.
    Body(ParseError),
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        Self::Service(error)
    }
}

impl From<ParseError> for Refusal {
    fn from(error: ParseError) -> Self {
        Self::Body(error)
    }
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{self:?}")
    }
}

/// Replaces the text of a "not found" where Keycloak has another one for the route.
pub trait OrNotFound<T> {
    /// Says `text` instead of the usual text.
    fn or_not_found(self, what: What, text: &'static str) -> Result<T, Refusal>;
}

impl<T> OrNotFound<T> for services::Result<T> {
    fn or_not_found(self, what: What, text: &'static str) -> Result<T, Refusal> {
        self.map_err(|error| match error {
            Error::NotFound(missing) if missing == what => Refusal::NotFound(text.into()),
            other => Refusal::Service(other),
        })
    }
}

fn not_found_text(what: What) -> &'static str {
    match what {
        What::Realm => "Realm not found.",
        What::Client => "Could not find client",
        What::ClientSecret => "Client does not have a secret",
        What::ClientScope => "Could not find client scope",
        What::Mapper => "Model not found",
        What::MapperKind => "ProtocolMapper provider not found",
        What::Role => "Could not find role",
        What::RoleById => "Could not find role with id",
        What::CompositeRole => "Could not find composite role",
        What::MappedRole => "Role not found",
        What::User => "User not found",
        What::Credential => "Credential not found",
        What::Group => "Could not find group by id",
        What::Membership => "Group not found",
        What::GroupPath => "Group path does not exist",
        What::ChildGroup => "Could not find child by id",
        What::Component => "Could not find component",
        // Keycloak's spelling.
        What::Session => "Sesssion not found",
        What::Installation => "Unknown Provider",
        What::RoleContainer => "Role Container not found",
        What::RotatedSecret => "Client does not have a rotated secret",
        // Keycloak ends it so.
        What::Node => "Client does not have node ",
        What::ClientKey => "keypair not generated for client",
        What::Flow => "Could not find flow with id",
        What::FlowByAlias => "Flow not found",
        What::FlowInPath => "flow not found",
        What::Execution => "Illegal execution",
        What::AuthenticatorConfig => "Could not find authenticator config",
        What::Authenticator => "Could not find authenticator provider",
        What::RequiredAction => "Failed to find required action",
        What::ConfigurableAction => "Could not find configurable RequiredAction provider",
        What::RequiredActionConfig => "Could not find RequiredAction config",
        What::IdentityProvider | What::BrokerMetadata => "HTTP 404 Not Found",
        What::FederatedIdentity => "Link not found",
        What::ParentComponent => "Could not find parent component",
        What::LocalizationText => "Localization text not found",
        What::Event => "Could not find event",
        What::Webhook => "Could not find webhook",
        What::Delivery => "Could not find delivery",
        What::Refusal => "Could not find refusal",
    }
}

impl ResponseError for Refusal {
    fn status_code(&self) -> StatusCode {
        match self {
            Self::Unauthorized => StatusCode::UNAUTHORIZED,
            Self::NotFound(_) | Self::NoSuch(_) | Self::Service(Error::NotFound(_)) => StatusCode::NOT_FOUND,
            Self::BadRequest(_)
            | Self::Described(..)
            | Self::Body(_)
            | Self::Service(Error::Invalid(_) | Error::Refused(_) | Error::Illegal(_) | Error::Policy { .. }) => {
                StatusCode::BAD_REQUEST
            }
            Self::Service(Error::Store(store::Error::Conflict { missing: true, .. })) => StatusCode::NOT_FOUND,
            Self::Service(Error::Conflict(_) | Error::Store(store::Error::Conflict { .. })) => StatusCode::CONFLICT,
            Self::Service(Error::Stale) => StatusCode::PRECONDITION_FAILED,
            Self::Off | Self::Service(Error::Unsupported(_)) => StatusCode::NOT_IMPLEMENTED,
            Self::Service(Error::Forbidden) => StatusCode::FORBIDDEN,
            Self::Service(Error::Busy(_) | Error::Store(store::Error::Unavailable(_))) => {
                StatusCode::SERVICE_UNAVAILABLE
            }
            Self::Service(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    fn error_response(&self) -> HttpResponse {
        let mut answer = HttpResponse::build(self.status_code());
        match self {
            Self::Unauthorized => {
                answer.insert_header((WWW_AUTHENTICATE, "Bearer")).json(ErrorText::new("HTTP 401 Unauthorized"))
            }
            Self::NotFound(text) => answer.json(ErrorText::new(text.clone())),
            Self::NoSuch(text) => answer.json(ErrorMessage::new(*text)),
            Self::Off => answer.json(ErrorText::new("Feature not enabled")),
            Self::BadRequest(text) => answer.json(ErrorText::new(text.clone())),
            Self::Described(code, text) => answer.json(OAuthError::new(*code, text.clone())),
            Self::Body(error) => answer.json(error.body()),
            Self::Service(error) => service_answer(&mut answer, error),
        }
    }
}

/// One problem stands alone, several stand in a list, each with its field.
fn of_problems(problems: &[Problem]) -> ErrorMessage {
    let each = |problem: &Problem| {
        ErrorMessage::new(problem.message.clone()).about(problem.field.clone(), problem.params.clone())
    };
    match problems {
        [only] => each(only),
        several => ErrorMessage::several(several.iter().map(each).collect()),
    }
}

fn service_answer(answer: &mut HttpResponseBuilder, error: &Error) -> HttpResponse {
    match error {
        Error::NotFound(what) => answer.json(ErrorText::new(not_found_text(*what))),
        Error::Conflict(text) | Error::Refused(text) | Error::Failed(text) => {
            answer.json(ErrorMessage::new(text.clone()))
        }
        Error::Illegal(text) | Error::Unsupported(text) => answer.json(ErrorText::new(text.clone())),
        Error::Invalid(problems) => answer.json(of_problems(problems)),
        Error::Policy { key, text } => answer.json(OAuthError::new(key.clone(), text.clone())),
        // Two changes at once: what one of them needs, the other one removed; or both make the same.
        Error::Store(store::Error::Conflict { missing: true, .. }) => answer.json(ErrorText::new("HTTP 404 Not Found")),
        Error::Store(store::Error::Conflict { .. }) => answer.json(ErrorMessage::new("Somebody else made the same")),
        Error::Stale => answer.json(ErrorText::new("HTTP 412 Precondition Failed")),
        Error::Forbidden => answer.json(ErrorText::new("HTTP 403 Forbidden")),
        Error::Busy(wait) => answer
            .insert_header((RETRY_AFTER, wait.as_secs().max(1)))
            .json(OAuthError::new("temporarily_unavailable", "The server is busy. Ask again in a moment.")),
        Error::Store(store::Error::Unavailable(_)) => answer
            .insert_header((RETRY_AFTER, 1))
            .json(OAuthError::new("temporarily_unavailable", "The database can't be reached at the moment.")),
        Error::Store(_) | Error::Jose(_) | Error::Credential(_) => {
            tracing::error!(error = error as &dyn std::error::Error, "an admin request failed");
            answer.json(OAuthError::new(
                "unknown_error",
                "For more on this error consult the server log at the error level.",
            ))
        }
    }
}
