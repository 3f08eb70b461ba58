//! A stored credential: what a user proves an identity with.

use time::OffsetDateTime;

use crate::{id::CredentialId, secret::Secret};

/// The type of a password.
pub const PASSWORD: &str = "password";

/// A credential in Keycloak's shape: readable data beside data that never leaves the server.
#[derive(Clone, Debug)]
pub struct Credential {
    /// The id in admin paths.
    pub id: CredentialId,
    /// Such as `password`.
    pub kind: String,
    /// A name that the user gave it.
    pub label: Option<String>,
    /// When it was made.
    pub created: OffsetDateTime,
    /// JSON that representations show, such as the hash's parameters.
    pub credential_data: String,
    /// JSON that they never show, such as the hash.
    pub secret_data: Secret,
    /// Order among the user's credentials, smallest first.
    pub priority: i32,
}
