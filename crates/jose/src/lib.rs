//! Keys, signatures, encryption, key ids, JWKS, certificates and sealing, in the words of JOSE.
//!
//! josekit and OpenSSL are an implementation detail of this crate: none of their types is in its interface, so that
//! either can be replaced here alone. Nothing in it reads a clock; times come in as seconds since 1970. The randomness
//! of keys, serial numbers and nonces is OpenSSL's generator.

pub mod algorithm;
pub mod certificate;
mod compact;
pub mod decrypt;
pub mod encrypt;
pub mod error;
pub mod generate;
pub mod half_hash;
pub mod jwks;
pub mod key_id;
pub mod key_set;
pub mod key_store;
pub mod mac;
pub mod public_key;
pub mod seal;
pub mod sign;
pub mod times;
pub mod unsecured;
pub mod verify;

pub use algorithm::{Family, SignatureAlgorithm};
pub use certificate::{CertificateAuthority, SubjectAlternativeName};
pub use decrypt::{DecryptionKey, EncryptedToken};
pub use encrypt::{ContentEncryption, EncryptionKey, KeyManagementAlgorithm, encrypt};
pub use error::Error;
pub use half_hash::half_hash;
pub use key_set::KeySet;
pub use mac::hmac_sha256;
pub use public_key::{Curve, PublicKey, PublicKeyKind};
pub use seal::{SealingKey, SealingKeys};
pub use sign::{PreparedHeader, SigningKey};
pub use times::{check_times, check_times_without_expiry};
pub use unsecured::{UnsecuredToken, unsecured_jwt};
pub use verify::{UnverifiedToken, VerificationKey, VerifiedToken, verify_jwt};
