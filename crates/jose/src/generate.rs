//! New keys, as PKCS#8 (RFC 5958).

use base64::{Engine, engine::general_purpose::STANDARD};
use openssl::{
    ec::EcKey,
    pkey::{PKey, Private},
    rand::rand_bytes,
    rsa::Rsa,
};
use zeroize::Zeroizing;

use crate::{
    error::{Error, Step},
    public_key::{Curve, PublicKey, PublicKeyKind, private_key_from_pkcs8},
};

/// A PKCS#8 private key in DER, wiped when dropped.
pub type Pkcs8 = Zeroizing<Vec<u8>>;

/// How often a point is drawn anew. One in 128 is refused on P-256 and three in four on P-521, whose first bytes are 0
/// or 1; so this many refusals in a row mean a broken generator.
const MAX_EC_ATTEMPTS: usize = 1000;

/// A new RSA key with public exponent 65537.
///
/// # Errors
/// [`Error::RsaKeySize`] unless `bits` is 2048 to 8192; [`Error::Cryptography`] if OpenSSL fails.
pub fn generate_rsa(bits: u32) -> Result<Pkcs8, Error> {
    if !(2048..=8192).contains(&bits) {
        return Err(Error::RsaKeySize(bits));
    }
    let key = Rsa::generate(bits).and_then(PKey::from_rsa).step("make an RSA key")?;
    to_pkcs8(&key)
}

/// A new key on `curve`, none of whose coordinates starts with a zero byte: see [`coordinate_starts_with_zero`].
///
/// # Errors
/// [`Error::Cryptography`] if OpenSSL fails.
pub fn generate_ec(curve: Curve) -> Result<Pkcs8, Error> {
    let group = curve.group()?;
    for _ in 0..MAX_EC_ATTEMPTS {
        let key = EcKey::generate(&group).and_then(PKey::from_ec_key).step("make an EC key")?;
        if !coordinate_starts_with_zero(&PublicKey::from_private(&key)?)? {
            return to_pkcs8(&key);
        }
    }
    Err(Error::Cryptography("make an EC key"))
}

/// A new Ed25519 key.
///
/// # Errors
/// [`Error::Cryptography`] if OpenSSL fails.
pub fn generate_ed25519() -> Result<Pkcs8, Error> {
    to_pkcs8(&PKey::generate_ed25519().step("make an Ed25519 key")?)
}

/// A new shared secret of `length` bytes, for the HMAC algorithms.
///
/// # Errors
/// [`Error::Cryptography`] if OpenSSL fails.
pub fn generate_secret(length: usize) -> Result<Zeroizing<Vec<u8>>, Error> {
    let mut secret = Zeroizing::new(vec![0; length]);
    rand_bytes(&mut secret).step("draw random bytes")?;
    Ok(secret)
}

/// Whether a coordinate of an EC key starts with a zero byte. Docker registry 3.1 leaves such a byte out when it
/// computes the key's RFC 7638 thumbprint, so it wouldn't find a token's `kid`; such keys are never handed out.
/// Other kinds of keys aren't affected.
///
/// # Errors
/// [`Error::Cryptography`] if OpenSSL can't take the key apart.
pub fn coordinate_starts_with_zero(key: &PublicKey) -> Result<bool, Error> {
    let PublicKeyKind::EllipticCurve(curve) = key.kind() else { return Ok(false) };
    let (x, y) = key.coordinates(curve)?;
    Ok(x.first() == Some(&0) || y.first() == Some(&0))
}

/// A PKCS#8 key as PEM (RFC 7468 section 10), for files that other programs read.
///
/// # Errors
/// [`Error::InvalidKey`] if `der` isn't a PKCS#8 private key.
pub fn to_pem(der: &[u8]) -> Result<Zeroizing<String>, Error> {
    let pem = private_key_from_pkcs8(der)?.private_key_to_pem_pkcs8().step("write a private key")?;
    String::from_utf8(pem).map(Zeroizing::new).step("write a private key")
}

/// Reads an unencrypted PEM private key (PKCS#8, PKCS#1 or SEC 1), as uploaded for a realm, into PKCS#8.
///
/// # Errors
/// [`Error::InvalidKey`] if it can't be read or its kind isn't supported, [`Error::RsaKeySize`] for a short RSA key.
pub fn from_pem(pem: &str) -> Result<Pkcs8, Error> {
    // The callback answers the question for a passphrase; without it OpenSSL would ask on the terminal.
    let key = PKey::private_key_from_pem_callback(pem.as_bytes(), |_| Ok(0));
    let key = key.or(Err(Error::InvalidKey("not an unencrypted PEM private key")))?;
    PublicKey::from_private(&key)?;
    to_pkcs8(&key)
}

