//! TLS of our own: TLS 1.2 and 1.3 with the ring provider.

use std::{path::Path, sync::Arc};

use anyhow::Context;
use rustls::{
    ServerConfig,
    crypto::ring,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
};

use crate::options::Certificate;

/// Reads certificate and key.
///
/// # Errors
/// If one can't be read, or they don't belong together.
pub fn config(files: &Certificate) -> anyhow::Result<ServerConfig> {
    let chain = chain(&files.certificate)
        .with_context(|| format!("--https-certificate-file: {} can't be read", files.certificate.display()))?;
    let key = PrivateKeyDer::from_pem_file(&files.key)
        .with_context(|| format!("--https-certificate-key-file: {} can't be read", files.key.display()))?;
    ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .context("--https-certificate-key-file: certificate and key don't belong together")
}

fn chain(path: &Path) -> anyhow::Result<Vec<CertificateDer<'static>>> {
    let chain = CertificateDer::pem_file_iter(path)?.collect::<Result<Vec<_>, _>>()?;
    anyhow::ensure!(!chain.is_empty(), "it holds no certificate in PEM");
    Ok(chain)
}
