//! The ways to tokens, one file each.

mod authorization_code;
mod client_credentials;
mod device_code;
mod issue;
mod password;
pub mod refresh_token;
mod token_exchange;

use actix_web::http::StatusCode;
use model::realm::Realm;
use serde_json::Value;
use services::{Origin, Services, clients::ClientConfig};

use crate::{audit::Facts, form::Form, refusal::Refusal};

pub use device_code::DEVICE_GRANT_ENABLED;

/// A grant that this server knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grant {
    /// An authorization code (RFC 6749 section 4.1).
    AuthorizationCode,
    /// Name and password of a user (RFC 6749 section 4.3).
    Password,
    /// A refresh token (RFC 6749 section 6).
    RefreshToken,
    /// The client for itself (RFC 6749 section 4.4).
    ClientCredentials,
    /// A device code (RFC 8628).
    DeviceCode,
    /// Another token (RFC 8693).
    TokenExchange,
}

impl Grant {
    /// All of them, sorted by their value in `grant_type`.
    pub const ALL: [Self; 6] = [
        Self::AuthorizationCode,
        Self::ClientCredentials,
        Self::Password,
        Self::RefreshToken,
        Self::DeviceCode,
        Self::TokenExchange,
    ];

    /// The value in `grant_type`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::AuthorizationCode => "authorization_code",
            Self::Password => "password",
            Self::RefreshToken => "refresh_token",
            Self::ClientCredentials => "client_credentials",
            Self::DeviceCode => "urn:ietf:params:oauth:grant-type:device_code",
            Self::TokenExchange => "urn:ietf:params:oauth:grant-type:token-exchange",
        }
    }

    /// The type of its event.
    pub fn event(self) -> &'static str {
        match self {
            Self::AuthorizationCode => "CODE_TO_TOKEN",
            Self::Password => "LOGIN",
            Self::RefreshToken => "REFRESH_TOKEN",
            Self::ClientCredentials => "CLIENT_LOGIN",
            Self::DeviceCode => "OAUTH2_DEVICE_CODE_TO_TOKEN",
            Self::TokenExchange => "TOKEN_EXCHANGE",
        }
    }

    /// Reads the form's `grant_type`.
    ///
    /// # Errors
    /// `invalid_request` without it, `unsupported_grant_type` for an unknown one.
    pub fn read(form: &Form) -> Result<Self, Refusal> {
        let text =
            form.get("grant_type").ok_or_else(|| Refusal::invalid_request("Missing form parameter: grant_type"))?;
        Self::ALL
            .into_iter()
            .find(|grant| grant.as_str() == text)
            .ok_or_else(|| Refusal::new(StatusCode::BAD_REQUEST, "unsupported_grant_type", "Unsupported grant_type"))
    }
}

/// A token request whose client is known.
pub struct Request<'a> {
    /// The services.
    pub services: &'a Services,
    /// The realm.
    pub realm: &'a Realm,
    /// The client.
    pub client: &'a ClientConfig,
    /// The parameters.
    pub form: &'a Form,
    /// From where.
    pub origin: &'a Origin,
}

/// A refused token request.
#[derive(Debug)]
pub struct Failure {
    /// The answer.
    pub refusal: Refusal,
    /// The error code of its event; none for failures that are ours.
    pub error: Option<&'static str>,
}

impl Failure {
    /// A refusal, with Keycloak's error code for its event.
    pub fn new(refusal: Refusal, error: &'static str) -> Self {
        Self { refusal, error: Some(error) }
    }

    /// 400 `invalid_grant`, with Keycloak's error code for its event.
    pub fn invalid_grant(text: impl Into<String>, error: &'static str) -> Self {
        Self::new(Refusal::invalid_grant(text), error)
    }

    /// 400 `invalid_scope` with Keycloak's description.
    pub fn invalid_scope(text: impl Into<String>) -> Self {
        Self::new(Refusal::new(StatusCode::BAD_REQUEST, "invalid_scope", text), "invalid_request")
    }
}

impl From<services::Error> for Failure {
    fn from(error: services::Error) -> Self {
        Self { refusal: error.into(), error: None }
    }
}

impl From<services::store::Error> for Failure {
    fn from(error: services::store::Error) -> Self {
        services::Error::from(error).into()
    }
}

impl Request<'_> {
    /// Answers the request by its grant. What is learned on the way goes into `facts`.
    ///
    /// # Errors
    /// The refusal.
    pub async fn process(&self, grant: Grant, facts: &mut Facts) -> Result<Value, Failure> {
        facts.detail("grant_type", grant.as_str());
        match grant {
            Grant::AuthorizationCode => authorization_code::grant(self, facts).await,
            Grant::Password => password::grant(self, facts).await,
            Grant::RefreshToken => refresh_token::grant(self, facts).await,
            Grant::ClientCredentials => client_credentials::grant(self, facts).await,
            Grant::DeviceCode => device_code::grant(self, facts).await,
            Grant::TokenExchange => token_exchange::grant(self, facts).await,
        }
    }
}
