//! A public key and its forms: SubjectPublicKeyInfo (DER, PEM) and JWK members (RFC 7517, 7518 section 6, 8037).

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use openssl::{
    bn::{BigNum, BigNumContext},
    ec::{EcGroup, EcKey},
    nid::Nid,
    pkey::{HasPublic, Id, PKey, PKeyRef, Private, Public},
    rsa::{Rsa, RsaRef},
};
use serde_json::{Map, Value};

use crate::error::{Error, Step};

/// A NIST curve.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Curve {
    /// secp256r1.
    P256,
    /// secp384r1.
    P384,
    /// secp521r1.
    P521,
}

impl Curve {
    /// Every curve.
    pub const ALL: [Self; 3] = [Self::P256, Self::P384, Self::P521];

    /// The `crv` value, which is also Keycloak's `ecdsaEllipticCurveKey`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::P256 => "P-256",
            Self::P384 => "P-384",
            Self::P521 => "P-521",
        }
    }

    /// Reads a `crv` value.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|curve| curve.as_str() == text)
    }

    /// The length of a coordinate in bytes.
    #[must_use]
    pub fn coordinate_length(self) -> usize {
        match self {
            Self::P256 => 32,
            Self::P384 => 48,
            Self::P521 => 66,
        }
    }

    fn nid(self) -> Nid {
        match self {
            Self::P256 => Nid::X9_62_PRIME256V1,
            Self::P384 => Nid::SECP384R1,
            Self::P521 => Nid::SECP521R1,
        }
    }

    pub(crate) fn group(self) -> Result<EcGroup, Error> {
        EcGroup::from_curve_name(self.nid()).step("load a curve")
    }
}

/// The kind and size of a public key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PublicKeyKind {
    /// RSA with a modulus of `bits`.
    Rsa {
        /// The length of the modulus.
        bits: u32,
    },
    /// A point on a NIST curve.
    EllipticCurve(Curve),
    /// Ed25519, which signs.
    Ed25519,
    /// X25519, which agrees on keys (RFC 7748) and can't sign.
    X25519,
}

/// A public key of a supported kind.
#[derive(Clone)]
pub struct PublicKey {
    key: PKey<Public>,
    kind: PublicKeyKind,
}

impl std::fmt::Debug for PublicKey {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_tuple("PublicKey").field(&self.kind).finish()
    }
}

impl PublicKey {
    /// Reads a DER SubjectPublicKeyInfo (RFC 5280 section 4.1.2.7).
    ///
    /// # Errors
    /// [`Error::InvalidKey`] if it isn't one or its kind isn't supported.
    pub fn from_spki_der(der: &[u8]) -> Result<Self, Error> {
        let Ok(key) = PKey::public_key_from_der(der) else { return Err(Error::InvalidKey("not a public key")) };
        Self::from_pkey(key)
    }

    /// Reads a PEM SubjectPublicKeyInfo.
    ///
    /// # Errors
    /// As [`PublicKey::from_spki_der`].
    pub fn from_spki_pem(pem: &[u8]) -> Result<Self, Error> {
        let Ok(key) = PKey::public_key_from_pem(pem) else { return Err(Error::InvalidKey("not a public key")) };
        Self::from_pkey(key)
    }

    /// The public part of a PKCS#8 private key (RFC 5958).
    ///
    /// # Errors
    /// [`Error::InvalidKey`] if it isn't one or its kind isn't supported.
    pub fn from_pkcs8_der(der: &[u8]) -> Result<Self, Error> {
        let key = private_key_from_pkcs8(der)?;
        Self::from_private(&key)
    }

    /// The public key of a DER certificate. Nothing else of the certificate is looked at.
    ///
    /// # Errors
    /// [`Error::InvalidKey`] if it isn't a certificate or its key's kind isn't supported.
    pub fn from_certificate_der(der: &[u8]) -> Result<Self, Error> {
        let Ok(key) = openssl::x509::X509::from_der(der).and_then(|certificate| certificate.public_key()) else {
            return Err(Error::InvalidKey("not a certificate"));
        };
        Self::from_pkey(key)
    }

