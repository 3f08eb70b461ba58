//! The kinds of policies and their settings, with Keycloak's names.

use std::collections::BTreeSet;

use model::component::Component;

use super::trusted_hosts::TrustedHosts;
use crate::{Error, Result, client_registration::Access};

/// Keycloak's provider type of these components.
pub const PROVIDER_TYPE: &str = "org.keycloak.services.clientregistration.policy.ClientRegistrationPolicy";

/// The kinds of policies that this server knows.
pub const PROVIDERS: [&str; 8] = [
    TRUSTED_HOSTS,
    CONSENT_REQUIRED,
    FULL_SCOPE_DISABLED,
    MAX_CLIENTS,
    ALLOWED_MAPPERS,
    ALLOWED_SCOPES,
    CLIENT_DISABLED,
    WEB_ORIGINS,
];

pub(super) const TRUSTED_HOSTS: &str = "trusted-hosts";
pub(super) const CONSENT_REQUIRED: &str = "consent-required";
pub(super) const FULL_SCOPE_DISABLED: &str = "scope";
pub(super) const MAX_CLIENTS: &str = "max-clients";
pub(super) const ALLOWED_MAPPERS: &str = "allowed-protocol-mappers";
pub(super) const ALLOWED_SCOPES: &str = "allowed-client-templates";
const CLIENT_DISABLED: &str = "client-disabled";
const WEB_ORIGINS: &str = "registration-web-origins";

/// What a policy asks for.
#[derive(Clone, Debug)]
pub(super) enum Kind {
    /// Callers and addresses of clients are among these hosts.
    TrustedHosts(TrustedHosts),
    /// Users are asked for consent.
    ConsentRequired,
    /// Tokens carry mapped roles only.
    FullScopeDisabled,
    /// The realm has no more clients than this.
    MaxClients(i64),
    /// Protocol mappers are of these kinds.
    AllowedMappers(BTreeSet<String>),
    /// Client scopes are among these, or among those of every new client if the switch says so.
    AllowedScopes { names: BTreeSet<String>, defaults: bool },
    /// New clients wait for an administrator.
    ClientDisabled,
    /// Pages of these origins may register clients.
    WebOrigins(Vec<String>),
}

impl Kind {
    /// Reads a component; none if it is of a kind that nobody here knows. A limit that can't be read admits nobody.
    pub(super) fn read(component: &Component) -> Option<Self> {
        let list = |name: &str| component.config.get(name).cloned().unwrap_or_default();
        let switch = |name: &str| component.setting(name) == Some("true");
        Some(match component.provider_id.as_str() {
            TRUSTED_HOSTS => Self::TrustedHosts(TrustedHosts {
                hosts: list("trusted-hosts").iter().map(|text| text.parse().unwrap_or_default()).collect(),
                callers: switch("host-sending-registration-request-must-match"),
                addresses: switch("client-uris-must-match"),
            }),
            CONSENT_REQUIRED => Self::ConsentRequired,
            FULL_SCOPE_DISABLED => Self::FullScopeDisabled,
            MAX_CLIENTS => {
                Self::MaxClients(component.setting("max-clients").and_then(|most| most.parse().ok()).unwrap_or(0))
            }
            ALLOWED_MAPPERS => Self::AllowedMappers(list("allowed-protocol-mapper-types").into_iter().collect()),
            ALLOWED_SCOPES => Self::AllowedScopes {
                names: list("allowed-client-scopes").into_iter().collect(),
                defaults: switch("allow-default-scopes"),
            },
            CLIENT_DISABLED => Self::ClientDisabled,
            WEB_ORIGINS => Self::WebOrigins(list("web-origins")),
            _ => return None,
        })
    }
}

/// Checks a policy before it is kept. Settings that nobody here knows are kept as they are.
///
/// # Errors
/// `Refused` for a kind that nobody here knows, `Invalid` for settings that make no sense.
pub(crate) fn check(component: &Component) -> Result<()> {
    let known = PROVIDERS.contains(&component.provider_id.as_str());
    if !known {
        return Err(Error::Refused("Invalid provider type or no such provider".to_owned()));
    }
    let of_access = |text: &str| [Access::Anonymous, Access::Authenticated].iter().any(|one| one.as_str() == text);
    if !component.sub_type.as_deref().is_some_and(of_access) {
        return Err(Error::invalid("subType", "The sub type of a registration policy is anonymous or authenticated"));
    }
    let switches = ["host-sending-registration-request-must-match", "client-uris-must-match", "allow-default-scopes"];
    for switch in switches {
        if component.setting(switch).is_some_and(|value| value != "true" && value != "false") {
            return Err(Error::invalid(switch, format!("'{switch}' must be 'true' or 'false'")));
        }
    }
    match component.provider_id.as_str() {
        MAX_CLIENTS
            if component.setting("max-clients").is_none_or(|most| !most.parse().is_ok_and(|most: i64| most >= 0)) =>
        {
            Err(Error::invalid("max-clients", "'Max Clients Per Realm' should be a number"))
        }
        TRUSTED_HOSTS => {
            let texts = component.config.get("trusted-hosts").map(Vec::as_slice).unwrap_or_default();
            match texts.iter().find(|text| text.parse::<super::trusted_hosts::Host>().is_err()) {
                Some(text) => Err(Error::invalid("trusted-hosts", format!("'{text}' is no host, domain or network"))),
                None => Ok(()),
            }
        }
        _ => Ok(()),
    }
}
