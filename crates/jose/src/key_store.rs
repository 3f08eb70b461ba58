//! Key stores (PKCS #12, RFC 7292) and what people upload for a client: certificates and public keys as PEM.
//!
//! Java's own formats, JKS and BCFKS, are read and written by Java alone.

use base64::{Engine, engine::general_purpose::STANDARD};
use openssl::{pkcs12::Pkcs12, pkey::PKey, stack::Stack, x509::X509};
use zeroize::Zeroizing;

use crate::{
    error::{Error, Step},
    generate::{Pkcs8, to_pkcs8},
    public_key::{PublicKey, private_key_from_pkcs8},
};

/// What is in a key store.
pub struct Entry {
    /// The private key, PKCS #8; none if the store holds a certificate alone.
    pub private: Option<Pkcs8>,
    /// The certificate, DER.
    pub certificate: Vec<u8>,
}

impl std::fmt::Debug for Entry {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Entry").field("private", &self.private.is_some()).finish_non_exhaustive()
    }
}

/// Writes a PKCS #12 store with one entry, and further certificates beside it, all DER.
///
/// # Errors
/// [`Error::InvalidKey`] if a part can't be read, [`Error::Cryptography`] if OpenSSL fails.
pub fn to_pkcs12(entry: &Entry, alias: &str, further: &[Vec<u8>], password: &str) -> Result<Zeroizing<Vec<u8>>, Error> {
    let read = |der: &[u8]| X509::from_der(der).or(Err(Error::InvalidKey("not a certificate")));
    let certificate = read(&entry.certificate)?;
    let private = entry.private.as_ref().map(|der| private_key_from_pkcs8(der)).transpose()?;
    let mut store = Pkcs12::builder();
    store.name(alias).cert(&certificate);
    if let Some(private) = &private {
        store.pkey(private);
    }
    let mut others = Stack::new().step("write a key store")?;
    for der in further {
        others.push(read(der)?).step("write a key store")?;
    }
    if !others.is_empty() {
        store.ca(others);
    }
    let written = store.build2(password).and_then(|store| store.to_der()).step("write a key store")?;
    Ok(Zeroizing::new(written))
}

/// Reads a PKCS #12 store.
///
/// # Errors
/// [`Error::InvalidKey`] if it is none, if the password is another one, or if it is encrypted in a way that is known to be
/// broken.
pub fn from_pkcs12(der: &[u8], password: &str) -> Result<Entry, Error> {
    let parsed = Pkcs12::from_der(der).and_then(|store| store.parse2(password));
    let parsed = parsed.or(Err(Error::InvalidKey("not a PKCS #12 store, or one with another password")))?;
    let certificate = parsed.cert.or_else(|| parsed.ca.and_then(|others| others.into_iter().next()));
    let certificate = certificate.ok_or(Error::InvalidKey("the store holds no certificate"))?;
    let private = match parsed.pkey {
        None => None,
        Some(key) => {
            PublicKey::from_private(&key)?;
            Some(to_pkcs8(&key)?)
        }
    };
    Ok(Entry { private, certificate: certificate.to_der().step("write a certificate")? })
}

/// Reads a certificate: PEM, or the base64 inside it alone. Gives DER.
///
/// # Errors
/// [`Error::InvalidKey`] if it is none, or its key is of a kind that isn't supported.
pub fn certificate_from_text(text: &str) -> Result<Vec<u8>, Error> {
    let unreadable = || Error::InvalidKey("not a certificate");
    let certificate = match text.contains("-----BEGIN") {
        true => X509::from_pem(text.as_bytes()).or(Err(unreadable()))?,
        false => X509::from_der(&bare(text).ok_or_else(unreadable)?).or(Err(unreadable()))?,
    };
    let der = certificate.to_der().step("write a certificate")?;
    PublicKey::from_certificate_der(&der)?;
    Ok(der)
}

/// Reads a public key: PEM, or the base64 inside it alone. Gives DER (SubjectPublicKeyInfo).
///
/// # Errors
/// [`Error::InvalidKey`] if it is none, or of a kind that isn't supported.
pub fn public_key_from_text(text: &str) -> Result<Vec<u8>, Error> {
    let key = match text.contains("-----BEGIN") {
        true => PublicKey::from_spki_pem(text.as_bytes())?,
        false => PublicKey::from_spki_der(&bare(text).ok_or(Error::InvalidKey("not a public key"))?)?,
    };
    key.to_spki_der()
}

