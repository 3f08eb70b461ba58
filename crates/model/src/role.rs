//! A role of a realm or of a client, possibly made of other roles.

use serde::{Deserialize, Serialize};

use crate::{
    MultiAttributes,
    id::{ClientId, RoleId},
};

/// Where a role is defined.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum RoleContainer {
    /// The realm itself.
    Realm,
    /// One client of the realm.
    Client(ClientId),
}

/// A role.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Role {
    /// The id in admin paths.
    pub id: RoleId,
    /// Unique in its container.
    pub name: String,
    /// For administrators.
    pub description: Option<String>,
    /// Where it is defined.
    pub container: RoleContainer,
    /// Free attributes.
    pub attributes: MultiAttributes,
    /// Whether it contains other roles.
    pub composite: bool,
}

/// A role by its names, as configurations refer to it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct RoleName {
    /// The `clientId` of the client that defines it; none for a realm role.
    pub client: Option<String>,
    /// Its name in there.
    pub name: String,
}

impl RoleName {
    /// Whether `text` names this role in Keycloak's notation: `NAME`, or `CLIENT.NAME` for a client role.
    #[must_use]
    pub fn is_written(&self, text: &str) -> bool {
        match &self.client {
            None => self.name == text,
            Some(client) => text
                .strip_prefix(client.as_str())
                .and_then(|rest| rest.strip_prefix('.'))
                .is_some_and(|name| name == self.name),
        }
    }
}
