//! A client: an application that asks for tokens, or a registry service.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::{Masked, ProtocolMapperRepresentation, SecretText, StringMap, define::representation};

representation! {
    /// A client of a realm.
    ClientRepresentation {
        /// The client's UUID, unlike `clientId`.
        id: String,
        /// The name the client uses in requests.
        client_id: String,
        /// Name shown to people.
        name: String,
        /// Description.
        description: String,
        /// Client type, when that feature is on.
        r#type: String,
        /// Prefix of relative URLs.
        root_url: String,
        /// Where the client takes notifications.
        admin_url: String,
        /// The client's home page.
        base_url: String,
        /// Legacy switch of adapters.
        surrogate_auth_required: bool,
        /// Whether the client is in use.
        enabled: bool,
        /// Whether the account console lists the client always.
        always_display_in_console: bool,
        /// How the client authenticates, for instance `client-secret`.
        client_authenticator_type: String,
        /// The client secret.
        secret: SecretText,
        /// Token for later changes by dynamic registration; in its responses only.
        registration_access_token: SecretText,
        /// Legacy import field.
        default_roles: Vec<String>,
        /// Redirect URIs allowed.
        redirect_uris: Vec<String>,
        /// Origins allowed by CORS; `+` means those of the redirect URIs.
        web_origins: Vec<String>,
        /// Tokens issued before this time are invalid; epoch seconds.
        not_before: i32,
        /// Whether the client only checks tokens.
        bearer_only: bool,
        /// Whether users are asked for consent.
        consent_required: bool,
        /// Whether the authorization code flow is on.
        standard_flow_enabled: bool,
        /// Whether the implicit flow is on.
        implicit_flow_enabled: bool,
        /// Whether the password grant is on.
        direct_access_grants_enabled: bool,
        /// Whether the client credentials grant is on.
        service_accounts_enabled: bool,
        /// Whether authorization services are on; absent unless true.
        authorization_services_enabled: bool,
        /// Deprecated.
        direct_grants_only: bool,
        /// Whether the client has no secret.
        public_client: bool,
        /// Whether logout goes through the browser.
        frontchannel_logout: bool,
        /// `openid-connect`, `docker-v2` or `saml`.
        protocol: String,
        /// Attributes. Hidden from debug prints: rotated secrets and signing keys are kept here.
        attributes: Masked<StringMap>,
        /// Flows that replace the realm's: `browser`, `direct_grant` to flow id.
        authentication_flow_binding_overrides: StringMap,
        /// Whether tokens hold all roles of the user.
        full_scope_allowed: bool,
        /// Legacy cluster setting of adapters, seconds.
        node_re_registration_timeout: i32,
        /// Registered cluster nodes and the time they registered, epoch seconds.
        registered_nodes: BTreeMap<String, i32>,
        /// The client's own protocol mappers.
        protocol_mappers: Vec<ProtocolMapperRepresentation>,
        /// Deprecated.
        client_template: String,
        /// Deprecated.
        use_template_config: bool,
        /// Deprecated.
        use_template_scope: bool,
        /// Deprecated.
        use_template_mappers: bool,
        /// Names of the scopes always applied.
        default_client_scopes: Vec<String>,
        /// Names of the scopes applied on request.
        optional_client_scopes: Vec<String>,
        /// Authorization services, kept as they came.
        authorization_settings: Value,
        /// What the caller may do: `view`, `configure`, `manage`.
        access: BTreeMap<String, bool>,
        /// Store the client comes from; absent for local ones.
        origin: String,
    }
}