/// The public key in a certificate that [`certificate_from_text`] can read, DER (SubjectPublicKeyInfo).
///
/// # Errors
/// As of [`certificate_from_text`].
pub fn public_key_of_certificate(text: &str) -> Result<Vec<u8>, Error> {
    PublicKey::from_certificate_der(&certificate_from_text(text)?)?.to_spki_der()
}

fn bare(text: &str) -> Option<Vec<u8>> {
    let letters: String = text.split_ascii_whitespace().collect();
    STANDARD.decode(letters).ok()
}

/// A private key as Keycloak hands it out: base64 of PKCS #1 for RSA (RFC 8017 appendix A.1.2), else of PKCS #8.
///
/// # Errors
/// [`Error::InvalidKey`] if `der` is no PKCS #8 private key.
pub fn private_key_text(der: &[u8]) -> Result<Zeroizing<String>, Error> {
    let key = private_key_from_pkcs8(der)?;
    let written = match key.rsa() {
        Ok(rsa) => Zeroizing::new(rsa.private_key_to_der().step("write a private key")?),
        Err(_) => to_pkcs8(&key)?,
    };
    Ok(Zeroizing::new(STANDARD.encode(&*written)))
}

/// Reads what [`private_key_text`] writes.
///
/// # Errors
/// [`Error::InvalidKey`] if it is none, or of a kind that isn't supported.
pub fn private_key_from_text(text: &str) -> Result<Pkcs8, Error> {
    let unreadable = Error::InvalidKey("not a private key");
    let Some(der) = bare(text).map(Zeroizing::new) else { return Err(unreadable) };
    let Ok(key) = PKey::private_key_from_der(&der) else { return Err(unreadable) };
    PublicKey::from_private(&key)?;
    to_pkcs8(&key)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        certificate::{self_signed, to_pem},
        generate::{generate_ec, generate_rsa},
        public_key::Curve,
    };

    #[test]
    fn a_store_reads_back() {
        let private = generate_rsa(2048).unwrap();
        let certificate = self_signed(&private, "app", 0, 2_000_000_000).unwrap();
        let other = self_signed(&generate_ec(Curve::P256).unwrap(), "realm", 0, 2_000_000_000).unwrap();
        let entry = Entry { private: Some(private.clone()), certificate: certificate.clone() };
        let store = to_pkcs12(&entry, "app", &[other], "secret").unwrap();
        let read = from_pkcs12(&store, "secret").unwrap();
        assert_eq!((read.private.as_ref().unwrap(), &read.certificate), (&private, &certificate));
        assert!(matches!(from_pkcs12(&store, "another"), Err(Error::InvalidKey(_))));
        assert!(matches!(from_pkcs12(b"rubbish", "secret"), Err(Error::InvalidKey(_))));
        let alone = to_pkcs12(&Entry { private: None, certificate: certificate.clone() }, "app", &[], "x").unwrap();
        let read = from_pkcs12(&alone, "x").unwrap();
        assert!(read.private.is_none() && read.certificate == certificate);
    }

    #[test]
    fn uploads_are_read_with_and_without_their_armour() {
        let private = generate_ec(Curve::P256).unwrap();
        let certificate = self_signed(&private, "app", 0, 2_000_000_000).unwrap();
        let pem = to_pem(&certificate).unwrap();
        let inner: String = pem.lines().filter(|line| !line.starts_with("-----")).collect::<Vec<_>>().join("\n");
        for text in [&pem, &inner] {
            assert_eq!(certificate_from_text(text).unwrap(), certificate);
        }
        let public = PublicKey::from_pkcs8_der(&private).unwrap().to_spki_der().unwrap();
        assert_eq!(public_key_from_text(&STANDARD.encode(&public)).unwrap(), public);
        for text in ["", "rubbish", "-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----", "AAAA"] {
            assert!(certificate_from_text(text).is_err() && public_key_from_text(text).is_err(), "{text}");
            assert!(private_key_from_text(text).is_err());
        }
        for private in [private, generate_rsa(2048).unwrap()] {
            assert_eq!(private_key_from_text(&private_key_text(&private).unwrap()).unwrap(), private);
        }
    }
}
