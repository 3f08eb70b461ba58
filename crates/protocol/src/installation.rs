//! Ready-made configurations for the other side of a protocol: a registry's, an application's.

use model::{client::Client, realm::Realm, secret::Secret};

/// An installation provider, with Keycloak's fields.
#[derive(Clone, Copy, Debug)]
pub struct Installation {
    /// The id in paths.
    pub id: &'static str,
    /// Its name.
    pub label: &'static str,
    /// What it is for.
    pub help: &'static str,
    /// The file's name.
    pub filename: &'static str,
    /// The file's media type.
    pub media_type: &'static str,
    /// It can't be shown, only saved.
    pub download_only: bool,
}

/// What an installation is made from.
#[derive(Clone, Copy)]
pub struct InstallationContext<'a> {
    /// The realm.
    pub realm: &'a Realm,
    /// The client to be installed.
    pub client: &'a Client,
    /// The client's secret, where it has one and the caller may see it.
    pub client_secret: Option<&'a Secret>,
    /// The server's public address without a path, such as `https://id.example.org`.
    pub public_url: &'a str,
    /// The realm's registry trust bundle as PEM.
    pub registry_bundle: &'a str,
    /// The realm's registry keys as a JWKS document.
    pub registry_jwks: &'a str,
    /// A PEM certificate and a PEM private key for `localhost`, fresh for this download.
    pub localhost_certificate: &'a (dyn Fn() -> Result<(String, String), String> + Sync),
}

/// A made installation.
#[derive(Clone, Debug)]
pub struct InstallationFile {
    /// Its content.
    pub content: Vec<u8>,
    /// Its media type.
    pub media_type: &'static str,
    /// Its name.
    pub filename: &'static str,
}
