//! Refused protocol requests, in the form of RFC 6749 section 5.2 and with Keycloak's texts: the one place where
//! statuses and error bodies of this protocol are chosen.

use actix_web::{
    HttpResponse,
    http::{
        StatusCode,
        header::{CACHE_CONTROL, HeaderValue, PRAGMA, RETRY_AFTER, WWW_AUTHENTICATE},
    },
};
use serde_json::json;
use services::{Error, store};
use web::error_page;

/// A refusal.
#[derive(Debug)]
pub struct Refusal {
    status: StatusCode,
    code: &'static str,
    text: String,
    /// The realm to name in a Basic challenge, for clients that tried Basic.
    challenge: Option<String>,
    /// Seconds after which to ask again.
    retry_after: Option<u64>,
}

impl Refusal {
    /// A refusal with this status, OAuth error code and description.
    pub fn new(status: StatusCode, code: &'static str, text: impl Into<String>) -> Self {
        Self { status, code, text: text.into(), challenge: None, retry_after: None }
    }

    /// 400 `invalid_request`.
    pub fn invalid_request(text: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "invalid_request", text)
    }

    /// 400 `invalid_grant`.
    pub fn invalid_grant(text: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "invalid_grant", text)
    }

    /// Adds a Basic challenge (RFC 6749 section 5.2: for clients that used the header).
    #[must_use]
    pub fn challenging(self, realm: &str) -> Self {
        Self { challenge: Some(format!("Basic realm=\"{}\"", plain(realm))), ..self }
    }

    /// Adds a Bearer challenge (RFC 6750 section 3) for the resources of this realm.
    #[must_use]
    pub fn challenging_bearer(self, realm: &str) -> Self {
        let realm = plain(realm);
        let challenge = format!(
            "Bearer realm=\"{realm}\", error=\"{}\", error_description=\"{}\"",
            self.code,
            self.text.replace(['"', '\\'], "'")
        );
        Self { challenge: Some(challenge), ..self }
    }

    /// The same refusal for a person with a browser.
    pub fn page(&self) -> HttpResponse {
        error_page::answer(self.status, "We are sorry...", &self.text)
    }

    /// The description.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The OAuth error code.
    #[cfg(test)]
    pub fn code(&self) -> &'static str {
        self.code
    }

    /// The answer.
    pub fn answer(&self) -> HttpResponse {
        let mut answer = HttpResponse::build(self.status);
        answer.insert_header((CACHE_CONTROL, "no-store")).insert_header((PRAGMA, "no-cache"));
        if let Some(seconds) = self.retry_after {
            answer.insert_header((RETRY_AFTER, seconds));
        }
        if let Some(challenge) = self.challenge.as_deref().and_then(|text| HeaderValue::from_str(text).ok()) {
            answer.insert_header((WWW_AUTHENTICATE, challenge));
        }
        answer.json(json!({ "error": self.code, "error_description": self.text }))
    }
}

/// A realm's name within quotes: what would end the quoted string is left out, as the name is for people only.
fn plain(realm: &str) -> String {
    realm.chars().filter(|letter| letter.is_ascii_graphic() && !"\"\\".contains(*letter)).collect()
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        let busy = |seconds: u64, text: &str| {
            let refusal = Self::new(StatusCode::SERVICE_UNAVAILABLE, "temporarily_unavailable", text);
            Self { retry_after: Some(seconds.max(1)), ..refusal }
        };
        match error {
            Error::Busy(wait) => busy(wait.as_secs(), "The server is busy. Ask again in a moment."),
            Error::Store(store::Error::Unavailable(cause)) => {
                tracing::warn!(error = &cause as &dyn std::error::Error, "the database can't be reached");
                busy(1, "The database can't be reached at the moment.")
            }
            other => {
                tracing::error!(error = &other as &dyn std::error::Error, "a protocol request failed");
                Self::new(
                    StatusCode::INTERNAL_SERVER_ERROR,
                    "server_error",
                    "The server could not answer. Its log says why.",
                )
            }
        }
    }
}
