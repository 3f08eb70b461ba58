//! Verifying tokens: JWS compact serialisation (RFC 7515 section 5.2) with the advice of RFC 8725.
//!
//! The caller's key decides the algorithm; the header's `alg` must agree with it. A header's own key material (`jwk`,
//! `jku`, `x5u`, `x5c`) is never looked at. Times are checked apart, in [`crate::times`], since tokens differ in which
//! they need.

use std::borrow::Borrow;

use josekit::jws::{self, JwsSigner, JwsVerifier};
use openssl::memcmp;
use serde_json::Value;

use crate::{
    algorithm::{Family, SignatureAlgorithm},
    compact::{Parts, text},
    error::{Error, Step},
    public_key::PublicKey,
    sign::hmac_signer,
};

/// The longest token that is looked at, in bytes.
pub const MAX_TOKEN_LENGTH: usize = 16 * 1024;

/// A public key or shared secret, ready to verify one algorithm from any thread.
pub struct VerificationKey {
    algorithm: SignatureAlgorithm,
    verifier: Verifier,
}

enum Verifier {
    Public(Box<dyn JwsVerifier>),
    /// josekit's own HMAC verifier stops comparing at the first difference, so the code is computed and compared here.
    Secret(Box<dyn JwsSigner>),
}

impl std::fmt::Debug for VerificationKey {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_tuple("VerificationKey").field(&self.algorithm).finish()
    }
}

impl VerificationKey {
    /// Prepares a public key.
    ///
    /// # Errors
    /// [`Error::KeyDoesNotFit`] if the algorithm is for another kind of key.
    pub fn from_public_key(algorithm: SignatureAlgorithm, key: &PublicKey) -> Result<Self, Error> {
        if !algorithm.family().fits(key.kind()) {
            return Err(Error::KeyDoesNotFit(algorithm));
        }
        let der = match algorithm {
            // As with private keys, josekit wants RSA keys for PSS in PKCS#1.
            SignatureAlgorithm::Ps256 | SignatureAlgorithm::Ps384 | SignatureAlgorithm::Ps512 => {
                key.pkey().rsa().and_then(|rsa| rsa.public_key_to_der_pkcs1()).step("write a public key")?
            }
            _ => key.to_spki_der()?,
        };
        let verifier: Result<Box<dyn JwsVerifier>, _> = match algorithm {
            SignatureAlgorithm::Rs256 => boxed(jws::RS256.verifier_from_der(der)),
            SignatureAlgorithm::Rs384 => boxed(jws::RS384.verifier_from_der(der)),
            SignatureAlgorithm::Rs512 => boxed(jws::RS512.verifier_from_der(der)),
            SignatureAlgorithm::Ps256 => boxed(jws::PS256.verifier_from_der(der)),
            SignatureAlgorithm::Ps384 => boxed(jws::PS384.verifier_from_der(der)),
            SignatureAlgorithm::Ps512 => boxed(jws::PS512.verifier_from_der(der)),
            SignatureAlgorithm::Es256 => boxed(jws::ES256.verifier_from_der(der)),
            SignatureAlgorithm::Es384 => boxed(jws::ES384.verifier_from_der(der)),
            SignatureAlgorithm::Es512 => boxed(jws::ES512.verifier_from_der(der)),
            SignatureAlgorithm::EdDsa => boxed(jws::EdDSA.verifier_from_der(der)),
            SignatureAlgorithm::Hs256 | SignatureAlgorithm::Hs384 | SignatureAlgorithm::Hs512 => {
                return Err(Error::KeyDoesNotFit(algorithm));
            }
        };
        let verifier = verifier.or(Err(Error::InvalidKey("not usable for verifying")))?;
        Ok(Self { algorithm, verifier: Verifier::Public(verifier) })
    }

    /// Prepares a shared secret for one of the HMAC algorithms.
    ///
    /// # Errors
    /// As [`crate::SigningKey::from_secret`].
    pub fn from_secret(algorithm: SignatureAlgorithm, secret: &[u8]) -> Result<Self, Error> {
        Ok(Self { algorithm, verifier: Verifier::Secret(hmac_signer(algorithm, secret)?) })
    }

    /// The one algorithm it verifies.
    #[must_use]
    pub fn algorithm(&self) -> SignatureAlgorithm {
        self.algorithm
    }

    /// Checks `signature` over `message`.
    ///
    /// # Errors
    /// [`Error::Signature`] if it's wrong, [`Error::Cryptography`] if OpenSSL fails.
    pub fn verify(&self, message: &[u8], signature: &[u8]) -> Result<(), Error> {
        let right = match &self.verifier {
            Verifier::Public(verifier) => verifier.verify(message, signature).is_ok(),
            Verifier::Secret(signer) => {
                let expected = signer.sign(message).step("sign")?;
                // `memcmp::eq` panics on different lengths; the length is no secret.
                expected.len() == signature.len() && memcmp::eq(&expected, signature)
            }
        };
        if right { Ok(()) } else { Err(Error::Signature) }
    }
}

/// A token that has been taken apart, not verified: good for finding the key to verify it with, and for nothing else.
#[derive(Debug)]
pub struct UnverifiedToken<'token> {
    algorithm: SignatureAlgorithm,
    parts: Parts<'token>,
}

