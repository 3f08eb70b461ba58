//! Kinds of conditions and executors with Keycloak's ids, and the profiles that every realm has.

use representation::{ClientPolicyExecutorRepresentation, ClientProfileRepresentation};
use serde_json::{Value, json};

/// Kinds of conditions of policies.
pub const CONDITIONS: [&str; 12] = [
    "acr-condition",
    "any-client",
    "client-access-type",
    "client-attributes",
    "client-roles",
    "client-scopes",
    "client-updater-context",
    "client-updater-source-groups",
    "client-updater-source-host",
    "client-updater-source-roles",
    "grant-type",
    "identity-provider-alias",
];

/// Kinds of executors of profiles.
pub const EXECUTORS: [&str; 30] = [
    "auth-flow-enforcer",
    "confidential-client",
    "consent-required",
    "dpop-bind-enforcer",
    "full-scope-disabled",
    "holder-of-key-enforcer",
    "intent-client-bind-checker",
    "jwt-claim-enforcer",
    "pkce-enforcer",
    "reject-implicit-grant",
    "reject-request",
    "reject-ropc-grant",
    "saml-avoid-redirect-binding",
    "saml-secure-client-uris",
    "saml-signature-enforcer",
    "secret-rotation",
    "secure-ciba-req-sig-algorithm",
    "secure-ciba-session",
    "secure-ciba-signed-authn-req",
    "secure-client-authenticator",
    "secure-client-uris",
    "secure-client-uris-pattern",
    "secure-logout",
    "secure-par-content",
    "secure-redirect-uris-enforcer",
    "secure-request-object",
    "secure-response-type",
    "secure-session",
    "secure-signature-algorithm",
    "secure-signature-algorithm-signed-jwt",
];

fn profile(name: &str, description: &str, executors: &[(&str, Value)]) -> ClientProfileRepresentation {
    let executor = |(kind, configuration): &(&str, Value)| ClientPolicyExecutorRepresentation {
        executor: Some((*kind).to_owned()),
        configuration: Some(configuration.clone()),
    };
    ClientProfileRepresentation {
        name: Some(name.to_owned()),
        description: Some(description.to_owned()),
        executors: Some(executors.iter().map(executor).collect()),
    }
}

/// The profiles that every realm has.
pub fn global_profiles() -> Vec<ClientProfileRepresentation> {
    let none = || json!({});
    let auto = || json!({"auto-configure": true});
    let authenticators = |allowed: &[&str], usual: &str| json!({"allowed-client-authenticators": allowed, "default-client-authenticator": usual});
    let ps256 = || json!({"default-algorithm": "PS256"});
    vec![
        profile(
            "fapi-1-baseline",
            "Clients that follow the Financial-grade API 1.0, part 1: Baseline.",
            &[
                ("secure-session", none()),
                ("pkce-enforcer", auto()),
                (
                    "secure-client-authenticator",
                    authenticators(&["client-jwt", "client-secret-jwt", "client-x509"], "client-jwt"),
                ),
                ("secure-client-uris", none()),
                ("consent-required", auto()),
                ("full-scope-disabled", auto()),
            ],
        ),
        profile(
            "fapi-1-advanced",
            "Clients that follow the Financial-grade API 1.0, part 2: Advanced.",
            &[
                ("secure-session", none()),
                ("confidential-client", none()),
                ("secure-client-authenticator", authenticators(&["client-jwt", "client-x509"], "client-jwt")),
                ("secure-client-uris", none()),
                ("secure-request-object", json!({"verify-nbf": true, "available-period": 3600})),
                ("secure-response-type", json!({"auto-configure": true, "allow-token-response-type": false})),
                ("secure-signature-algorithm", ps256()),
                ("secure-signature-algorithm-signed-jwt", json!({"require-client-assertion": false})),
                ("holder-of-key-enforcer", auto()),
                ("consent-required", auto()),
                ("full-scope-disabled", auto()),
            ],
        ),
        profile(
            "fapi-ciba",
            "Clients that follow the Financial-grade API for Client Initiated Backchannel Authentication.",
            &[
                ("confidential-client", none()),
                ("secure-ciba-session", none()),
                ("secure-ciba-signed-authn-req", json!({"available-period": 3600})),
                ("secure-ciba-req-sig-algorithm", ps256()),
                ("holder-of-key-enforcer", auto()),
            ],
        ),
        profile(
            "fapi-2-security-profile",
            "Clients that follow the FAPI 2.0 Security Profile.",
            &[
                ("confidential-client", none()),
                ("secure-client-authenticator", authenticators(&["client-jwt", "client-x509"], "client-jwt")),
                ("secure-client-uris", none()),
                ("secure-par-content", none()),
                ("pkce-enforcer", auto()),
                ("secure-signature-algorithm", ps256()),
                ("secure-signature-algorithm-signed-jwt", json!({"require-client-assertion": false})),
                ("holder-of-key-enforcer", auto()),
                ("reject-ropc-grant", auto()),
                ("reject-implicit-grant", auto()),
                ("consent-required", auto()),
                ("full-scope-disabled", auto()),
            ],
        ),
        profile(
            "fapi-2-dpop-security-profile",
            "Clients that follow the FAPI 2.0 Security Profile with DPoP.",
            &[
                ("confidential-client", none()),
                ("secure-client-authenticator", authenticators(&["client-jwt", "client-x509"], "client-jwt")),
                ("secure-client-uris", none()),
                ("secure-par-content", none()),
                ("pkce-enforcer", auto()),
                ("secure-signature-algorithm", ps256()),
                ("dpop-bind-enforcer", auto()),
                ("reject-ropc-grant", auto()),
                ("reject-implicit-grant", auto()),
                ("consent-required", auto()),
                ("full-scope-disabled", auto()),
            ],
        ),
        profile(
            "oauth-2-1-for-confidential-client",
            "Confidential clients that follow OAuth 2.1.",
            &[
                ("confidential-client", none()),
                (
                    "secure-client-authenticator",
                    authenticators(&["client-jwt", "client-secret-jwt", "client-x509"], "client-jwt"),
                ),
                ("secure-redirect-uris-enforcer", none()),
                ("pkce-enforcer", auto()),
                ("reject-ropc-grant", auto()),
                ("reject-implicit-grant", auto()),
            ],
        ),
        profile(
            "oauth-2-1-for-public-client",
            "Public clients that follow OAuth 2.1.",
            &[
                ("secure-redirect-uris-enforcer", none()),
                ("pkce-enforcer", auto()),
                ("dpop-bind-enforcer", auto()),
                ("reject-ropc-grant", auto()),
                ("reject-implicit-grant", auto()),
            ],
        ),
        profile(
            "saml-security-profile",
            "Clients of SAML that sign, and use no redirect binding.",
            &[
                ("saml-secure-client-uris", none()),
                ("saml-signature-enforcer", none()),
                ("saml-avoid-redirect-binding", none()),
            ],
        ),
    ]
}
