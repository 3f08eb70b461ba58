//! The policies of a new realm: strangers are refused until an administrator trusts a host, and get a client that asks
//! users for consent and sees mapped roles only. Names and settings are Keycloak's.

use model::{component::Component, id::ComponentId, realm::Realm};

use super::{
    Policy,
    kind::{
        ALLOWED_MAPPERS, ALLOWED_SCOPES, CONSENT_REQUIRED, FULL_SCOPE_DISABLED, Kind, MAX_CLIENTS, PROVIDER_TYPE,
        TRUSTED_HOSTS,
    },
};
use crate::{Services, client_registration::Access};

/// A policy of a new realm.
pub(super) struct Default {
    pub access: Access,
    name: &'static str,
    provider: &'static str,
    settings: &'static [(&'static str, &'static [&'static str])],
}

const MAPPERS: &[(&str, &[&str])] = &[(
    "allowed-protocol-mapper-types",
    &[
        "saml-user-attribute-mapper",
        "oidc-usermodel-attribute-mapper",
        "saml-user-property-mapper",
        "oidc-usermodel-property-mapper",
        "oidc-full-name-mapper",
        "oidc-address-mapper",
        "oidc-sha256-pairwise-sub-mapper",
        "saml-role-list-mapper",
    ],
)];
const SCOPES: &[(&str, &[&str])] = &[("allow-default-scopes", &["true"])];

const fn policy(
    access: Access,
    name: &'static str,
    provider: &'static str,
    settings: &'static [(&'static str, &'static [&'static str])],
) -> Default {
    Default { access, name, provider, settings }
}

/// All of them.
pub(super) const DEFAULTS: [Default; 8] = [
    policy(
        Access::Anonymous,
        "Trusted Hosts",
        TRUSTED_HOSTS,
        &[("host-sending-registration-request-must-match", &["true"]), ("client-uris-must-match", &["true"])],
    ),
    policy(Access::Anonymous, "Consent Required", CONSENT_REQUIRED, &[]),
    policy(Access::Anonymous, "Full Scope Disabled", FULL_SCOPE_DISABLED, &[]),
    policy(Access::Anonymous, "Max Clients Limit", MAX_CLIENTS, &[("max-clients", &["200"])]),
    policy(Access::Anonymous, "Allowed Protocol Mapper Types", ALLOWED_MAPPERS, MAPPERS),
    policy(Access::Anonymous, "Allowed Client Scopes", ALLOWED_SCOPES, SCOPES),
    policy(Access::Authenticated, "Allowed Protocol Mapper Types", ALLOWED_MAPPERS, MAPPERS),
    policy(Access::Authenticated, "Allowed Client Scopes", ALLOWED_SCOPES, SCOPES),
];

impl Default {
    fn component(&self, id: String, parent_id: String) -> Component {
        let texts = |values: &[&str]| values.iter().map(|&value| value.to_owned()).collect();
        Component {
            id: ComponentId(id),
            name: self.name.to_owned(),
            provider_id: self.provider.to_owned(),
            provider_type: PROVIDER_TYPE.to_owned(),
            parent_id,
            sub_type: Some(self.access.as_str().to_owned()),
            config: self.settings.iter().map(|(name, values)| ((*name).to_owned(), texts(values))).collect(),
        }
    }

    /// The policy, as if it had been read.
    pub fn policy(&self) -> Policy {
        let component = self.component(String::new(), String::new());
        Policy { kind: Kind::read(&component).unwrap_or(Kind::MaxClients(0)), name: component.name }
    }
}

/// The components of a new realm.
pub(crate) fn default_components(services: &Services, realm: &Realm) -> Vec<Component> {
    DEFAULTS.iter().map(|default| default.component(services.new_id(), realm.given_id.clone())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::client_registration::policies::check;

    #[test]
    fn they_are_sound_policies() {
        for default in &DEFAULTS {
            let component = default.component("id".into(), "realm".into());
            assert!(Kind::read(&component).is_some() && check(&component).is_ok(), "{component:?}");
        }
        assert_eq!(DEFAULTS.iter().filter(|default| default.access == Access::Anonymous).count(), 6);
    }
}
