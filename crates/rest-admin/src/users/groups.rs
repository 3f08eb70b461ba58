//! The groups of a user.

use actix_web::web::{Path, Query};
use model::id::{GroupId, UserId};
use representation::GroupRepresentation;
use services::{groups::ListedGroup, users};

use super::{MANAGE, VIEW, user_in};
use crate::{
    Routes,
    answers::{Json, NoContent},
    errors::Answer,
    groups::representations::{Form, flat},
    kit::{Admin, Count, count_of, json, no_content},
    roles::query::{ListQuery, is_true},
};

pub(super) fn routes(routes: &mut Routes) {
    routes.get("/users/{user}/groups/count", VIEW, count);
    routes.get("/users/{user}/groups", VIEW, list);
    routes.put("/users/{user}/groups/{group}", MANAGE, join);
    routes.delete("/users/{user}/groups/{group}", MANAGE, leave);
}

async fn list(
    admin: Admin,
    path: Path<(String, String)>,
    query: Query<ListQuery>,
) -> Answer<Json<Vec<GroupRepresentation>>> {
    let (first, max) = query.page(None);
    let user = user_in(path);
    let found =
        users::groups(&admin.services, &admin.caller, admin.realm()?, &user, query.search(), first, max).await?;
    let found: Vec<_> = found.into_iter().map(|found| ListedGroup { found, roles: Vec::new() }).collect();
    json(&flat(&found, &Form::new(&admin.caller, is_true(query.brief_representation, true), false)))
}

async fn count(admin: Admin, path: Path<(String, String)>, query: Query<ListQuery>) -> Answer<Json<Count>> {
    let user = user_in(path);
    let count = users::count_groups(&admin.services, &admin.caller, admin.realm()?, &user, query.search()).await?;
    count_of(count)
}

async fn join(admin: Admin, path: Path<(String, String, String)>) -> Answer<NoContent> {
    let (_, user, group) = path.into_inner();
    users::join(&admin.services, &admin.caller, admin.realm()?, &UserId(user), &GroupId(group)).await?;
    no_content()
}

async fn leave(admin: Admin, path: Path<(String, String, String)>) -> Answer<NoContent> {
    let (_, user, group) = path.into_inner();
    users::leave(&admin.services, &admin.caller, admin.realm()?, &UserId(user), &GroupId(group)).await?;
    no_content()
}
