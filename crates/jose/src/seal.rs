//! Sealing: encryption of what is stored, such as private keys and client secrets.
//!
//! A sealed text is a compact JWE (RFC 7516) with `dir` and `A256GCM`. Its header names the sealing key, so that keys
//! can be replaced, and the place that the text belongs to, so that a text copied from one row to another doesn't open.

use std::fmt;

use base64::{
    Engine, alphabet,
    engine::{
        DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig,
        general_purpose::{STANDARD, URL_SAFE_NO_PAD},
    },
};
use josekit::jwe::{self, Dir, JweHeader};
use openssl::sha::Sha256;
use serde_json::{Map, Value, json};
use zeroize::Zeroizing;

use crate::{
    error::{Error, Step},
    generate::generate_secret,
};

/// The length of a sealing key in bytes.
const KEY_LENGTH: usize = 32;

/// The header member with the place that the text belongs to.
const CONTEXT: &str = "ctx";

/// Keys are written by hand or by other tools, with and without padding.
const LENIENT: GeneralPurposeConfig =
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);

/// A key of 32 bytes that seals.
#[derive(Clone)]
pub struct SealingKey {
    bytes: Zeroizing<Vec<u8>>,
    kid: String,
}

impl fmt::Debug for SealingKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("SealingKey(***)")
    }
}

impl SealingKey {
    /// Reads the text of a key file: 32 bytes in base64 or base64url, padded or not, with white space around it.
    ///
    /// # Errors
    /// [`Error::SealingKey`] if it's anything else.
    pub fn from_base64(text: &str) -> Result<Self, Error> {
        let text = text.trim();
        let alphabet = if text.contains(['-', '_']) { alphabet::URL_SAFE } else { alphabet::STANDARD };
        let decoded = GeneralPurpose::new(&alphabet, LENIENT).decode(text).map(Zeroizing::new);
        let bytes = decoded.or(Err(Error::SealingKey))?;
        if bytes.len() != KEY_LENGTH {
            return Err(Error::SealingKey);
        }
        Ok(Self { kid: key_id(&bytes), bytes })
    }

    /// The text of a new key, for a key file.
    ///
    /// # Errors
    /// [`Error::Cryptography`] if OpenSSL fails.
    pub fn generate_base64() -> Result<Zeroizing<String>, Error> {
        Ok(Zeroizing::new(STANDARD.encode(generate_secret(KEY_LENGTH)?.as_slice())))
    }

    /// The id that sealed texts name it by: a hash of the key, so that nobody has to give it one.
    #[must_use]
    pub fn kid(&self) -> &str {
        &self.kid
    }

    /// Seals `plaintext` for the place `context`, such as `realm/purpose/id`. `context` is readable in the result.
    ///
    /// # Errors
    /// [`Error::Cryptography`] if OpenSSL fails.
    pub fn seal(&self, context: &str, plaintext: &[u8]) -> Result<String, Error> {
        let mut header = JweHeader::new();
        header.set_content_encryption("A256GCM");
        header.set_key_id(&self.kid);
        header.set_claim(CONTEXT, Some(json!(context))).step("seal")?;
        let encrypter = Dir.encrypter_from_bytes(self.bytes.as_slice()).step("seal")?;
        jwe::serialize_compact(plaintext, &header, &encrypter).step("seal")
    }

    /// Opens what this key sealed for `context`.
    ///
    /// # Errors
    /// [`Error::UnknownSealingKey`] if another key sealed it; [`Error::Sealed`] if it was sealed for another place or
    /// altered.
    pub fn open(&self, context: &str, sealed: &str) -> Result<Zeroizing<Vec<u8>>, Error> {
        let header = header(sealed)?;
        let kid = kid_of(&header)?;
        if kid != self.kid {
            return Err(Error::UnknownSealingKey(printable(kid)));
        }
        // Compared before decryption, which then proves that the header is the one that was written. Nothing else may
        // be in the header: another `enc` of the same key length or a `zip` would make the library do other things.
        let expected = json!({"alg": "dir", "enc": "A256GCM", "kid": self.kid, CONTEXT: context});
        if Some(&header) != expected.as_object() {
            return Err(Error::Sealed);
        }
        let decrypter = Dir.decrypter_from_bytes(self.bytes.as_slice()).step("open a sealed text")?;
        let (plaintext, _) = jwe::deserialize_compact(sealed, &decrypter).or(Err(Error::Sealed))?;
        Ok(Zeroizing::new(plaintext))
    }
}

/// The key that seals and those that sealed before it.
#[derive(Clone, Debug)]
pub struct SealingKeys {
    /// Seals, and opens what it sealed.
    pub current: SealingKey,
    /// Only open, until everything has been sealed anew.
    pub older: Vec<SealingKey>,
}

impl SealingKeys {
    /// Seals with the current key.
    ///
    /// # Errors
    /// As [`SealingKey::seal`].
    pub fn seal(&self, context: &str, plaintext: &[u8]) -> Result<String, Error> {
        self.current.seal(context, plaintext)
    }

    /// Opens with the key that the text names.
    ///
    /// # Errors
    /// [`Error::UnknownSealingKey`] if it's none of these; otherwise as [`SealingKey::open`].
    pub fn open(&self, context: &str, sealed: &str) -> Result<Zeroizing<Vec<u8>>, Error> {
        let header = header(sealed)?;
        let kid = kid_of(&header)?;
        let key = std::iter::once(&self.current).chain(&self.older).find(|key| key.kid == kid);
        key.ok_or_else(|| Error::UnknownSealingKey(printable(kid)))?.open(context, sealed)
    }

    /// Whether a text was sealed with an older key and should be sealed anew. A text that can't be read counts as
    /// needing it, so that the attempt brings the fault to light.
    #[must_use]
    pub fn needs_resealing(&self, sealed: &str) -> bool {
        header(sealed).as_ref().map_or(Err(Error::Sealed), kid_of).ok() != Some(self.current.kid.as_str())
    }
}

fn key_id(bytes: &[u8]) -> String {
    let mut hash = Sha256::new();
    hash.update(b"portcullis sealing key id\0");
    hash.update(bytes);
    let hash = hash.finish();
    let (used, _) = hash.split_at(9);
    URL_SAFE_NO_PAD.encode(used)
}

fn header(sealed: &str) -> Result<Map<String, Value>, Error> {
    let (header, _) = sealed.split_once('.').ok_or(Error::Sealed)?;
    let header = URL_SAFE_NO_PAD.decode(header).or(Err(Error::Sealed))?;
    serde_json::from_slice(&header).or(Err(Error::Sealed))
}

fn kid_of(header: &Map<String, Value>) -> Result<&str, Error> {
    header.get("kid").and_then(Value::as_str).ok_or(Error::Sealed)
}

/// What an error shows of a `kid` that may not be ours.
fn printable(kid: &str) -> String {
    kid.chars().filter(char::is_ascii_graphic).take(24).collect()
}

#[cfg(test)]
mod tests;