    /// Reads the public members of a JWK of type `RSA`, `EC` or `OKP`; others are ignored.
    ///
    /// # Errors
    /// [`Error::InvalidKey`] if a member is missing or wrong, or the point isn't on its curve.
    pub fn from_jwk(jwk: &Value) -> Result<Self, Error> {
        let member = |name: &str| jwk.get(name).and_then(Value::as_str);
        let bytes = |name: &'static str| {
            let text = member(name).ok_or(Error::InvalidKey("a member of the JWK is missing"))?;
            URL_SAFE_NO_PAD.decode(text).or(Err(Error::InvalidKey("a member of the JWK isn't base64url")))
        };
        let number = |name| bytes(name).and_then(|bytes| BigNum::from_slice(&bytes).step("read a number"));
        let key = match (member("kty"), member("crv")) {
            (Some("RSA"), _) => {
                Rsa::from_public_components(number("n")?, number("e")?).and_then(PKey::from_rsa).step("read a key")?
            }
            (Some("EC"), Some(name)) => {
                let curve = Curve::parse(name).ok_or(Error::InvalidKey("unsupported curve"))?;
                let (group, x, y) = (curve.group()?, number("x")?, number("y")?);
                let point = EcKey::from_public_key_affine_coordinates(&group, &x, &y);
                let Ok(key) = point.and_then(PKey::from_ec_key) else {
                    return Err(Error::InvalidKey("the point isn't on the curve"));
                };
                key
            }
            (Some("OKP"), Some(name @ ("Ed25519" | "X25519"))) => {
                let id = if name == "X25519" { Id::X25519 } else { Id::ED25519 };
                let Ok(key) = PKey::public_key_from_raw_bytes(&bytes("x")?, id) else {
                    return Err(Error::InvalidKey("x has another length than the curve's keys"));
                };
                key
            }
            _ => return Err(Error::InvalidKey("unsupported kty or crv")),
        };
        Self::from_pkey(key)
    }

    pub(crate) fn from_private(key: &PKeyRef<Private>) -> Result<Self, Error> {
        let der = key.public_key_to_der().step("write a public key")?;
        Self::from_spki_der(&der)
    }

    fn from_pkey(key: PKey<Public>) -> Result<Self, Error> {
        let kind = kind_of(&key)?;
        Ok(Self { key, kind })
    }

    pub(crate) fn pkey(&self) -> &PKeyRef<Public> {
        &self.key
    }

    /// Its kind and size.
    #[must_use]
    pub fn kind(&self) -> PublicKeyKind {
        self.kind
    }

    /// DER SubjectPublicKeyInfo.
    ///
    /// # Errors
    /// [`Error::Cryptography`] if OpenSSL can't write it.
    pub fn to_spki_der(&self) -> Result<Vec<u8>, Error> {
        self.key.public_key_to_der().step("write a public key")
    }

    /// PEM SubjectPublicKeyInfo.
    ///
    /// # Errors
    /// [`Error::Cryptography`] if OpenSSL can't write it.
    pub fn to_spki_pem(&self) -> Result<String, Error> {
        let pem = self.key.public_key_to_pem().step("write a public key")?;
        String::from_utf8(pem).step("write a public key")
    }

    /// The members of its JWK that RFC 7638 section 3.2 requires, in the lexicographic order that section 3.3 hashes.
    ///
    /// # Errors
    /// [`Error::Cryptography`] if OpenSSL can't take the key apart.
    pub fn jwk_members(&self) -> Result<Map<String, Value>, Error> {
        let encode = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        let members = match self.kind {
            PublicKeyKind::Rsa { .. } => {
                let rsa = self.key.rsa().step("take a key apart")?;
                vec![("e", encode(&rsa.e().to_vec())), ("kty", "RSA".to_owned()), ("n", encode(&rsa.n().to_vec()))]
            }
            PublicKeyKind::EllipticCurve(curve) => {
                let (x, y) = self.coordinates(curve)?;
                let crv = curve.as_str().to_owned();
                vec![("crv", crv), ("kty", "EC".to_owned()), ("x", encode(&x)), ("y", encode(&y))]
            }
            PublicKeyKind::Ed25519 | PublicKeyKind::X25519 => {
                let crv = if self.kind == PublicKeyKind::X25519 { "X25519" } else { "Ed25519" };
                let x = self.key.raw_public_key().step("take a key apart")?;
                vec![("crv", crv.to_owned()), ("kty", "OKP".to_owned()), ("x", encode(&x))]
            }
        };
        Ok(members.into_iter().map(|(name, text)| (name.to_owned(), Value::String(text))).collect())
    }

    /// The coordinates of the point, padded to the curve's length (RFC 7518 section 6.2.1.2).
    pub(crate) fn coordinates(&self, curve: Curve) -> Result<(Vec<u8>, Vec<u8>), Error> {
        let take_apart = || -> Result<_, openssl::error::ErrorStack> {
            let key = self.key.ec_key()?;
            let (mut x, mut y, mut context) = (BigNum::new()?, BigNum::new()?, BigNumContext::new()?);
            key.public_key().affine_coordinates(key.group(), &mut x, &mut y, &mut context)?;
            let length = i32::try_from(curve.coordinate_length()).unwrap_or(i32::MAX);
            Ok((x.to_vec_padded(length)?, y.to_vec_padded(length)?))
        };
        take_apart().step("take a key apart")
    }
}

