//! The ways by which a client gets tokens.

use super::{ADMIN_CLI, ClientFacts, Findings, Rule, shown};
use crate::posture::Severity::{Note, Violation, Warning};

/// Client attributes; Keycloak's names.
pub const DEVICE_GRANT_ENABLED: &str = "oauth2.device.authorization.grant.enabled";
const PKCE_METHOD: &str = "pkce.code.challenge.method";
const TOKEN_EXCHANGE: &str = "standard.token.exchange.enabled";
const TOKEN_EXCHANGE_REFRESH: &str = "standard.token.exchange.enableRefreshRequestedTokenType";
const WITHOUT_ISSUER: &str = "exclude.issuer.from.auth.response";

static PKCE_PLAIN: Rule = Rule {
    id: "pkce-plain",
    severity: Violation,
    risk: "Whoever reads the authorization request, in a log or a browser's history, can redeem the code.",
    remedy: "Set the attribute pkce.code.challenge.method to S256 (Advanced, Proof Key for Code Exchange).",
    reference: "ASVS 5.0 10.4.6; RFC 9700 section 2.1.1; RFC 7636 section 7.2",
};
static PKCE_NOT_REQUIRED: Rule = Rule {
    id: "pkce-not-required",
    severity: Warning,
    risk: "An attacker can put a code that they stole into their own login at the application, unless it checks nonce.",
    remedy: "Set the attribute pkce.code.challenge.method to S256 (Advanced, Proof Key for Code Exchange) once the application sends a challenge. Public clients have to, set or not.",
    reference: "ASVS 5.0 10.4.6; RFC 9700 sections 2.1.1 and 4.5.3",
};
static IMPLICIT_FLOW: Rule = Rule {
    id: "implicit-flow",
    severity: Violation,
    risk: "Access tokens travel in addresses, where histories, logs and scripts of others read them, and can be put in place of each other.",
    remedy: "Set implicitFlowEnabled to false (Capability config, Implicit flow) and let the application use the code flow with PKCE.",
    reference: "ASVS 5.0 10.4.4; RFC 9700 section 2.1.2; OAuth 2.1 section 10.1",
};
static PASSWORD_GRANT: Rule = Rule {
    id: "password-grant",
    severity: Violation,
    risk: "The application sees its users' passwords, users learn to type them anywhere, and second factors and single sign-on are out of reach.",
    remedy: "Set directAccessGrantsEnabled to false (Capability config, Direct access grants) and let the application use the code flow, or a service account where no user is there.",
    reference: "ASVS 5.0 10.4.4; RFC 9700 section 2.4; OAuth 2.1 section 10.1",
};
static PASSWORD_GRANT_OF_THE_COMMAND_LINE: Rule = Rule {
    id: "password-grant-of-admin-cli",
    severity: Note,
    risk: "Administrators type their password into programs, such as Keycloak's kcadm, its Terraform provider and its libraries, which know no other way to begin. Nobody can be sent to this client by a browser.",
    remedy: "Where administrators use a service account or a console, set directAccessGrantsEnabled of admin-cli to false.",
    reference: "RFC 9700 section 2.4; docs/decisions/030-posture-of-a-new-realm.md",
};
static DEVICE_GRANT: Rule = Rule {
    id: "device-grant-of-a-public-client",
    severity: Note,
    risk: "Anybody starts a device login in the name of this client and talks a user into approving it.",
    remedy: "Leave the attribute oauth2.device.authorization.grant.enabled on only for clients that run where there is no browser.",
    reference: "RFC 8628 section 5.4",
};
static TOKEN_EXCHANGE_ON: Rule = Rule {
    id: "token-exchange",
    severity: Note,
    risk: "Whoever has this client's secret turns any access token that is meant for it into one with its own scopes.",
    remedy: "Leave the attribute standard.token.exchange.enabled on only for clients that call other services for their users.",
    reference: "RFC 8693 section 5; RFC 9700 section 2.3",
};
static TOKEN_EXCHANGE_REFRESHES: Rule = Rule {
    id: "token-exchange-for-refresh-tokens",
    severity: Warning,
    risk: "An access token of minutes becomes access for as long as the user's session lasts.",
    remedy: "Remove the attribute standard.token.exchange.enableRefreshRequestedTokenType.",
    reference: "RFC 8693 sections 2.2.1 and 5",
};
static ANSWERS_WITHOUT_ISSUER: Rule = Rule {
    id: "issuer-left-out-of-answers",
    severity: Warning,
    risk: "An application that uses several providers can be made to send this one's code to another.",
    remedy: "Remove the attribute exclude.issuer.from.auth.response once the application bears the parameter iss.",
    reference: "RFC 9207 section 2; RFC 9700 sections 2.1 and 4.4.2",
};

pub(super) const RULES: &[&Rule] = &[
    &PKCE_PLAIN,
    &PKCE_NOT_REQUIRED,
    &IMPLICIT_FLOW,
    &PASSWORD_GRANT,
    &PASSWORD_GRANT_OF_THE_COMMAND_LINE,
    &DEVICE_GRANT,
    &TOKEN_EXCHANGE_REFRESHES,
    &TOKEN_EXCHANGE_ON,
    &ANSWERS_WITHOUT_ISSUER,
];

pub(super) fn check(facts: &ClientFacts<'_>, findings: &mut Findings<'_>) {
    let (client, settings) = (facts.client, &facts.client.settings);
    if settings.standard_flow_enabled {
        match facts.attribute(PKCE_METHOD) {
            Some("plain") => findings.add(&PKCE_PLAIN, "pkce.code.challenge.method is plain."),
            Some("S256") => {}
            // A public client needs S256 whatever else stands there.
            _ if settings.public_client => {}
            _ => findings.add(&PKCE_NOT_REQUIRED, "A login without a code challenge is accepted."),
        }
    }
    if settings.implicit_flow_enabled {
        findings.add(&IMPLICIT_FLOW, "implicitFlowEnabled is on.");
    }
    if settings.direct_access_grants_enabled {
        let rule = match client.client_id == ADMIN_CLI && settings.public_client && !facts.is_redirected_to() {
            true => &PASSWORD_GRANT_OF_THE_COMMAND_LINE,
            false => &PASSWORD_GRANT,
        };
        findings.add(rule, "directAccessGrantsEnabled is on.");
    }
    if settings.public_client && facts.is_on(DEVICE_GRANT_ENABLED) {
        findings.add(&DEVICE_GRANT, format!("{DEVICE_GRANT_ENABLED} is on, and the client has no secret."));
    }
    // A public client is refused whatever its switches say.
    if !settings.public_client && facts.is_on(TOKEN_EXCHANGE) {
        findings.add(&TOKEN_EXCHANGE_ON, format!("{TOKEN_EXCHANGE} is on."));
        if let Some(how) = facts.attribute(TOKEN_EXCHANGE_REFRESH).filter(|how| *how != "NO") {
            findings.add(&TOKEN_EXCHANGE_REFRESHES, format!("{TOKEN_EXCHANGE_REFRESH} is {}.", shown(how)));
        }
    }
    if facts.is_redirected_to() && facts.is_on(WITHOUT_ISSUER) {
        findings.add(&ANSWERS_WITHOUT_ISSUER, format!("{WITHOUT_ISSUER} is on."));
    }
}
