//! What roles are made of.

use actix_web::web::{Path, Query};
use model::{id::ClientId, permission::Permission, role::Role};
use representation::RoleRepresentation;
use services::roles::composites::{self, Parts};

use super::{Place, query::ListQuery};
use crate::{
    Routes,
    answers::{Json, NoContent},
    bodies::Body,
    errors::Answer,
    kit::{Admin, body, json, no_content},
};

pub(super) fn routes(routes: &mut Routes, role: &str, view: &'static [Permission], manage: &'static [Permission]) {
    routes.get(&format!("{role}/composites/realm"), view, of_realm);
    routes.get(&format!("{role}/composites/clients/{{part_client}}"), view, of_client);
    let path = format!("{role}/composites");
    routes.get(&path, view, all);
    routes.post(&path, manage, add);
    routes.delete(&path, manage, remove);
}

fn shown(admin: &Admin, roles: &[Role]) -> Answer<Json<Vec<RoleRepresentation>>> {
    let realm = admin.realm()?;
    json(&roles.iter().map(|role| RoleRepresentation::brief(role, realm)).collect::<Vec<_>>())
}

async fn of_parts(
    admin: &Admin,
    place: &Place,
    parts: Parts<'_>,
    query: &ListQuery,
) -> Answer<Json<Vec<RoleRepresentation>>> {
    let page = query.page(None);
    let address = place.address();
    let roles =
        composites::list(&admin.services, &admin.caller, admin.realm()?, &address, parts, query.search(), page).await?;
    shown(admin, &roles)
}

async fn all(admin: Admin, place: Path<Place>, query: Query<ListQuery>) -> Answer<Json<Vec<RoleRepresentation>>> {
    of_parts(&admin, &place, Parts::All, &query).await
}

async fn of_realm(admin: Admin, place: Path<Place>) -> Answer<Json<Vec<RoleRepresentation>>> {
    of_parts(&admin, &place, Parts::Realm, &ListQuery::default()).await
}

async fn of_client(admin: Admin, place: Path<Place>) -> Answer<Json<Vec<RoleRepresentation>>> {
    let client = ClientId(place.part_client.clone().unwrap_or_default());
    of_parts(&admin, &place, Parts::Client(&client), &ListQuery::default()).await
}

async fn add(admin: Admin, place: Path<Place>, bytes: Body<Vec<RoleRepresentation>>) -> Answer<NoContent> {
    composites::add(&admin.services, &admin.caller, admin.realm()?, &place.address(), body(&bytes)?).await?;
    no_content()
}

async fn remove(admin: Admin, place: Path<Place>, bytes: Body<Vec<RoleRepresentation>>) -> Answer<NoContent> {
    composites::remove(&admin.services, &admin.caller, admin.realm()?, &place.address(), body(&bytes)?).await?;
    no_content()
}
