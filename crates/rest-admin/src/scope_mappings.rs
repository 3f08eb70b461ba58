//! The roles in the scope of clients and client scopes.

use actix_web::web::{Path, Query};
use model::{
    id::{ClientId, ClientScopeId},
    permission::Permission,
    protocol_mapper::MapperOwner,
    role::RoleContainer,
};
use representation::{MappingsRepresentation, RoleRepresentation};
use serde::Deserialize;
use services::{role_mappings::Selection, scope_mappings};

use crate::{
    Routes,
    answers::{Json, NoContent},
    bodies::{Body, OptionalBody},
    client_scopes,
    errors::Answer,
    kit::{Admin, body, json, no_content},
    roles::query::{ListQuery, is_true},
};

const VIEW: &[Permission] = &[Permission::ViewClients, Permission::ManageClients];
const MANAGE: &[Permission] = &[Permission::ManageClients];

/// The parts of a path that say whose scope, and which roles, a request is about.
#[derive(Debug, Deserialize)]
struct Place {
    client: Option<String>,
    scope: Option<String>,
    role_client: Option<String>,
}

impl Place {
    fn parts(self) -> (MapperOwner, RoleContainer) {
        let owner = match self.client {
            Some(client) => MapperOwner::Client(ClientId(client)),
            None => MapperOwner::ClientScope(ClientScopeId(self.scope.unwrap_or_default())),
        };
        let container = self.role_client.map_or(RoleContainer::Realm, |client| RoleContainer::Client(ClientId(client)));
        (owner, container)
    }
}

pub(crate) fn routes(routes: &mut Routes) {
    let scopes = client_scopes::PLACES.map(|place| format!("{place}/{{scope}}"));
    for owner in scopes.iter().map(String::as_str).chain(["/clients/{client}"]) {
        routes.get(&format!("{owner}/scope-mappings"), VIEW, all);
        for container in ["realm", "clients/{role_client}"] {
            let path = format!("{owner}/scope-mappings/{container}");
            routes.get(&format!("{path}/available"), VIEW, available);
            routes.get(&format!("{path}/composite"), VIEW, effective);
            routes.get(&path, VIEW, direct);
            routes.post(&path, MANAGE, add);
            routes.delete(&path, MANAGE, remove);
        }
    }
}

async fn all(admin: Admin, place: Path<Place>) -> Answer<Json<MappingsRepresentation>> {
    let (owner, _) = place.into_inner().parts();
    let realm = admin.realm()?;
    let (roles, clients) = scope_mappings::all(&admin.services, &admin.caller, realm, &owner).await?;
    json(&MappingsRepresentation::of(&roles, &clients, realm))
}

async fn list(admin: &Admin, place: Place, selection: Selection, brief: bool) -> Answer<Json<Vec<RoleRepresentation>>> {
    let (owner, container) = place.parts();
    let realm = admin.realm()?;
    let roles = scope_mappings::list(&admin.services, &admin.caller, realm, &owner, &container, selection).await?;
    let shown = if brief { RoleRepresentation::brief } else { RoleRepresentation::full };
    json(&roles.iter().map(|role| shown(role, realm)).collect::<Vec<_>>())
}

async fn direct(admin: Admin, place: Path<Place>) -> Answer<Json<Vec<RoleRepresentation>>> {
    list(&admin, place.into_inner(), Selection::Direct, true).await
}

async fn available(admin: Admin, place: Path<Place>) -> Answer<Json<Vec<RoleRepresentation>>> {
    list(&admin, place.into_inner(), Selection::Available, true).await
}

async fn effective(admin: Admin, place: Path<Place>, query: Query<ListQuery>) -> Answer<Json<Vec<RoleRepresentation>>> {
    list(&admin, place.into_inner(), Selection::Effective, is_true(query.brief_representation, true)).await
}

async fn add(admin: Admin, place: Path<Place>, bytes: Body<Vec<RoleRepresentation>>) -> Answer<NoContent> {
    let (owner, container) = place.into_inner().parts();
    scope_mappings::add(&admin.services, &admin.caller, admin.realm()?, &owner, &container, body(&bytes)?).await?;
    no_content()
}

/// Without a body, everything that was mapped of this realm or client is taken.
async fn remove(admin: Admin, place: Path<Place>, bytes: OptionalBody<Vec<RoleRepresentation>>) -> Answer<NoContent> {
    let (owner, container) = place.into_inner().parts();
    let given = bytes.read()?;
    scope_mappings::remove(&admin.services, &admin.caller, admin.realm()?, &owner, &container, given).await?;
    no_content()
}
