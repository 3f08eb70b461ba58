//! What an administrator may do to a realm: rows of (subject, realm, permission), shown as Keycloak's admin roles.

/// A permission on a realm. The names are those of Keycloak's `realm-management` roles.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
pub enum Permission {
    /// Register clients through dynamic registration.
    CreateClient,
    /// Act as a user.
    Impersonation,
    /// Read the realm's settings.
    ViewRealm,
    /// Read users and groups.
    ViewUsers,
    /// Read clients and client scopes.
    ViewClients,
    /// Read events.
    ViewEvents,
    /// Read identity providers.
    ViewIdentityProviders,
    /// Read authorization services.
    ViewAuthorization,
    /// Change the realm's settings, roles, keys.
    ManageRealm,
    /// Change users, groups, role mappings.
    ManageUsers,
    /// Change clients and client scopes.
    ManageClients,
    /// Change the event settings, delete events.
    ManageEvents,
    /// Change identity providers.
    ManageIdentityProviders,
    /// Change authorization services.
    ManageAuthorization,
    /// List users.
    QueryUsers,
    /// List clients.
    QueryClients,
    /// Read a realm's stub.
    QueryRealms,
    /// List groups.
    QueryGroups,
}

impl Permission {
    /// All of them.
    pub const ALL: [Self; 18] = [
        Self::CreateClient,
        Self::Impersonation,
        Self::ViewRealm,
        Self::ViewUsers,
        Self::ViewClients,
        Self::ViewEvents,
        Self::ViewIdentityProviders,
        Self::ViewAuthorization,
        Self::ManageRealm,
        Self::ManageUsers,
        Self::ManageClients,
        Self::ManageEvents,
        Self::ManageIdentityProviders,
        Self::ManageAuthorization,
        Self::QueryUsers,
        Self::QueryClients,
        Self::QueryRealms,
        Self::QueryGroups,
    ];

    /// The name of Keycloak's role.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::CreateClient => "create-client",
            Self::Impersonation => "impersonation",
            Self::ViewRealm => "view-realm",
            Self::ViewUsers => "view-users",
            Self::ViewClients => "view-clients",
            Self::ViewEvents => "view-events",
            Self::ViewIdentityProviders => "view-identity-providers",
            Self::ViewAuthorization => "view-authorization",
            Self::ManageRealm => "manage-realm",
            Self::ManageUsers => "manage-users",
            Self::ManageClients => "manage-clients",
            Self::ManageEvents => "manage-events",
            Self::ManageIdentityProviders => "manage-identity-providers",
            Self::ManageAuthorization => "manage-authorization",
            Self::QueryUsers => "query-users",
            Self::QueryClients => "query-clients",
            Self::QueryRealms => "query-realms",
            Self::QueryGroups => "query-groups",
        }
    }

    /// Reads the name of Keycloak's role.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|permission| permission.as_str() == name)
    }
}

/// A set of permissions on one realm.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Permissions(u32);

impl Permissions {
    /// Every permission.
    #[must_use]
    pub fn all() -> Self {
        Permission::ALL.into_iter().collect()
    }

    /// Whether it holds `permission`.
    #[must_use]
    pub fn has(self, permission: Permission) -> bool {
        self.0 & (1 << permission as u8) != 0
    }

    /// Whether it holds at least one of `permissions`.
    #[must_use]
    pub fn has_any(self, permissions: &[Permission]) -> bool {
        permissions.iter().any(|permission| self.has(*permission))
    }

    /// Whether it holds nothing.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Each of them.
    pub fn iter(self) -> impl Iterator<Item = Permission> {
        Permission::ALL.into_iter().filter(move |permission| self.has(*permission))
    }

    /// Whether everything in `other` is in here too.
    #[must_use]
    pub fn contains(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }
}

impl FromIterator<Permission> for Permissions {
    fn from_iter<I: IntoIterator<Item = Permission>>(permissions: I) -> Self {
        Self(permissions.into_iter().fold(0, |bits, permission| bits | 1 << permission as u8))
    }
}
