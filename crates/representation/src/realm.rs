//! A realm, as the admin API reads and writes it and as exports hold it.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::{
    AuthenticationFlowRepresentation, AuthenticatorConfigRepresentation, ClientRepresentation,
    ClientScopeRepresentation, ComponentExportRepresentation, GroupRepresentation,
    IdentityProviderMapperRepresentation, IdentityProviderRepresentation, Masked, ProtocolMapperRepresentation,
    RequiredActionProviderRepresentation, RoleRepresentation, RolesRepresentation, ScopeMappingRepresentation,
    SecretText, StringMap, UserFederationMapperRepresentation, UserFederationProviderRepresentation,
    UserRepresentation, define::representation,
};

representation! {
    /// A realm. A read of the admin API has the plain fields only; the lists of nested objects occur in exports,
    /// imports and realm creation. Lifespans are in seconds.
    RealmRepresentation {
        /// Realm id.
        id: String,
        /// Realm name, as it appears in URLs.
        realm: String,
        /// Name shown on pages.
        display_name: String,
        /// Name shown on the login page, as HTML.
        display_name_html: String,
        /// Tokens issued before this time are invalid; epoch seconds.
        not_before: i32,
        /// Signature algorithm of tokens when the client names none.
        default_signature_algorithm: String,
        /// Whether a refresh token may be used a limited number of times only.
        revoke_refresh_token: bool,
        /// How often a refresh token may be reused when revocation is on.
        refresh_token_max_reuse: i32,
        /// Lifespan of access tokens.
        access_token_lifespan: i32,
        /// Lifespan of access tokens of the implicit flow.
        access_token_lifespan_for_implicit_flow: i32,
        /// Idle time after which a session ends.
        sso_session_idle_timeout: i32,
        /// Longest life of a session.
        sso_session_max_lifespan: i32,
        /// Idle time with "remember me"; 0 means the ordinary one.
        sso_session_idle_timeout_remember_me: i32,
        /// Longest life with "remember me"; 0 means the ordinary one.
        sso_session_max_lifespan_remember_me: i32,
        /// Idle time of offline sessions.
        offline_session_idle_timeout: i32,
        /// Whether offline sessions have a longest life.
        offline_session_max_lifespan_enabled: bool,
        /// Longest life of offline sessions.
        offline_session_max_lifespan: i32,
        /// Idle time of a client's part of a session; 0 means the session's.
        client_session_idle_timeout: i32,
        /// Longest life of a client's part of a session; 0 means the session's.
        client_session_max_lifespan: i32,
        /// Idle time of a client's part of an offline session.
        client_offline_session_idle_timeout: i32,
        /// Longest life of a client's part of an offline session.
        client_offline_session_max_lifespan: i32,
        /// Lifespan of authorization codes.
        access_code_lifespan: i32,
        /// Time to finish a required action.
        access_code_lifespan_user_action: i32,
        /// Time to finish a login.
        access_code_lifespan_login: i32,
        /// Lifespan of action links an administrator sends.
        action_token_generated_by_admin_lifespan: i32,
        /// Lifespan of action links a user asks for.
        action_token_generated_by_user_lifespan: i32,
        /// Lifespan of device codes (RFC 8628).
        oauth2_device_code_lifespan: i32,
        /// Least interval of device polling, seconds.
        oauth2_device_polling_interval: i32,
        /// Whether the realm is in use.
        enabled: bool,
        /// `none`, `external` or `all`.
        ssl_required: String,
        /// Deprecated.
        password_credential_grant_allowed: bool,
        /// Whether users may register.
        registration_allowed: bool,
        /// Whether registration takes the email as user name.
        registration_email_as_username: bool,
        /// Whether the login page offers "remember me".
        remember_me: bool,
        /// Whether users must verify their email.
        verify_email: bool,
        /// Whether users may log in with their email.
        login_with_email_allowed: bool,
        /// Whether two users may have one email.
        duplicate_emails_allowed: bool,
        /// Whether users may reset their password.
        reset_password_allowed: bool,
        /// Whether users may change their user name.
        edit_username_allowed: bool,
        /// Deprecated.
        user_cache_enabled: bool,
        /// Deprecated.
        realm_cache_enabled: bool,
        /// Whether failed logins are counted and limited.
        brute_force_protected: bool,
        /// Whether too many failures disable the account for good.
        permanent_lockout: bool,
        /// Temporary lockouts before the permanent one.
        max_temporary_lockouts: i32,
        /// `LINEAR` or `MULTIPLE`.
        brute_force_strategy: String,
        /// Longest wait after failures, seconds.
        max_failure_wait_seconds: i32,
        /// Wait after failures in quick succession, seconds.
        minimum_quick_login_wait_seconds: i32,
        /// Step by which the wait grows, seconds.
        wait_increment_seconds: i32,
        /// Failures closer together than this are "quick", milliseconds.
        quick_login_check_milli_seconds: i64,
        /// Time after which failures are forgotten, seconds.
        max_delta_time_seconds: i32,
        /// Failures before the first wait.
        failure_factor: i32,
        /// Failures of a second factor before the lockout (26.6).
        max_secondary_auth_failures: i32,
        /// Deprecated.
        private_key: SecretText,
        /// Deprecated.
        public_key: String,
        /// Deprecated.
        certificate: String,
        /// Deprecated.
        code_secret: SecretText,
        /// Realm and client roles.
        roles: RolesRepresentation,
        /// Top-level groups with their subgroups.
        groups: Vec<GroupRepresentation>,
        /// Names of the default roles, before the composite default role existed.
        default_roles: Vec<String>,
        /// The composite role every user has.
        default_role: RoleRepresentation,
        /// The client that holds fine-grained admin permissions.
        admin_permissions_client: ClientRepresentation,
        /// Paths of the groups new users join.
        default_groups: Vec<String>,
        /// Credential types users need.
        required_credentials: Vec<String>,
        /// Password policy expression.
        password_policy: String,
        /// `totp` or `hotp`.
        otp_policy_type: String,
        /// For instance `HmacSHA1`.
        otp_policy_algorithm: String,
        /// First counter of HOTP.
        otp_policy_initial_counter: i32,
        /// Digits of a code.
        otp_policy_digits: i32,
        /// Codes accepted before and after the current one.
        otp_policy_look_ahead_window: i32,
        /// Period of TOTP, seconds.
        otp_policy_period: i32,
        /// Whether a code may be used twice within its period.
        otp_policy_code_reusable: bool,
        /// Message keys of the apps that support the policy.
        otp_supported_applications: Vec<String>,
        /// Texts that replace the theme's, by locale and key.
        localization_texts: BTreeMap<String, StringMap>,
        /// WebAuthn relying party name.
        web_authn_policy_rp_entity_name: String,
        /// WebAuthn signature algorithms.
        web_authn_policy_signature_algorithms: Vec<String>,
        /// WebAuthn relying party id; empty means the server's host.
        web_authn_policy_rp_id: String,
        /// WebAuthn attestation preference.
        web_authn_policy_attestation_conveyance_preference: String,
        /// WebAuthn authenticator attachment.
        web_authn_policy_authenticator_attachment: String,
        /// Whether WebAuthn asks for a discoverable credential.
        web_authn_policy_require_resident_key: String,
        /// WebAuthn user verification.
        web_authn_policy_user_verification_requirement: String,
        /// WebAuthn registration timeout, seconds; 0 means none.
        web_authn_policy_create_timeout: i32,
        /// Whether one authenticator may be registered once only.
        web_authn_policy_avoid_same_authenticator_register: bool,
        /// WebAuthn authenticator models allowed.
        web_authn_policy_acceptable_aaguids: Vec<String>,
        /// WebAuthn origins allowed besides the server's.
        web_authn_policy_extra_origins: Vec<String>,
        /// Passwordless: relying party name.
        web_authn_policy_passwordless_rp_entity_name: String,
        /// Passwordless: signature algorithms.
        web_authn_policy_passwordless_signature_algorithms: Vec<String>,
        /// Passwordless: relying party id.
        web_authn_policy_passwordless_rp_id: String,
        /// Passwordless: attestation preference.
        web_authn_policy_passwordless_attestation_conveyance_preference: String,
        /// Passwordless: authenticator attachment.
        web_authn_policy_passwordless_authenticator_attachment: String,
        /// Passwordless: whether a discoverable credential is asked for.
        web_authn_policy_passwordless_require_resident_key: String,
        /// Passwordless: user verification.
        web_authn_policy_passwordless_user_verification_requirement: String,
        /// Passwordless: registration timeout, seconds; 0 means none.
        web_authn_policy_passwordless_create_timeout: i32,
        /// Passwordless: whether one authenticator may be registered once only.
        web_authn_policy_passwordless_avoid_same_authenticator_register: bool,
        /// Passwordless: authenticator models allowed.
        web_authn_policy_passwordless_acceptable_aaguids: Vec<String>,
        /// Passwordless: origins allowed besides the server's.
        web_authn_policy_passwordless_extra_origins: Vec<String>,
        /// Whether the login page offers passkeys (26.4).
        web_authn_policy_passwordless_passkeys_enabled: bool,
        /// Client profiles, kept as they came.
        client_profiles: Value,
        /// Client policies, kept as they came.
        client_policies: Value,
        /// Users of a full export.
        users: Vec<UserRepresentation>,
        /// Users of a federated store in a full export.
        federated_users: Vec<UserRepresentation>,
        /// Realm roles within the scope of clients and client scopes.
        scope_mappings: Vec<ScopeMappingRepresentation>,
        /// Client roles within the scope of clients and client scopes, by the client that owns the roles.
        client_scope_mappings: BTreeMap<String, Vec<ScopeMappingRepresentation>>,
        /// Clients.
        clients: Vec<ClientRepresentation>,
        /// Client scopes.
        client_scopes: Vec<ClientScopeRepresentation>,
        /// Names of the scopes new clients have by default.
        default_default_client_scopes: Vec<String>,
        /// Names of the scopes new clients may ask for.
        default_optional_client_scopes: Vec<String>,
        /// Security headers of browser pages.
        browser_security_headers: StringMap,
        /// Mail server settings; the password is among them.
        smtp_server: Masked<StringMap>,
        /// User federation before components existed.
        user_federation_providers: Vec<UserFederationProviderRepresentation>,
        /// Mappers of user federation before components existed.
        user_federation_mappers: Vec<UserFederationMapperRepresentation>,
        /// Theme of the login pages.
        login_theme: String,
        /// Theme of the account console.
        account_theme: String,
        /// Theme of the admin console.
        admin_theme: String,
        /// Theme of mails.
        email_theme: String,
        /// Whether login events are stored.
        events_enabled: bool,
        /// Seconds after which stored events go; absent means never.
        events_expiration: i64,
        /// Names of the event listeners.
        events_listeners: Vec<String>,
        /// Event types stored; empty means the default ones.
        enabled_event_types: Vec<String>,
        /// Whether admin events are stored.
        admin_events_enabled: bool,
        /// Whether admin events hold the representation.
        admin_events_details_enabled: bool,
        /// Identity providers.
        identity_providers: Vec<IdentityProviderRepresentation>,
        /// Mappers of identity providers.
        identity_provider_mappers: Vec<IdentityProviderMapperRepresentation>,
        /// Protocol mappers, before client scopes existed.
        protocol_mappers: Vec<ProtocolMapperRepresentation>,
        /// Components by provider type.
        components: BTreeMap<String, Vec<ComponentExportRepresentation>>,
        /// Whether pages come in the user's language.
        internationalization_enabled: bool,
        /// Languages offered.
        supported_locales: Vec<String>,
        /// Language when the user has no preference.
        default_locale: String,
        /// Authentication flows with their executions.
        authentication_flows: Vec<AuthenticationFlowRepresentation>,
        /// Configurations of executions.
        authenticator_config: Vec<AuthenticatorConfigRepresentation>,
        /// Required actions.
        required_actions: Vec<RequiredActionProviderRepresentation>,
        /// Alias of the browser login flow.
        browser_flow: String,
        /// Alias of the registration flow.
        registration_flow: String,
        /// Alias of the password grant flow.
        direct_grant_flow: String,
        /// Alias of the reset-password flow.
        reset_credentials_flow: String,
        /// Alias of the client authentication flow.
        client_authentication_flow: String,
        /// Alias of the Docker registry login flow.
        docker_authentication_flow: String,
        /// Alias of the flow after a first broker login.
        first_broker_login_flow: String,
        /// Realm attributes.
        attributes: StringMap,
        /// Version that wrote the export.
        keycloak_version: String,
        /// Whether users manage access to their own resources (UMA).
        user_managed_access_allowed: bool,
        /// Whether organizations are on.
        organizations_enabled: bool,
        /// Organizations, kept as they came; their identity providers hold secrets.
        organizations: Vec<Masked<Value>>,
        /// Whether verifiable credentials are on.
        verifiable_credentials_enabled: bool,
        /// Whether fine-grained admin permissions are on.
        admin_permissions_enabled: bool,
        /// Whether the SCIM API is on.
        scim_api_enabled: bool,
        /// Deprecated.
        social: bool,
        /// Deprecated.
        update_profile_on_initial_social_login: bool,
        /// Deprecated; holds secrets.
        social_providers: Masked<StringMap>,
        /// Deprecated name of `clientScopeMappings`.
        application_scope_mappings: BTreeMap<String, Vec<ScopeMappingRepresentation>>,
        /// Deprecated kind of client, kept as it came.
        applications: Vec<Masked<Value>>,
        /// Deprecated kind of client, kept as it came.
        oauth_clients: Vec<Masked<Value>>,
        /// Deprecated predecessor of client scopes, kept as it came.
        client_templates: Vec<Value>,
    }
}
