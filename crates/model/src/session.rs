//! Sessions of users and the long-lived tokens of docker clients.

use time::OffsetDateTime;

use crate::id::{ClientId, SessionId, UserId};

/// A user's session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserSession {
    /// The `sid` in tokens.
    pub id: SessionId,
    /// Whose it is.
    pub user_id: UserId,
    /// The user's name.
    pub username: String,
    /// From where it was opened.
    pub ip_address: Option<String>,
    /// When it was opened.
    pub started: OffsetDateTime,
    /// When it was last used.
    pub last_access: OffsetDateTime,
    /// Clients in the session: id and `clientId`.
    pub clients: Vec<(ClientId, String)>,
}

/// An identity token: what a docker client keeps instead of the password.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdentityToken {
    /// Its id in admin paths. The token itself is known to the docker client alone.
    pub id: SessionId,
    /// Whose it is.
    pub user_id: UserId,
    /// The registry's client.
    pub client_id: ClientId,
    /// When it was made.
    pub created: OffsetDateTime,
    /// When it was last used.
    pub last_used: OffsetDateTime,
    /// When it ends.
    pub expires: OffsetDateTime,
    /// From where it was asked for.
    pub ip_address: Option<String>,
    /// The program that asked for it.
    pub user_agent: Option<String>,
}
