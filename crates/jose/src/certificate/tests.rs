use openssl::{
    stack::Stack,
    x509::{
        X509PurposeId, X509StoreContext,
        store::{X509Store, X509StoreBuilder},
        verify::X509VerifyParam,
    },
};

use super::*;
use crate::generate::{generate_ed25519, generate_rsa};

const START: i64 = 1_700_000_000;
const DAY: i64 = 86_400;

fn authority() -> CertificateAuthority {
    CertificateAuthority::generate("example registry authority", START, START + 3650 * DAY).unwrap()
}

/// A store that trusts `root`, at the time `now`.
fn store(root: &[u8], now: i64, purpose: Option<X509PurposeId>) -> X509Store {
    let mut param = X509VerifyParam::new().unwrap();
    param.set_time(now);
    if let Some(purpose) = purpose {
        param.set_purpose(purpose).unwrap();
    }
    let mut builder = X509StoreBuilder::new().unwrap();
    builder.set_param(&param).unwrap();
    builder.set_flags(openssl::x509::verify::X509VerifyFlags::X509_STRICT).unwrap();
    builder.add_cert(X509::from_der(root).unwrap()).unwrap();
    builder.build()
}

fn is_trusted(store: &X509Store, certificate: &[u8]) -> bool {
    let certificate = X509::from_der(certificate).unwrap();
    let mut context = X509StoreContext::new().unwrap();
    let chain = Stack::new().unwrap();
    context.init(store, &certificate, &chain, |context| context.verify_cert()).unwrap()
}

fn text(der: &[u8]) -> String {
    String::from_utf8(X509::from_der(der).unwrap().to_text().unwrap()).unwrap()
}

#[test]
fn an_authority_says_what_it_may_do() {
    let der = authority().certificate_der().unwrap();
    let text = text(&der);
    for line in ["X509v3 Basic Constraints: critical\n                CA:TRUE", "X509v3 Key Usage: critical"] {
        assert!(text.contains(line), "{text}");
    }
    assert!(text.contains("Certificate Sign, CRL Sign") && text.contains("Subject Key Identifier"), "{text}");
    assert!(text.contains("prime256v1") && text.contains("Version: 3"), "{text}");
    assert!(is_trusted(&store(&der, START + 1, None), &der));
    assert_eq!(expires_at(&der), Ok(START + 3650 * DAY));
}

#[test]
fn leaves_of_every_kind_of_key_verify() {
    let authority = authority();
    let root = authority.certificate_der().unwrap();
    let keys = [
        generate_rsa(2048).unwrap(),
        generate_ec(Curve::P256).unwrap(),
        generate_ec(Curve::P384).unwrap(),
        generate_ed25519().unwrap(),
    ];
    for der in keys {
        let public = PublicKey::from_pkcs8_der(&der).unwrap();
        let leaf = authority.issue_leaf(&public, "realm key", START, START + DAY).unwrap();
        assert!(is_trusted(&store(&root, START + 1, None), &leaf));
        assert!(!is_trusted(&store(&root, START + DAY + 1, None), &leaf), "expired");
        assert!(!is_trusted(&store(&root, START - 1, None), &leaf), "not yet valid");
        let other = super::tests::authority().certificate_der().unwrap();
        assert!(!is_trusted(&store(&other, START + 1, None), &leaf), "another authority");
        let text = text(&leaf);
        for part in ["CA:FALSE", "Digital Signature", "Subject Key Identifier", "Authority Key Identifier"] {
            assert!(text.contains(part), "{part} in {text}");
        }
        let public_of_leaf = PublicKey::from_certificate_der(&leaf).unwrap();
        assert_eq!(public_of_leaf.to_spki_der(), public.to_spki_der());
    }
}

#[test]
fn a_leaf_never_outlives_its_authority() {
    let authority = CertificateAuthority::generate("ca", START, START + DAY).unwrap();
    let public = PublicKey::from_pkcs8_der(&generate_ed25519().unwrap()).unwrap();
    let leaf = authority.issue_leaf(&public, "leaf", START, START + 365 * DAY).unwrap();
    assert_eq!(expires_at(&leaf), Ok(START + DAY));
    let too_late = authority.issue_leaf(&public, "leaf", START + DAY, START + 2 * DAY);
    assert!(matches!(too_late, Err(Error::Certificate(_))));
}

