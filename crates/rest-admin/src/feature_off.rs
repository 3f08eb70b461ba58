//! What this server does not have answers as Keycloak does where the feature is off.

use model::permission::Permission;
use representation::ManagementPermissionReference;

use crate::{
    Routes,
    answers::{Never, OrNotImplemented},
    bodies::Body,
    errors::{Answer, Refusal},
    kit::{Admin, body},
};

const VIEW_AUTHORIZATION: &[Permission] = &[Permission::ViewAuthorization, Permission::ManageAuthorization];
const MANAGE_AUTHORIZATION: &[Permission] = &[Permission::ManageAuthorization];
const VIEW_REALM: &[Permission] = &[Permission::ViewRealm, Permission::ManageRealm];
const MANAGE_REALM: &[Permission] = &[Permission::ManageRealm];
const VIEW_CLIENTS: &[Permission] = &[Permission::ViewClients, Permission::ManageClients];
const MANAGE_CLIENTS: &[Permission] = &[Permission::ManageClients];
const VIEW_USERS: &[Permission] = &[Permission::ViewUsers, Permission::ManageUsers];
const MANAGE_USERS: &[Permission] = &[Permission::ManageUsers];
const VIEW_PROVIDERS: &[Permission] = &[Permission::ViewIdentityProviders, Permission::ManageIdentityProviders];
const MANAGE_PROVIDERS: &[Permission] = &[Permission::ManageIdentityProviders];

pub(crate) fn routes(routes: &mut Routes) {
    // Fine-grained permissions, version 1.
    for (path, view, manage) in [
        ("/clients/{client}/management/permissions", VIEW_CLIENTS, MANAGE_CLIENTS),
        ("/clients/{client}/roles/{role}/management/permissions", VIEW_CLIENTS, MANAGE_CLIENTS),
        ("/groups/{group}/management/permissions", VIEW_USERS, MANAGE_USERS),
        ("/identity-provider/instances/{alias}/management/permissions", VIEW_PROVIDERS, MANAGE_PROVIDERS),
        ("/roles-by-id/{role_id}/management/permissions", VIEW_REALM, MANAGE_REALM),
        ("/roles/{role}/management/permissions", VIEW_REALM, MANAGE_REALM),
        ("/users-management-permissions", VIEW_USERS, MANAGE_USERS),
    ] {
        routes.get(path, view, off);
        routes.put(path, manage, permissions_off);
    }
    // Authorization services.
    let authz = "/clients/{client}/authz/{authz:.*}";
    routes.get(authz, VIEW_AUTHORIZATION, off);
    routes.post(authz, MANAGE_AUTHORIZATION, off);
    routes.put(authz, MANAGE_AUTHORIZATION, off);
    routes.delete(authz, MANAGE_AUTHORIZATION, off);
    routes.get("/client-types", VIEW_REALM, off);
    routes.put("/client-types", MANAGE_REALM, off);
    for path in ["/workflows", "/workflows/{workflow:.*}"] {
        routes.get(path, VIEW_REALM, off);
        routes.post(path, MANAGE_REALM, off);
        routes.put(path, MANAGE_REALM, off);
        routes.delete(path, MANAGE_REALM, off);
    }
    for path in ["/organizations", "/organizations/{organization:.*}"] {
        routes.get(path, VIEW_REALM, no_organizations);
        routes.post(path, MANAGE_REALM, no_organizations);
        routes.put(path, MANAGE_REALM, no_organizations);
        routes.delete(path, MANAGE_REALM, no_organizations);
    }
}

/// What is off answers nothing else.
type Off = OrNotImplemented<Never>;

async fn off(_: Admin) -> Answer<Off> {
    Err(Refusal::Off)
}

/// The body is read before anything else, and what is none is refused.
async fn permissions_off(_: Admin, bytes: Body<ManagementPermissionReference>) -> Answer<Off> {
    body(&bytes)?;
    Err(Refusal::Off)
}

async fn no_organizations(_: Admin) -> Answer<Never> {
    Err(Refusal::NoSuch("Organizations not enabled for this realm."))
}
