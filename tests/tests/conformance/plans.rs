//! The plans: which modules each has, and with what it is run.
//!
//! A plan that is run with several response types has a module for each.

use super::{modules, stage, variant::Variant};

/// A plan with one response type. As in the suite, its modules are run one after the other on one server; all are run,
/// also when one fails.
macro_rules! plan {
    ($name:ident, $variant:expr, [$($module:ident),* $(,)?]) => {
        pub mod $name {
            use super::{Variant, modules, stage};

            /// With what it is run.
            pub const VARIANT: Variant = $variant;
            /// The names of its modules.
            pub const MODULES: &[&str] = &[$(stringify!($module)),*];

            #[tokio::test]
            async fn modules() {
                let mut run = stage::Run::begin(VARIANT).await;
                $(run.module(stringify!($module), async |stage| modules::$module(&stage).await).await;)*
                run.end();
            }
        }
    };
}

/// The modules of the basic plan that need no client of their own making, and `$more`.
macro_rules! basic {
    ($name:ident, $variant:expr, [$($more:ident),*]) => {
        plan!($name, $variant, [
            server, server_client_secret_post, response_type_missing, userinfo_get, userinfo_post_header,
            userinfo_post_body, ensure_request_without_nonce_succeeds_for_code_flow, scope_profile, scope_email,
            scope_address, scope_phone, scope_all, alternate_happy_flow, display_page, display_popup, prompt_login,
            prompt_none_not_logged_in, prompt_none_logged_in, max_age_1, max_age_10000,
            ensure_request_with_unknown_parameter_succeeds, id_token_hint, login_hint, ui_locales, claims_locales,
            ensure_request_with_acr_values_succeeds, codereuse, codereuse_30seconds, ensure_registered_redirect_uri,
            ensure_post_request_succeeds, unsigned_request_object_supported_correctly_or_rejected_as_unsupported,
            ensure_request_object_with_redirect_uri, claims_essential, refresh_token,
            ensure_request_with_valid_pkce_succeeds, $($more),*
        ]);
    };
}

macro_rules! implicit {
    ($name:ident, $variant:expr, [$($more:ident),*]) => {
        plan!($name, $variant, [
            server, response_type_missing, idtoken_signature, ensure_request_without_nonce_fails, scope_profile,
            scope_email, scope_address, scope_phone, scope_all, alternate_happy_flow, display_page, display_popup,
            prompt_login, prompt_none_not_logged_in, prompt_none_logged_in, max_age_1, max_age_10000,
            ensure_request_with_unknown_parameter_succeeds, id_token_hint, login_hint, ui_locales, claims_locales,
            ensure_request_with_acr_values_succeeds, ensure_registered_redirect_uri,
            request_uri_unsigned_supported_correctly_or_rejected_as_unsupported,
            unsigned_request_object_supported_correctly_or_rejected_as_unsupported,
            ensure_request_object_with_redirect_uri, claims_essential, $($more),*
        ]);
    };
}

macro_rules! hybrid {
    ($name:ident, $variant:expr, [$($more:ident),*]) => {
        plan!($name, $variant, [
            server, server_client_secret_post, response_type_missing, idtoken_signature, userinfo_get,
            userinfo_post_header, userinfo_post_body, scope_profile, scope_email, scope_address, scope_phone, scope_all,
            alternate_happy_flow, display_page, display_popup, prompt_login, prompt_none_not_logged_in,
            prompt_none_logged_in, max_age_1, max_age_10000, ensure_request_with_unknown_parameter_succeeds,
            id_token_hint, login_hint, ui_locales, claims_locales, ensure_request_with_acr_values_succeeds, codereuse,
            codereuse_30seconds, ensure_registered_redirect_uri,
            request_uri_unsigned_supported_correctly_or_rejected_as_unsupported,
            unsigned_request_object_supported_correctly_or_rejected_as_unsupported,
            ensure_request_object_with_redirect_uri, claims_essential, refresh_token,
            ensure_request_with_valid_pkce_succeeds, $($more),*
        ]);
    };
}

macro_rules! dynamic {
    ($name:ident, $response_type:literal, [$($more:ident),*]) => {
        plan!($name, Variant::of("oidcc-dynamic-certification-test-plan", $response_type).private_key_jwt(), [
            server, idtoken_rs256, ensure_request_object_with_redirect_uri, discovery_endpoint_verification,
            ensure_redirect_uri_in_authorization_request, redirect_uri_query_ok, redirect_uri_query_mismatch,
            redirect_uri_query_added, redirect_uri_regfrag, registration_logo_uri, registration_policy_uri,
            registration_tos_uri, registration_jwks_uri, registration_sector_uri, registration_sector_bad,
            server_rotate_keys, request_uri_unsigned, request_uri_signed_rs256, $($more),*
        ]);
    };
}

