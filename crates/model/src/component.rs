//! A component: a configured provider of a realm, such as a source of keys.

use std::collections::BTreeMap;

use crate::id::ComponentId;

/// Keycloak's provider type of key sources.
pub const KEY_PROVIDER: &str = "org.keycloak.keys.KeyProvider";

/// Keycloak's provider type of user stores.
pub const USER_STORAGE_PROVIDER: &str = "org.keycloak.storage.UserStorageProvider";
/// Keycloak's provider type of mappers of LDAP directories.
pub const USER_STORAGE_MAPPER: &str = "org.keycloak.storage.ldap.mappers.LDAPStorageMapper";

/// A component of a realm.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Component {
    /// The id in admin paths.
    pub id: ComponentId,
    /// Shown to administrators.
    pub name: String,
    /// The implementation, such as `rsa-generated`.
    pub provider_id: String,
    /// The kind of provider, such as [`KEY_PROVIDER`].
    pub provider_type: String,
    /// What it belongs to: the realm's id, or another component's.
    pub parent_id: String,
    /// Distinguishes sets of components of one type.
    pub sub_type: Option<String>,
    /// Settings, several texts per name.
    pub config: BTreeMap<String, Vec<String>>,
}

impl Component {
    /// The first value of a setting.
    #[must_use]
    pub fn setting(&self, name: &str) -> Option<&str> {
        self.config.get(name).and_then(|values| values.first()).map(String::as_str)
    }
}
