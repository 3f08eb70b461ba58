//! Sessions of users and the long-lived tokens of docker clients.

use serde::{Deserialize, Serialize};
use serde_json::Value;
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
    /// When the user last proved who they are (`auth_time`).
    pub authenticated: OffsetDateTime,
    /// It lasts longer, because the user asked for that.
    pub remember_me: bool,
    /// It goes on without a browser: a session for refresh tokens with the scope `offline_access`.
    pub offline: bool,
    /// Clients in the session: id and `clientId`.
    pub clients: Vec<(ClientId, String)>,
}

/// What came from one authorization of a client: it is refreshed and revoked as one.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct TokenFamily {
    /// The generation of the newest refresh token; each refresh begins another one.
    #[serde(rename = "g", default)]
    pub generation: i64,
    /// How often the refresh token before the newest one was used again.
    #[serde(rename = "u", default, skip_serializing_if = "is_zero")]
    pub reused: i64,
    /// When its last token ends, seconds since 1970.
    #[serde(rename = "e")]
    pub expires: i64,
    /// The authentication context class of the login.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub acr: Option<String>,
    /// The request's `claims` parameter (OpenID Connect Core 1.0 section 5.5).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub claims: Option<Value>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes it so")]
fn is_zero(number: &i64) -> bool {
    *number == 0
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
