//! Signatures (RFC 7518 section 3, RFC 8037), for the algorithms that each version takes.

use openssl::{
    bn::BigNum,
    ecdsa::EcdsaSig,
    hash::MessageDigest,
    pkey::{Id, PKey, Public},
    rsa::Padding,
    sign::{RsaPssSaltlen, Verifier},
};

use super::{RegistryVersion, key};

/// Checks a signature by an algorithm that fits the key and the version.
pub(super) fn check(
    version: RegistryVersion,
    algorithm: &str,
    key: &PKey<Public>,
    signed: &[u8],
    signature: &[u8],
) -> Result<(), String> {
    let is_new = matches!(algorithm.get(..2), Some("PS" | "Ed"));
    if version == RegistryVersion::V2_8 && is_new {
        return Err(format!("the algorithm {algorithm} is not taken with this key"));
    }
    verify(algorithm, key, signed, signature)
}

/// Checks a signature by an algorithm that fits the key.
pub(crate) fn verify(algorithm: &str, key: &PKey<Public>, signed: &[u8], signature: &[u8]) -> Result<(), String> {
    let good = match (algorithm, key.id(), key::coordinate_size(key)) {
        ("RS256" | "RS384" | "RS512", Id::RSA, _) => plain(key, digest(algorithm), signed, signature, false),
        ("PS256" | "PS384" | "PS512", Id::RSA, _) => plain(key, digest(algorithm), signed, signature, true),
        ("ES256", Id::EC, Some(32)) | ("ES384", Id::EC, Some(48)) | ("ES512", Id::EC, Some(66)) => {
            ecdsa(key, digest(algorithm), signed, signature)
        }
        ("EdDSA", Id::ED25519, _) => Verifier::new_without_digest(key)
            .and_then(|mut verifier| verifier.verify_oneshot(signature, signed))
            .map_err(|error| error.to_string()),
        _ => return Err(format!("the algorithm {algorithm} is not taken with this key")),
    };
    if good? { Ok(()) } else { Err("the signature is wrong".to_owned()) }
}

fn digest(algorithm: &str) -> MessageDigest {
    match &algorithm[2..] {
        "256" => MessageDigest::sha256(),
        "384" => MessageDigest::sha384(),
        _ => MessageDigest::sha512(),
    }
}

fn plain(
    key: &PKey<Public>,
    digest: MessageDigest,
    signed: &[u8],
    signature: &[u8],
    pss: bool,
) -> Result<bool, String> {
    let verify = || {
        let mut verifier = Verifier::new(digest, key)?;
        if pss {
            verifier.set_rsa_padding(Padding::PKCS1_PSS)?;
            verifier.set_rsa_pss_saltlen(RsaPssSaltlen::DIGEST_LENGTH)?;
        }
        verifier.verify_oneshot(signature, signed)
    };
    verify().map_err(|error: openssl::error::ErrorStack| error.to_string())
}

/// A JOSE signature is the two numbers, each as long as a coordinate.
fn ecdsa(key: &PKey<Public>, digest: MessageDigest, signed: &[u8], signature: &[u8]) -> Result<bool, String> {
    let size = key::coordinate_size(key).ok_or("an unknown curve")?;
    if signature.len() != 2 * size {
        return Err("the signature has a wrong length".to_owned());
    }
    let (r, s) = signature.split_at(size);
    let verify = || {
        let signature = EcdsaSig::from_private_components(BigNum::from_slice(r)?, BigNum::from_slice(s)?)?.to_der()?;
        Verifier::new(digest, key)?.verify_oneshot(&signature, signed)
    };
    verify().map_err(|error: openssl::error::ErrorStack| error.to_string())
}
