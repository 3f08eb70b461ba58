//! Proof Key for Code Exchange (RFC 7636).

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use model::secret::Secret;
use openssl::sha::sha256;
use services::clients::ClientConfig;

use crate::form::Form;

/// The client attribute that says which method a client uses; Keycloak's name.
const METHOD: &str = "pkce.code.challenge.method";

/// How a verifier becomes a challenge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// By SHA-256.
    S256,
    /// Not at all.
    Plain,
}

impl Method {
    /// The value in `code_challenge_method`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::S256 => "S256",
            Self::Plain => "plain",
        }
    }

    /// Reads a value.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::S256, Self::Plain].into_iter().find(|method| method.as_str() == text)
    }
}

/// A challenge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Challenge {
    /// The text.
    pub text: String,
    /// How it was made.
    pub method: Method,
}

/// What a client must do: `Some` if it must send a challenge, with the method.
///
/// Public clients must, with S256 (RFC 9700 section 2.1.1), unless their attribute names `plain`, as imports may.
fn required(config: &ClientConfig) -> Option<Method> {
    let named = config.client.attributes.get(METHOD).and_then(|name| Method::parse(name));
    named.or(config.client.settings.public_client.then_some(Method::S256))
}

/// Reads the challenge of an authorization request. None if there is none and none is needed.
///
/// # Errors
/// Keycloak's description.
pub fn read_challenge(config: &ClientConfig, form: &Form, with_code: bool) -> Result<Option<Challenge>, String> {
    let required = required(config).filter(|_| with_code);
    let challenge = form.get("code_challenge");
    let method = form.get("code_challenge_method");
    if challenge.is_none() && method.is_none() && required.is_none() {
        return Ok(None);
    }
    if required.is_some() && method.is_none() && challenge.is_none() {
        return Err("Missing parameter: code_challenge_method".to_owned());
    }
    let Some(challenge) = challenge else { return Err("Missing parameter: code_challenge".to_owned()) };
    // RFC 7636 section 4.3: without a method it is plain.
    let method = Method::parse(method.unwrap_or("plain"));
    let Some(method) = method else { return Err("Invalid parameter: invalid code_challenge_method".to_owned()) };
    // `plain` protects from nothing that reads the request; only clients that carry it may use it.
    if method != required.unwrap_or(Method::S256) {
        let text = "Invalid parameter: code challenge method is not matching the configured one";
        return Err(text.to_owned());
    }
    if !is_sound(challenge) {
        return Err("Invalid parameter: code_challenge".to_owned());
    }
    Ok(Some(Challenge { text: challenge.to_owned(), method }))
}

/// Whether a request whose challenge was made in this way, if it had any, is one that the client may make now.
///
/// # Errors
/// Keycloak's description.
pub fn still_sound(config: &ClientConfig, method: Option<&str>, with_code: bool) -> Result<(), &'static str> {
    match (required(config).filter(|_| with_code), method) {
        (None, _) => Ok(()),
        (Some(_), None) => Err("Missing parameter: code_challenge_method"),
        (Some(required), Some(method)) if required.as_str() == method => Ok(()),
        (Some(_), Some(_)) => Err("Invalid parameter: code challenge method is not matching the configured one"),
    }
}

/// 43 to 128 unreserved characters (RFC 7636 sections 4.1 and 4.2).
fn is_sound(text: &str) -> bool {
    (43..=128).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte))
}

/// Checks the verifier of a token request against the challenge of its code (RFC 7636 section 4.6).
///
/// # Errors
/// Keycloak's description.
pub fn verify(challenge: Option<&str>, method: Option<&str>, verifier: Option<&str>) -> Result<(), &'static str> {
    match (challenge, verifier) {
        (None, None) => Ok(()),
        (None, Some(_)) => Err("PKCE code verifier specified but challenge not present in authorization"),
        (Some(_), None) => Err("PKCE code verifier not specified"),
        (Some(challenge), Some(verifier)) => {
            if !is_sound(verifier) {
                return Err("PKCE verification failed: Invalid code verifier");
            }
            let made = match method.and_then(Method::parse) {
                Some(Method::Plain) => verifier.to_owned(),
                _ => URL_SAFE_NO_PAD.encode(sha256(verifier.as_bytes())),
            };
            match Secret::new(challenge.to_owned()).matches(&made) {
                true => Ok(()),
                false => Err("PKCE verification failed: Code mismatch"),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 7636 appendix B.
    const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

    #[test]
    fn the_example_of_rfc_7636_verifies() {
        assert_eq!(verify(Some(CHALLENGE), Some("S256"), Some(VERIFIER)), Ok(()));
        assert_eq!(verify(None, None, None), Ok(()));
        assert!(verify(Some(CHALLENGE), Some("S256"), None).is_err());
        assert!(verify(None, None, Some(VERIFIER)).is_err());
        assert!(verify(Some(CHALLENGE), Some("plain"), Some(VERIFIER)).is_err());
    }

    #[test]
    fn a_verifier_has_43_to_128_unreserved_characters() {
        for length in [42, 129] {
            let text = "a".repeat(length);
            assert!(verify(Some(&text), Some("plain"), Some(&text)).is_err(), "{length}");
        }
        for length in [43, 128] {
            let text = "a".repeat(length);
            assert_eq!(verify(Some(&text), Some("plain"), Some(&text)), Ok(()), "{length}");
        }
        let odd = format!("{}+", "a".repeat(50));
        assert!(verify(Some(&odd), Some("plain"), Some(&odd)).is_err());
    }
}
