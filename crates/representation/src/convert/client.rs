//! Clients as representations.

use std::collections::BTreeMap;

use model::{
    client::{Client, ClientSettings},
    protocol_mapper::ProtocolMapper,
};

use crate::{ClientRepresentation, Masked, ProtocolMapperRepresentation};

/// Whether Keycloak counts a client among those that stand for a realm and not for an application.
fn is_of_realm(client: &Client) -> bool {
    let name = client.client_id.as_str();
    client.settings.bearer_only && (name == "broker" || name == "realm-management" || name.ends_with("-realm"))
}

impl ClientRepresentation {
    /// A client with its own mappers, without its secret.
    #[must_use]
    pub fn of(client: &Client, mappers: &[ProtocolMapper]) -> Self {
        let settings: &ClientSettings = &client.settings;
        let mut attributes = client.attributes.clone();
        attributes.entry("realm_client".to_owned()).or_insert_with(|| is_of_realm(client).to_string());
        Self {
            id: Some(client.id.0.clone()),
            client_id: Some(client.client_id.clone()),
            name: settings.name.clone(),
            description: settings.description.clone(),
            root_url: settings.root_url.clone(),
            admin_url: settings.admin_url.clone(),
            base_url: settings.base_url.clone(),
            surrogate_auth_required: Some(settings.surrogate_auth_required),
            enabled: Some(client.enabled),
            always_display_in_console: Some(settings.always_display_in_console),
            client_authenticator_type: Some(settings.client_authenticator_type.clone()),
            redirect_uris: Some(settings.redirect_uris.clone()),
            web_origins: Some(settings.web_origins.clone()),
            not_before: Some(i32::try_from(settings.not_before).unwrap_or(i32::MAX)),
            bearer_only: Some(settings.bearer_only),
            consent_required: Some(settings.consent_required),
            standard_flow_enabled: Some(settings.standard_flow_enabled),
            implicit_flow_enabled: Some(settings.implicit_flow_enabled),
            direct_access_grants_enabled: Some(settings.direct_access_grants_enabled),
            service_accounts_enabled: Some(settings.service_accounts_enabled),
            public_client: Some(settings.public_client),
            frontchannel_logout: Some(settings.frontchannel_logout),
            protocol: Some(client.protocol.clone()),
            attributes: Some(Masked::new(attributes)),
            authentication_flow_binding_overrides: Some(settings.authentication_flow_binding_overrides.clone()),
            full_scope_allowed: Some(settings.full_scope_allowed),
            node_re_registration_timeout: Some(
                i32::try_from(settings.node_re_registration_timeout).unwrap_or(i32::MAX),
            ),
            registered_nodes: (!settings.registered_nodes.is_empty()).then(|| {
                let moment = |moment: &i64| i32::try_from(*moment).unwrap_or(i32::MAX);
                settings.registered_nodes.iter().map(|(node, at)| (node.clone(), moment(at))).collect()
            }),
            protocol_mappers: (!mappers.is_empty())
                .then(|| mappers.iter().map(ProtocolMapperRepresentation::from).collect()),
            default_client_scopes: Some(client.default_scopes.clone()),
            optional_client_scopes: Some(client.optional_scopes.clone()),
            ..Self::default()
        }
    }

    /// Says what the caller may do with the client.
    #[must_use]
    pub fn with_access(mut self, view: bool, manage: bool) -> Self {
        let access = [("view", view), ("configure", manage), ("manage", manage)];
        self.access = Some(access.into_iter().map(|(name, may)| (name.to_owned(), may)).collect::<BTreeMap<_, _>>());
        self
    }
}
