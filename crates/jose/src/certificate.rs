//! X.509 certificates (RFC 5280): a realm's registry authority, the short-lived leaves of its signing keys, the
//! self-signed certificate of a realm key, and server certificates for example set-ups.

mod builder;

use std::net::IpAddr;

use base64::{Engine, engine::general_purpose::STANDARD};
use openssl::{
    asn1::Asn1Time,
    pkey::{PKey, Private},
    x509::X509,
};

use self::builder::{Issuer, Profile, build};
use crate::{
    error::{Error, Step},
    generate::{Pkcs8, generate_ec, to_pkcs8},
    public_key::{Curve, PublicKey, private_key_from_pkcs8},
};

/// A name that a server certificate is for (RFC 5280 section 4.2.1.6).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SubjectAlternativeName {
    /// A host name, possibly with a leading `*.`.
    Dns(String),
    /// An address.
    Ip(IpAddr),
}

impl SubjectAlternativeName {
    /// An address if `text` is one, otherwise a host name.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        text.parse().map_or_else(|_| Self::Dns(text.to_owned()), Self::Ip)
    }
}

/// A certificate authority with a P-256 key. Ed25519 is never used here, since registry 2.8 doesn't start with an
/// Ed25519 certificate in its bundle.
pub struct CertificateAuthority {
    key: PKey<Private>,
    certificate: X509,
    not_after: i64,
}

impl std::fmt::Debug for CertificateAuthority {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("CertificateAuthority").field("not_after", &self.not_after).finish_non_exhaustive()
    }
}

impl CertificateAuthority {
    /// Makes an authority: a new key and its certificate with critical `CA:TRUE` and the key usages `keyCertSign` and
    /// `cRLSign`. Times are seconds since 1970. A common name of more than 64 characters is shortened.
    ///
    /// # Errors
    /// [`Error::Certificate`] if the name is empty or the times are in the wrong order, [`Error::Cryptography`] if
    /// OpenSSL fails.
    pub fn generate(common_name: &str, not_before: i64, not_after: i64) -> Result<Self, Error> {
        let key = private_key_from_pkcs8(&generate_ec(Curve::P256)?)?;
        let public = PublicKey::from_private(&key)?;
        let issuer = Issuer { key: &key, certificate: None };
        let certificate = build(&Profile::Authority, &public, common_name, not_before, not_after, &issuer)?;
        Ok(Self { key, certificate, not_after })
    }

    /// Takes up a stored authority.
    ///
    /// # Errors
    /// [`Error::InvalidKey`] if either part can't be read or they don't belong together.
    pub fn from_parts(pkcs8_der: &[u8], certificate_der: &[u8]) -> Result<Self, Error> {
        let key = private_key_from_pkcs8(pkcs8_der)?;
        let certificate = X509::from_der(certificate_der).or(Err(Error::InvalidKey("not a certificate")))?;
        let public = certificate.public_key().or(Err(Error::InvalidKey("not a certificate")))?;
        if !public.public_eq(&key) {
            return Err(Error::InvalidKey("the certificate is another key's"));
        }
        let not_after = not_after(&certificate)?;
        Ok(Self { key, certificate, not_after })
    }

    /// The private key, to be sealed and stored.
    ///
    /// # Errors
    /// [`Error::Cryptography`] if OpenSSL can't write it.
    pub fn private_key_pkcs8(&self) -> Result<Pkcs8, Error> {
        to_pkcs8(&self.key)
    }

    /// Its certificate as DER.
    ///
    /// # Errors
    /// [`Error::Cryptography`] if OpenSSL can't write it.
    pub fn certificate_der(&self) -> Result<Vec<u8>, Error> {
        self.certificate.to_der().step("write a certificate")
    }

    /// When its certificate ends, in seconds since 1970.
    #[must_use]
    pub fn not_after(&self) -> i64 {
        self.not_after
    }

    /// Issues the certificate of a signing key, as DER: `CA:FALSE`, key usage `digitalSignature`. It ends with the
    /// authority at the latest.
    ///
    /// # Errors
    /// [`Error::Certificate`] if the name is empty or nothing is left of the time, [`Error::Cryptography`] if OpenSSL
    /// fails.
    pub fn issue_leaf(
        &self,
        public: &PublicKey,
        common_name: &str,
        not_before: i64,
        not_after: i64,
    ) -> Result<Vec<u8>, Error> {
        self.issue(&Profile::Leaf, public, common_name, not_before, not_after)
    }

