//! What this server does not have answers as Keycloak does where the feature is off: what is in the path is looked for
//! first.

use actix_web::web::Path;
use model::{
    id::{ClientId, GroupId, RoleId},
    permission::Permission,
    role::RoleContainer,
};
use representation::ManagementPermissionReference;
use serde::Deserialize;
use services::{
    clients, groups, identity_providers,
    roles::{self, Address},
};

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
/// A role is one of the realm or of a client; the service asks for the one that it needs.
const VIEW_EITHER: &[Permission] =
    &[Permission::ViewRealm, Permission::ManageRealm, Permission::ViewClients, Permission::ManageClients];
const MANAGE_EITHER: &[Permission] = &[Permission::ManageRealm, Permission::ManageClients];
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
        ("/roles-by-id/{role_id}/management/permissions", VIEW_EITHER, MANAGE_EITHER),
        ("/roles/{role}/management/permissions", VIEW_REALM, MANAGE_REALM),
        ("/users-management-permissions", VIEW_USERS, MANAGE_USERS),
    ] {
        routes.get(path, view, off_for);
        routes.put(path, manage, permissions_off);
    }
    // Authorization services.
    let authz = "/clients/{client}/authz/{authz:.*}";
    routes.get(authz, VIEW_AUTHORIZATION, off_for);
    routes.post(authz, MANAGE_AUTHORIZATION, off_for);
    routes.put(authz, MANAGE_AUTHORIZATION, off_for);
    routes.delete(authz, MANAGE_AUTHORIZATION, off_for);
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

/// What a path names.
#[derive(Deserialize)]
struct Named {
    client: Option<ClientId>,
    role: Option<String>,
    role_id: Option<RoleId>,
    group: Option<GroupId>,
    alias: Option<String>,
}

async fn require_there(admin: &Admin, named: Named) -> Result<(), Refusal> {
    let (services, caller, realm) = (&admin.services, &admin.caller, admin.realm()?);
    let container = named.client.clone().map_or(RoleContainer::Realm, RoleContainer::Client);
    let by_name = named.role.map(|name| Address::Name(container, name));
    if let Some(address) = by_name.or(named.role_id.map(Address::Id)) {
        roles::get(services, caller, realm, &address).await?;
    } else if let Some(client) = &named.client {
        clients::require_there(services, caller, realm, client).await?;
    } else if let Some(group) = &named.group {
        groups::get(services, caller, realm, group).await?;
    } else if let Some(alias) = &named.alias {
        identity_providers::get(services, caller, realm, alias).await?;
    }
    Ok(())
}

async fn off_for(admin: Admin, named: Path<Named>) -> Answer<Off> {
    require_there(&admin, named.into_inner()).await?;
    Err(Refusal::Off)
}

/// The body is read before the feature is looked at, and what is none is refused.
async fn permissions_off(admin: Admin, named: Path<Named>, bytes: Body<ManagementPermissionReference>) -> Answer<Off> {
    require_there(&admin, named.into_inner()).await?;
    body(&bytes)?;
    Err(Refusal::Off)
}

async fn no_organizations(_: Admin) -> Answer<Never> {
    Err(Refusal::NoSuch("Organizations not enabled for this realm."))
}
