//! A client's scopes and mappers, read once and kept beside the client in the cache.

use std::{collections::BTreeSet, sync::Arc};

use model::{client_scope::ScopeAssignment, role::RoleName};
use services::clients::ClientConfig;

use crate::{claims::mapping::ClaimMapper, default_scopes::IN_TOKEN_SCOPE};

/// A client, ready for token requests.
pub struct Prepared {
    /// The client's own mappers.
    pub mappers: Vec<ClaimMapper>,
    /// Its client scopes.
    pub scopes: Vec<PreparedScope>,
    /// The roles mapped to it.
    pub roles: BTreeSet<RoleName>,
}

/// A client scope, ready for token requests.
pub struct PreparedScope {
    /// Its name.
    pub name: String,
    /// It applies on request only.
    pub optional: bool,
    /// Its name is in the `scope` of tokens.
    pub in_token_scope: bool,
    /// What a person is told who is asked about it; none if nobody is asked.
    pub consent_text: Option<String>,
    /// Its mappers.
    pub mappers: Vec<ClaimMapper>,
    /// The roles mapped to it, with what they contain.
    pub roles: BTreeSet<RoleName>,
}

/// The client, prepared now or before.
pub fn of(config: &ClientConfig) -> Arc<Prepared> {
    config.prepared(prepare)
}

fn prepare(config: &ClientConfig) -> Prepared {
    let scopes = config.scopes.iter().map(|scope| {
        let attribute = |name: &str| scope.attributes.get(name).map(String::as_str).filter(|text| !text.is_empty());
        let shown = attribute("display.on.consent.screen").is_none_or(|shown| shown == "true");
        PreparedScope {
            name: scope.name.clone(),
            optional: scope.assignment == ScopeAssignment::Optional,
            // Absent means that it is shown, as in Keycloak.
            in_token_scope: attribute(IN_TOKEN_SCOPE).is_none_or(|shown| shown == "true"),
            consent_text: shown.then(|| consent_text(&scope.name, attribute("consent.screen.text"))),
            mappers: ClaimMapper::parse_all(&scope.mappers),
            roles: scope.roles.iter().cloned().collect(),
        }
    });
    Prepared {
        mappers: ClaimMapper::parse_all(&config.own_mappers),
        scopes: scopes.collect(),
        roles: config.scope_roles.iter().cloned().collect(),
    }
}

/// The words for a client scope: its own, or those that stand behind Keycloak's keys.
fn consent_text(name: &str, given: Option<&str>) -> String {
    let text = match given {
        Some("${profileScopeConsentText}") => "User profile",
        Some("${emailScopeConsentText}") => "Email address",
        Some("${addressScopeConsentText}") => "Address",
        Some("${phoneScopeConsentText}") => "Phone number",
        Some("${offlineAccessScopeConsentText}") => "Offline access",
        Some("${rolesScopeConsentText}") => "User roles",
        Some("${organizationScopeConsentText}") => "Organization",
        Some(text) => text,
        None => name,
    };
    text.to_owned()
}
