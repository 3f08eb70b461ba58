//! The algorithms of encryption: key management (RFC 7518 section 4.1) and content encryption (section 5.1).

use std::{fmt, str::FromStr};

use crate::{error::Error, public_key::PublicKeyKind};

/// How the content encryption key gets to the recipient: the header's `alg`.
///
/// `RSA1_5` isn't here: recipients that decrypt PKCS #1 v1.5 can be used as an oracle against it, and RFC 8725 section
/// 3.2 advises against it. A client that asks for it has to be told so when it registers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum KeyManagementAlgorithm {
    /// RSAES-OAEP with SHA-1, which is what the RFC's default parameters say. Its proof doesn't need the hash to be
    /// free of collisions.
    RsaOaep,
    /// RSAES-OAEP with SHA-256.
    RsaOaep256,
    /// Diffie-Hellman with an ephemeral key; the outcome is the content encryption key itself.
    EcdhEs,
    /// Diffie-Hellman with an ephemeral key; the outcome wraps the content encryption key with AES-128.
    EcdhEsA128Kw,
    /// The same with AES-192.
    EcdhEsA192Kw,
    /// The same with AES-256.
    EcdhEsA256Kw,
}

impl KeyManagementAlgorithm {
    /// Every algorithm, in the order of this enum.
    pub const ALL: [Self; 6] =
        [Self::RsaOaep, Self::RsaOaep256, Self::EcdhEs, Self::EcdhEsA128Kw, Self::EcdhEsA192Kw, Self::EcdhEsA256Kw];

    /// The `alg` value.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::RsaOaep => "RSA-OAEP",
            Self::RsaOaep256 => "RSA-OAEP-256",
            Self::EcdhEs => "ECDH-ES",
            Self::EcdhEsA128Kw => "ECDH-ES+A128KW",
            Self::EcdhEsA192Kw => "ECDH-ES+A192KW",
            Self::EcdhEsA256Kw => "ECDH-ES+A256KW",
        }
    }

    /// Whether it encrypts to an RSA key; the others agree on a key.
    #[must_use]
    pub fn is_rsa(self) -> bool {
        matches!(self, Self::RsaOaep | Self::RsaOaep256)
    }

    /// Whether a public key of `kind` can be encrypted to. Ed25519 keys only sign.
    #[must_use]
    pub fn fits(self, kind: PublicKeyKind) -> bool {
        match kind {
            PublicKeyKind::Rsa { .. } => self.is_rsa(),
            PublicKeyKind::EllipticCurve(_) | PublicKeyKind::X25519 => !self.is_rsa(),
            PublicKeyKind::Ed25519 => false,
        }
    }
}

impl fmt::Display for KeyManagementAlgorithm {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl FromStr for KeyManagementAlgorithm {
    type Err = Error;

    /// Reads an `alg` value; names are case-sensitive (RFC 7516 section 4.1.1).
    fn from_str(text: &str) -> Result<Self, Error> {
        Self::ALL.into_iter().find(|algorithm| algorithm.as_str() == text).ok_or(Error::UnknownKeyManagement)
    }
}

/// How the content is encrypted and protected against change: the header's `enc`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ContentEncryption {
    /// AES-128 in GCM.
    A128Gcm,
    /// AES-192 in GCM.
    A192Gcm,
    /// AES-256 in GCM.
    A256Gcm,
    /// AES-128 in CBC with HMAC SHA-256. It is what `enc` is when a client registers only `alg` (OpenID Connect
    /// Dynamic Client Registration section 2).
    A128CbcHs256,
    /// AES-192 in CBC with HMAC SHA-384.
    A192CbcHs384,
    /// AES-256 in CBC with HMAC SHA-512.
    A256CbcHs512,
}

impl ContentEncryption {
    /// Every algorithm, in the order of this enum.
    pub const ALL: [Self; 6] =
        [Self::A128Gcm, Self::A192Gcm, Self::A256Gcm, Self::A128CbcHs256, Self::A192CbcHs384, Self::A256CbcHs512];

    /// The `enc` value.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::A128Gcm => "A128GCM",
            Self::A192Gcm => "A192GCM",
            Self::A256Gcm => "A256GCM",
            Self::A128CbcHs256 => "A128CBC-HS256",
            Self::A192CbcHs384 => "A192CBC-HS384",
            Self::A256CbcHs512 => "A256CBC-HS512",
        }
    }
}

impl fmt::Display for ContentEncryption {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl FromStr for ContentEncryption {
    type Err = Error;

    /// Reads an `enc` value; names are case-sensitive (RFC 7516 section 4.1.2).
    fn from_str(text: &str) -> Result<Self, Error> {
        Self::ALL.into_iter().find(|algorithm| algorithm.as_str() == text).ok_or(Error::UnknownContentEncryption)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_read_back() {
        for algorithm in KeyManagementAlgorithm::ALL {
            assert_eq!(algorithm.as_str().parse(), Ok(algorithm));
        }
        for encryption in ContentEncryption::ALL {
            assert_eq!(encryption.as_str().parse(), Ok(encryption));
        }
    }

    #[test]
    fn rsa1_5_symmetric_and_other_algorithms_are_unknown() {
        for name in ["RSA1_5", "dir", "A128KW", "PBES2-HS256+A128KW", "rsa-oaep", "none", ""] {
            assert_eq!(name.parse::<KeyManagementAlgorithm>(), Err(Error::UnknownKeyManagement));
        }
        for name in ["A128CBC", "a128gcm", "none", ""] {
            assert_eq!(name.parse::<ContentEncryption>(), Err(Error::UnknownContentEncryption));
        }
    }
}
