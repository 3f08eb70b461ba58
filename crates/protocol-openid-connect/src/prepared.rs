//! A client's scopes and mappers, read once and kept beside the client in the cache.

use std::{collections::BTreeSet, sync::Arc};

use model::{client_scope::ScopeAssignment, role::RoleName};
use services::clients::ClientConfig;

use crate::{claims::ClaimMapper, default_scopes::IN_TOKEN_SCOPE};

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
    /// People are asked about it.
    pub asked_about: bool,
    /// What they are told, or Keycloak's key of a text.
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
        PreparedScope {
            name: scope.name.clone(),
            optional: scope.assignment == ScopeAssignment::Optional,
            // Absent means that it is shown, as in Keycloak.
            in_token_scope: attribute(IN_TOKEN_SCOPE).is_none_or(|shown| shown == "true"),
            asked_about: attribute("display.on.consent.screen").is_none_or(|shown| shown == "true"),
            consent_text: attribute("consent.screen.text").map(str::to_owned),
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
