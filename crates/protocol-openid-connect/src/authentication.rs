//! Who the client is (RFC 6749 section 2.3, OpenID Connect Core 1.0 section 9): by a secret in the header or the body, by
//! an assertion, or by its name alone if it is public.

pub mod assertion;

use std::sync::Arc;

use actix_web::{HttpRequest, http::StatusCode};
use model::{
    client::{Client, OPENID_CONNECT},
    realm::Realm,
    secret::Secret,
};
use services::{Services, cache, client_registration::attributes::SECRET_METHOD, clients::ClientConfig};
use url::form_urlencoded;

use crate::{audit::Facts, form::Form, grants::Failure, refusal::Refusal};

pub use assertion::ALGORITHMS as ASSERTION_ALGORITHMS;

/// The longest `client_id`, in bytes.
const MAX_CLIENT_ID: usize = 255;
/// Keycloak's authenticator of clients with a secret.
const CLIENT_SECRET: &str = "client-secret";

/// How a client proves who it is, as `token_endpoint_auth_methods_supported` names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// A secret in the `Authorization` header.
    SecretBasic,
    /// A secret in the body.
    SecretPost,
    /// An assertion that is signed with the secret.
    SecretJwt,
    /// An assertion that is signed with a private key.
    PrivateKeyJwt,
}

impl Method {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::PrivateKeyJwt, Self::SecretBasic, Self::SecretPost, Self::SecretJwt];

    /// The published name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::SecretBasic => "client_secret_basic",
            Self::SecretPost => "client_secret_post",
            Self::SecretJwt => "client_secret_jwt",
            Self::PrivateKeyJwt => "private_key_jwt",
        }
    }

    /// Keycloak's authenticator that it belongs to.
    fn authenticator(self) -> &'static str {
        match self {
            Self::SecretBasic | Self::SecretPost => CLIENT_SECRET,
            Self::SecretJwt => "client-secret-jwt",
            Self::PrivateKeyJwt => "client-jwt",
        }
    }

    /// Whether a client may use it. Of the two ways to use a secret, a client may have registered one (RFC 7591 section
    /// 2); without a word both will do.
    fn is_allowed(self, client: &Client) -> bool {
        let only = client.attributes.get(SECRET_METHOD).filter(|_| self.authenticator() == CLIENT_SECRET);
        client.settings.client_authenticator_type == self.authenticator()
            && only.is_none_or(|only| only.is_empty() || only == self.as_str())
    }
}

/// What a request says of its client.
#[derive(Debug)]
pub struct Claimed<'a> {
    /// The `client_id`.
    pub id: String,
    /// None for a client that only says its name.
    pub proof: Option<Proof<'a>>,
    /// It came in the `Authorization` header.
    pub by_header: bool,
}

/// What a request proves it with.
#[derive(Debug)]
pub enum Proof<'a> {
    /// A secret.
    Secret(Method, Secret),
    /// An assertion, not verified yet.
    Assertion(&'a str),
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
    let claimed = claimed(&realm.name, request, form)?;
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
    if settings.public_client {
        // A proof that nobody can judge is not passed over as if it had been judged.
        return match claimed.proof {
            Some(Proof::Assertion(_)) => Err(Failure::new(invalid("invalid_client"), "invalid_client_credentials")),
            Some(Proof::Secret(..)) | None => Ok(known),
        };
    }
    match &claimed.proof {
        Some(Proof::Secret(method, given)) if method.is_allowed(&known.client) => {
            let expected = known.secret(services, realm)?;
            if expected.is_some_and(|expected| !expected.expose().is_empty() && expected.matches(given.expose())) {
                return Ok(known);
            }
        }
        Some(Proof::Assertion(text)) => {
            assertion::check(services, realm, &known, text).await?;
            return Ok(known);
        }
        Some(Proof::Secret(..)) | None => {}
    }
    Err(Failure::new(invalid("unauthorized_client"), "invalid_client_credentials"))
}

/// Reads what a request says of its client; nothing of it is believed yet.
///
/// # Errors
/// A refusal if it says nothing, or more than one thing.
pub fn claimed<'a>(realm: &str, request: &HttpRequest, form: &'a Form) -> Result<Claimed<'a>, Failure> {
    let several = || {
        let text = "The client is to authenticate in one way: in the Authorization header, with a secret in the body, or \
                    with an assertion";
        Failure::new(Refusal::new(StatusCode::BAD_REQUEST, "invalid_client", text), "invalid_client_credentials")
    };
    let in_body = form.secret("client_secret");
    let assertion = assertion::of(form)?;
    if let Some(text) = assertion {
        if in_body.is_some() || web::basic(request).is_some() {
            return Err(several());
        }
        let id = assertion::claimed_client(text)?;
        if form.get("client_id").is_some_and(|named| named != id) {
            let text = "client_id parameter not matching with client from JWT token";
            let refusal = Refusal::new(StatusCode::BAD_REQUEST, "invalid_client", text);
            return Err(Failure::new(refusal, "invalid_client_credentials"));
        }
        return Ok(Claimed { id, proof: Some(Proof::Assertion(text)), by_header: false });
    }
    let Some(header) = web::basic(request) else {
        let id = form.get("client_id").map(str::to_owned).ok_or_else(|| {
            let text = "Missing client_id parameter";
            Failure::new(Refusal::new(StatusCode::BAD_REQUEST, "invalid_client", text), "client_not_found")
        })?;
        let proof = in_body.map(|secret| Proof::Secret(Method::SecretPost, secret.clone()));
        return Ok(Claimed { id, proof, by_header: false });
    };
    let Ok(credentials) = web::basic::parse(header) else {
        let text = "Invalid client or Invalid client credentials";
        let refusal = Refusal::new(StatusCode::UNAUTHORIZED, "invalid_client", text).challenging(realm);
        return Err(Failure::new(refusal, "invalid_client_credentials"));
    };
    // Name and secret are form-encoded before they are joined (RFC 6749 section 2.3.1).
    let id = decoded(&credentials.username);
    if in_body.is_some() || form.get("client_id").is_some_and(|named| named != id) {
        return Err(several());
    }
    let secret = Some(credentials.password.expose()).filter(|secret| !secret.is_empty());
    let proof = secret.map(|secret| Proof::Secret(Method::SecretBasic, Secret::new(decoded(secret))));
    Ok(Claimed { id, proof, by_header: true })
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
