//! Encrypting to a client: JWE in compact serialisation (RFC 7516 section 7.1), for ID tokens and userinfo.
//!
//! Only encryption, and only to public keys. What is encrypted has been signed before where that was asked for; the
//! outer header then says `cty: JWT` (RFC 7519 section 5.2). Nothing is ever compressed (RFC 8725 section 3.6).

mod algorithm;

use josekit::jwe::{
    self, ECDH_ES, ECDH_ES_A128KW, ECDH_ES_A192KW, ECDH_ES_A256KW, JweEncrypter, JweHeader, RSA_OAEP, RSA_OAEP_256,
};

pub use self::algorithm::{ContentEncryption, KeyManagementAlgorithm};
use crate::{
    error::{Error, Step},
    public_key::PublicKey,
};

/// A client's public key, ready to encrypt to with one algorithm from any thread.
#[derive(Clone)]
pub struct EncryptionKey {
    algorithm: KeyManagementAlgorithm,
    encrypter: Box<dyn JweEncrypter>,
    kid: Option<String>,
}

impl std::fmt::Debug for EncryptionKey {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut shown = formatter.debug_struct("EncryptionKey");
        shown.field("algorithm", &self.algorithm).field("kid", &self.kid).finish_non_exhaustive()
    }
}

impl EncryptionKey {
    /// Prepares a public key.
    ///
    /// # Errors
    /// [`Error::EncryptionKeyDoesNotFit`] if the algorithm is for another kind of key.
    pub fn from_public_key(algorithm: KeyManagementAlgorithm, key: &PublicKey) -> Result<Self, Error> {
        if !algorithm.fits(key.kind()) {
            return Err(Error::EncryptionKeyDoesNotFit(algorithm));
        }
        let der = key.to_spki_der()?;
        let encrypter: Result<Box<dyn JweEncrypter>, _> = match algorithm {
            KeyManagementAlgorithm::RsaOaep => boxed(RSA_OAEP.encrypter_from_der(der)),
            KeyManagementAlgorithm::RsaOaep256 => boxed(RSA_OAEP_256.encrypter_from_der(der)),
            KeyManagementAlgorithm::EcdhEs => boxed(ECDH_ES.encrypter_from_der(der)),
            KeyManagementAlgorithm::EcdhEsA128Kw => boxed(ECDH_ES_A128KW.encrypter_from_der(der)),
            KeyManagementAlgorithm::EcdhEsA192Kw => boxed(ECDH_ES_A192KW.encrypter_from_der(der)),
            KeyManagementAlgorithm::EcdhEsA256Kw => boxed(ECDH_ES_A256KW.encrypter_from_der(der)),
        };
        let encrypter = encrypter.or(Err(Error::InvalidKey("not usable for encrypting")))?;
        Ok(Self { algorithm, encrypter, kid: None })
    }

    /// The same key with the id that its owner knows it by, which the header then names.
    #[must_use]
    pub fn with_kid(self, kid: Option<String>) -> Self {
        Self { kid, ..self }
    }

    /// The one algorithm it is used with.
    #[must_use]
    pub fn algorithm(&self) -> KeyManagementAlgorithm {
        self.algorithm
    }

    /// Its id.
    #[must_use]
    pub fn kid(&self) -> Option<&str> {
        self.kid.as_deref()
    }
}

/// What the header says about the kinds of things: `typ` of the whole, `cty` of what is inside.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Types<'text> {
    /// RFC 7516 section 4.1.11.
    pub typ: Option<&'text str>,
    /// RFC 7516 section 4.1.12.
    pub cty: Option<&'text str>,
}

impl Types<'_> {
    /// Of a signed JWT inside a JWE (RFC 7519 sections 5.1 and 5.2).
    pub const NESTED_JWT: Types<'static> = Types { typ: Some("JWT"), cty: Some("JWT") };
    /// Of bare claims inside a JWE.
    pub const JWT: Types<'static> = Types { typ: Some("JWT"), cty: None };
}

/// Encrypts `payload` to `key`. Each call draws a new content encryption key, and a new ephemeral key with ECDH-ES.
///
/// # Errors
/// [`Error::Cryptography`] if OpenSSL fails, as it does with an X25519 key of low order.
pub fn encrypt(
    key: &EncryptionKey,
    encryption: ContentEncryption,
    types: Types<'_>,
    payload: &[u8],
) -> Result<String, Error> {
    let mut header = JweHeader::new();
    header.set_content_encryption(encryption.as_str());
    if let Some(kid) = &key.kid {
        header.set_key_id(kid);
    }
    if let Some(typ) = types.typ {
        header.set_token_type(typ);
    }
    if let Some(cty) = types.cty {
        header.set_content_type(cty);
    }
    jwe::serialize_compact(payload, &header, &*key.encrypter).step("encrypt")
}

fn boxed<T: JweEncrypter + 'static, E>(encrypter: Result<T, E>) -> Result<Box<dyn JweEncrypter>, E> {
    encrypter.map(|encrypter| -> Box<dyn JweEncrypter> { Box::new(encrypter) })
}

#[cfg(test)]
mod examples;
#[cfg(test)]
mod tests;
