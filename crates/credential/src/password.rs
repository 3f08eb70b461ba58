//! Password hashes in the shape that Keycloak stores them, so that realms move over with their users' passwords.
//!
//! New hashes are always Argon2id (RFC 9106). PBKDF2 hashes of older Keycloak realms are verified, never made; the
//! caller stores a new hash at the next login, which [`PasswordHash::needs_rehash`] tells.

mod argon2;
mod error;
mod pbkdf2;
mod record;

use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use self::{
    argon2::{Argon2Kind, derive},
    pbkdf2::Pbkdf2,
};
pub use self::{
    argon2::{Argon2Parameters, MemoryBlocks},
    error::PasswordError,
};

/// The longest password, in bytes of UTF-8. Hashing cost hardly grows with it, but nobody types more.
pub const MAX_PASSWORD_LENGTH: usize = 4096;

/// The length of a new salt in bytes (RFC 9106 section 3.1).
pub const SALT_LENGTH: usize = 16;

/// The hash algorithms that stored passwords may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum HashAlgorithm {
    /// Argon2, in practice Argon2id.
    Argon2,
    /// PBKDF2 with HMAC-SHA-1.
    Pbkdf2,
    /// PBKDF2 with HMAC-SHA-256.
    Pbkdf2Sha256,
    /// PBKDF2 with HMAC-SHA-512.
    Pbkdf2Sha512,
}

impl HashAlgorithm {
    /// Every algorithm.
    pub const ALL: [Self; 4] = [Self::Argon2, Self::Pbkdf2, Self::Pbkdf2Sha256, Self::Pbkdf2Sha512];

    /// Keycloak's name.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Argon2 => "argon2",
            Self::Pbkdf2 => "pbkdf2",
            Self::Pbkdf2Sha256 => "pbkdf2-sha256",
            Self::Pbkdf2Sha512 => "pbkdf2-sha512",
        }
    }

    /// Reads Keycloak's name.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|algorithm| algorithm.as_str() == text)
    }
}

/// How a stored hash was made.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Method {
    Argon2(Argon2Kind, Argon2Parameters),
    Pbkdf2(Pbkdf2),
}

/// A stored password hash with everything that is needed to verify it.
#[derive(Clone)]
pub struct PasswordHash {
    method: Method,
    salt: Vec<u8>,
    value: Zeroizing<Vec<u8>>,
}

impl std::fmt::Debug for PasswordHash {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("PasswordHash").field("method", &self.method).finish_non_exhaustive()
    }
}

impl PasswordHash {
    /// Whether `password` is the one that was hashed. Takes as long as the hash's parameters ask for.
    ///
    /// # Errors
    /// [`PasswordError::PasswordTooLong`] beyond [`MAX_PASSWORD_LENGTH`], [`PasswordError::Memory`] if the memory isn't
    /// to be had, [`PasswordError::Hashing`] if the algorithm fails.
    pub fn verify(&self, password: &str, memory: &mut MemoryBlocks) -> Result<bool, PasswordError> {
        check_length(password)?;
        let computed = match &self.method {
            Method::Argon2(kind, parameters) => derive(password, &self.salt, *kind, parameters, memory)?,
            Method::Pbkdf2(method) => method.derive(password, &self.salt, self.value.len())?,
        };
        Ok(computed.ct_eq(&self.value).into())
    }

    /// Whether it was made in another way than a new hash would be, so that it should be replaced as soon as the
    /// password is known.
    #[must_use]
    pub fn needs_rehash(&self, wanted: &Argon2Parameters) -> bool {
        self.method != Method::Argon2(Argon2Kind::CURRENT, *wanted)
    }

    /// The algorithm that made it.
    #[must_use]
    pub fn algorithm(&self) -> HashAlgorithm {
        match &self.method {
            Method::Argon2(..) => HashAlgorithm::Argon2,
            Method::Pbkdf2(method) => method.algorithm,
        }
    }
}

/// Hashes a new password with Argon2id.
///
/// # Errors
/// [`PasswordError::PasswordTooLong`] beyond [`MAX_PASSWORD_LENGTH`], [`PasswordError::Parameters`] if `parameters` are
/// out of bounds, [`PasswordError::Memory`] if the memory isn't to be had.
pub fn hash(
    password: &str,
    salt: &[u8; SALT_LENGTH],
    parameters: &Argon2Parameters,
    memory: &mut MemoryBlocks,
) -> Result<PasswordHash, PasswordError> {
    check_length(password)?;
    parameters.check()?;
    let value = derive(password, salt, Argon2Kind::CURRENT, parameters, memory)?;
    Ok(PasswordHash { method: Method::Argon2(Argon2Kind::CURRENT, *parameters), salt: salt.to_vec(), value })
}

/// A hash of no password. Verifying against it costs what a real hash with these parameters costs, so that the time of
/// an answer doesn't tell whether a user exists.
///
/// # Errors
/// [`PasswordError::Parameters`] if `parameters` are out of bounds.
pub fn dummy_hash(parameters: &Argon2Parameters) -> Result<PasswordHash, PasswordError> {
    parameters.check()?;
    Ok(PasswordHash {
        method: Method::Argon2(Argon2Kind::CURRENT, *parameters),
        salt: vec![0; SALT_LENGTH],
        // To find a password with this hash is as hard as for any other value.
        value: Zeroizing::new(vec![0; usize::from(parameters.hash_length)]),
    })
}

/// Whether `password` is one of `earlier`, for the policy `passwordHistory`. Stops at the first that matches.
///
/// # Errors
/// As [`PasswordHash::verify`].
pub fn was_used_before(
    password: &str,
    earlier: &[PasswordHash],
    memory: &mut MemoryBlocks,
) -> Result<bool, PasswordError> {
    for hash in earlier {
        if hash.verify(password, memory)? {
            return Ok(true);
        }
    }
    Ok(false)
}

fn check_length(password: &str) -> Result<(), PasswordError> {
    if password.len() > MAX_PASSWORD_LENGTH { Err(PasswordError::PasswordTooLong) } else { Ok(()) }
}

#[cfg(test)]
mod tests;
