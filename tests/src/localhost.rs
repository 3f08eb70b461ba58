//! The authority of this process: its servers and applications are `https://localhost` by it, and its clients believe it.

use std::sync::LazyLock;

use rustls::ServerConfig;

use crate::authority::Authority;

static AUTHORITY: LazyLock<Authority> = LazyLock::new(Authority::new);
static TLS: LazyLock<ServerConfig> = LazyLock::new(|| AUTHORITY.tls());

/// The authority's certificate as PEM, for whoever has to believe it.
///
/// # Panics
/// If OpenSSL fails, as everything here.
#[must_use]
pub fn authority_pem() -> Vec<u8> {
    AUTHORITY.pem()
}

/// The authority's certificate, for clients.
///
/// # Panics
/// See [`authority_pem`].
#[must_use]
pub fn authority() -> reqwest::Certificate {
    reqwest::Certificate::from_pem(&authority_pem()).expect("a certificate")
}

/// What a server needs to be `https://localhost`.
///
/// # Panics
/// See [`authority_pem`].
#[must_use]
pub fn tls() -> ServerConfig {
    TLS.clone()
}
