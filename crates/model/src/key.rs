//! A key of a realm, as stored: the private part is sealed.

use time::OffsetDateTime;

use crate::id::ComponentId;

/// What a key is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum KeyUse {
    /// Signatures.
    Signature,
    /// Encryption.
    Encryption,
    /// The certificate authority whose leaves registries trust.
    RegistryAuthority,
}

impl KeyUse {
    /// Keycloak's short form.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Signature => "SIG",
            Self::Encryption => "ENC",
            Self::RegistryAuthority => "CA",
        }
    }

    /// Reads the short form.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Signature, Self::Encryption, Self::RegistryAuthority]
            .into_iter()
            .find(|purpose| purpose.as_str() == text)
    }
}

/// A key with its provider's settings. Whether it signs (active), only verifies (passive) or neither is the provider's
/// `active` and `enabled` setting; the highest priority among active keys of an algorithm signs.
#[derive(Clone, Debug)]
pub struct Key {
    /// The key id in tokens and JWKS: the RFC 7638 thumbprint.
    pub kid: String,
    /// The provider that it belongs to; none for the realm's registry authority.
    pub component: Option<ComponentId>,
    /// The provider's kind, such as `rsa-generated`.
    pub provider_id: String,
    /// The provider's priority.
    pub priority: i64,
    /// The provider's `enabled`.
    pub enabled: bool,
    /// The provider's `active`.
    pub active: bool,
    /// What it is for.
    pub purpose: KeyUse,
    /// The JOSE algorithm, such as `RS256`.
    pub algorithm: String,
    /// The private or secret part, sealed.
    pub sealed: String,
    /// The public part as DER (SubjectPublicKeyInfo); none for secret keys.
    pub public: Option<Vec<u8>>,
    /// An X.509 certificate as DER.
    pub certificate: Option<Vec<u8>>,
    /// When it was made.
    pub created: OffsetDateTime,
}
