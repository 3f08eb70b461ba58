//! One key of a set, with what it may be used for.

use std::sync::OnceLock;

use serde_json::Value;

use crate::{
    algorithm::SignatureAlgorithm,
    encrypt::{EncryptionKey, KeyManagementAlgorithm},
    jwks::KeyUse,
    public_key::PublicKey,
    verify::{VerificationKey, algorithms_of},
};

/// A usable key.
#[derive(Debug)]
pub(super) struct Entry {
    kid: Option<String>,
    public: PublicKey,
    verifies: Vec<Verifying>,
    encrypts: Vec<KeyManagementAlgorithm>,
    meant_for_encryption: bool,
}

/// An algorithm that a key may verify, and the key prepared for it once it was asked for. Preparing all of a set's keys
/// for all their algorithms when it is parsed would cost much more than most sets are ever used for.
#[derive(Debug)]
struct Verifying {
    algorithm: SignatureAlgorithm,
    prepared: OnceLock<Option<VerificationKey>>,
}

/// What a JWK says that it is for.
struct Purpose<'jwk> {
    key_use: Option<&'jwk str>,
    operations: Option<Vec<&'jwk str>>,
    algorithm: Option<&'jwk str>,
}

impl Entry {
    /// Reads a JWK. None if it can't be used for anything, for whatever reason.
    pub(super) fn from_jwk(jwk: &Value) -> Option<Self> {
        let kid = optional(jwk, "kid", Value::as_str)?.map(str::to_owned);
        let purpose = Purpose::read(jwk)?;
        let public = PublicKey::from_jwk(jwk).ok()?;
        let entry = Self::new(kid, public, &purpose);
        (!entry.verifies.is_empty() || !entry.encrypts.is_empty()).then_some(entry)
    }

    /// A key without id that may be used for everything that its kind is good for.
    pub(super) fn of_any_use(public: &PublicKey) -> Self {
        Self::new(None, public.clone(), &Purpose { key_use: None, operations: None, algorithm: None })
    }

    fn new(kid: Option<String>, public: PublicKey, purpose: &Purpose<'_>) -> Self {
        let verifies = algorithms_of(&public)
            .into_iter()
            .filter(|algorithm| purpose.allows_verifying(*algorithm))
            .map(|algorithm| Verifying { algorithm, prepared: OnceLock::new() })
            .collect();
        let encrypts = KeyManagementAlgorithm::ALL
            .into_iter()
            .filter(|algorithm| algorithm.fits(public.kind()) && purpose.allows_encrypting(*algorithm))
            .collect();
        // `alg` alone says it as well: nothing that verifies has such a name.
        let meant_for_encryption = purpose.key_use == Some(KeyUse::Encryption.as_str()) || purpose.algorithm.is_some();
        Self { kid, public, verifies, encrypts, meant_for_encryption }
    }

    pub(super) fn kid(&self) -> Option<&str> {
        self.kid.as_deref()
    }

    /// Whether it says that it is for encryption, rather than not saying that it isn't. Only of interest for a key that
    /// can be used for it.
    pub(super) fn is_meant_for_encryption(&self) -> bool {
        self.meant_for_encryption
    }

    pub(super) fn verification_key(&self, algorithm: SignatureAlgorithm) -> Option<&VerificationKey> {
        let verifying = self.verifies.iter().find(|verifying| verifying.algorithm == algorithm)?;
        let prepare = || VerificationKey::from_public_key(algorithm, &self.public).ok();
        verifying.prepared.get_or_init(prepare).as_ref()
    }

    pub(super) fn encryption_key(&self, algorithm: KeyManagementAlgorithm) -> Option<EncryptionKey> {
        if !self.encrypts.contains(&algorithm) {
            return None;
        }
        let key = EncryptionKey::from_public_key(algorithm, &self.public).ok()?;
        Some(key.with_kid(self.kid.clone()))
    }
}

impl<'jwk> Purpose<'jwk> {
    /// None if a member has the wrong type, which makes the whole key unusable.
    fn read(jwk: &'jwk Value) -> Option<Self> {
        let operations = match optional(jwk, "key_ops", Value::as_array)? {
            None => None,
            Some(names) => Some(names.iter().map(Value::as_str).collect::<Option<Vec<_>>>()?),
        };
        Some(Self {
            key_use: optional(jwk, "use", Value::as_str)?,
            // WebCrypto exports the public half of a key agreement with an empty list, which taken literally would
            // be a key for nothing.
            operations: operations.filter(|names| !names.is_empty()),
            algorithm: optional(jwk, "alg", Value::as_str)?,
        })
    }

    fn allows_verifying(&self, algorithm: SignatureAlgorithm) -> bool {
        self.allows(KeyUse::Signature, &["verify"], algorithm.as_str())
    }

    /// RFC 7517 section 4.3 has two names each for encrypting a key and for agreeing on one.
    fn allows_encrypting(&self, algorithm: KeyManagementAlgorithm) -> bool {
        let operations = if algorithm.is_rsa() { ["wrapKey", "encrypt"] } else { ["deriveKey", "deriveBits"] };
        self.allows(KeyUse::Encryption, &operations, algorithm.as_str())
    }

    /// Whatever is said must agree; a `use`, operation or `alg` that isn't known agrees with nothing.
    fn allows(&self, key_use: KeyUse, operations: &[&str], algorithm: &str) -> bool {
        self.key_use.is_none_or(|named| named == key_use.as_str())
            && self.operations.as_ref().is_none_or(|named| named.iter().any(|name| operations.contains(name)))
            && self.algorithm.is_none_or(|named| named == algorithm)
    }
}

/// A member that may be missing: `Some(None)` if it is, `None` if it's there with the wrong type. Some writers have
/// `null` for what they don't know.
fn optional<'jwk, T: 'jwk>(
    jwk: &'jwk Value,
    name: &str,
    read: impl FnOnce(&'jwk Value) -> Option<T>,
) -> Option<Option<T>> {
    match jwk.get(name) {
        None | Some(Value::Null) => Some(None),
        Some(value) => read(value).map(Some),
    }
}
