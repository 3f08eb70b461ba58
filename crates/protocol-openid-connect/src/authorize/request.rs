//! An authorization request that was read and found sound.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{ResponseMode, ResponseType};

/// What an authorization request asks for. Client, redirect URI and everything else were checked.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct AuthorizationRequest {
    /// The client's `clientId`.
    pub client_id: String,
    /// Where the answer goes.
    pub redirect_uri: String,
    /// The request named the redirect URI itself.
    pub redirect_uri_given: bool,
    /// What is wanted.
    pub response_type: ResponseType,
    /// How it travels.
    pub response_mode: ResponseMode,
    /// The requested scope, as text.
    pub scope: String,
    /// Given back as it came.
    pub state: Option<String>,
    /// For ID tokens.
    pub nonce: Option<String>,
    /// `prompt`, word by word.
    pub prompt: Vec<String>,
    /// Seconds since the user was authenticated, at the most.
    pub max_age: Option<i64>,
    /// `claims` (OpenID Connect Core 1.0 section 5.5).
    pub claims: Option<Value>,
    /// RFC 7636.
    pub code_challenge: Option<String>,
    /// RFC 7636: `S256` or `plain`.
    pub code_challenge_method: Option<String>,
    /// What the user is to do after the login, such as `UPDATE_PASSWORD`.
    pub kc_action: Option<String>,
    /// The subject of `id_token_hint`.
    pub hinted_subject: Option<String>,
    /// The name that the login form begins with.
    pub login_hint: Option<String>,
    /// The user has been authenticated for this request.
    pub authenticated: bool,
    /// How [`Self::kc_action`] ended: `success`, `cancelled` or `error`.
    pub kc_action_status: Option<String>,
}

impl AuthorizationRequest {
    /// Whether `prompt` holds this word.
    pub fn prompts(&self, word: &str) -> bool {
        self.prompt.iter().any(|prompt| prompt == word)
    }
}
