//! Tokens and certificates of our own making, to try verifiers and servers with.

use std::{env, fs, io::Write};

use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use openssl::{
    asn1::Asn1Time,
    bn::BigNum,
    ec::{EcGroup, EcKey},
    ecdsa::EcdsaSig,
    hash::MessageDigest,
    nid::Nid,
    pkey::{Id, PKey, Private, Public},
    rsa::{Padding, Rsa},
    sign::{RsaPssSaltlen, Signer},
    x509::{X509, X509Builder, X509NameBuilder, extension::BasicConstraints},
};
use serde_json::Value;

/// A key pair.
#[derive(Clone, Debug)]
pub struct KeyPair(pub PKey<Private>);

/// Days from the present at which a certificate begins and ends.
pub type Days = (i64, i64);

/// A certificate that is good at present.
pub const GOOD: Days = (-2, 30);
/// A certificate that ended yesterday.
pub const EXPIRED: Days = (-2, -1);

impl KeyPair {
    /// An RSA key of 2048 bits.
    ///
    /// # Panics
    /// If OpenSSL fails, as everything here.
    #[must_use]
    pub fn rsa() -> Self {
        Self(PKey::from_rsa(Rsa::generate(2048).expect("a key")).expect("a key"))
    }

    /// An RSA key that is made once per machine and found again by its name: making one takes longer than most tests.
    ///
    /// # Panics
    /// If it can't be kept.
    #[must_use]
    pub fn kept_rsa(name: &str) -> Self {
        let path = env::temp_dir().join(format!("portcullis-test-key-{name}.der"));
        let kept = fs::read(&path).ok().and_then(|der| PKey::private_key_from_der(&der).ok());
        if let Some(key) = kept.filter(|key| key.id() == Id::RSA) {
            return Self(key);
        }
        let made = Self::rsa();
        // In one step, as others may be looking for it at the same time.
        let mut file = tempfile::NamedTempFile::new_in(env::temp_dir()).expect("a file");
        file.write_all(&made.0.private_key_to_der().expect("a key")).expect("room");
        file.persist(&path).expect("a file");
        made
    }

    /// A key on P-256.
    ///
    /// # Panics
    /// See [`Self::rsa`].
    #[must_use]
    pub fn p256() -> Self {
        let group = EcGroup::from_curve_name(Nid::X9_62_PRIME256V1).expect("a curve");
        Self(PKey::from_ec_key(EcKey::generate(&group).expect("a key")).expect("a key"))
    }

    /// An Ed25519 key.
    ///
    /// # Panics
    /// See [`Self::rsa`].
    #[must_use]
    pub fn ed25519() -> Self {
        Self(PKey::generate_ed25519().expect("a key"))
    }

    /// Its public half.
    ///
    /// # Panics
    /// See [`Self::rsa`].
    #[must_use]
    pub fn public(&self) -> PKey<Public> {
        let der = self.0.public_key_to_der().expect("a key");
        PKey::public_key_from_der(&der).expect("a key")
    }

    /// Its public half as JWK under the id `kid`.
    ///
    /// # Panics
    /// See [`Self::rsa`].
    #[must_use]
    pub fn jwk(&self, kid: &str) -> Value {
        let text = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        let public = self.public();
        match public.id() {
            Id::RSA => {
                let key = public.rsa().expect("a key");
                serde_json::json!({"kty": "RSA", "kid": kid, "n": text(&key.n().to_vec()), "e": text(&key.e().to_vec())})
            }
            Id::EC => {
                let key = public.ec_key().expect("a key");
                let mut context = openssl::bn::BigNumContext::new().expect("a context");
                let form = openssl::ec::PointConversionForm::UNCOMPRESSED;
                let point = key.public_key().to_bytes(key.group(), form, &mut context).expect("a point");
                serde_json::json!({
                    "kty": "EC", "kid": kid, "crv": "P-256", "x": text(&point[1..33]), "y": text(&point[33..]),
                })
            }
            _ => {
                let x = text(&public.raw_public_key().expect("a key"));
                serde_json::json!({"kty": "OKP", "kid": kid, "crv": "Ed25519", "x": x})
            }
        }
    }

    /// A certificate of this key that it signed itself.
    #[must_use]
    pub fn self_signed(&self, authority: bool, days: Days) -> X509 {
        self.certificate(self, "forged", "forged", authority, days)
    }

