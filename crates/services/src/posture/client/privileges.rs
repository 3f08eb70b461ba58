//! What a client's tokens may do.

use super::{ADMIN_CLI, ADMIN_CONSOLE, ClientFacts, Findings, Rule};
use crate::posture::Severity::{Note, Warning};

const OFFLINE_ACCESS: &str = "offline_access";

static FULL_SCOPE_OF_STRANGERS: Rule = Rule {
    id: "full-scope-of-a-client-that-others-hold",
    severity: Warning,
    risk: "Its tokens carry every role of the user. When an administrator logs in to it, whoever gets at the token administers the realm.",
    remedy: "Set fullScopeAllowed to false (Client scopes, Dedicated, Scope) and name the roles that the client needs.",
    reference: "ASVS 5.0 10.4.11; RFC 9700 section 2.3",
};
static FULL_SCOPE: Rule = Rule {
    id: "full-scope",
    severity: Note,
    risk: "Its tokens carry every role of the user, also those that the application never asks about.",
    remedy: "Set fullScopeAllowed to false (Client scopes, Dedicated, Scope) and name the roles that the client needs.",
    reference: "ASVS 5.0 10.4.11; RFC 9700 section 2.3",
};
static OFFLINE_BY_DEFAULT: Rule = Rule {
    id: "offline-access-by-default",
    severity: Warning,
    risk: "Every login leaves a refresh token that outlives the session, whether the application asks for it or not.",
    remedy: "Make offline_access an optional client scope (Client scopes, Assigned type).",
    reference: "ASVS 5.0 10.4.11; OpenID Connect Core 1.0 section 11",
};
static PRIVILEGED_SERVICE_ACCOUNT: Rule = Rule {
    id: "service-account-of-an-administrator",
    severity: Warning,
    risk: "Whoever has this client's secret administers the realm, without a second factor and at any hour.",
    remedy: "Take roles from the service account that it does not need (Service accounts roles), and let the client sign with a key of its own.",
    reference: "RFC 9700 sections 2.3 and 2.5; ASVS 5.0 13.2.2",
};

pub(super) const RULES: &[&Rule] =
    &[&FULL_SCOPE_OF_STRANGERS, &OFFLINE_BY_DEFAULT, &PRIVILEGED_SERVICE_ACCOUNT, &FULL_SCOPE];

pub(super) fn check(facts: &ClientFacts<'_>, findings: &mut Findings<'_>) {
    let (client, settings) = (facts.client, &facts.client.settings);
    // To carry an administrator's roles is what these two are for.
    let for_administrators = [ADMIN_CLI, ADMIN_CONSOLE].contains(&client.client_id.as_str());
    if settings.full_scope_allowed && facts.has_users() && !for_administrators {
        let (rule, whose) = match (settings.public_client, settings.consent_required) {
            (true, _) => (&FULL_SCOPE_OF_STRANGERS, "fullScopeAllowed is on, and the client has no secret."),
            (_, true) => (&FULL_SCOPE_OF_STRANGERS, "fullScopeAllowed is on, and users are asked for their consent."),
            _ => (&FULL_SCOPE, "fullScopeAllowed is on."),
        };
        findings.add(rule, whose);
    }
    if facts.has_users() && client.default_scopes.iter().any(|scope| scope == OFFLINE_ACCESS) {
        findings.add(&OFFLINE_BY_DEFAULT, "offline_access is among the default client scopes.");
    }
    if settings.service_accounts_enabled && facts.privileged {
        findings.add(&PRIVILEGED_SERVICE_ACCOUNT, "The service account holds permissions of an administrator.");
    }
}
