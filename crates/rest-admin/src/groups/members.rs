//! The users that are in a group.

use actix_web::web::{Path, Query};
use model::id::{GroupId, UserId};
use representation::UserRepresentation;
use services::groups::members;

use super::{MANAGE, VIEW, representations::users};
use crate::{
    Routes,
    answers::{Json, NoContent},
    errors::Answer,
    kit::{Admin, json, no_content},
    roles::query::{ListQuery, is_true},
};

/// How many members are given where a request doesn't say.
const USUAL: Option<i64> = Some(100);

pub(super) fn routes(routes: &mut Routes) {
    routes.get("/groups/{group}/members", VIEW, list);
    routes.put("/groups/{group}/members/{user}", MANAGE, add);
    routes.delete("/groups/{group}/members/{user}", MANAGE, remove);
}

async fn list(
    admin: Admin,
    path: Path<(String, String)>,
    query: Query<ListQuery>,
) -> Answer<Json<Vec<UserRepresentation>>> {
    let (first, max) = query.page(USUAL);
    let id = GroupId(path.into_inner().1);
    let found = members::list(&admin.services, &admin.caller, admin.realm()?, &id, first, max).await?;
    json(&users(&found, is_true(query.brief_representation, false)))
}

async fn add(admin: Admin, path: Path<(String, String, String)>) -> Answer<NoContent> {
    let (_, group, user) = path.into_inner();
    members::add(&admin.services, &admin.caller, admin.realm()?, &GroupId(group), &UserId(user)).await?;
    no_content()
}

async fn remove(admin: Admin, path: Path<(String, String, String)>) -> Answer<NoContent> {
    let (_, group, user) = path.into_inner();
    members::remove(&admin.services, &admin.caller, admin.realm()?, &GroupId(group), &UserId(user)).await?;
    no_content()
}
