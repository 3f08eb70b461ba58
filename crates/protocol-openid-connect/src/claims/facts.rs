//! What mappers may look at.

use std::collections::BTreeMap;

use model::{MultiAttributes, client::Client, id::SessionId, subject::Subject};
use serde_json::Value;

use super::roles::RoleScope;

/// Everything that is known when claims are made, gathered by the caller.
#[derive(Clone, Copy)]
pub struct Facts<'a> {
    /// The client that the token is for.
    pub client: &'a Client,
    /// The user, with all roles in effect.
    pub subject: &'a Subject,
    /// Which of the user's roles the client may see.
    pub role_scope: RoleScope<'a>,
    /// The attributes of the user's groups: each group followed by those above it, nearest first.
    pub group_attributes: &'a [MultiAttributes],
    /// When the user was made, milliseconds since 1970.
    pub created: Option<i64>,
    /// Notes of the session, such as `clientHost`. `AUTH_TIME` is known without being among them.
    pub notes: &'a BTreeMap<&'a str, String>,
    /// The session; none where a client acts for itself.
    pub session: Option<&'a SessionId>,
    /// When the user was authenticated, seconds since 1970.
    pub auth_time: Option<i64>,
    /// How strongly the user was authenticated.
    pub acr: Option<&'a str>,
    /// The ways in which the user was authenticated.
    pub amr: &'a [&'a str],
    /// The request's `nonce`.
    pub nonce: Option<&'a str>,
    /// The request's `claims` parameter (OpenID Connect Core 1.0 section 5.5).
    pub claims_parameter: Option<&'a Value>,
}
