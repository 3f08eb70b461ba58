//! The hashes that bind an ID token to what comes with it: `at_hash`, `c_hash`, `s_hash`.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use openssl::sha::{sha256, sha384, sha512};

use crate::algorithm::SignatureAlgorithm;

/// The left half of the hash of `text` in base64url (OpenID Connect Core sections 3.1.3.6 and 3.3.2.11; for `s_hash`,
/// FAPI 1.0 part 2). The hash is the one inside `algorithm`, which signs the ID token; inside Ed25519 it is SHA-512
/// (RFC 8032 section 5.1).
#[must_use]
pub fn half_hash(algorithm: SignatureAlgorithm, text: &str) -> String {
    let text = text.as_bytes();
    match algorithm {
        SignatureAlgorithm::Rs256
        | SignatureAlgorithm::Ps256
        | SignatureAlgorithm::Es256
        | SignatureAlgorithm::Hs256 => left_half(&sha256(text)),
        SignatureAlgorithm::Rs384
        | SignatureAlgorithm::Ps384
        | SignatureAlgorithm::Es384
        | SignatureAlgorithm::Hs384 => left_half(&sha384(text)),
        SignatureAlgorithm::Rs512
        | SignatureAlgorithm::Ps512
        | SignatureAlgorithm::Es512
        | SignatureAlgorithm::EdDsa
        | SignatureAlgorithm::Hs512 => left_half(&sha512(text)),
    }
}

fn left_half(hash: &[u8]) -> String {
    let (left, _) = hash.split_at(hash.len() / 2);
    URL_SAFE_NO_PAD.encode(left)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// OpenID Connect Core appendices A.3, A.4 and A.6.
    #[test]
    fn the_examples_of_openid_connect_core() {
        let access_token = "jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y";
        assert_eq!(half_hash(SignatureAlgorithm::Rs256, access_token), "77QmUPtjPfzWtF2AnpK9RQ");
        let code = "Qcb0Orv1zh30vL1MPRsbm-diHiMwcLyZvn1arpZv-Jxf_11jnpEX3Tgfvk";
        assert_eq!(half_hash(SignatureAlgorithm::Rs256, code), "LDktKdoQak3Pk0cnXxCltA");
    }

    #[test]
    fn it_is_half_as_long_as_the_hash_of_the_algorithm() {
        for algorithm in SignatureAlgorithm::ALL {
            let name = algorithm.as_str();
            let bits = name.get(2..).and_then(|bits| bits.parse().ok()).unwrap_or(512);
            let bytes = URL_SAFE_NO_PAD.decode(half_hash(algorithm, "x")).unwrap();
            assert_eq!(bytes.len() * 16, bits, "{name}");
        }
    }

    /// FIPS 180-2 appendix C.1 for SHA-512 of `abc`.
    #[test]
    fn ed25519_takes_sha_512() {
        let left = URL_SAFE_NO_PAD.decode(half_hash(SignatureAlgorithm::EdDsa, "abc")).unwrap();
        assert_eq!(left.get(..8), Some(&[0xdd, 0xaf, 0x35, 0xa1, 0x93, 0x61, 0x7a, 0xba][..]));
    }
}