const BASIC: &str = "oidcc-basic-certification-test-plan";
const IMPLICIT: &str = "oidcc-implicit-certification-test-plan";
const HYBRID: &str = "oidcc-hybrid-certification-test-plan";
const FORM_POST_BASIC: &str = "oidcc-formpost-basic-certification-test-plan";
const FORM_POST_IMPLICIT: &str = "oidcc-formpost-implicit-certification-test-plan";
const FORM_POST_HYBRID: &str = "oidcc-formpost-hybrid-certification-test-plan";

plan!(oidcc_config, Variant::of("oidcc-config-certification-test-plan", "code"), [discovery_endpoint_verification]);

basic!(
    oidcc_basic,
    Variant::of(super::BASIC, "code"),
    [idtoken_signature, idtoken_unsigned, request_uri_unsigned_supported_correctly_or_rejected_as_unsupported]
);
basic!(oidcc_basic_static_client, Variant::of(super::BASIC, "code").static_clients(), []);
plan!(
    oidcc_basic_lean,
    Variant::of(super::BASIC, "code").lean(),
    [server, scope_all, alternate_happy_flow, claims_essential]
);
basic!(
    oidcc_form_post_basic,
    Variant::of(super::FORM_POST_BASIC, "code").form_post(),
    [idtoken_signature, idtoken_unsigned, request_uri_unsigned_supported_correctly_or_rejected_as_unsupported]
);

implicit!(oidcc_implicit_id_token, Variant::of(super::IMPLICIT, "id_token"), []);
implicit!(
    oidcc_implicit_id_token_token,
    Variant::of(super::IMPLICIT, "id_token token"),
    [userinfo_get, userinfo_post_header, userinfo_post_body]
);
implicit!(oidcc_form_post_implicit_id_token, Variant::of(super::FORM_POST_IMPLICIT, "id_token").form_post(), []);
implicit!(
    oidcc_form_post_implicit_id_token_token,
    Variant::of(super::FORM_POST_IMPLICIT, "id_token token").form_post(),
    [userinfo_get, userinfo_post_header, userinfo_post_body]
);

hybrid!(oidcc_hybrid_code_id_token, Variant::of(super::HYBRID, "code id_token"), [ensure_request_without_nonce_fails]);
hybrid!(
    oidcc_hybrid_code_token,
    Variant::of(super::HYBRID, "code token"),
    [ensure_request_without_nonce_succeeds_for_code_flow]
);
hybrid!(
    oidcc_hybrid_code_id_token_token,
    Variant::of(super::HYBRID, "code id_token token"),
    [ensure_request_without_nonce_fails]
);
hybrid!(
    oidcc_form_post_hybrid_code_id_token,
    Variant::of(super::FORM_POST_HYBRID, "code id_token").form_post(),
    [ensure_request_without_nonce_fails]
);
hybrid!(
    oidcc_form_post_hybrid_code_token,
    Variant::of(super::FORM_POST_HYBRID, "code token").form_post(),
    [ensure_request_without_nonce_succeeds_for_code_flow]
);
hybrid!(
    oidcc_form_post_hybrid_code_id_token_token,
    Variant::of(super::FORM_POST_HYBRID, "code id_token token").form_post(),
    [ensure_request_without_nonce_fails]
);
plan!(
    oidcc_hybrid_lean,
    Variant::of(super::HYBRID, "code id_token token").lean(),
    [server, alternate_happy_flow, claims_essential]
);

dynamic!(
    oidcc_dynamic_code,
    "code",
    [
        userinfo_rs256,
        refresh_token,
        refresh_token_rp_key_rotation,
        ensure_client_assertion_with_iss_aud_succeeds,
        idtoken_unsigned
    ]
);
dynamic!(
    oidcc_dynamic_code_token,
    "code token",
    [
        userinfo_rs256,
        refresh_token,
        refresh_token_rp_key_rotation,
        ensure_client_assertion_with_iss_aud_succeeds,
        idtoken_unsigned
    ]
);
dynamic!(
    oidcc_dynamic_code_id_token,
    "code id_token",
    [userinfo_rs256, refresh_token, refresh_token_rp_key_rotation, ensure_client_assertion_with_iss_aud_succeeds]
);
dynamic!(
    oidcc_dynamic_code_id_token_token,
    "code id_token token",
    [userinfo_rs256, refresh_token, refresh_token_rp_key_rotation, ensure_client_assertion_with_iss_aud_succeeds]
);
dynamic!(oidcc_dynamic_id_token, "id_token", []);
dynamic!(oidcc_dynamic_id_token_token, "id_token token", [userinfo_rs256]);

plan!(
    oidcc_third_party_init_login,
    Variant::of("oidcc-3rdparty-init-login-certification-test-plan", "code"),
    [third_party_init_login, third_party_init_login_nohttps]
);

