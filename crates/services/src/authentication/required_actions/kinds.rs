//! The required actions that a new realm has, and the settings that each of them can have.

use protocol::{Setting, SettingType};

/// How many seconds after a login an action may be used without another one.
pub const MAX_AUTH_AGE: &str = "max_auth_age";

/// The settings of every required action.
pub const SETTINGS: &[Setting] = &[Setting {
    name: MAX_AUTH_AGE,
    label: "Maximum Age of Authentication",
    help: "How many seconds after a login a user may start this action without logging in again.",
    kind: SettingType::String,
    default: Some("300"),
    options: &[],
    required: false,
}];

/// A kind of required action.
#[derive(Clone, Copy, Debug)]
pub struct Kind {
    /// What carries it out; its alias in a new realm too.
    pub id: &'static str,
    /// Its name.
    pub name: &'static str,
    /// Whether a new realm has it switched on.
    pub enabled: bool,
    /// Its position in a new realm.
    pub priority: i32,
}

const fn kind(id: &'static str, name: &'static str, enabled: bool, priority: i32) -> Kind {
    Kind { id, name, enabled, priority }
}

/// All of them, by position.
pub const ALL: [Kind; 14] = [
    kind("CONFIGURE_TOTP", "Configure OTP", true, 10),
    kind("TERMS_AND_CONDITIONS", "Terms and Conditions", false, 20),
    kind("UPDATE_PASSWORD", "Update Password", true, 30),
    kind("UPDATE_PROFILE", "Update Profile", true, 40),
    kind("VERIFY_EMAIL", "Verify Email", true, 50),
    kind("delete_account", "Delete Account", false, 60),
    kind("UPDATE_EMAIL", "Update Email", false, 70),
    kind("webauthn-register", "Webauthn Register", true, 80),
    kind("webauthn-register-passwordless", "Webauthn Register Passwordless", true, 90),
    kind("VERIFY_PROFILE", "Verify Profile", true, 100),
    kind("delete_credential", "Delete Credential", true, 110),
    kind("idp_link", "Linking Identity Provider", true, 120),
    kind("CONFIGURE_RECOVERY_AUTHN_CODES", "Recovery Authentication Codes", true, 130),
    kind("update_user_locale", "Update User Locale", true, 1_000),
];

/// Those that set up a credential.
pub const REGISTRATORS: [&str; 5] = [
    "CONFIGURE_TOTP",
    "UPDATE_PASSWORD",
    "webauthn-register",
    "webauthn-register-passwordless",
    "CONFIGURE_RECOVERY_AUTHN_CODES",
];

/// The kind with this id.
pub fn find(id: &str) -> Option<&'static Kind> {
    ALL.iter().find(|kind| kind.id == id)
}
