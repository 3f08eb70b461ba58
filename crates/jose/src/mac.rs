//! A plain HMAC, for signatures that are no JWS.

use openssl::{hash::MessageDigest, pkey::PKey, sign::Signer};

use crate::error::Error;

/// HMAC with SHA-256 (RFC 2104) of `text` under `key`.
///
/// # Errors
/// [`Error::Cryptography`] if OpenSSL fails.
pub fn hmac_sha256(key: &[u8], text: &[u8]) -> Result<Vec<u8>, Error> {
    let failed = || Error::Cryptography("make a MAC");
    let key = PKey::hmac(key).or(Err(failed()))?;
    let mut signer = Signer::new(MessageDigest::sha256(), &key).or(Err(failed()))?;
    signer.sign_oneshot_to_vec(text).or(Err(failed()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 4231 section 4.3.
    #[test]
    fn the_standard_has_an_example() {
        let mac = hmac_sha256(b"Jefe", b"what do ya want for nothing?").unwrap();
        let expected = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
        assert_eq!(data_encoding::HEXLOWER.encode(&mac), expected);
    }
}
