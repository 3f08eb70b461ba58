//! Who the client is: `client_secret_basic`, `client_secret_post` or nothing for public clients (RFC 6749 section 2.3).

use std::sync::Arc;

use actix_web::{HttpRequest, http::StatusCode};
use model::{client::OPENID_CONNECT, realm::Realm, secret::Secret};
use services::{Services, cache, clients::ClientConfig};
use url::form_urlencoded;

use crate::{audit::Facts, form::Form, grants::Failure, refusal::Refusal};

/// The authenticator of clients with a secret.
const CLIENT_SECRET: &str = "client-secret";
/// The longest `client_id`, in bytes.
const MAX_CLIENT_ID: usize = 255;

/// What a request says of its client.
struct Claimed {
    id: String,
    secret: Option<Secret>,
    by_header: bool,
}

/// The client of a request. Whom it claims to be goes into `facts`.
///
/// # Errors
/// A refusal with Keycloak's texts, and the error code of its event.
pub async fn client(
    services: &Services,
    realm: &Realm,
    request: &HttpRequest,
    form: &Form,
    facts: &mut Facts,
) -> Result<Arc<ClientConfig>, Failure> {
    let claimed = claimed(realm, request, form)?;
    facts.client = Some(claimed.id.chars().filter(|letter| !letter.is_control()).take(MAX_CLIENT_ID).collect());
    let challenge = |refusal: Refusal| if claimed.by_header { refusal.challenging(&realm.name) } else { refusal };
    let invalid =
        |code| challenge(Refusal::new(StatusCode::UNAUTHORIZED, code, "Invalid client or Invalid client credentials"));
    let known = match claimed.id.len() <= MAX_CLIENT_ID && !claimed.id.contains(char::is_control) {
        true => cache::client(services, realm, &claimed.id).await?,
        false => None,
    };
    let known = known.filter(|known| {
        known.client.enabled && known.client.protocol == OPENID_CONNECT && known.client.client_id == claimed.id
    });
    let Some(known) = known else { return Err(Failure::new(invalid("invalid_client"), "client_not_found")) };
    let settings = &known.client.settings;
    if settings.bearer_only {
        let refusal = Refusal::new(StatusCode::BAD_REQUEST, "invalid_client", "Bearer-only not allowed");
        return Err(Failure::new(refusal, "invalid_client"));
    }
    if !settings.public_client {
        let expected = match settings.client_authenticator_type == CLIENT_SECRET {
            true => known.secret(services, realm)?,
            false => None,
        };
        let matches = match (&expected, &claimed.secret) {
            (Some(expected), Some(given)) => !expected.expose().is_empty() && expected.matches(given.expose()),
            _ => false,
        };
        if !matches {
            return Err(Failure::new(invalid("unauthorized_client"), "invalid_client_credentials"));
        }
    }
    Ok(known)
}

fn claimed(realm: &Realm, request: &HttpRequest, form: &Form) -> Result<Claimed, Failure> {
    let Some(header) = web::basic(request) else {
        let id = form.get("client_id").map(str::to_owned).ok_or_else(|| {
            let text = "Missing client_id parameter";
            Failure::new(Refusal::new(StatusCode::BAD_REQUEST, "invalid_client", text), "client_not_found")
        })?;
        return Ok(Claimed { id, secret: form.secret("client_secret").cloned(), by_header: false });
    };
    let Ok(credentials) = web::basic::parse(header) else {
        let text = "Invalid client or Invalid client credentials";
        let refusal = Refusal::new(StatusCode::UNAUTHORIZED, "invalid_client", text).challenging(&realm.name);
        return Err(Failure::new(refusal, "invalid_client_credentials"));
    };
    // Name and secret are form-encoded before they are joined (RFC 6749 section 2.3.1).
    let id = decoded(&credentials.username);
    if form.get("client_secret").is_some() || form.get("client_id").is_some_and(|named| named != id) {
        let text = "The client is named in the Authorization header and in the body: use one of the two";
        return Err(Failure::new(Refusal::invalid_request(text), "invalid_request"));
    }
    let secret = Some(credentials.password.expose()).filter(|secret| !secret.is_empty());
    Ok(Claimed { id, secret: secret.map(|secret| Secret::new(decoded(secret))), by_header: true })
}

fn decoded(text: &str) -> String {
    // Separators can't be in an encoded text. Where they are, the client did not encode, and the text is meant as it is.
    if text.contains(['&', '=']) {
        return text.to_owned();
    }
    match form_urlencoded::parse(text.as_bytes()).next() {
        Some((decoded, _)) => decoded.into_owned(),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::decoded;

    #[test]
    fn names_and_secrets_are_decoded_once() {
        assert_eq!(decoded("my%20client"), "my client");
        assert_eq!(decoded("a+b%2Bc"), "a b+c");
        assert_eq!(decoded("plain"), "plain");
        assert_eq!(decoded("a=b&c"), "a=b&c");
        assert_eq!(decoded(""), "");
    }
}