macro_rules! rp_initiated_logout {
    ($name:ident, $variant:expr) => {
        plan!(
            $name,
            $variant,
            [
                rp_initiated_logout_discovery_endpoint_verification,
                rp_initiated_logout,
                rp_initiated_logout_no_state,
                rp_initiated_logout_no_params,
                rp_initiated_logout_only_state,
                rp_initiated_logout_no_post_logout_redirect_uri,
                rp_initiated_logout_bad_post_logout_redirect_uri,
                rp_initiated_logout_query_added_to_post_logout_redirect_uri,
                rp_initiated_logout_modified_id_token_hint,
                rp_initiated_logout_bad_id_token_hint,
                rp_initiated_logout_no_id_token_hint,
            ]
        );
    };
}

const RP_INITIATED: &str = "oidcc-rp-initiated-logout-certification-test-plan";
const FRONT_CHANNEL: &str = "oidcc-frontchannel-rp-initiated-logout-certification-test-plan";
const BACK_CHANNEL: &str = "oidcc-backchannel-rp-initiated-logout-certification-test-plan";
const SESSION: &str = "oidcc-session-management-certification-test-plan";

rp_initiated_logout!(oidcc_rp_initiated_logout, Variant::of(super::RP_INITIATED, "code"));
rp_initiated_logout!(
    oidcc_rp_initiated_logout_static_client,
    Variant::of(super::RP_INITIATED, "code").static_clients()
);
rp_initiated_logout!(oidcc_rp_initiated_logout_id_token, Variant::of(super::RP_INITIATED, "id_token"));

macro_rules! other_logout {
    ($name:ident, $variant:expr, $discovery:ident, $module:ident) => {
        plan!($name, $variant, [$discovery, $module]);
    };
}

other_logout!(
    oidcc_frontchannel_logout,
    Variant::of(super::FRONT_CHANNEL, "code"),
    frontchannel_logout_discovery_endpoint_verification,
    frontchannel_rp_initiated_logout
);
other_logout!(
    oidcc_frontchannel_logout_static_client,
    Variant::of(super::FRONT_CHANNEL, "code").static_clients(),
    frontchannel_logout_discovery_endpoint_verification,
    frontchannel_rp_initiated_logout
);
other_logout!(
    oidcc_frontchannel_logout_id_token,
    Variant::of(super::FRONT_CHANNEL, "id_token"),
    frontchannel_logout_discovery_endpoint_verification,
    frontchannel_rp_initiated_logout
);
other_logout!(
    oidcc_backchannel_logout,
    Variant::of(super::BACK_CHANNEL, "code"),
    backchannel_logout_discovery_endpoint_verification,
    backchannel_rp_initiated_logout
);
other_logout!(
    oidcc_backchannel_logout_static_client,
    Variant::of(super::BACK_CHANNEL, "code").static_clients(),
    backchannel_logout_discovery_endpoint_verification,
    backchannel_rp_initiated_logout
);
other_logout!(
    oidcc_backchannel_logout_id_token,
    Variant::of(super::BACK_CHANNEL, "id_token"),
    backchannel_logout_discovery_endpoint_verification,
    backchannel_rp_initiated_logout
);
other_logout!(
    oidcc_session_management,
    Variant::of(super::SESSION, "code"),
    session_management_discovery_endpoint_verification,
    session_management_rp_initiated_logout
);

/// A plan as it is run.
pub struct Plan {
    /// The name of its module here.
    pub name: &'static str,
    /// With what it is run.
    pub variant: Variant,
    /// The names of its modules.
    pub modules: &'static [&'static str],
}

macro_rules! all {
    ($($name:ident),* $(,)?) => {
        /// All plans, in the order of the documentation.
        pub const ALL: &[Plan] =
            &[$(Plan { name: stringify!($name), variant: $name::VARIANT, modules: $name::MODULES }),*];
    };
}

all!(
    oidcc_config,
    oidcc_basic,
    oidcc_basic_static_client,
    oidcc_basic_lean,
    oidcc_implicit_id_token,
    oidcc_implicit_id_token_token,
    oidcc_hybrid_code_id_token,
    oidcc_hybrid_code_token,
    oidcc_hybrid_code_id_token_token,
    oidcc_hybrid_lean,
    oidcc_form_post_basic,
    oidcc_form_post_implicit_id_token,
    oidcc_form_post_implicit_id_token_token,
    oidcc_form_post_hybrid_code_id_token,
    oidcc_form_post_hybrid_code_token,
    oidcc_form_post_hybrid_code_id_token_token,
    oidcc_dynamic_code,
    oidcc_dynamic_code_token,
    oidcc_dynamic_code_id_token,
    oidcc_dynamic_code_id_token_token,
    oidcc_dynamic_id_token,
    oidcc_dynamic_id_token_token,
    oidcc_third_party_init_login,
    oidcc_rp_initiated_logout,
    oidcc_rp_initiated_logout_static_client,
    oidcc_rp_initiated_logout_id_token,
    oidcc_frontchannel_logout,
    oidcc_frontchannel_logout_static_client,
    oidcc_frontchannel_logout_id_token,
    oidcc_backchannel_logout,
    oidcc_backchannel_logout_static_client,
    oidcc_backchannel_logout_id_token,
    oidcc_session_management,
);