/// Reads a private key as a realm's export has it: base64 of its DER (PKCS#8, PKCS#1 or SEC 1), or PEM.
///
/// # Errors
/// As [`from_pem`].
pub fn from_export(text: &str) -> Result<Pkcs8, Error> {
    if text.contains("-----BEGIN") {
        return from_pem(text);
    }
    let unreadable = Err(Error::InvalidKey("not a private key in base64"));
    let bare: Zeroizing<String> = Zeroizing::new(text.split_ascii_whitespace().collect());
    let Ok(der) = STANDARD.decode(bare.as_bytes()).map(Zeroizing::new) else { return unreadable };
    let Ok(key) = PKey::private_key_from_der(&der) else { return unreadable };
    PublicKey::from_private(&key)?;
    to_pkcs8(&key)
}

/// Writes a private key as Keycloak's exports have it: base64 of PKCS#1 for RSA (RFC 8017 appendix A.1.2), else of
/// PKCS#8.
///
/// # Errors
/// [`Error::InvalidKey`] if `der` isn't a PKCS#8 private key.
pub fn to_export(der: &[u8]) -> Result<Zeroizing<String>, Error> {
    let key = private_key_from_pkcs8(der)?;
    let written = match key.rsa() {
        Ok(rsa) => Zeroizing::new(rsa.private_key_to_der().step("write a private key")?),
        Err(_) => to_pkcs8(&key)?,
    };
    Ok(Zeroizing::new(STANDARD.encode(&*written)))
}

pub(crate) fn to_pkcs8(key: &PKey<Private>) -> Result<Pkcs8, Error> {
    key.private_key_to_pkcs8().map(Zeroizing::new).step("write a private key")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn makes_keys_of_the_asked_kind() {
        let kind = |der: &[u8]| PublicKey::from_pkcs8_der(der).unwrap().kind();
        assert_eq!(kind(&generate_rsa(2048).unwrap()), PublicKeyKind::Rsa { bits: 2048 });
        assert_eq!(kind(&generate_ed25519().unwrap()), PublicKeyKind::Ed25519);
        for curve in Curve::ALL {
            let der = generate_ec(curve).unwrap();
            assert_eq!(kind(&der), PublicKeyKind::EllipticCurve(curve));
            assert!(!coordinate_starts_with_zero(&PublicKey::from_pkcs8_der(&der).unwrap()).unwrap());
        }
    }

    #[test]
    fn pem_reads_back_and_encrypted_pem_is_refused() {
        let der = generate_ec(Curve::P256).unwrap();
        assert_eq!(*from_pem(&to_pem(&der).unwrap()).unwrap(), *der);
        let key = private_key_from_pkcs8(&der).unwrap();
        let sec1 = String::from_utf8(key.ec_key().unwrap().private_key_to_pem().unwrap()).unwrap();
        assert_eq!(*from_pem(&sec1).unwrap(), *der);
        let cipher = openssl::symm::Cipher::aes_128_cbc();
        let encrypted = key.private_key_to_pem_pkcs8_passphrase(cipher, b"passphrase").unwrap();
        for pem in [std::str::from_utf8(&encrypted).unwrap(), "", "rubbish"] {
            assert!(matches!(from_pem(pem), Err(Error::InvalidKey(_))));
        }
    }

    #[test]
    fn exported_keys_read_back() {
        for der in [generate_rsa(2048).unwrap(), generate_ec(Curve::P384).unwrap(), generate_ed25519().unwrap()] {
            let text = to_export(&der).unwrap();
            assert_eq!(*from_export(&text).unwrap(), *der);
            assert_eq!(*from_export(&to_pem(&der).unwrap()).unwrap(), *der);
            let broken: String =
                text.as_bytes().chunks(64).map(|line| format!("{}\n", std::str::from_utf8(line).unwrap())).collect();
            assert_eq!(*from_export(&broken).unwrap(), *der);
        }
        // Keycloak writes PKCS#1, which begins with another version and no algorithm.
        assert!(to_export(&generate_rsa(2048).unwrap()).unwrap().starts_with("MIIE"));
        for text in ["", "rubbish!", "AAAA"] {
            assert!(matches!(from_export(text), Err(Error::InvalidKey(_))));
        }
    }

    #[test]
    fn small_and_huge_rsa_keys_are_refused() {
        assert_eq!(generate_rsa(1024), Err(Error::RsaKeySize(1024)));
        assert_eq!(generate_rsa(100_000), Err(Error::RsaKeySize(100_000)));
    }

    #[test]
    fn a_coordinate_with_a_leading_zero_byte_is_found() {
        // About 1 in 128 points on P-256 has one, so 5000 draws miss it with a probability below 1e-16.
        let group = Curve::P256.group().unwrap();
        let found = (0..5000).find_map(|_| {
            let key = EcKey::generate(&group).and_then(PKey::from_ec_key).unwrap();
            let public = PublicKey::from_private(&key).unwrap();
            let members = public.jwk_members().unwrap();
            // 'A' stands for six zero bits; the next two are zero for the letters up to 'P'.
            let starts = |name: &str| {
                let text = members[name].as_str().unwrap().as_bytes();
                text[0] == b'A' && (b'A'..=b'P').contains(&text[1])
            };
            assert_eq!(coordinate_starts_with_zero(&public).unwrap(), starts("x") || starts("y"));
            coordinate_starts_with_zero(&public).unwrap().then_some(public)
        });
        assert!(found.is_some());
    }
}
