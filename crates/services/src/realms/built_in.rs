//! What every realm has from the start: roles, clients and the roles of administrators.

use model::{permission::Permission, realm::Realm};
use representation::ClientRepresentation;
use serde_json::json;

/// The clients that a realm can't lose, beside the one of its administrators' roles.
pub const CLIENTS: [&str; 5] = ["account", "account-console", "admin-cli", "broker", "security-admin-console"];

/// The client whose roles are the permissions on the realm itself.
#[must_use]
pub fn management_client(realm: &Realm) -> &'static str {
    if realm.is_master() { "master-realm" } else { "realm-management" }
}

/// Whether a client came with the realm.
#[must_use]
pub fn is_built_in(realm: &Realm, client_id: &str) -> bool {
    CLIENTS.contains(&client_id) || client_id == management_client(realm)
}

/// The role in `realm-management` that contains all the others.
pub const REALM_ADMIN: &str = "realm-admin";
/// The role in master that may do everything to every realm.
pub const ADMIN: &str = "admin";

/// The name of the role that every user of a realm gets, as Keycloak makes it.
#[must_use]
pub fn default_role_name(realm: &str) -> String {
    format!("default-roles-{}", realm.to_lowercase())
}

/// Roles of built-in clients: client, role, and the role of the same client that it contains.
pub const CLIENT_ROLES: [(&str, &str, Option<&str>); 9] = [
    ("account", "view-profile", None),
    ("account", "manage-account-links", None),
    ("account", "manage-account", Some("manage-account-links")),
    ("account", "view-applications", None),
    ("account", "view-consent", None),
    ("account", "manage-consent", Some("view-consent")),
    ("account", "view-groups", None),
    ("account", "delete-account", None),
    ("broker", "read-token", None),
];

/// Administrators' roles that contain others.
pub const PERMISSION_COMPOSITES: [(Permission, Permission); 3] = [
    (Permission::ViewClients, Permission::QueryClients),
    (Permission::ViewUsers, Permission::QueryUsers),
    (Permission::ViewUsers, Permission::QueryGroups),
];

/// Keycloak's description of a built-in role: the key of a text.
#[must_use]
pub fn role_description(name: &str) -> String {
    format!("${{role_{name}}}")
}

/// The built-in clients of a new realm. Keycloak's, but for the redirect URIs of the consoles, which name one page each
/// instead of all below it (RFC 9700 section 2.1).
pub(super) fn clients(realm: &Realm) -> Vec<ClientRepresentation> {
    let name = &realm.name;
    let consoles = json!([
        {
            "clientId": "account", "name": "${client_account}", "publicClient": true, "fullScopeAllowed": false,
            "rootUrl": "${authBaseUrl}", "baseUrl": format!("/realms/{name}/account/"),
            "redirectUris": [format!("/realms/{name}/account/")], "webOrigins": [],
            "attributes": {"post.logout.redirect.uris": "+"},
        },
        {
            "clientId": "account-console", "name": "${client_account-console}", "publicClient": true,
            "fullScopeAllowed": false, "rootUrl": "${authBaseUrl}", "baseUrl": format!("/realms/{name}/account/"),
            "redirectUris": [format!("/realms/{name}/account/")], "webOrigins": [],
            "attributes": {"post.logout.redirect.uris": "+", "pkce.code.challenge.method": "S256"},
        },
        {
            "clientId": "admin-cli", "name": "${client_admin-cli}", "publicClient": true,
            "standardFlowEnabled": false, "directAccessGrantsEnabled": true,
            "attributes": {"client.use.lightweight.access.token.enabled": "true"},
        },
        {"clientId": "broker", "name": "${client_broker}", "bearerOnly": true, "fullScopeAllowed": false},
        {
            "clientId": management_client(realm), "name": format!("${{client_{}}}", management_client(realm)),
            "bearerOnly": true, "fullScopeAllowed": false,
        },
        {
            "clientId": "security-admin-console", "name": "${client_security-admin-console}", "publicClient": true,
            "rootUrl": "${authAdminUrl}", "baseUrl": format!("/admin/{name}/console/"),
            "redirectUris": [format!("/admin/{name}/console/")], "webOrigins": ["+"],
            "attributes": {
                "post.logout.redirect.uris": "+", "pkce.code.challenge.method": "S256",
                "client.use.lightweight.access.token.enabled": "true",
            },
        },
    ]);
    serde_json::from_value(consoles).unwrap_or_default()
}
