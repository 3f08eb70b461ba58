//! What can go wrong with keys, tokens and sealed texts.
//!
//! No variant carries key material, token contents or the underlying library's message, so an error may be logged.

use crate::{algorithm::SignatureAlgorithm, encrypt::KeyManagementAlgorithm};

/// An error of this crate.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The name is no signature algorithm that is supported (RFC 7518 section 3.1, RFC 8037).
    #[error("unknown signature algorithm")]
    UnknownAlgorithm,
    /// The name is no JWE key management algorithm that is supported (RFC 7518 section 4.1).
    #[error("unknown key management algorithm")]
    UnknownKeyManagement,
    /// The name is no JWE content encryption that is supported (RFC 7518 section 5.1).
    #[error("unknown content encryption")]
    UnknownContentEncryption,
    /// The key can't be read, or isn't of a supported kind.
    #[error("the key can't be read: {0}")]
    InvalidKey(&'static str),
    /// The key is of another kind, curve or size than the algorithm asks for.
    #[error("the key doesn't fit the algorithm {0}")]
    KeyDoesNotFit(SignatureAlgorithm),
    /// The key is of another kind than the key management algorithm asks for.
    #[error("the key doesn't fit the algorithm {0}")]
    EncryptionKeyDoesNotFit(KeyManagementAlgorithm),
    /// The text isn't a JWK Set, or is too much of one.
    #[error("the JWK Set can't be read: {0}")]
    KeySet(&'static str),
    /// The RSA modulus has an unsupported length.
    #[error("an RSA key must have 2048 to 8192 bits, not {0}")]
    RsaKeySize(u32),
    /// OpenSSL refused to make a key, a signature or a certificate.
    #[error("the cryptographic library failed to {0}")]
    Cryptography(&'static str),
    /// The token's header isn't a JSON object or lacks or contradicts `alg`.
    #[error("the token's header isn't usable: {0}")]
    Header(&'static str),
    /// Claims can't be written as a JSON object.
    #[error("the claims aren't a JSON object")]
    Claims,
    /// The token is longer than [`crate::verify::MAX_TOKEN_LENGTH`].
    #[error("the token is too long")]
    TokenTooLong,
    /// The token isn't three parts of base64url.
    #[error("the token is malformed")]
    MalformedToken,
    /// The token's header marks an extension as critical that isn't understood (RFC 7515 section 4.1.11).
    #[error("the token asks for an extension that isn't supported")]
    CriticalExtension,
    /// No key is known for the token's `kid`.
    #[error("the token's key is unknown")]
    UnknownKey,
    /// The header's `alg` isn't the one the key is for.
    #[error("the token's algorithm isn't the key's")]
    AlgorithmMismatch,
    /// Something that is encrypted can't be read with this key.
    #[error("what is encrypted can't be read")]
    Decryption,
    /// The signature is wrong.
    #[error("the token's signature is wrong")]
    Signature,
    /// A time claim is missing.
    #[error("the claim {0} is missing")]
    MissingClaim(&'static str),
    /// A time claim isn't a number of seconds.
    #[error("the claim {0} isn't a number of seconds")]
    ClaimType(&'static str),
    /// `exp` has passed.
    #[error("the token has expired")]
    Expired,
    /// `nbf` or `iat` lies in the future.
    #[error("the token isn't valid yet")]
    NotYetValid,
    /// A certificate can't be made from what was given.
    #[error("the certificate can't be issued: {0}")]
    Certificate(&'static str),
    /// The text of a sealing key isn't 32 bytes in base64.
    #[error("a sealing key must be 32 bytes in base64")]
    SealingKey,
    /// A sealed text names a sealing key that isn't configured.
    #[error("the sealed text needs the sealing key {0:?}, which isn't configured")]
    UnknownSealingKey(String),
    /// A sealed text was made for another place, or was altered.
    #[error("the sealed text can't be opened here")]
    Sealed,
}

/// Names the step that OpenSSL failed at. OpenSSL's own queue of errors is dropped: it may quote its input.
pub(crate) trait Step<T> {
    /// Replaces the library's error by [`Error::Cryptography`] with `what`, an infinitive phrase.
    fn step(self, what: &'static str) -> Result<T, Error>;
}

impl<T, E> Step<T> for Result<T, E> {
    fn step(self, what: &'static str) -> Result<T, Error> {
        self.or(Err(Error::Cryptography(what)))
    }
}
