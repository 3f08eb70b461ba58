//! What happened: login events of users, admin events of administrators.

use std::collections::BTreeMap;

use time::OffsetDateTime;

use crate::id::{ClientId, EventId, RealmId, SessionId, UserId};

/// A login event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// Also told to the user with a refusal.
    pub id: EventId,
    /// In which realm.
    pub realm_id: RealmId,
    /// When.
    pub time: OffsetDateTime,
    /// Keycloak's event type, such as `LOGIN` or `LOGIN_ERROR`.
    pub kind: String,
    /// The `clientId` that took part.
    pub client_id: Option<String>,
    /// The user, where known.
    pub user_id: Option<UserId>,
    /// The session, where there is one.
    pub session_id: Option<SessionId>,
    /// The caller's address.
    pub ip_address: Option<String>,
    /// Keycloak's error code, such as `invalid_user_credentials`.
    pub error: Option<String>,
    /// Further facts by name.
    pub details: BTreeMap<String, String>,
}

/// What an administrator did to a thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operation {
    /// Made it.
    Create,
    /// Changed it.
    Update,
    /// Removed it.
    Delete,
    /// Did something else with it.
    Action,
}

impl Operation {
    /// Keycloak's name.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Create => "CREATE",
            Self::Update => "UPDATE",
            Self::Delete => "DELETE",
            Self::Action => "ACTION",
        }
    }
}

/// An admin event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AdminEvent {
    /// Its id.
    pub id: EventId,
    /// When.
    pub time: OffsetDateTime,
    /// The realm that was changed.
    pub realm_id: RealmId,
    /// The administrator's realm (its given id).
    pub auth_realm_id: String,
    /// The client that the administrator used.
    pub auth_client_id: Option<ClientId>,
    /// The administrator.
    pub auth_user_id: Option<UserId>,
    /// The administrator's address.
    pub ip_address: Option<String>,
    /// `CREATE`, `UPDATE`, `DELETE` or `ACTION`.
    pub operation: String,
    /// Keycloak's resource type, such as `CLIENT`.
    pub resource_type: String,
    /// The resource's path below the realm, such as `clients/{id}`.
    pub resource_path: String,
    /// The resource as JSON without its secrets, if the realm records it.
    pub representation: Option<String>,
}
