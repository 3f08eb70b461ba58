//! The path from a leaf certificate to one of the bundle, as Go's `crypto/x509` walks it.

use base64::{Engine, engine::general_purpose::STANDARD};
use openssl::{
    stack::Stack,
    x509::{
        X509, X509StoreContext,
        store::X509StoreBuilder,
        verify::{X509VerifyFlags, X509VerifyParam},
    },
};
use serde_json::Value;

/// The leaf of an `x5c` header, if a path leads from it to one of the trusted certificates at `now`. Any certificate of
/// the bundle ends a path, also one that is no authority but the leaf itself.
pub(super) fn leaf(x5c: &Value, trusted: &[X509], now: i64) -> Result<X509, String> {
    let chain = x5c.as_array().filter(|chain| !chain.is_empty()).ok_or("x5c is no list")?;
    let mut certificates = Vec::new();
    for entry in chain {
        // RFC 7515 section 4.1.6: base64, not base64url.
        let der = entry.as_str().and_then(|text| STANDARD.decode(text).ok()).ok_or("x5c holds no base64")?;
        certificates.push(X509::from_der(&der).map_err(|error| format!("x5c holds no certificate: {error}"))?);
    }
    let leaf = certificates.remove(0);
    let mut reason = "the bundle is empty".to_owned();
    // One after the other: of several authorities with the same name, OpenSSL tries only the first.
    for root in trusted {
        match path(&leaf, &certificates, root, now).map_err(|error| error.to_string())? {
            Ok(()) => return Ok(leaf),
            Err(other) => reason = other,
        }
    }
    Err(format!("x5c: {reason}"))
}

fn path(
    leaf: &X509,
    between: &[X509],
    root: &X509,
    now: i64,
) -> Result<Result<(), String>, openssl::error::ErrorStack> {
    let mut store = X509StoreBuilder::new()?;
    let mut rules = X509VerifyParam::new()?;
    rules.set_flags(X509VerifyFlags::PARTIAL_CHAIN)?;
    rules.set_time(now);
    store.set_param(&rules)?;
    store.add_cert(root.clone())?;
    let store = store.build();
    let mut chain = Stack::new()?;
    for certificate in between {
        chain.push(certificate.clone())?;
    }
    let mut context = X509StoreContext::new()?;
    context.init(&store, leaf, &chain, |context| {
        Ok(if context.verify_cert()? { Ok(()) } else { Err(context.error().error_string().to_owned()) })
    })
}
