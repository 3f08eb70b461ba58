//! A certificate authority, for servers with TLS and those who are to believe them.

use std::{
    fs,
    os::unix::fs::PermissionsExt,
    sync::{Arc, OnceLock},
};

use openssl::{
    asn1::Asn1Time,
    bn::BigNum,
    ec::{EcGroup, EcKey},
    hash::MessageDigest,
    nid::Nid,
    pkey::{PKey, Private},
    x509::{
        X509, X509Builder, X509NameBuilder,
        extension::{BasicConstraints, SubjectAlternativeName},
    },
};
use rustls::{
    ServerConfig,
    crypto::ring,
    pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer},
};
use server::options::Certificate;
use tempfile::TempDir;

/// An authority. The files of its certificates go when it is dropped.
#[derive(Debug)]
pub struct Authority {
    key: PKey<Private>,
    certificate: X509,
    folder: OnceLock<TempDir>,
}

impl Default for Authority {
    fn default() -> Self {
        Self::new()
    }
}

impl Authority {
    /// A new authority.
    ///
    /// # Panics
    /// If OpenSSL fails.
    #[must_use]
    pub fn new() -> Self {
        let key = key();
        let mut builder = certificate("Test Authority", &key);
        builder.append_extension(BasicConstraints::new().critical().ca().build().unwrap()).unwrap();
        builder.sign(&key, MessageDigest::sha256()).unwrap();
        Self { key, certificate: builder.build(), folder: OnceLock::new() }
    }

    /// Its own certificate in PEM, to be believed.
    ///
    /// # Panics
    /// If OpenSSL fails.
    #[must_use]
    pub fn pem(&self) -> Vec<u8> {
        self.certificate.to_pem().unwrap()
    }

    /// A certificate for `localhost` and `127.0.0.1` with its key, as files.
    ///
    /// # Panics
    /// If OpenSSL or the file system fails.
    #[must_use]
    pub fn issue(&self) -> Certificate {
        let (certificate, key) = self.leaf();
        let folder = self.folder.get_or_init(|| {
            // Servers that run as somebody else have to get through.
            let permissions = fs::Permissions::from_mode(0o755);
            tempfile::Builder::new().permissions(permissions).tempdir().expect("a folder")
        });
        let file = |name: &str, content: &[u8]| {
            let path = folder.path().join(name);
            fs::write(&path, content).expect("a file");
            path
        };
        Certificate {
            certificate: file("certificate.pem", &certificate.to_pem().unwrap()),
            key: file("key.pem", &key.private_key_to_pem_pkcs8().unwrap()),
        }
    }

    /// What a server in this process needs to be `localhost` and `127.0.0.1`.
    ///
    /// # Panics
    /// If OpenSSL fails.
    #[must_use]
    pub fn tls(&self) -> ServerConfig {
        let (certificate, key) = self.leaf();
        let chain = vec![CertificateDer::from(certificate.to_der().unwrap())];
        let key = PrivatePkcs8KeyDer::from(key.private_key_to_pkcs8().unwrap());
        ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(chain, PrivateKeyDer::Pkcs8(key))
            .expect("certificate and key belong together")
    }

    fn leaf(&self) -> (X509, PKey<Private>) {
        let key = key();
        let mut builder = certificate("Test Server", &key);
        builder.set_issuer_name(self.certificate.subject_name()).unwrap();
        let context = builder.x509v3_context(Some(&self.certificate), None);
        let names = SubjectAlternativeName::new().dns("localhost").ip("127.0.0.1").build(&context).unwrap();
        builder.append_extension(names).unwrap();
        builder.sign(&self.key, MessageDigest::sha256()).unwrap();
        (builder.build(), key)
    }

    /// An HTTP client that believes this authority.
    ///
    /// # Panics
    /// If reqwest fails.
    #[must_use]
    pub fn http(&self) -> reqwest::Client {
        let anchor = reqwest::Certificate::from_pem(&self.pem()).unwrap();
        reqwest::Client::builder()
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .timeout(std::time::Duration::from_secs(30))
            .add_root_certificate(anchor)
            .build()
            .expect("an HTTP client")
    }
}

fn key() -> PKey<Private> {
    let group = EcGroup::from_curve_name(Nid::X9_62_PRIME256V1).unwrap();
    PKey::from_ec_key(EcKey::generate(&group).unwrap()).unwrap()
}

/// A certificate that ends tomorrow, in its own name so far.
fn certificate(subject: &str, key: &PKey<Private>) -> X509Builder {
    let mut name = X509NameBuilder::new().unwrap();
    name.append_entry_by_text("CN", subject).unwrap();
    let name = name.build();
    let mut builder = X509::builder().unwrap();
    builder.set_version(2).unwrap();
    builder.set_serial_number(&BigNum::from_u32(1).unwrap().to_asn1_integer().unwrap()).unwrap();
    builder.set_subject_name(&name).unwrap();
    builder.set_issuer_name(&name).unwrap();
    builder.set_not_before(&Asn1Time::days_from_now(0).unwrap()).unwrap();
    builder.set_not_after(&Asn1Time::days_from_now(1).unwrap()).unwrap();
    builder.set_pubkey(key).unwrap();
    builder
}
