//! Credentials of users.

use crate::{ListMap, SecretText, define::representation};

representation! {
    /// A credential: a new password, a stored credential's description, or a hashed one of an import.
    CredentialRepresentation {
        /// Credential id.
        id: String,
        /// `password`, `otp`, `webauthn`, `webauthn-passwordless`, `recovery-authn-codes` or `secret`.
        r#type: String,
        /// Label the user gave it.
        user_label: String,
        /// Creation time, epoch milliseconds.
        created_date: i64,
        /// The secret part, as JSON text; import only.
        secret_data: SecretText,
        /// The public part, as JSON text.
        credential_data: String,
        /// Position in the user's list.
        priority: i32,
        /// The plain password; written, never read.
        value: SecretText,
        /// Whether the user must change it at the next login.
        temporary: bool,
        /// Deprecated.
        device: String,
        /// Deprecated form of `secretData`.
        hashed_salted_value: SecretText,
        /// Deprecated form of `secretData`.
        salt: SecretText,
        /// Deprecated form of `credentialData`.
        hash_iterations: i32,
        /// Deprecated form of `credentialData`.
        counter: i32,
        /// Deprecated form of `credentialData`.
        algorithm: String,
        /// Deprecated form of `credentialData`.
        digits: i32,
        /// Deprecated form of `credentialData`.
        period: i32,
        /// Deprecated.
        config: ListMap,
        /// Id of the federation component that holds it.
        federation_link: String,
    }
}
