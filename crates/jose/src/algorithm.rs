//! The signature algorithms (RFC 7518 section 3.1; EdDSA: RFC 8037 section 3.1).

use std::{fmt, str::FromStr};

use crate::{
    error::Error,
    public_key::{Curve, PublicKeyKind},
};

/// A JWS algorithm. `none` isn't one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum SignatureAlgorithm {
    /// RSASSA-PKCS1-v1_5 with SHA-256.
    Rs256,
    /// RSASSA-PKCS1-v1_5 with SHA-384.
    Rs384,
    /// RSASSA-PKCS1-v1_5 with SHA-512.
    Rs512,
    /// RSASSA-PSS with SHA-256.
    Ps256,
    /// RSASSA-PSS with SHA-384.
    Ps384,
    /// RSASSA-PSS with SHA-512.
    Ps512,
    /// ECDSA on P-256 with SHA-256.
    Es256,
    /// ECDSA on P-384 with SHA-384.
    Es384,
    /// ECDSA on P-521 with SHA-512.
    Es512,
    /// EdDSA; here always Ed25519.
    EdDsa,
    /// HMAC with SHA-256.
    Hs256,
    /// HMAC with SHA-384.
    Hs384,
    /// HMAC with SHA-512.
    Hs512,
}

/// The kind of key that an algorithm works with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Family {
    /// An RSA key of at least 2048 bits.
    Rsa,
    /// A key on the one curve that the algorithm is for.
    EllipticCurve(Curve),
    /// An Ed25519 key.
    Edwards,
    /// A shared secret at least as long as the hash.
    Hmac,
}

impl Family {
    /// Whether a public key of `kind` belongs to the family.
    #[must_use]
    pub fn fits(self, kind: PublicKeyKind) -> bool {
        match (self, kind) {
            (Self::Rsa, PublicKeyKind::Rsa { .. }) | (Self::Edwards, PublicKeyKind::Ed25519) => true,
            (Self::EllipticCurve(wanted), PublicKeyKind::EllipticCurve(curve)) => wanted == curve,
            _ => false,
        }
    }
}

impl SignatureAlgorithm {
    /// Every algorithm, in the order of this enum.
    pub const ALL: [Self; 13] = [
        Self::Rs256,
        Self::Rs384,
        Self::Rs512,
        Self::Ps256,
        Self::Ps384,
        Self::Ps512,
        Self::Es256,
        Self::Es384,
        Self::Es512,
        Self::EdDsa,
        Self::Hs256,
        Self::Hs384,
        Self::Hs512,
    ];

    /// The `alg` value.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Rs256 => "RS256",
            Self::Rs384 => "RS384",
            Self::Rs512 => "RS512",
            Self::Ps256 => "PS256",
            Self::Ps384 => "PS384",
            Self::Ps512 => "PS512",
            Self::Es256 => "ES256",
            Self::Es384 => "ES384",
            Self::Es512 => "ES512",
            Self::EdDsa => "EdDSA",
            Self::Hs256 => "HS256",
            Self::Hs384 => "HS384",
            Self::Hs512 => "HS512",
        }
    }

    /// The kind of key it works with.
    #[must_use]
    pub fn family(self) -> Family {
        match self {
            Self::Rs256 | Self::Rs384 | Self::Rs512 | Self::Ps256 | Self::Ps384 | Self::Ps512 => Family::Rsa,
            Self::Es256 => Family::EllipticCurve(Curve::P256),
            Self::Es384 => Family::EllipticCurve(Curve::P384),
            Self::Es512 => Family::EllipticCurve(Curve::P521),
            Self::EdDsa => Family::Edwards,
            Self::Hs256 | Self::Hs384 | Self::Hs512 => Family::Hmac,
        }
    }

    /// The shortest shared secret that RFC 7518 section 3.2 allows, in bytes; none unless [`Family::Hmac`].
    #[must_use]
    pub fn shortest_secret(self) -> Option<usize> {
        match self {
            Self::Hs256 => Some(32),
            Self::Hs384 => Some(48),
            Self::Hs512 => Some(64),
            _ => None,
        }
    }
}

impl fmt::Display for SignatureAlgorithm {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl FromStr for SignatureAlgorithm {
    type Err = Error;

    /// Reads an `alg` value; names are case-sensitive (RFC 7515 section 4.1.1).
    fn from_str(text: &str) -> Result<Self, Error> {
        Self::ALL.into_iter().find(|algorithm| algorithm.as_str() == text).ok_or(Error::UnknownAlgorithm)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_read_back() {
        for algorithm in SignatureAlgorithm::ALL {
            assert_eq!(algorithm.as_str().parse(), Ok(algorithm));
        }
    }

    #[test]
    fn none_and_other_spellings_are_unknown() {
        for name in ["none", "None", "rs256", "EDDSA", "", "ES256K"] {
            assert_eq!(name.parse::<SignatureAlgorithm>(), Err(Error::UnknownAlgorithm));
        }
    }
}
