//! Who may register clients without a token (RFC 7591).

use model::component::Component;

use super::{Findings, RealmFacts, Rule, shown};
use crate::{
    client_registration::PROVIDER_TYPE,
    posture::Severity::{Violation, Warning},
};

const TRUSTED_HOSTS: &str = "trusted-hosts";
const CONSENT_REQUIRED: &str = "consent-required";
const CLIENT_DISABLED: &str = "client-disabled";
const ANONYMOUS: &str = "anonymous";

static OPEN_TO_ALL: Rule = Rule {
    id: "registration-open-to-all",
    severity: Violation,
    risk: "Anybody registers an application with redirect URIs of their own and a name that users trust.",
    remedy: "Add the policy Trusted Hosts for anonymous access with host-sending-registration-request-must-match on and without networks that hold everybody (Clients, Client registration).",
    reference: "ASVS 5.0 10.4.7; RFC 7591 section 5; RFC 9700 section 4.11.2",
};
static OPEN_TO_SOME: Rule = Rule {
    id: "registration-open-to-hosts",
    severity: Warning,
    risk: "Whoever works at one of these hosts registers applications without being known.",
    remedy: "Hand out initial access tokens instead, and empty trusted-hosts (Clients, Client registration).",
    reference: "ASVS 5.0 10.4.7; RFC 7591 section 3",
};
static WITHOUT_CONSENT: Rule = Rule {
    id: "registration-without-consent",
    severity: Violation,
    risk: "An application that nobody looked at gets tokens of a user who is logged in, without a question.",
    remedy: "Add the policy Consent Required, or Client Disabled, for anonymous access (Clients, Client registration).",
    reference: "ASVS 5.0 10.4.7; RFC 7591 section 5",
};

pub(super) const RULES: &[&Rule] = &[&OPEN_TO_ALL, &OPEN_TO_SOME, &WITHOUT_CONSENT];

pub(super) fn check(facts: &RealmFacts<'_>, findings: &mut Findings<'_>) {
    let anonymous: Vec<_> = facts
        .registration_policies
        .iter()
        .filter(|policy| policy.provider_type == PROVIDER_TYPE && policy.sub_type.as_deref() == Some(ANONYMOUS))
        .collect();
    // Without any policy for them, strangers are refused.
    let Some(open) = open(&anonymous) else { return };
    match open {
        Open::ToAll(found) => findings.add(&OPEN_TO_ALL, found),
        Open::To(hosts) => findings.add(&OPEN_TO_SOME, format!("These hosts register clients: {}.", shown(&hosts))),
    }
    let is_there = |kind: &str| anonymous.iter().any(|policy| policy.provider_id == kind);
    if !is_there(CONSENT_REQUIRED) && !is_there(CLIENT_DISABLED) {
        findings.add(&WITHOUT_CONSENT, "No policy makes users agree to clients of strangers.");
    }
}

/// To whom registration is open.
enum Open {
    ToAll(&'static str),
    To(String),
}

/// A caller has to be trusted by every policy: one that trusts nobody closes registration.
fn open(anonymous: &[&Component]) -> Option<Open> {
    if anonymous.is_empty() {
        return None;
    }
    let callers: Vec<_> = anonymous
        .iter()
        .filter(|policy| policy.provider_id == TRUSTED_HOSTS)
        .filter(|policy| policy.setting("host-sending-registration-request-must-match") == Some("true"))
        .map(|policy| policy.config.get(TRUSTED_HOSTS).map(Vec::as_slice).unwrap_or_default())
        .collect();
    if callers.is_empty() {
        return Some(Open::ToAll("No policy looks at who registers a client."));
    }
    if callers.iter().any(|hosts| hosts.iter().all(|host| host.trim().is_empty())) {
        return None;
    }
    // A network without a prefix holds every address.
    let everybody = |host: &String| host.trim().ends_with("/0") || host.trim() == "*";
    if callers.iter().all(|hosts| hosts.iter().any(everybody)) {
        return Some(Open::ToAll("The policy Trusted Hosts trusts every address."));
    }
    Some(Open::To(callers.concat().join(", ")))
}
