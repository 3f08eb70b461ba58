//! A realm: the tenant that owns users, clients, roles, keys and everything else.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::{
    Attributes,
    id::{RealmId, RoleId},
    webhook::Listener,
};

/// The realm whose administrators may administer other realms.
pub const MASTER: &str = "master";

/// A realm with all that its surfaces need to know of it. It holds no list of what the realm owns.
#[derive(Clone, Debug, PartialEq)]
pub struct Realm {
    /// The key of everything the realm owns.
    pub id: RealmId,
    /// The id that representations show: the caller's own where one was given at creation.
    pub given_id: String,
    /// The name in paths, unique among all realms.
    pub name: String,
    /// A disabled realm answers no login and issues no token.
    pub enabled: bool,
    /// The composite role that every new user gets.
    pub default_role: RoleId,
    /// Its name.
    pub default_role_name: String,
    /// Everything that an administrator sets.
    pub settings: RealmSettings,
    /// The enabled webhooks. Few: their number is bounded.
    pub listeners: Vec<Listener>,
}

impl Realm {
    /// True for the realm whose administrators may administer other realms.
    #[must_use]
    pub fn is_master(&self) -> bool {
        self.name == MASTER
    }
}

/// What an administrator sets on a realm. Durations are in seconds unless the name says otherwise.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct RealmSettings {
    /// Shown on pages instead of the name.
    pub display_name: Option<String>,
    /// Tokens issued before this moment (seconds since 1970) are no longer accepted; 0 is off.
    pub not_before: i64,
    /// Life of an access token.
    pub access_token_lifespan: i64,
    /// A session ends when it was not used for this long.
    pub sso_session_idle_timeout: i64,
    /// A session ends at this age.
    pub sso_session_max_lifespan: i64,
    /// The same for sessions that are to be remembered; 0 takes [`Self::sso_session_idle_timeout`].
    pub sso_session_idle_timeout_remember_me: i64,
    /// The same for sessions that are to be remembered; 0 takes [`Self::sso_session_max_lifespan`].
    pub sso_session_max_lifespan_remember_me: i64,
    /// An offline session ends when it was not used for this long.
    pub offline_session_idle_timeout: i64,
    /// Whether offline sessions end at an age. On by default, unlike Keycloak's: else a refresh token could live for ever
    /// (ASVS 10.4.8).
    pub offline_session_max_lifespan_enabled: bool,
    /// That age.
    pub offline_session_max_lifespan: i64,
    /// A client's refresh token ends when it was not used for this long; 0 is as long as the session.
    pub client_session_idle_timeout: i64,
    /// A client's refresh tokens end at this age of its part of the session; 0 is as long as the session.
    pub client_session_max_lifespan: i64,
    /// As [`Self::client_session_idle_timeout`], for offline sessions.
    pub client_offline_session_idle_timeout: i64,
    /// As [`Self::client_session_max_lifespan`], for offline sessions.
    pub client_offline_session_max_lifespan: i64,
    /// Life of an access token that comes from the authorization endpoint.
    pub access_token_lifespan_for_implicit_flow: i64,
    /// Life of an authorization code.
    pub access_code_lifespan: i64,
    /// How long a login may take.
    pub access_code_lifespan_login: i64,
    /// How long a step of a login, such as a consent, may take.
    pub access_code_lifespan_user_action: i64,
    /// Each refresh token is good once. On by default, unlike Keycloak's (RFC 9700 section 4.14).
    pub revoke_refresh_token: bool,
    /// With that: how often the refresh token before the newest may be used again.
    pub refresh_token_max_reuse: i64,
    /// People may ask for a session that lasts longer.
    pub remember_me: bool,
    /// Life of a device code.
    pub oauth2_device_code_lifespan: i64,
    /// Seconds between two questions of a device.
    pub oauth2_device_polling_interval: i64,
    /// The algorithm of tokens whose client names none.
    pub default_signature_algorithm: String,
    /// Which connections must use TLS: `none`, `external` or `all`.
    pub ssl_required: String,
    /// People may log in with their e-mail address.
    pub login_with_email_allowed: bool,
    /// Two users may share an e-mail address (then nobody logs in with it).
    pub duplicate_emails_allowed: bool,
    /// Keycloak's password policy text, see the `credential` crate.
    pub password_policy: Option<String>,
    /// Protection against password guessing.
    #[serde(flatten)]
    pub brute_force: BruteForceSettings,
    /// What is recorded and for how long.
    #[serde(flatten)]
    pub events: EventSettings,
    /// Free attributes, kept as given.
    pub attributes: Attributes,
    /// Settings that are accepted and given back under Keycloak's names, and that no part of the server reads yet.
    pub uninterpreted: Map<String, Value>,
}

