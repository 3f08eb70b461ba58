use serde_json::json;

use super::*;
use crate::generate::{generate_ec, generate_rsa};

fn encoded(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

#[test]
fn numbers_that_make_no_rsa_key_are_refused() {
    let public = PublicKey::from_pkcs8_der(&generate_rsa(2048).unwrap()).unwrap();
    let modulus = public.pkey().rsa().unwrap().n().to_vec();
    let read = |n: &[u8], e: &[u8]| PublicKey::from_jwk(&json!({"kty": "RSA", "n": encoded(n), "e": encoded(e)}));
    for exponent in [&[3][..], &[1, 0, 1], &[0xff; 8]] {
        assert_eq!(read(&modulus, exponent).unwrap().kind(), PublicKeyKind::Rsa { bits: 2048 });
    }
    for exponent in [&[][..], &[0], &[1], &[2], &[1, 0, 0], &[0xff; 9], &modulus] {
        assert!(matches!(read(&modulus, exponent), Err(Error::InvalidKey(_))), "{exponent:?}");
    }
    let mut even = modulus;
    *even.last_mut().unwrap() &= 0xfe;
    assert!(matches!(read(&even, &[1, 0, 1]), Err(Error::InvalidKey(_))));
    assert_eq!(read(&[0xff; 128], &[3]).unwrap_err(), Error::RsaKeySize(1024));
    assert_eq!(read(&[0xff; 2048], &[3]).unwrap_err(), Error::RsaKeySize(16_384));
    assert_eq!(read(&[], &[3]).unwrap_err(), Error::RsaKeySize(0));
}

#[test]
fn the_point_at_infinity_is_refused() {
    let good = PublicKey::from_pkcs8_der(&generate_ec(Curve::P256).unwrap()).unwrap().to_spki_der().unwrap();
    // The algorithm identifier stays; the bit string after it holds the one byte that stands for infinity.
    let identifier = good.get(2..23).unwrap();
    let mut infinity = vec![0x30, 25];
    infinity.extend_from_slice(identifier);
    infinity.extend_from_slice(&[0x03, 2, 0, 0]);
    assert_eq!(PublicKey::from_spki_der(&infinity).unwrap_err(), Error::InvalidKey("the point can't be used"));
    let again = [&[0x30, good[1]], identifier, &good[23..]].concat();
    assert!(PublicKey::from_spki_der(&again).is_ok());
}

#[test]
fn coordinates_beyond_the_field_are_refused() {
    let all_ones = encoded(&[0xff; 32]);
    let jwk = json!({"kty": "EC", "crv": "P-256", "x": all_ones, "y": all_ones});
    assert!(matches!(PublicKey::from_jwk(&jwk), Err(Error::InvalidKey(_))));
}

#[test]
fn keys_of_edwards_and_montgomery_curves_have_one_length() {
    for (crv, kind) in [("Ed25519", PublicKeyKind::Ed25519), ("X25519", PublicKeyKind::X25519)] {
        let read = |length| PublicKey::from_jwk(&json!({"kty": "OKP", "crv": crv, "x": encoded(&vec![9; length])}));
        assert_eq!(read(32).unwrap().kind(), kind);
        for length in [0, 31, 33] {
            assert!(matches!(read(length), Err(Error::InvalidKey(_))), "{crv} {length}");
        }
    }
}
