//! The roles of users and groups.

use actix_web::web::{Path, Query};
use model::{
    id::{ClientId, GroupId, UserId},
    permission::Permission,
    role::RoleContainer,
};
use representation::{MappingsRepresentation, RoleRepresentation};
use serde::Deserialize;
use services::{
    What,
    role_mappings::{self, Holder, Selection},
};

use crate::{
    Routes,
    answers::{Json, NoContent},
    bodies::{Body, OptionalBody},
    errors::{Answer, OrNotFound},
    kit::{Admin, body, json, no_content},
    roles::query::{ListQuery, is_true},
};

const VIEW: &[Permission] = &[Permission::ViewUsers, Permission::ManageUsers];
const MANAGE: &[Permission] = &[Permission::ManageUsers];

/// Keycloak has another text for a missing client here than elsewhere.
const NO_CLIENT: &str = "Client not found";

/// The parts of a path that say whose roles, and which, a request is about.
#[derive(Debug, Deserialize)]
struct Place {
    user: Option<String>,
    group: Option<String>,
    client: Option<String>,
}

/// Who the roles are of, and where they are defined.
struct Target {
    holder: Whose,
    container: RoleContainer,
}

enum Whose {
    User(UserId),
    Group(GroupId),
}

impl Target {
    fn of(place: Place) -> Self {
        let holder = match place.user {
            Some(user) => Whose::User(UserId(user)),
            None => Whose::Group(GroupId(place.group.unwrap_or_default())),
        };
        let container = place.client.map_or(RoleContainer::Realm, |client| RoleContainer::Client(ClientId(client)));
        Self { holder, container }
    }

    fn holder(&self) -> Holder<'_> {
        match &self.holder {
            Whose::User(user) => Holder::User(user),
            Whose::Group(group) => Holder::Group(group),
        }
    }
}

pub(crate) fn routes(routes: &mut Routes) {
    for holder in ["/users/{user}", "/groups/{group}"] {
        routes.get(&format!("{holder}/role-mappings"), VIEW, all);
        for container in ["realm", "clients/{client}"] {
            let path = format!("{holder}/role-mappings/{container}");
            routes.get(&format!("{path}/available"), VIEW, available);
            routes.get(&format!("{path}/composite"), VIEW, effective);
            routes.get(&path, VIEW, direct);
            routes.post(&path, MANAGE, grant);
            routes.delete(&path, MANAGE, revoke);
        }
    }
}

async fn all(admin: Admin, place: Path<Place>) -> Answer<Json<MappingsRepresentation>> {
    let target = Target::of(place.into_inner());
    let realm = admin.realm()?;
    let (roles, clients) = role_mappings::all(&admin.services, &admin.caller, realm, target.holder()).await?;
    json(&MappingsRepresentation::of(&roles, &clients, realm))
}

async fn list(admin: &Admin, place: Place, selection: Selection, brief: bool) -> Answer<Json<Vec<RoleRepresentation>>> {
    let target = Target::of(place);
    let realm = admin.realm()?;
    let roles =
        role_mappings::list(&admin.services, &admin.caller, realm, target.holder(), &target.container, selection)
            .await
            .or_not_found(What::Client, NO_CLIENT)?;
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

async fn grant(admin: Admin, place: Path<Place>, bytes: Body<Vec<RoleRepresentation>>) -> Answer<NoContent> {
    let target = Target::of(place.into_inner());
    let given = body(&bytes)?;
    role_mappings::grant(&admin.services, &admin.caller, admin.realm()?, target.holder(), &target.container, given)
        .await
        .or_not_found(What::Client, NO_CLIENT)?;
    no_content()
}

/// Without a body, everything that was granted of this realm or client is taken.
async fn revoke(admin: Admin, place: Path<Place>, bytes: OptionalBody<Vec<RoleRepresentation>>) -> Answer<NoContent> {
    let target = Target::of(place.into_inner());
    let given = bytes.read()?;
    role_mappings::revoke(&admin.services, &admin.caller, admin.realm()?, target.holder(), &target.container, given)
        .await
        .or_not_found(What::Client, NO_CLIENT)?;
    no_content()
}
