//! Decrypting what others encrypted to a realm: JWE in compact serialisation (RFC 7516 section 5.2), for request objects.
//!
//! Encryption says nothing about who wrote something: what comes out has to be signed, and is verified after this. Every
//! failure reads the same, so that nobody learns from it at which step it was. Compressed content is refused: a small text
//! could become one that fills the memory (RFC 8725 section 3.6).

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use josekit::jwe::{
    self, ECDH_ES, ECDH_ES_A128KW, ECDH_ES_A192KW, ECDH_ES_A256KW, JweDecrypter, RSA_OAEP, RSA_OAEP_256,
};
use serde_json::{Map, Value};

use crate::{
    compact::text,
    encrypt::{ContentEncryption, KeyManagementAlgorithm},
    error::Error,
    public_key::PublicKey,
    verify::MAX_TOKEN_LENGTH,
};

/// A private key, ready to decrypt with one algorithm from any thread.
pub struct DecryptionKey {
    algorithm: KeyManagementAlgorithm,
    decrypter: Box<dyn JweDecrypter>,
}

impl std::fmt::Debug for DecryptionKey {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_tuple("DecryptionKey").field(&self.algorithm).finish()
    }
}

impl DecryptionKey {
    /// Prepares a private key, PKCS #8.
    ///
    /// # Errors
    /// [`Error::EncryptionKeyDoesNotFit`] if the algorithm is for another kind of key.
    pub fn from_pkcs8_der(algorithm: KeyManagementAlgorithm, der: &[u8]) -> Result<Self, Error> {
        if !algorithm.fits(PublicKey::from_pkcs8_der(der)?.kind()) {
            return Err(Error::EncryptionKeyDoesNotFit(algorithm));
        }
        let decrypter: Result<Box<dyn JweDecrypter>, _> = match algorithm {
            KeyManagementAlgorithm::RsaOaep => boxed(RSA_OAEP.decrypter_from_der(der)),
            KeyManagementAlgorithm::RsaOaep256 => boxed(RSA_OAEP_256.decrypter_from_der(der)),
            KeyManagementAlgorithm::EcdhEs => boxed(ECDH_ES.decrypter_from_der(der)),
            KeyManagementAlgorithm::EcdhEsA128Kw => boxed(ECDH_ES_A128KW.decrypter_from_der(der)),
            KeyManagementAlgorithm::EcdhEsA192Kw => boxed(ECDH_ES_A192KW.decrypter_from_der(der)),
            KeyManagementAlgorithm::EcdhEsA256Kw => boxed(ECDH_ES_A256KW.decrypter_from_der(der)),
        };
        let decrypter = decrypter.or(Err(Error::InvalidKey("not usable for decrypting")))?;
        Ok(Self { algorithm, decrypter })
    }

    /// The one algorithm it is used with.
    #[must_use]
    pub fn algorithm(&self) -> KeyManagementAlgorithm {
        self.algorithm
    }
}

/// A JWE that was read and not decrypted yet.
#[derive(Debug)]
pub struct EncryptedToken<'token> {
    token: &'token str,
    header: Map<String, Value>,
    algorithm: KeyManagementAlgorithm,
    encryption: ContentEncryption,
}

impl<'token> EncryptedToken<'token> {
    /// Whether a token has the five parts of a JWE; a signed one has three.
    #[must_use]
    pub fn looks_like(token: &str) -> bool {
        token.bytes().filter(|byte| *byte == b'.').take(5).count() == 4
    }

    /// Reads the header.
    ///
    /// # Errors
    /// [`Error::TokenTooLong`], [`Error::MalformedToken`], [`Error::CriticalExtension`] also for compressed content,
    /// [`Error::UnknownKeyManagement`] and [`Error::UnknownContentEncryption`].
    pub fn parse(token: &'token str) -> Result<Self, Error> {
        if token.len() > MAX_TOKEN_LENGTH {
            return Err(Error::TokenTooLong);
        }
        if !Self::looks_like(token) {
            return Err(Error::MalformedToken);
        }
        let header = token.split('.').next().unwrap_or_default();
        let header = URL_SAFE_NO_PAD.decode(header).or(Err(Error::MalformedToken))?;
        let header: Map<String, Value> = serde_json::from_slice(&header).or(Err(Error::MalformedToken))?;
        if ["crit", "zip"].iter().any(|name| header.contains_key(*name)) {
            return Err(Error::CriticalExtension);
        }
        let algorithm: KeyManagementAlgorithm = text(&header, "alg").ok_or(Error::Header("no alg"))?.parse()?;
        let encryption = ContentEncryption::ALL.into_iter().find(|one| text(&header, "enc") == Some(one.as_str()));
        let encryption = encryption.ok_or(Error::UnknownContentEncryption)?;
        // A point that is not on the curve would give the private key away, bit by bit.
        match header.get("epk") {
            Some(key) => drop(PublicKey::from_jwk(key).or(Err(Error::Decryption))?),
            None if !algorithm.is_rsa() => return Err(Error::Decryption),
            None => {}
        }
        Ok(Self { token, header, algorithm, encryption })
    }

