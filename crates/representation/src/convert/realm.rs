//! Realms as representations.
//!
//! The typed settings carry Keycloak's names already, so a representation is Keycloak's defaults, overlaid by what is
//! only kept, overlaid by what is interpreted.

use model::realm::Realm;
use serde::Serialize;
use serde_json::{Map, Value};

use crate::{Masked, RealmRepresentation};

/// What stands for a secret that is kept and never shown.
pub const MASK: &str = "**********";

/// What Keycloak shows for fields that nobody has set.
fn defaults() -> RealmRepresentation {
    RealmRepresentation {
        action_token_generated_by_admin_lifespan: Some(43_200),
        action_token_generated_by_user_lifespan: Some(300),
        registration_allowed: Some(false),
        registration_email_as_username: Some(false),
        verify_email: Some(false),
        reset_password_allowed: Some(false),
        edit_username_allowed: Some(false),
        required_credentials: Some(vec!["password".to_owned()]),
        otp_policy_type: Some("totp".to_owned()),
        otp_policy_algorithm: Some("HmacSHA1".to_owned()),
        otp_policy_initial_counter: Some(0),
        otp_policy_digits: Some(6),
        otp_policy_look_ahead_window: Some(1),
        otp_policy_period: Some(30),
        otp_policy_code_reusable: Some(false),
        smtp_server: Some(Masked::default()),
        internationalization_enabled: Some(false),
        user_managed_access_allowed: Some(false),
        organizations_enabled: Some(false),
        browser_flow: Some("browser".to_owned()),
        registration_flow: Some("registration".to_owned()),
        direct_grant_flow: Some("direct grant".to_owned()),
        reset_credentials_flow: Some("reset credentials".to_owned()),
        client_authentication_flow: Some("clients".to_owned()),
        docker_authentication_flow: Some("docker auth".to_owned()),
        first_broker_login_flow: Some("first broker login".to_owned()),
        ..RealmRepresentation::default()
    }
}

/// A value's members as JSON.
fn fields_of(value: &impl Serialize) -> Map<String, Value> {
    match serde_json::to_value(value) {
        Ok(Value::Object(fields)) => fields,
        _ => Map::new(),
    }
}

impl RealmRepresentation {
    /// A realm's settings, without lists of what it owns. Secrets among them are masked.
    #[must_use]
    pub fn of(realm: &Realm) -> Self {
        let mut fields = fields_of(&defaults());
        fields.extend(realm.settings.uninterpreted.clone());
        if let Some(password) = fields.get_mut("smtpServer").and_then(|server| server.get_mut("password")) {
            *password = Value::from(MASK);
        }
        fields.extend(fields_of(&realm.settings));
        fields.remove("uninterpreted");
        fields.retain(|_, value| !value.is_null());
        // Every name and type in here comes from this representation, so reading it can't fail.
        let shown: Self = serde_json::from_value(Value::Object(fields)).unwrap_or_default();
        Self {
            id: Some(realm.given_id.clone()),
            realm: Some(realm.name.clone()),
            enabled: Some(realm.enabled),
            ..shown
        }
    }

    /// What a caller sees who may only look for things in the realm.
    #[must_use]
    pub fn stub(realm: &Realm) -> Self {
        let full = Self::of(realm);
        Self {
            id: full.id,
            realm: full.realm,
            display_name: full.display_name,
            display_name_html: full.display_name_html,
            enabled: full.enabled,
            default_locale: full.default_locale,
            supported_locales: full.supported_locales,
            brute_force_protected: full.brute_force_protected,
            ..Self::default()
        }
    }
}