#[test]
fn a_stored_authority_goes_on_issuing() {
    let first = authority();
    let (key, certificate) = (first.private_key_pkcs8().unwrap(), first.certificate_der().unwrap());
    let again = CertificateAuthority::from_parts(&key, &certificate).unwrap();
    assert_eq!(again.not_after(), first.not_after());
    let public = PublicKey::from_pkcs8_der(&generate_ed25519().unwrap()).unwrap();
    let leaf = again.issue_leaf(&public, "leaf", START, START + DAY).unwrap();
    assert!(is_trusted(&store(&certificate, START + 1, None), &leaf));
    let other = authority().certificate_der().unwrap();
    assert!(matches!(CertificateAuthority::from_parts(&key, &other), Err(Error::InvalidKey(_))));
    assert!(!format!("{first:?}").contains("key"));
}

#[test]
fn self_signed_certificates_verify_by_themselves() {
    for der in [generate_rsa(2048).unwrap(), generate_ec(Curve::P256).unwrap(), generate_ed25519().unwrap()] {
        let certificate = self_signed(&der, "realm", START, START + DAY).unwrap();
        let parsed = X509::from_der(&certificate).unwrap();
        assert!(parsed.verify(&parsed.public_key().unwrap()).unwrap());
        let again = X509::from_pem(to_pem(&certificate).unwrap().as_bytes()).unwrap();
        assert_eq!(again.to_der().unwrap(), certificate);
    }
}

#[test]
fn server_certificates_carry_their_names() {
    let authority = authority();
    let root = authority.certificate_der().unwrap();
    let public = PublicKey::from_pkcs8_der(&generate_ec(Curve::P256).unwrap()).unwrap();
    let names: Vec<_> = ["idp.example.org", "*.example.org", "192.0.2.7", "2001:db8::1"]
        .into_iter()
        .map(SubjectAlternativeName::parse)
        .collect();
    let leaf = authority.issue_server_leaf(&public, &names, START, START + DAY).unwrap();
    assert!(is_trusted(&store(&root, START + 1, Some(X509PurposeId::SSL_SERVER)), &leaf));
    assert!(!is_trusted(&store(&root, START + 1, Some(X509PurposeId::SSL_CLIENT)), &leaf));
    let found = X509::from_der(&leaf).unwrap().subject_alt_names().unwrap();
    assert_eq!(
        found.iter().filter_map(|name| name.dnsname()).collect::<Vec<_>>(),
        ["idp.example.org", "*.example.org"]
    );
    assert_eq!(found.iter().filter_map(|name| name.ipaddress()).map(<[u8]>::len).collect::<Vec<_>>(), [4, 16]);
}

#[test]
fn bad_names_and_times_are_refused() {
    let authority = authority();
    let public = PublicKey::from_pkcs8_der(&generate_ed25519().unwrap()).unwrap();
    let is_certificate_error = |result: Result<Vec<u8>, Error>| matches!(result, Err(Error::Certificate(_)));
    assert!(is_certificate_error(authority.issue_leaf(&public, "", START, START + DAY)));
    assert!(is_certificate_error(authority.issue_leaf(&public, "x", START, START)));
    assert!(is_certificate_error(authority.issue_server_leaf(&public, &[], START, START + DAY)));
    for name in ["", "a b", "a,DNS:b", "a\0b", "a..b", "x.*.y"] {
        let names = [SubjectAlternativeName::Dns(name.to_owned())];
        assert!(is_certificate_error(authority.issue_server_leaf(&public, &names, START, START + DAY)), "{name:?}");
    }
}

#[test]
fn long_names_are_shortened_and_stay_apart() {
    let long = "ä".repeat(80);
    let authority = CertificateAuthority::generate(&format!("{long} authority"), START, START + DAY).unwrap();
    let public = PublicKey::from_pkcs8_der(&generate_ed25519().unwrap()).unwrap();
    let leaf = authority.issue_leaf(&public, &format!("{long} key"), START, START + DAY).unwrap();
    let root = authority.certificate_der().unwrap();
    let name = |der: &[u8]| {
        let certificate = X509::from_der(der).unwrap();
        certificate.subject_name().entries().next().unwrap().data().to_string().unwrap()
    };
    assert_eq!(name(&leaf).chars().count(), 64);
    assert_ne!(name(&leaf), name(&root));
    assert!(is_trusted(&store(&root, START + 1, None), &leaf));
}
