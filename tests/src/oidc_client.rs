//! An OpenID Connect client that leaves nothing to a library: every parameter is the test's own, and every token is
//! verified without our own JOSE code.

mod authorization;
mod client;
mod provider;
mod registration;

pub use authorization::{AuthorizationRequest, AuthorizationResponse, Channel};
pub use client::{Authentication, Client};
pub use provider::Provider;
pub use registration::{initial_access_token, register};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use openssl::sha::sha256;

/// A random text of this many characters that need no encoding anywhere.
#[must_use]
pub fn random_text(length: usize) -> String {
    let bytes: Vec<u8> = (0..length).map(|_| rand::random()).collect();
    URL_SAFE_NO_PAD.encode(bytes).chars().take(length).collect()
}

/// The S256 challenge for a verifier (RFC 7636, section 4.2).
#[must_use]
pub fn challenge(verifier: &str) -> String {
    URL_SAFE_NO_PAD.encode(sha256(verifier.as_bytes()))
}