pub(crate) fn private_key_from_pkcs8(der: &[u8]) -> Result<PKey<Private>, Error> {
    PKey::private_key_from_pkcs8(der).or(Err(Error::InvalidKey("not a PKCS#8 private key")))
}

fn kind_of<T: HasPublic>(key: &PKeyRef<T>) -> Result<PublicKeyKind, Error> {
    match key.id() {
        Id::RSA => match key.bits() {
            bits @ 2048..=8192 => {
                check_rsa(&*key.rsa().step("take a key apart")?)?;
                Ok(PublicKeyKind::Rsa { bits })
            }
            bits => Err(Error::RsaKeySize(bits)),
        },
        Id::EC => {
            // A SubjectPublicKeyInfo can hold the point at infinity, under which anybody can sign. OpenSSL 3 doesn't
            // take such a key apart; not every version may be as careful.
            let key = key.ec_key().or(Err(Error::InvalidKey("the point can't be used")))?;
            if key.public_key().is_infinity(key.group()) {
                return Err(Error::InvalidKey("the point can't be used"));
            }
            let name = key.group().curve_name();
            let curve = Curve::ALL.into_iter().find(|curve| Some(curve.nid()) == name);
            curve.map(PublicKeyKind::EllipticCurve).ok_or(Error::InvalidKey("unsupported curve"))
        }
        Id::ED25519 => Ok(PublicKeyKind::Ed25519),
        Id::X25519 => Ok(PublicKeyKind::X25519),
        _ => Err(Error::InvalidKey("unsupported kind of key")),
    }
}

/// Refuses what isn't an RSA key whatever its size: an exponent of 1 would leave a message as it is, even numbers have
/// no inverse, and an exponent of more than 64 bits makes each use as slow as its owner likes (OpenSSL draws the same
/// line for long moduli).
fn check_rsa<T: HasPublic>(key: &RsaRef<T>) -> Result<(), Error> {
    let (n, e) = (key.n(), key.e());
    if n.is_bit_set(0) && e.is_bit_set(0) && (2..=64).contains(&e.num_bits()) {
        Ok(())
    } else {
        Err(Error::InvalidKey("the numbers don't make an RSA key"))
    }
}

#[cfg(test)]
mod tests;
