//! The keys that a client publishes: a JWK Set (RFC 7517 section 5), a certificate or a public key.
//!
//! The text comes from strangers, by registration or from a `jwks_uri`. It is bounded before it is parsed. Keys that
//! can't be used are passed over, as section 5 asks for, so that a client may publish keys of kinds that nobody here
//! knows yet. Private members are never read.

mod entry;

use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::Value;

use self::entry::Entry;
use crate::{
    algorithm::SignatureAlgorithm,
    encrypt::{EncryptionKey, KeyManagementAlgorithm},
    error::Error,
    public_key::PublicKey,
    verify::VerificationKey,
};

/// The longest text that is looked at, in bytes.
pub const MAX_KEY_SET_LENGTH: usize = 64 * 1024;
/// The most keys that a set may have, usable or not.
pub const MAX_KEYS: usize = 100;

/// A client's keys, ready to verify and to encrypt from any thread.
#[derive(Debug, Default)]
pub struct KeySet {
    entries: Vec<Entry>,
}

impl KeySet {
    /// Reads a JWK Set. Keys that are broken, too small, private-only, symmetric or of an unknown `kty`, `crv` or
    /// `alg` are left out; a set of nothing else is empty.
    ///
    /// # Errors
    /// [`Error::KeySet`] if the text is too long, isn't a JWK Set, or has more than [`MAX_KEYS`] keys.
    pub fn parse(text: &str) -> Result<Self, Error> {
        check_length(text)?;
        let set: Value = serde_json::from_str(text).or(Err(Error::KeySet("not JSON")))?;
        let keys = set.get("keys").and_then(Value::as_array).ok_or(Error::KeySet("no array of keys"))?;
        if keys.len() > MAX_KEYS {
            return Err(Error::KeySet("too many keys"));
        }
        if !keys.iter().all(Value::is_object) {
            return Err(Error::KeySet("a key isn't a JSON object"));
        }
        Ok(Self { entries: keys.iter().filter_map(Entry::from_jwk).collect() })
    }

    /// The set of one certificate's key: base64 DER as in Keycloak's `jwt.credential.certificate`, or PEM. Nothing of
    /// the certificate but its key is looked at; it is trusted because it is registered. The key has no id, so it
    /// verifies whatever `kid` a token names.
    ///
    /// # Errors
    /// [`Error::InvalidKey`] if it can't be read, [`Error::RsaKeySize`] for a short RSA key, [`Error::KeySet`] if the
    /// text is too long.
    pub fn from_certificate(text: &str) -> Result<Self, Error> {
        Self::of_one(&PublicKey::from_certificate_der(&unarmoured(text, "CERTIFICATE")?)?)
    }

    /// The set of one public key: base64 SubjectPublicKeyInfo as in Keycloak's `jwt.credential.public.key`, or PEM.
    /// Otherwise as [`KeySet::from_certificate`].
    ///
    /// # Errors
    /// As [`KeySet::from_certificate`].
    pub fn from_public_key(text: &str) -> Result<Self, Error> {
        Self::of_one(&PublicKey::from_spki_der(&unarmoured(text, "PUBLIC KEY")?)?)
    }

    fn of_one(key: &PublicKey) -> Result<Self, Error> {
        Ok(Self { entries: vec![Entry::of_any_use(key)] })
    }

    /// Whether a key has this id. If not, a set that was fetched may be out of date.
    #[must_use]
    pub fn has_kid(&self, kid: &str) -> bool {
        self.entries.iter().any(|entry| entry.kid() == Some(kid))
    }

    /// The keys that may have signed a token with the header's `kid` and `alg`: those with that id if there are any,
    /// otherwise those without an id; all if the token names none. HMAC has no keys in a set.
    ///
    /// Each key is prepared for an algorithm when it is first asked for, and kept.
    #[must_use]
    pub fn verification_keys(&self, kid: Option<&str>, algorithm: SignatureAlgorithm) -> Vec<&VerificationKey> {
        let wanted = kid.filter(|kid| self.has_kid(kid));
        let candidates = self.entries.iter().filter(|entry| kid.is_none() || entry.kid() == wanted);
        candidates.filter_map(|entry| entry.verification_key(algorithm)).collect()
    }

    /// The key to encrypt to: the first that says it is for that, or else the first that can be used for it.
    #[must_use]
    pub fn encryption_key(&self, algorithm: KeyManagementAlgorithm) -> Option<EncryptionKey> {
        let meant = self.entries.iter().filter(|entry| entry.is_meant_for_encryption());
        let others = self.entries.iter().filter(|entry| !entry.is_meant_for_encryption());
        meant.chain(others).find_map(|entry| entry.encryption_key(algorithm))
    }

    /// The number of usable keys.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there is no usable key.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }
}

fn check_length(text: &str) -> Result<(), Error> {
    if text.len() > MAX_KEY_SET_LENGTH { Err(Error::KeySet("too long")) } else { Ok(()) }
}

/// The DER inside base64 that may have PEM's lines around it (RFC 7468) and white space anywhere.
fn unarmoured(text: &str, label: &str) -> Result<Vec<u8>, Error> {
    check_length(text)?;
    let text = text.trim();
    let inside = text
        .strip_prefix(&format!("-----BEGIN {label}-----"))
        .and_then(|rest| rest.strip_suffix(&format!("-----END {label}-----")));
    let base64: String = inside.unwrap_or(text).split_ascii_whitespace().collect();
    STANDARD.decode(base64).or(Err(Error::InvalidKey("neither base64 nor PEM")))
}

#[cfg(test)]
mod tests;
