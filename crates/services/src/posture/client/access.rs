//! How a client proves who it is, and where its keys come from.

use time::{Duration, OffsetDateTime};

use super::{ClientFacts, Findings, Rule, shown};
use crate::{
    clients::SECRET_CREATED,
    posture::Severity::{Note, Violation},
};

/// The time after which a secret is better replaced.
const SECRET_AGED: Duration = Duration::days(365);
/// Client attributes that hold an address with keys or one that is told of logouts; Keycloak's names.
const JWKS_URL: &str = "jwks.url";
const REQUEST_URIS: &str = "request.uris";

static SECRET_OLD: Rule = Rule {
    id: "client-secret-aged",
    severity: Note,
    risk: "The longer a secret is in use, the more copies of it there are: in configurations, backups and people's heads.",
    remedy: "Regenerate the secret (Credentials, Regenerate), or let the client sign with a key of its own.",
    reference: "ASVS 5.0 13.3.4",
};
static SHARED_SECRET: Rule = Rule {
    id: "client-secret-shared",
    severity: Note,
    risk: "The secret is known to both sides and can be lost by both; a private key stays with the application.",
    remedy: "Set clientAuthenticatorType to client-jwt (Credentials, Signed JWT) and register the application's public key.",
    reference: "RFC 9700 section 2.5",
};
static KEYS_WITHOUT_TLS: Rule = Rule {
    id: "client-keys-without-tls",
    severity: Violation,
    risk: "Everybody on the way puts a key of their own in place of the client's, and is the client from then on.",
    remedy: "Let the address in the attribute begin with https.",
    reference: "OpenID Connect Core 1.0 section 10.1.1; RFC 7517 section 8.1; RFC 9101 section 5.2",
};

pub(super) const RULES: &[&Rule] = &[&KEYS_WITHOUT_TLS, &SECRET_OLD, &SHARED_SECRET];

pub(super) fn check(facts: &ClientFacts<'_>, findings: &mut Findings<'_>) {
    let settings = &facts.client.settings;
    let addresses = [JWKS_URL, REQUEST_URIS].into_iter().filter_map(|name| Some((name, facts.attribute(name)?)));
    for (name, address) in addresses.flat_map(|(name, list)| list.split("##").map(move |one| (name, one))) {
        if address.get(..5).is_some_and(|scheme| scheme.eq_ignore_ascii_case("http:")) {
            findings.add(&KEYS_WITHOUT_TLS, format!("{name} holds {}.", shown(address)));
        }
    }
    if settings.public_client || !settings.client_authenticator_type.starts_with("client-secret") {
        return;
    }
    findings.add(&SHARED_SECRET, format!("clientAuthenticatorType is {}.", settings.client_authenticator_type));
    let created = facts.attribute(SECRET_CREATED).and_then(|seconds| seconds.parse().ok());
    let created = created.and_then(|seconds| OffsetDateTime::from_unix_timestamp(seconds).ok());
    if let Some(age) = created.map(|created| facts.now - created).filter(|age| *age > SECRET_AGED) {
        findings.add(&SECRET_OLD, format!("The secret is {} days old.", age.whole_days()));
    }
}