impl Default for RealmSettings {
    fn default() -> Self {
        Self {
            display_name: None,
            not_before: 0,
            access_token_lifespan: 300,
            sso_session_idle_timeout: 1_800,
            sso_session_max_lifespan: 36_000,
            sso_session_idle_timeout_remember_me: 0,
            sso_session_max_lifespan_remember_me: 0,
            offline_session_idle_timeout: 2_592_000,
            offline_session_max_lifespan_enabled: true,
            offline_session_max_lifespan: 5_184_000,
            client_session_idle_timeout: 0,
            client_session_max_lifespan: 0,
            client_offline_session_idle_timeout: 0,
            client_offline_session_max_lifespan: 0,
            access_token_lifespan_for_implicit_flow: 900,
            access_code_lifespan: 60,
            access_code_lifespan_login: 1_800,
            access_code_lifespan_user_action: 300,
            revoke_refresh_token: true,
            refresh_token_max_reuse: 0,
            remember_me: false,
            oauth2_device_code_lifespan: 600,
            oauth2_device_polling_interval: 5,
            default_signature_algorithm: "RS256".to_owned(),
            ssl_required: "external".to_owned(),
            login_with_email_allowed: true,
            duplicate_emails_allowed: false,
            password_policy: None,
            brute_force: BruteForceSettings::default(),
            events: EventSettings::default(),
            attributes: Attributes::new(),
            uninterpreted: Map::new(),
        }
    }
}

/// How a waiting time grows with failed logins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum BruteForceStrategy {
    /// increment × (failures ÷ factor)
    Multiple,
    /// increment × (1 + failures − factor)
    Linear,
}

/// Protection against password guessing, with Keycloak's names. On by default, unlike Keycloak's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct BruteForceSettings {
    /// Count failed logins and lock accounts.
    pub brute_force_protected: bool,
    /// Disable the user for good once `failure_factor` is reached.
    pub permanent_lockout: bool,
    /// With `permanent_lockout`: this many temporary lockouts come first.
    pub max_temporary_lockouts: i32,
    /// How the waiting time grows.
    pub brute_force_strategy: BruteForceStrategy,
    /// The longest waiting time, seconds.
    pub max_failure_wait_seconds: i32,
    /// The waiting time after two failures in quick succession, seconds.
    pub minimum_quick_login_wait_seconds: i32,
    /// The unit of the waiting time, seconds.
    pub wait_increment_seconds: i32,
    /// Two failures closer than this, in milliseconds, are "quick".
    pub quick_login_check_milli_seconds: i64,
    /// Failures are forgotten after this many seconds without one.
    pub max_delta_time_seconds: i32,
    /// Failures until a lockout.
    pub failure_factor: i32,
}

impl Default for BruteForceSettings {
    fn default() -> Self {
        Self {
            brute_force_protected: true,
            permanent_lockout: false,
            max_temporary_lockouts: 0,
            brute_force_strategy: BruteForceStrategy::Multiple,
            max_failure_wait_seconds: 900,
            minimum_quick_login_wait_seconds: 60,
            wait_increment_seconds: 60,
            quick_login_check_milli_seconds: 1_000,
            max_delta_time_seconds: 43_200,
            failure_factor: 30,
        }
    }
}

/// What is recorded and for how long. Login events are on by default, so that every refusal can be explained.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct EventSettings {
    /// Record login events.
    pub events_enabled: bool,
    /// Seconds until a login event is deleted; 0 keeps it.
    pub events_expiration: i64,
    /// Listeners that Keycloak would tell; kept for exports.
    pub events_listeners: Vec<String>,
    /// The types that are recorded; empty means all that Keycloak records by default.
    pub enabled_event_types: Vec<String>,
    /// Record what administrators do.
    pub admin_events_enabled: bool,
    /// Record the representation with it.
    pub admin_events_details_enabled: bool,
}

impl Default for EventSettings {
    fn default() -> Self {
        Self {
            events_enabled: true,
            events_expiration: 604_800,
            events_listeners: vec!["jboss-logging".to_owned()],
            enabled_event_types: Vec::new(),
            admin_events_enabled: false,
            admin_events_details_enabled: false,
        }
    }
}
