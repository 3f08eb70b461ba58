//! A client: an application or a registry that users log in to.

use std::collections::BTreeMap;

use crate::{Attributes, id::ClientId};
use serde::{Deserialize, Serialize};

/// The protocol of OpenID Connect clients.
pub const OPENID_CONNECT: &str = "openid-connect";
/// The protocol of Docker registries.
pub const DOCKER_V2: &str = "docker-v2";

/// A client as its realm knows it. Its secret is kept apart, sealed.
#[derive(Clone, Debug, PartialEq)]
pub struct Client {
    /// The id in admin paths.
    pub id: ClientId,
    /// The name in protocol requests (`client_id`, or `service` of a registry), unique in the realm.
    pub client_id: String,
    /// The login protocol, such as `openid-connect` or `docker-v2`.
    pub protocol: String,
    /// A disabled client gets no token.
    pub enabled: bool,
    /// Everything else that an administrator sets.
    pub settings: ClientSettings,
    /// Attributes that typed readers interpret, and free ones, all kept as given.
    pub attributes: Attributes,
    /// Names of the client scopes that always apply.
    pub default_scopes: Vec<String>,
    /// Names of the client scopes that apply on request.
    pub optional_scopes: Vec<String>,
}

/// What an administrator sets on a client, with Keycloak's names.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
#[expect(clippy::struct_excessive_bools, reason = "these are Keycloak's switches, one by one")]
pub struct ClientSettings {
    /// Shown to people.
    pub name: Option<String>,
    /// Shown to administrators.
    pub description: Option<String>,
    /// Prefix of relative URLs.
    pub root_url: Option<String>,
    /// Where Keycloak would call the application.
    pub admin_url: Option<String>,
    /// The application's home page.
    pub base_url: Option<String>,
    /// No secret: the client can't keep one.
    pub public_client: bool,
    /// Only verifies tokens, never starts a login.
    pub bearer_only: bool,
    /// How the client authenticates, such as `client-secret`.
    pub client_authenticator_type: String,
    /// Where a browser may be sent back to.
    pub redirect_uris: Vec<String>,
    /// Origins from which a browser page may call; `+` stands for those of the redirect URIs.
    pub web_origins: Vec<String>,
    /// Tokens issued before this moment (seconds since 1970) are refused; 0 is off.
    pub not_before: i64,
    /// Users are asked for their consent.
    pub consent_required: bool,
    /// Authorization code flow.
    pub standard_flow_enabled: bool,
    /// Implicit and hybrid flow.
    pub implicit_flow_enabled: bool,
    /// Resource owner password grant.
    pub direct_access_grants_enabled: bool,
    /// Client credentials grant, through a user of its own.
    pub service_accounts_enabled: bool,
    /// Front-channel logout instead of back-channel.
    pub frontchannel_logout: bool,
    /// Tokens may carry every role of the user.
    pub full_scope_allowed: bool,
    /// Listed in the account console even without a session.
    pub always_display_in_console: bool,
    /// Kept for Keycloak exports.
    pub surrogate_auth_required: bool,
    /// Kept for Keycloak exports, seconds.
    pub node_re_registration_timeout: i64,
    /// Nodes of the application that announced themselves, with the moment, seconds since 1970.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub registered_nodes: BTreeMap<String, i64>,
    /// Flow id per binding (`browser`, `direct_grant`).
    pub authentication_flow_binding_overrides: Attributes,
}

impl Default for ClientSettings {
    fn default() -> Self {
        Self {
            name: None,
            description: None,
            root_url: None,
            admin_url: None,
            base_url: None,
            public_client: false,
            bearer_only: false,
            client_authenticator_type: "client-secret".to_owned(),
            redirect_uris: Vec::new(),
            web_origins: Vec::new(),
            not_before: 0,
            consent_required: false,
            standard_flow_enabled: true,
            implicit_flow_enabled: false,
            direct_access_grants_enabled: false,
            service_accounts_enabled: false,
            frontchannel_logout: false,
            full_scope_allowed: true,
            always_display_in_console: false,
            surrogate_auth_required: false,
            node_re_registration_timeout: -1,
            registered_nodes: BTreeMap::new(),
            authentication_flow_binding_overrides: Attributes::new(),
        }
    }
}