    /// How the content's key is encrypted.
    #[must_use]
    pub fn algorithm(&self) -> KeyManagementAlgorithm {
        self.algorithm
    }

    /// How the content is encrypted.
    #[must_use]
    pub fn encryption(&self) -> ContentEncryption {
        self.encryption
    }

    /// The id of the key that it was encrypted to.
    #[must_use]
    pub fn kid(&self) -> Option<&str> {
        text(&self.header, "kid")
    }

    /// What is inside, if the key is the right one.
    ///
    /// # Errors
    /// [`Error::Decryption`], whatever went wrong.
    pub fn decrypt(&self, key: &DecryptionKey) -> Result<String, Error> {
        if key.algorithm != self.algorithm {
            return Err(Error::Decryption);
        }
        let (content, _) = jwe::deserialize_compact(self.token, &*key.decrypter).or(Err(Error::Decryption))?;
        String::from_utf8(content).or(Err(Error::Decryption))
    }
}

fn boxed<T: JweDecrypter + 'static, E>(decrypter: Result<T, E>) -> Result<Box<dyn JweDecrypter>, E> {
    decrypter.map(|decrypter| -> Box<dyn JweDecrypter> { Box::new(decrypter) })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::{
        encrypt::{EncryptionKey, Types, encrypt},
        generate::{generate_ec, generate_ed25519, generate_rsa},
        public_key::Curve,
    };

    #[test]
    fn what_was_encrypted_to_a_key_is_read_with_it_alone() {
        for algorithm in KeyManagementAlgorithm::ALL {
            let make = || match algorithm.is_rsa() {
                true => generate_rsa(2048).unwrap(),
                false => generate_ec(Curve::P256).unwrap(),
            };
            let (private, other) = (make(), make());
            let public = PublicKey::from_pkcs8_der(&private).unwrap();
            let to = EncryptionKey::from_public_key(algorithm, &public).unwrap().with_kid(Some("k".into()));
            let (key, other) = (
                DecryptionKey::from_pkcs8_der(algorithm, &private).unwrap(),
                DecryptionKey::from_pkcs8_der(algorithm, &other).unwrap(),
            );
            for encryption in ContentEncryption::ALL {
                let token = encrypt(&to, encryption, Types::NESTED_JWT, b"a.b.c").unwrap();
                let read = EncryptedToken::parse(&token).unwrap();
                assert_eq!((read.algorithm(), read.encryption(), read.kid()), (algorithm, encryption, Some("k")));
                assert_eq!(read.decrypt(&key).unwrap(), "a.b.c");
                assert_eq!(read.decrypt(&other), Err(Error::Decryption), "{algorithm} {encryption}");
                let mut broken: Vec<_> = token.split('.').map(str::to_owned).collect();
                let flipped = if broken[3].starts_with('A') { "B" } else { "A" };
                broken[3].replace_range(..1, flipped);
                let broken = broken.join(".");
                assert_eq!(EncryptedToken::parse(&broken).unwrap().decrypt(&key), Err(Error::Decryption));
            }
        }
        let signs = generate_ed25519().unwrap();
        assert!(DecryptionKey::from_pkcs8_der(KeyManagementAlgorithm::EcdhEs, &signs).is_err());
    }

    #[test]
    fn headers_that_ask_for_more_are_refused() {
        let token = |header: Value| format!("{}.a.a.a.a", URL_SAFE_NO_PAD.encode(header.to_string()));
        let bad = |header: Value| EncryptedToken::parse(&token(header)).unwrap_err();
        assert!(EncryptedToken::parse(&token(json!({"alg": "RSA-OAEP", "enc": "A128GCM"}))).is_ok());
        assert_eq!(bad(json!({"alg": "RSA-OAEP", "enc": "A128GCM", "zip": "DEF"})), Error::CriticalExtension);
        assert_eq!(bad(json!({"alg": "RSA-OAEP", "enc": "A128GCM", "crit": []})), Error::CriticalExtension);
        for alg in ["RSA1_5", "dir", "A128KW", "PBES2-HS256+A128KW", "none"] {
            assert_eq!(bad(json!({"alg": alg, "enc": "A128GCM"})), Error::UnknownKeyManagement, "{alg}");
        }
        assert_eq!(bad(json!({"alg": "RSA-OAEP", "enc": "none"})), Error::UnknownContentEncryption);
        let outside = json!({"kty": "EC", "crv": "P-256", "x": "AAAA", "y": "AAAA"});
        assert_eq!(bad(json!({"alg": "ECDH-ES", "enc": "A128GCM", "epk": outside})), Error::Decryption);
        assert_eq!(bad(json!({"alg": "ECDH-ES", "enc": "A128GCM"})), Error::Decryption);
        for text in ["", "a.b.c", "a.b.c.d.e.f", "....", "a.b.c.d.e"] {
            assert!(EncryptedToken::parse(text).is_err(), "{text}");
        }
        assert_eq!(EncryptedToken::parse(&"a".repeat(MAX_TOKEN_LENGTH + 1)).unwrap_err(), Error::TokenTooLong);
    }
}
