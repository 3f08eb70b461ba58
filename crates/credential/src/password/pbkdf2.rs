//! PBKDF2 (RFC 8018 section 5.2), for hashes that come with an imported realm.

use openssl::{hash::MessageDigest, pkcs5::pbkdf2_hmac};
use zeroize::Zeroizing;

use super::{HashAlgorithm, PasswordError};

/// The most iterations that a stored hash may ask for.
const MAX_ITERATIONS: u32 = 10_000_000;

/// The digest and cost of a PBKDF2 hash; its length is that of the stored value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Pbkdf2 {
    pub(crate) algorithm: HashAlgorithm,
    pub(crate) iterations: u32,
}

impl Pbkdf2 {
    /// Checks the iterations and the lengths of salt and value against what is allowed.
    pub(crate) fn new(algorithm: HashAlgorithm, iterations: u32, value_length: usize) -> Result<Self, PasswordError> {
        if !(1..=MAX_ITERATIONS).contains(&iterations) {
            return Err(PasswordError::Parameters("hashIterations"));
        }
        if !(16..=512).contains(&value_length) {
            return Err(PasswordError::Parameters("value"));
        }
        Ok(Self { algorithm, iterations })
    }

    pub(crate) fn derive(
        &self,
        password: &str,
        salt: &[u8],
        length: usize,
    ) -> Result<Zeroizing<Vec<u8>>, PasswordError> {
        let digest = match self.algorithm {
            HashAlgorithm::Pbkdf2 => MessageDigest::sha1(),
            HashAlgorithm::Pbkdf2Sha256 => MessageDigest::sha256(),
            HashAlgorithm::Pbkdf2Sha512 => MessageDigest::sha512(),
            HashAlgorithm::Argon2 => return Err(PasswordError::UnknownAlgorithm),
        };
        let iterations = usize::try_from(self.iterations).or(Err(PasswordError::Parameters("hashIterations")))?;
        let mut value = Zeroizing::new(vec![0; length]);
        pbkdf2_hmac(password.as_bytes(), salt, iterations, digest, &mut value).or(Err(PasswordError::Hashing))?;
        Ok(value)
    }
}