/// A token whose signature is right. Its times and its audience are still to be checked.
#[derive(Clone, Debug, PartialEq)]
pub struct VerifiedToken {
    /// The header, a JSON object.
    pub header: Value,
    /// The claims, a JSON object.
    pub claims: Value,
}

impl<'token> UnverifiedToken<'token> {
    /// Takes a token apart.
    ///
    /// # Errors
    /// [`Error::TokenTooLong`] beyond [`MAX_TOKEN_LENGTH`]; [`Error::MalformedToken`] if it isn't three parts of
    /// base64url with JSON objects in the first two; [`Error::UnknownAlgorithm`] for `none` and other unknown
    /// algorithms; [`Error::CriticalExtension`] for any `crit`, since no extension is supported.
    pub fn parse(token: &'token str) -> Result<Self, Error> {
        let parts = Parts::read(token)?;
        Ok(Self { algorithm: parts.algorithm()?.parse()?, parts })
    }

    /// The header's `kid`, to look the key up with.
    #[must_use]
    pub fn kid(&self) -> Option<&str> {
        text(&self.parts.header, "kid")
    }

    /// The header's `typ`, by which one kind of JWT is told from another (RFC 8725 section 3.11).
    #[must_use]
    pub fn typ(&self) -> Option<&str> {
        text(&self.parts.header, "typ")
    }

    /// The header's `alg`. It may narrow the look-up; it must not choose how a key is used.
    #[must_use]
    pub fn algorithm(&self) -> SignatureAlgorithm {
        self.algorithm
    }

    /// A claim, to find whose keys to look at. Nobody vouches for it yet.
    #[must_use]
    pub fn claim(&self, name: &str) -> Option<&Value> {
        self.parts.claims.get(name)
    }

    /// The claim `iss`, to find whose keys to look at.
    #[must_use]
    pub fn issuer(&self) -> Option<&str> {
        text(&self.parts.claims, "iss")
    }

    /// The claim `sub`, to find whose keys to look at when a client signs about itself (RFC 7523 section 3).
    #[must_use]
    pub fn subject(&self) -> Option<&str> {
        text(&self.parts.claims, "sub")
    }

    /// Checks the signature with `key`.
    ///
    /// # Errors
    /// [`Error::AlgorithmMismatch`] if the header's `alg` isn't the key's, [`Error::Signature`] if the signature is
    /// wrong.
    pub fn verify(self, key: &VerificationKey) -> Result<VerifiedToken, Error> {
        self.check(key)?;
        Ok(self.verified())
    }

    /// Checks the signature with each of several keys until one fits, for an owner who doesn't name their keys. Each
    /// key keeps to its own algorithm.
    ///
    /// # Errors
    /// [`Error::UnknownKey`] if there are no keys, [`Error::AlgorithmMismatch`] if none is for the header's `alg`,
    /// [`Error::Signature`] if the signature is none of theirs.
    pub fn verify_any<K: Borrow<VerificationKey>>(
        self,
        keys: impl IntoIterator<Item = K>,
    ) -> Result<VerifiedToken, Error> {
        let mut failure = Error::UnknownKey;
        for key in keys {
            match self.check(key.borrow()) {
                Ok(()) => return Ok(self.verified()),
                // A key of the right algorithm says more about the token than one of another.
                Err(Error::AlgorithmMismatch) if failure != Error::UnknownKey => {}
                Err(error) => failure = error,
            }
        }
        Err(failure)
    }

    fn check(&self, key: &VerificationKey) -> Result<(), Error> {
        // Compared before anything is computed: an RSA key never meets a token that claims HMAC.
        if self.algorithm != key.algorithm {
            return Err(Error::AlgorithmMismatch);
        }
        key.verify(self.parts.message.as_bytes(), &self.parts.signature)
    }

    fn verified(self) -> VerifiedToken {
        VerifiedToken { header: Value::Object(self.parts.header), claims: Value::Object(self.parts.claims) }
    }
}

/// Verifies a token with the key that `find` gives for it. `find` sees the token taken apart, and may go by `kid`.
///
/// # Errors
/// Those of [`UnverifiedToken::parse`] and [`UnverifiedToken::verify`]; [`Error::UnknownKey`] if `find` has no key.
pub fn verify_jwt<K: Borrow<VerificationKey>>(
    token: &str,
    find: impl FnOnce(&UnverifiedToken<'_>) -> Option<K>,
) -> Result<VerifiedToken, Error> {
    let token = UnverifiedToken::parse(token)?;
    let key = find(&token).ok_or(Error::UnknownKey)?;
    token.verify(key.borrow())
}

/// The algorithms that a key's family can verify, for a key that comes without one (RFC 7517 section 4.4).
#[must_use]
pub fn algorithms_of(key: &PublicKey) -> Vec<SignatureAlgorithm> {
    let fits =
        |algorithm: &SignatureAlgorithm| algorithm.family() != Family::Hmac && algorithm.family().fits(key.kind());
    SignatureAlgorithm::ALL.into_iter().filter(fits).collect()
}

fn boxed<V: JwsVerifier + 'static, E>(verifier: Result<V, E>) -> Result<Box<dyn JwsVerifier>, E> {
    verifier.map(|verifier| -> Box<dyn JwsVerifier> { Box::new(verifier) })
}

#[cfg(test)]
mod tests;