    /// Issues the certificate of a TLS server, as DER: a leaf with `serverAuth` and the names given, of which the first
    /// is the common name.
    ///
    /// # Errors
    /// As [`CertificateAuthority::issue_leaf`]; [`Error::Certificate`] if there are no names or one isn't a host name.
    pub fn issue_server_leaf(
        &self,
        public: &PublicKey,
        names: &[SubjectAlternativeName],
        not_before: i64,
        not_after: i64,
    ) -> Result<Vec<u8>, Error> {
        let common_name = match names.first() {
            Some(SubjectAlternativeName::Dns(name)) => name.clone(),
            Some(SubjectAlternativeName::Ip(address)) => address.to_string(),
            None => return Err(Error::Certificate("a server needs a name")),
        };
        self.issue(&Profile::Server(names), public, &common_name, not_before, not_after)
    }

    fn issue(
        &self,
        profile: &Profile<'_>,
        public: &PublicKey,
        common_name: &str,
        not_before: i64,
        not_after: i64,
    ) -> Result<Vec<u8>, Error> {
        let issuer = Issuer { key: &self.key, certificate: Some(&self.certificate) };
        let not_after = not_after.min(self.not_after);
        build(profile, public, common_name, not_before, not_after, &issuer)?.to_der().step("write a certificate")
    }
}

/// A signing key's certificate that is signed with the key itself, as DER: `CA:FALSE`, key usage `digitalSignature`.
/// It is what a realm shows as a key's certificate and what a registry can have in its bundle.
///
/// # Errors
/// [`Error::InvalidKey`] if the key can't be read; otherwise as [`CertificateAuthority::issue_leaf`].
pub fn self_signed(pkcs8_der: &[u8], common_name: &str, not_before: i64, not_after: i64) -> Result<Vec<u8>, Error> {
    let key = private_key_from_pkcs8(pkcs8_der)?;
    let public = PublicKey::from_private(&key)?;
    let issuer = Issuer { key: &key, certificate: None };
    build(&Profile::Leaf, &public, common_name, not_before, not_after, &issuer)?.to_der().step("write a certificate")
}

/// A DER certificate as PEM.
///
/// # Errors
/// [`Error::InvalidKey`] if it isn't a certificate.
pub fn to_pem(certificate_der: &[u8]) -> Result<String, Error> {
    let pem = X509::from_der(certificate_der).and_then(|certificate| certificate.to_pem());
    String::from_utf8(pem.or(Err(Error::InvalidKey("not a certificate")))?).step("write a certificate")
}

/// Reads a certificate as a realm's export has it, base64 of its DER, or PEM, and gives the DER.
///
/// # Errors
/// [`Error::InvalidKey`] if it isn't a certificate.
pub fn from_text(text: &str) -> Result<Vec<u8>, Error> {
    let bare: String = text.split_ascii_whitespace().collect();
    let certificate = match text.contains("-----BEGIN") {
        true => X509::from_pem(text.as_bytes()).ok(),
        false => STANDARD.decode(bare).ok().and_then(|der| X509::from_der(&der).ok()),
    };
    certificate.ok_or(Error::InvalidKey("not a certificate"))?.to_der().step("write a certificate")
}

/// When a DER certificate ends, in seconds since 1970.
///
/// # Errors
/// [`Error::InvalidKey`] if it isn't a certificate.
pub fn expires_at(certificate_der: &[u8]) -> Result<i64, Error> {
    let certificate = X509::from_der(certificate_der).or(Err(Error::InvalidKey("not a certificate")))?;
    not_after(&certificate)
}

/// Until when a DER certificate is good, seconds since 1970.
///
/// # Errors
/// [`Error::Cryptography`] if it can't be read.
pub fn good_until(der: &[u8]) -> Result<i64, Error> {
    not_after(&X509::from_der(der).step("read a certificate")?)
}

fn not_after(certificate: &X509) -> Result<i64, Error> {
    let since = Asn1Time::from_unix(0).and_then(|start| start.diff(certificate.not_after()));
    let since = since.step("read a time")?;
    Ok(i64::from(since.days) * 86_400 + i64::from(since.secs))
}

#[cfg(test)]
mod tests;
