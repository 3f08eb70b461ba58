//! Whose certificates are believed: those that the machine trusts, and further ones that the operator names.

use std::sync::Arc;

use rustls::{
    ClientConfig, RootCertStore,
    crypto::ring,
    pki_types::{CertificateDer, pem::PemObject},
};

/// Trust anchors that can't be used.
#[derive(Debug, thiserror::Error)]
pub enum BadTrust {
    /// There is none in the text.
    #[error("it holds no certificate in PEM")]
    Empty,
    /// The text is no PEM.
    #[error("it is no PEM: {0}")]
    Pem(rustls::pki_types::pem::Error),
    /// A certificate can't be read.
    #[error("it holds a certificate that can't be used: {0}")]
    Certificate(rustls::Error),
    /// The TLS library can't be set up.
    #[error("TLS can't be set up: {0}")]
    Tls(rustls::Error),
}

/// The configuration of TLS for all requests, and the trust anchors in it. `further` is PEM.
pub fn config(further: Option<&[u8]>) -> Result<(ClientConfig, Vec<CertificateDer<'static>>), BadTrust> {
    let mut anchors = RootCertStore::empty();
    let mut certificates = Vec::new();
    let machine = rustls_native_certs::load_native_certs();
    for error in &machine.errors {
        tracing::debug!(%error, "some trust anchors of this machine can't be read");
    }
    // One that can't be used makes the others no worse.
    let mut unusable = 0;
    for certificate in machine.certs {
        match anchors.add(certificate.clone()) {
            Ok(()) => certificates.push(certificate),
            Err(_) => unusable += 1,
        }
    }
    if let Some(pem) = further {
        let mut any = false;
        for certificate in CertificateDer::pem_slice_iter(pem) {
            let certificate = certificate.map_err(BadTrust::Pem)?;
            anchors.add(certificate.clone()).map_err(BadTrust::Certificate)?;
            certificates.push(certificate);
            any = true;
        }
        if !any {
            return Err(BadTrust::Empty);
        }
    }
    tracing::debug!(anchors = anchors.len(), unusable, "trust anchors of requests of ours");
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(BadTrust::Tls)?
        .with_root_certificates(anchors)
        .with_no_client_auth();
    Ok((config, certificates))
}