    /// A certificate of this key, signed by another key under the name `forged`.
    #[must_use]
    pub fn signed_by(&self, authority: &Self, days: Days) -> X509 {
        self.certificate(authority, "leaf", "forged", false, days)
    }

    fn certificate(&self, issuer: &Self, subject: &str, issuer_name: &str, authority: bool, days: Days) -> X509 {
        let name = |text: &str| {
            let mut name = X509NameBuilder::new().expect("a name");
            name.append_entry_by_nid(Nid::COMMONNAME, text).expect("a name");
            name.build()
        };
        let now = time::OffsetDateTime::now_utc().unix_timestamp();
        let day = |day: i64| Asn1Time::from_unix(now + day * 86_400).expect("a time");
        let mut serial = [0_u8; 8];
        openssl::rand::rand_bytes(&mut serial).expect("randomness");
        serial[0] &= 0x7f;
        let serial = BigNum::from_slice(&serial).and_then(|number| number.to_asn1_integer()).expect("a number");
        let mut builder = X509Builder::new().expect("a certificate");
        builder.set_version(2).expect("a version");
        builder.set_serial_number(&serial).expect("a number");
        builder.set_subject_name(&name(subject)).expect("a name");
        builder.set_issuer_name(&name(issuer_name)).expect("a name");
        builder.set_pubkey(&self.0).expect("a key");
        builder.set_not_before(&day(days.0)).expect("a time");
        builder.set_not_after(&day(days.1)).expect("a time");
        if authority {
            let constraints = BasicConstraints::new().critical().ca().build().expect("an extension");
            builder.append_extension(constraints).expect("an extension");
        }
        let digest = if issuer.0.id() == Id::ED25519 { MessageDigest::null() } else { MessageDigest::sha256() };
        builder.sign(&issuer.0, digest).expect("a signature");
        builder.build()
    }

    /// A token with this header and these claims, signed as the header's `alg` says; `none` has an empty signature.
    ///
    /// # Panics
    /// If the algorithm does not fit the key.
    #[must_use]
    pub fn token(&self, header: &Value, claims: &Value) -> String {
        let text = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let signed = format!("{}.{}", text(header), text(claims));
        let algorithm = header["alg"].as_str().expect("an algorithm");
        let signature = self.sign(algorithm, signed.as_bytes()).expect("a signature");
        format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))
    }

    fn sign(&self, algorithm: &str, bytes: &[u8]) -> Result<Vec<u8>, openssl::error::ErrorStack> {
        let digest = match algorithm.get(2..) {
            Some("384") => MessageDigest::sha384(),
            Some("512") => MessageDigest::sha512(),
            _ => MessageDigest::sha256(),
        };
        match algorithm.get(..2) {
            Some("no") => Ok(Vec::new()),
            Some("Ed") => Signer::new_without_digest(&self.0)?.sign_oneshot_to_vec(bytes),
            Some("ES") => {
                let signature = EcdsaSig::from_der(&Signer::new(digest, &self.0)?.sign_oneshot_to_vec(bytes)?)?;
                Ok([signature.r().to_vec_padded(32)?, signature.s().to_vec_padded(32)?].concat())
            }
            Some("PS") => {
                let mut signer = Signer::new(digest, &self.0)?;
                signer.set_rsa_padding(Padding::PKCS1_PSS)?;
                signer.set_rsa_pss_saltlen(RsaPssSaltlen::DIGEST_LENGTH)?;
                signer.sign_oneshot_to_vec(bytes)
            }
            _ => Signer::new(digest, &self.0)?.sign_oneshot_to_vec(bytes),
        }
    }
}

/// The `x5c` of these certificates.
///
/// # Panics
/// If one can't be written.
#[must_use]
pub fn x5c(certificates: &[&X509]) -> Value {
    certificates.iter().map(|certificate| STANDARD.encode(certificate.to_der().expect("a certificate"))).collect()
}

/// These certificates as PEM bundle.
///
/// # Panics
/// If one can't be written.
#[must_use]
pub fn bundle(certificates: &[&X509]) -> String {
    let pem =
        |certificate: &&X509| String::from_utf8(certificate.to_pem().expect("a certificate")).expect("PEM is ASCII");
    certificates.iter().map(pem).collect()
}
