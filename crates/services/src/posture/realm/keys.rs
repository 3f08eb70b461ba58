//! The keys that sign tokens.

use model::key::{Key, KeyUse};
use openssl::pkey::{Id, PKey, Public};

use super::{Findings, RealmFacts, Rule, shown};
use crate::posture::Severity::{Note, Violation, Warning};

/// RFC 7518 section 3.3: the least size of an RSA key, bits.
const LEAST_RSA: u32 = 2_048;
/// NIST SP 800-57 part 1 section 5.3.6: a private signature key is used for one to three years. Days.
const AGED: i64 = 365;
const OLD: i64 = 3 * 365;

static RSA_KEY_SMALL: Rule = Rule {
    id: "rsa-key-small",
    severity: Violation,
    risk: "Whoever finds the private key by computing makes tokens for any user.",
    remedy: "Add a key provider with keySize 2048 or more and a higher priority, then disable this one (Realm settings, Keys).",
    reference: "RFC 7518 section 3.3; RFC 8725 section 3.2; ASVS 5.0 11.2.3",
};
static SIGNING_KEY_AGED: Rule = Rule {
    id: "signing-key-aged",
    severity: Note,
    risk: "The longer a key is in use, the more copies of it there are, in backups too.",
    remedy: "Add a key provider with a higher priority; set the old one to passive, and remove it when its last token has ended (Realm settings, Keys).",
    reference: "ASVS 5.0 11.1.1; NIST SP 800-57 part 1 section 5.3.6",
};
static SIGNING_KEY_OLD: Rule = Rule {
    id: "signing-key-old",
    severity: Warning,
    risk: "The longer a key is in use, the more copies of it there are, in backups too.",
    remedy: "Add a key provider with a higher priority; set the old one to passive, and remove it when its last token has ended (Realm settings, Keys).",
    reference: "ASVS 5.0 11.1.1; NIST SP 800-57 part 1 section 5.3.6",
};
static SYMMETRIC_DEFAULT: Rule = Rule {
    id: "symmetric-signature-by-default",
    severity: Note,
    risk: "A token that is signed with a shared secret can be made by everybody who can verify it. This server signs tokens for others with key pairs only, so it uses RS256 instead: what is set is not what happens.",
    remedy: "Set defaultSignatureAlgorithm to ES256, PS256, RS256 or EdDSA (Realm settings, Tokens).",
    reference: "RFC 8725 sections 3.1 and 3.2",
};

pub(super) const RULES: &[&Rule] = &[&RSA_KEY_SMALL, &SIGNING_KEY_OLD, &SIGNING_KEY_AGED, &SYMMETRIC_DEFAULT];

pub(super) fn check(facts: &RealmFacts<'_>, findings: &mut Findings<'_>) {
    for key in facts.keys.iter().filter(|key| key.enabled && key.purpose == KeyUse::Signature) {
        let Some(public) = public(key) else { continue };
        let kid = shown(&key.kid);
        if public.id() == Id::RSA && public.bits() < LEAST_RSA {
            findings.add(&RSA_KEY_SMALL, format!("The key {kid} has {} bits.", public.bits()));
        }
        let age = (facts.now - key.created).whole_days();
        let found = format!("The key {kid} ({}) has signed for {age} days.", key.algorithm);
        match age {
            _ if !key.active => {}
            age if age <= AGED => {}
            age if age <= OLD => findings.add(&SIGNING_KEY_AGED, found),
            _ => findings.add(&SIGNING_KEY_OLD, found),
        }
    }
    let algorithm = &facts.realm.settings.default_signature_algorithm;
    if algorithm.starts_with("HS") {
        findings.add(&SYMMETRIC_DEFAULT, format!("defaultSignatureAlgorithm is {algorithm}."));
    }
}

/// The public part of a key pair, however weak, so that it isn't `jose` that reads it. None for a secret, whose age matters
/// less because it never leaves the database.
fn public(key: &Key) -> Option<PKey<Public>> {
    PKey::public_key_from_der(key.public.as_deref()?).ok()
}
