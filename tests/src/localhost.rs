//! A certificate authority of this process, and its certificate for `localhost`: what the servers of a test show, and
//! what their clients believe.

use std::sync::{Arc, LazyLock};

use openssl::{
    asn1::Asn1Time,
    bn::BigNum,
    hash::MessageDigest,
    nid::Nid,
    x509::{
        X509, X509Builder, X509Name, X509NameBuilder,
        extension::{BasicConstraints, KeyUsage, SubjectAlternativeName},
    },
};
use rustls::{
    ServerConfig,
    crypto::ring,
    pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer},
};

use crate::verifier::forge::KeyPair;

static PAPERS: LazyLock<Papers> = LazyLock::new(Papers::new);

struct Papers {
    authority: X509,
    certificate: X509,
    key: KeyPair,
}

impl Papers {
    fn new() -> Self {
        let (authority_key, key) = (KeyPair::p256(), KeyPair::p256());
        let authority_name = name("Authority of a test");
        let mut builder = certificate(&authority_key, 1, &authority_name, &authority_name);
        builder.append_extension(BasicConstraints::new().critical().ca().build().expect("an extension")).expect("room");
        let usage = KeyUsage::new().critical().key_cert_sign().build().expect("an extension");
        builder.append_extension(usage).expect("room");
        builder.sign(&authority_key.0, MessageDigest::sha256()).expect("a signature");
        let authority = builder.build();

        let mut builder = certificate(&key, 2, &name("localhost"), &authority_name);
        let names = SubjectAlternativeName::new()
            .dns("localhost")
            .ip("127.0.0.1")
            .ip("::1")
            .build(&builder.x509v3_context(Some(&authority), None))
            .expect("an extension");
        builder.append_extension(names).expect("room");
        builder.sign(&authority_key.0, MessageDigest::sha256()).expect("a signature");
        Self { authority, certificate: builder.build(), key }
    }
}

fn name(text: &str) -> X509Name {
    let mut name = X509NameBuilder::new().expect("a name");
    name.append_entry_by_nid(Nid::COMMONNAME, text).expect("a name");
    name.build()
}

fn certificate(key: &KeyPair, serial: u32, subject: &X509Name, issuer: &X509Name) -> X509Builder {
    let mut builder = X509Builder::new().expect("a certificate");
    builder.set_version(2).expect("a version");
    let serial = BigNum::from_u32(serial).and_then(|number| number.to_asn1_integer()).expect("a number");
    builder.set_serial_number(&serial).expect("a number");
    builder.set_subject_name(subject).expect("a name");
    builder.set_issuer_name(issuer).expect("a name");
    builder.set_pubkey(&key.public()).expect("a key");
    let now = time::OffsetDateTime::now_utc().unix_timestamp();
    let day = |day: i64| Asn1Time::from_unix(now + day * 86_400).expect("a time");
    builder.set_not_before(&day(-1)).expect("a time");
    builder.set_not_after(&day(30)).expect("a time");
    builder
}

/// The authority's certificate as PEM, for whoever has to believe it.
///
/// # Panics
/// If OpenSSL fails, as everything here.
#[must_use]
pub fn authority_pem() -> Vec<u8> {
    PAPERS.authority.to_pem().expect("a certificate")
}

/// The authority's certificate, for clients.
///
/// # Panics
/// See [`authority_pem`].
#[must_use]
pub fn authority() -> reqwest::Certificate {
    reqwest::Certificate::from_der(&PAPERS.authority.to_der().expect("a certificate")).expect("a certificate")
}

/// What a server needs to be `https://localhost`.
///
/// # Panics
/// See [`authority_pem`].
#[must_use]
pub fn tls() -> ServerConfig {
    let chain = vec![CertificateDer::from(PAPERS.certificate.to_der().expect("a certificate"))];
    let key = PAPERS.key.0.private_key_to_pkcs8().expect("a key");
    ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_no_client_auth()
        .with_single_cert(chain, PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key)))
        .expect("certificate and key belong together")
}
