//! Every refusal of the token endpoint, and the one body that all clients can show.
//!
//! The body speaks both dialects at once: the registry's `errors` (docker, crane show its message) and OAuth's `error`
//! with `error_description`. It is always JSON.

use serde_json::{Value, json};

use crate::{claims::TokenTooLong, scope::TooManyScopes};

#[cfg(test)]
mod tests;

/// Why a token request is refused.
///
/// Unknown, disabled and locked users and wrong passwords are one case on purpose: nothing may tell them apart. What
/// really happened stands in the event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TokenError {
    /// The user can't log in with these credentials, for whatever reason.
    InvalidCredentials,
    /// No credentials, and the client grants nothing without.
    CredentialsRequired,
    /// The identity token is unknown, expired, revoked or for another service.
    InvalidIdentityToken,
    /// A field is missing.
    MissingField(&'static str),
    /// A field can't be what it is; a sentence says why.
    InvalidRequest(String),
    /// `grant_type` is none of those offered.
    UnsupportedGrantType,
    /// `service` names no registry of this realm, or a disabled one.
    UnknownService,
    /// The request asks for too much at once; a sentence says of what.
    TooMuch(String),
    /// The realm doesn't exist or is disabled.
    UnknownRealm,
    /// Nothing is served at this path.
    NotFound,
    /// Neither GET nor POST.
    MethodNotAllowed,
    /// The body is too long.
    BodyTooLarge,
    /// The body is no form.
    UnsupportedMediaType,
    /// Plain HTTP where the realm asks for TLS.
    TlsRequired,
    /// Too many requests; come back after so many seconds.
    RateLimited(u32),
    /// Too busy right now; come back after so many seconds.
    Unavailable(u32),
    /// A fault of this server.
    Internal,
}

/// The realm and the method are the server's to say; this is everything else of an answer.
struct Answer<'a> {
    status: u16,
    /// The code in `errors`.
    code: &'static str,
    /// The code in `error`.
    oauth: &'static str,
    message: &'a str,
}

impl TokenError {
    fn answer(&self) -> Answer<'_> {
        let (status, code, oauth, message) = match self {
            Self::InvalidCredentials => (
                401,
                "UNAUTHORIZED",
                "invalid_grant",
                "The user name or password is wrong. If you are sure of both, show this message to your administrator",
            ),
            Self::CredentialsRequired => (
                401,
                "UNAUTHORIZED",
                "invalid_grant",
                "This registry needs a login. Log in with a user name and password",
            ),
            Self::InvalidIdentityToken => {
                (401, "UNAUTHORIZED", "invalid_grant", "The stored login is not valid any more. Log in again")
            }
            Self::MissingField(_) => (400, "MISSING_REQUIRED_FIELD", "invalid_request", ""),
            Self::InvalidRequest(message) => (400, "BAD_TOKEN_OPTION", "invalid_request", message.as_str()),
            Self::UnsupportedGrantType => (
                400,
                "UNSUPPORTED_VALUE",
                "unsupported_grant_type",
                "The grant type is not supported. Use password or refresh_token",
            ),
            Self::UnknownService => (
                400,
                "UNSUPPORTED_VALUE",
                "invalid_client",
                "The service of this request is no registry that this realm knows. Compare the registry's service setting \
                 with its client",
            ),
            Self::TooMuch(message) => (400, "BAD_TOKEN_OPTION", "invalid_scope", message.as_str()),
            Self::UnknownRealm => {
                (404, "UNSUPPORTED", "invalid_request", "There is no such realm. Compare the registry's realm setting")
            }
            Self::NotFound => (404, "UNSUPPORTED", "invalid_request", "There is nothing at this address"),
            Self::MethodNotAllowed => (405, "UNSUPPORTED", "invalid_request", "Tokens are requested by GET or POST"),
            Self::BodyTooLarge => (413, "BAD_TOKEN_OPTION", "invalid_request", "The body of this request is too long"),
            Self::UnsupportedMediaType => (
                415,
                "UNSUPPORTED",
                "invalid_request",
                "The body must be a form, of the content type application/x-www-form-urlencoded",
            ),
            Self::TlsRequired => {
                (403, "DENIED", "invalid_request", "This realm needs HTTPS. Use an address that begins with https")
            }
            Self::RateLimited(_) => {
                (429, "TOOMANYREQUESTS", "temporarily_unavailable", "Too many requests. Wait a moment and try again")
            }
            Self::Unavailable(_) => {
                (503, "UNAVAILABLE", "temporarily_unavailable", "The server is busy. Wait a moment and try again")
            }
            Self::Internal => {
                (500, "UNKNOWN", "server_error", "The server failed. Show this message to your administrator")
            }
        };
        Answer { status, code, oauth, message }
    }

    /// The HTTP status.
    #[must_use]
    pub fn status(&self) -> u16 {
        self.answer().status
    }

    /// The sentence for people, ending with the id under which the event of this refusal is found.
    #[must_use]
    pub fn message(&self, id: &str) -> String {
        let message = match self {
            Self::MissingField(name) => format!("The field {name} is missing"),
            _ => self.answer().message.trim_end_matches('.').to_owned(),
        };
        format!("{message} (id {id}).")
    }

    /// The body, in both dialects. `id` finds the event of this refusal.
    #[must_use]
    pub fn body(&self, id: &str) -> Value {
        let Answer { code, oauth, .. } = self.answer();
        let message = self.message(id);
        json!({
            "errors": [{ "code": code, "message": message, "detail": { "id": id } }],
            "error": oauth,
            "error_description": message,
        })
    }

    /// The value of `WWW-Authenticate`, for refusals that credentials may mend. `realm` is shown by browsers.
    #[must_use]
    pub fn challenge(&self, realm: &str) -> Option<String> {
        let realm: String =
            realm.chars().filter(|c| c.is_ascii_graphic() && !"\"\\".contains(*c) || *c == ' ').collect();
        (self.status() == 401).then(|| format!("Basic realm=\"{realm}\", charset=\"UTF-8\""))
    }

    /// Seconds for `Retry-After`.
    #[must_use]
    pub fn retry_after(&self) -> Option<u32> {
        match self {
            Self::RateLimited(seconds) | Self::Unavailable(seconds) => Some((*seconds).max(1)),
            _ => None,
        }
    }

    /// Keycloak's error code for the event; the login may know a more exact one.
    #[must_use]
    pub fn event_error(&self) -> &'static str {
        match self {
            Self::InvalidCredentials => "invalid_user_credentials",
            Self::CredentialsRequired => "user_not_found",
            Self::InvalidIdentityToken => "invalid_token",
            Self::UnknownService => "client_not_found",
            Self::TlsRequired => "ssl_required",
            Self::UnknownRealm => "realm_disabled",
            Self::RateLimited(_) => "slow_down",
            Self::Unavailable(_) => "temporarily_unavailable",
            Self::Internal => "server_error",
            _ => "invalid_request",
        }
    }
}

impl From<TooManyScopes> for TokenError {
    fn from(error: TooManyScopes) -> Self {
        Self::TooMuch(error.to_string())
    }
}

impl From<TokenTooLong> for TokenError {
    fn from(error: TokenTooLong) -> Self {
        Self::TooMuch(error.to_string())
    }
}
