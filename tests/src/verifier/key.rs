//! Public keys: from certificates and JWKs, and the two ids that registries know them by.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use openssl::{
    bn::{BigNum, BigNumContext},
    ec::{EcGroup, EcKey},
    nid::Nid,
    pkey::{Id, PKey, Public},
    rsa::Rsa,
    sha::sha256,
    x509::X509,
};
use serde_json::Value;

use super::RegistryVersion;

/// What registry 3.0.0 takes for the thumbprint of every P-256 key: that of the curve's generator.
const GENERATOR_THUMBPRINT: &str = "xx0BcA-wMohw8atYDJOe6peGModklG2wRHBlXHMvl0M";

/// The key in a certificate.
pub(super) fn of_certificate(certificate: &X509) -> PKey<Public> {
    certificate.public_key().expect("a certificate holds a key")
}

pub(super) fn is_ed25519(key: &PKey<Public>) -> bool {
    key.id() == Id::ED25519
}

/// The size of the curve's coordinates in bytes, for EC keys.
pub(super) fn coordinate_size(key: &PKey<Public>) -> Option<usize> {
    match key.ec_key().ok()?.group().curve_name()? {
        Nid::X9_62_PRIME256V1 => Some(32),
        Nid::SECP384R1 => Some(48),
        Nid::SECP521R1 => Some(66),
        _ => None,
    }
}

fn curve_name(key: &PKey<Public>) -> &'static str {
    match coordinate_size(key) {
        Some(32) => "P-256",
        Some(48) => "P-384",
        Some(66) => "P-521",
        _ => panic!("a curve that registries know"),
    }
}

fn coordinates(key: &PKey<Public>) -> (BigNum, BigNum) {
    let key = key.ec_key().expect("an EC key");
    let (mut x, mut y) = (BigNum::new().expect("a number"), BigNum::new().expect("a number"));
    let mut context = BigNumContext::new().expect("a context");
    key.public_key().affine_coordinates_gfp(key.group(), &mut x, &mut y, &mut context).expect("a point");
    (x, y)
}

/// The key of a JWK (RFC 7517, RFC 7518 section 6, RFC 8037).
pub(crate) fn from_jwk(jwk: &Value) -> Option<PKey<Public>> {
    let bytes = |name: &str| URL_SAFE_NO_PAD.decode(jwk[name].as_str()?).ok();
    let number = |name: &str| BigNum::from_slice(&bytes(name)?).ok();
    match jwk["kty"].as_str()? {
        "RSA" => PKey::from_rsa(Rsa::from_public_components(number("n")?, number("e")?).ok()?).ok(),
        "EC" => {
            let curve = match jwk["crv"].as_str()? {
                "P-256" => Nid::X9_62_PRIME256V1,
                "P-384" => Nid::SECP384R1,
                "P-521" => Nid::SECP521R1,
                _ => return None,
            };
            let group = EcGroup::from_curve_name(curve).ok()?;
            let key = EcKey::from_public_key_affine_coordinates(&group, &*number("x")?, &*number("y")?).ok()?;
            PKey::from_ec_key(key).ok()
        }
        "OKP" if jwk["crv"] == "Ed25519" => PKey::public_key_from_raw_bytes(&bytes("x")?, Id::ED25519).ok(),
        _ => None,
    }
}

/// Docker's libtrust id: the first 240 bits of the SHA-256 of the SubjectPublicKeyInfo, as base32 in twelve groups.
///
/// # Panics
/// If the key can't be written.
#[must_use]
pub fn libtrust_id(key: &PKey<Public>) -> String {
    const ALPHABET: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let hash = sha256(&key.public_key_to_der().expect("a key"));
    let mut id = String::new();
    for (group, chunk) in hash[..30].chunks(5).enumerate() {
        let bits = chunk.iter().fold(0_u64, |bits, byte| bits << 8 | u64::from(*byte));
        for place in 0..8 {
            if place % 4 == 0 && (group, place) != (0, 0) {
                id.push(':');
            }
            id.push(char::from(ALPHABET[(bits >> (35 - 5 * place)) as usize & 31]));
        }
    }
    id
}

/// The thumbprint of RFC 7638 (for Ed25519: RFC 8037 section 2).
///
/// # Panics
/// If the key is of no kind that registries know.
#[must_use]
pub fn thumbprint(key: &PKey<Public>) -> String {
    with_coordinates(key, |number, size| number.to_vec_padded(size).expect("a coordinate"))
}

fn with_coordinates(key: &PKey<Public>, coordinate: impl Fn(&BigNum, i32) -> Vec<u8>) -> String {
    let text = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
    let members = match key.id() {
        Id::RSA => {
            let key = key.rsa().expect("an RSA key");
            format!(r#"{{"e":"{}","kty":"RSA","n":"{}"}}"#, text(&key.e().to_vec()), text(&key.n().to_vec()))
        }
        Id::EC => {
            let size = i32::try_from(coordinate_size(key).expect("a known curve")).expect("small");
            let (x, y) = coordinates(key);
            let (x, y) = (text(&coordinate(&x, size)), text(&coordinate(&y, size)));
            format!(r#"{{"crv":"{}","kty":"EC","x":"{x}","y":"{y}"}}"#, curve_name(key))
        }
        Id::ED25519 => {
            format!(r#"{{"crv":"Ed25519","kty":"OKP","x":"{}"}}"#, text(&key.raw_public_key().expect("a key")))
        }
        other => panic!("a key of the kind {other:?}"),
    };
    text(&sha256(members.as_bytes()))
}

/// By which id a registry of version 3 knows the key of a certificate in its bundle, with that version's mistakes.
pub(super) fn id_in_bundle(version: RegistryVersion, key: &PKey<Public>) -> Option<String> {
    match (version, key.id()) {
        (RegistryVersion::V2_8, _) => Some(libtrust_id(key)),
        (RegistryVersion::V3_0, Id::ED25519) => None,
        (RegistryVersion::V3_0, Id::EC) if coordinate_size(key) == Some(32) => Some(GENERATOR_THUMBPRINT.to_owned()),
        // It drops zero bytes at the front of a coordinate.
        (RegistryVersion::V3_1, Id::EC) => Some(with_coordinates(key, |number, _| number.to_vec())),
        _ => Some(thumbprint(key)),
    }
}
