//! What can go wrong with a password hash.

/// An error of hashing, verifying or reading a hash. Never carries a password, a salt or a hash.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PasswordError {
    /// The password has more than [`super::MAX_PASSWORD_LENGTH`] bytes.
    #[error("the password is too long")]
    PasswordTooLong,
    /// The stored record isn't Keycloak's JSON, or a part of it is missing.
    #[error("the stored password can't be read: {0}")]
    Record(&'static str),
    /// The record names a hash algorithm that isn't supported.
    #[error("the stored password's hash algorithm isn't supported")]
    UnknownAlgorithm,
    /// A parameter is outside what is allowed.
    #[error("a parameter of the password hash is out of bounds: {0}")]
    Parameters(&'static str),
    /// The memory that the parameters ask for isn't to be had.
    #[error("not enough memory to hash a password")]
    Memory,
    /// The algorithm failed.
    #[error("hashing a password failed")]
    Hashing,
}
