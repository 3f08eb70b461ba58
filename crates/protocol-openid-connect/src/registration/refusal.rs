//! Refused registrations, in the form of RFC 7591 section 3.2.2 and with Keycloak's texts.

use actix_web::http::StatusCode;
use services::client_registration::Refusal as Refused;

use crate::{audit::Facts, refusal::Refusal};

/// What is answered, and the error code of the event.
pub fn of(refused: Refused, realm: &str, facts: &mut Facts) -> (Refusal, &'static str) {
    let text = plain(&refused.to_string());
    let bad = |code: &'static str| (Refusal::new(StatusCode::BAD_REQUEST, code, text.clone()), code);
    match refused {
        Refused::InvalidToken(_) => {
            let refusal = Refusal::new(StatusCode::UNAUTHORIZED, "invalid_token", text);
            (refusal.challenging_bearer(realm), "invalid_token")
        }
        Refused::Policy { policy, .. } => {
            facts.detail("client_registration_policy", policy);
            (Refusal::new(StatusCode::FORBIDDEN, "insufficient_scope", text), "not_allowed")
        }
        Refused::Forbidden | Refused::NotAnonymously => {
            (Refusal::new(StatusCode::FORBIDDEN, "insufficient_scope", text), "not_allowed")
        }
        Refused::InvalidMetadata(_) => bad("invalid_client_metadata"),
        Refused::InvalidRedirectUri(_) => bad("invalid_redirect_uri"),
        Refused::NotFound => (Refusal::new(StatusCode::NOT_FOUND, "invalid_request", text), "client_not_found"),
        Refused::Service(error) => (Refusal::from(error), "unknown_error"),
    }
}

/// RFC 6749 section 5.2 has visible ASCII without quotes and backslashes; what a client sent may hold anything.
fn plain(text: &str) -> String {
    text.chars()
        .map(|letter| match letter {
            '"' | '\\' => '\'',
            ' '..='~' => letter,
            _ => '?',
        })
        .take(1_000)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn a_description_is_visible_ascii() {
        assert_eq!(plain("a \"b\" \\ é\n<x>"), "a 'b' ' ??<x>");
    }
}
