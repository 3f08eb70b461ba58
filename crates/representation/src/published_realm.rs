//! What a realm tells everybody.

use crate::define::representation;

representation! {
    /// The answer of `GET /realms/{realm}`.
    PublishedRealmRepresentation {
        /// Realm name.
        realm: String,
        /// SubjectPublicKeyInfo of the active RSA key, base64.
        #[serde(rename = "public_key")]
        public_key: String,
        /// URL of the token endpoints.
        #[serde(rename = "token-service")]
        token_service: String,
        /// URL of the account console.
        #[serde(rename = "account-service")]
        account_service: String,
        /// Tokens issued before this time are invalid; epoch seconds.
        #[serde(rename = "tokens-not-before")]
        tokens_not_before: i32,
    }
}
