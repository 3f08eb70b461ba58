//! Putting a certificate together.

use openssl::{
    asn1::{Asn1Integer, Asn1Time},
    bn::{BigNum, MsbOption},
    error::ErrorStack,
    hash::MessageDigest,
    nid::Nid,
    pkey::{Id, PKeyRef, Private},
    sha::sha256,
    x509::{
        X509, X509Builder, X509Name, X509Ref,
        extension::{
            AuthorityKeyIdentifier, BasicConstraints, ExtendedKeyUsage, KeyUsage,
            SubjectAlternativeName as SanExtension, SubjectKeyIdentifier,
        },
    },
};

use super::SubjectAlternativeName;
use crate::{
    error::{Error, Step},
    public_key::PublicKey,
};

/// The longest common name (RFC 5280 appendix A.1, ub-common-name).
const MAX_COMMON_NAME: usize = 64;

/// What a certificate is for.
pub(super) enum Profile<'names> {
    Authority,
    Leaf,
    Server(&'names [SubjectAlternativeName]),
}

/// Who signs; without a certificate, the subject itself.
pub(super) struct Issuer<'issuer> {
    pub(super) key: &'issuer PKeyRef<Private>,
    pub(super) certificate: Option<&'issuer X509Ref>,
}

pub(super) fn build(
    profile: &Profile<'_>,
    public: &PublicKey,
    common_name: &str,
    not_before: i64,
    not_after: i64,
    issuer: &Issuer<'_>,
) -> Result<X509, Error> {
    if common_name.is_empty() {
        return Err(Error::Certificate("the common name is empty"));
    }
    if not_before >= not_after {
        return Err(Error::Certificate("it would end before it begins"));
    }
    if let Profile::Server(names) = profile {
        names.iter().try_for_each(check_name)?;
    }
    let common_name = shortened(common_name);
    let assemble = || -> Result<X509, ErrorStack> {
        let mut name = X509Name::builder()?;
        name.append_entry_by_nid(Nid::COMMONNAME, &common_name)?;
        let name = name.build();
        let mut builder = X509::builder()?;
        // Version 3 is written as 2.
        builder.set_version(2)?;
        let serial_number = serial_number()?;
        builder.set_serial_number(&serial_number)?;
        builder.set_subject_name(&name)?;
        builder.set_issuer_name(issuer.certificate.map_or(&*name, X509Ref::subject_name))?;
        builder.set_not_before(&*Asn1Time::from_unix(not_before)?)?;
        builder.set_not_after(&*Asn1Time::from_unix(not_after)?)?;
        builder.set_pubkey(public.pkey())?;
        append_extensions(&mut builder, profile, issuer)?;
        builder.sign(issuer.key, digest(issuer.key))?;
        Ok(builder.build())
    };
    assemble().step("issue a certificate")
}

fn append_extensions(builder: &mut X509Builder, profile: &Profile<'_>, issuer: &Issuer<'_>) -> Result<(), ErrorStack> {
    let mut constraints = BasicConstraints::new();
    let mut usage = KeyUsage::new();
    if matches!(profile, Profile::Authority) {
        constraints.ca();
        usage.key_cert_sign().crl_sign();
    } else {
        usage.digital_signature();
    }
    builder.append_extension(constraints.critical().build()?)?;
    builder.append_extension(usage.critical().build()?)?;
    let subject_key = SubjectKeyIdentifier::new().build(&builder.x509v3_context(issuer.certificate, None))?;
    builder.append_extension(subject_key)?;
    if issuer.certificate.is_some() {
        let context = builder.x509v3_context(issuer.certificate, None);
        let authority_key = AuthorityKeyIdentifier::new().keyid(true).build(&context)?;
        builder.append_extension(authority_key)?;
    }
    if let Profile::Server(names) = profile {
        builder.append_extension(ExtendedKeyUsage::new().server_auth().build()?)?;
        let mut extension = SanExtension::new();
        for name in *names {
            match name {
                SubjectAlternativeName::Dns(host) => extension.dns(host),
                SubjectAlternativeName::Ip(address) => extension.ip(&address.to_string()),
            };
        }
        let extension = extension.build(&builder.x509v3_context(issuer.certificate, None))?;
        builder.append_extension(extension)?;
    }
    Ok(())
}

/// A random positive number of 127 bits (RFC 5280 section 4.1.2.2 allows 20 octets and asks for uniqueness).
fn serial_number() -> Result<Asn1Integer, ErrorStack> {
    let mut number = BigNum::new()?;
    number.rand(127, MsbOption::ONE, false)?;
    Asn1Integer::from_bn(&number)
}

/// The digest that goes with a signing key; Ed25519 has its own.
fn digest(key: &PKeyRef<Private>) -> MessageDigest {
    if key.id() == Id::ED25519 { MessageDigest::null() } else { MessageDigest::sha256() }
}

/// A common name within the limit. A longer one keeps its beginning and gets a hash for the rest, so that two long
/// names stay two: an issuer and a subject of the same name would pass for one.
fn shortened(common_name: &str) -> String {
    if common_name.chars().count() <= MAX_COMMON_NAME {
        return common_name.to_owned();
    }
    let hash = sha256(common_name.as_bytes());
    let mark: String = hash.iter().take(6).map(|byte| format!("{byte:02x}")).collect();
    let kept: String = common_name.chars().take(MAX_COMMON_NAME - 1 - mark.len()).collect();
    format!("{kept}~{mark}")
}

fn check_name(name: &SubjectAlternativeName) -> Result<(), Error> {
    let SubjectAlternativeName::Dns(host) = name else { return Ok(()) };
    let labels = host.strip_prefix("*.").unwrap_or(host);
    let good = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
    };
    if host.len() <= 253 && labels.split('.').all(good) {
        Ok(())
    } else {
        Err(Error::Certificate("a name isn't a host name"))
    }
}
