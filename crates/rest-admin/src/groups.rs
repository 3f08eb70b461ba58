//! Groups and their tree, their members, and the groups of new users.

mod attribute_query;
mod defaults;
mod members;
pub(crate) mod representations;

use actix_web::web::{Path, Query};
use model::{id::GroupId, permission::Permission};
use representation::GroupRepresentation;
use services::groups::{
    self, Filter, ListedGroup,
    place::{Placed, place},
};

use crate::{
    Routes,
    answers::{Created, CreatedWith, Json, NoContent, OneOf, Versioned, created_with},
    bodies::Body,
    errors::Answer,
    kit::{Admin, Count, body, count_of, json, no_content, versioned},
    roles::query::{ListQuery, is_true},
};
use representations::{Form, flat, tree};

const LIST: &[Permission] = &[Permission::QueryGroups, Permission::ViewUsers, Permission::ManageUsers];
const VIEW: &[Permission] = &[Permission::ViewUsers, Permission::ManageUsers];
const MANAGE: &[Permission] = &[Permission::ManageUsers];

/// How many subgroups are given where a request doesn't say.
const USUAL_CHILDREN: Option<i64> = Some(10);

pub(crate) fn routes(routes: &mut Routes) {
    defaults::routes(routes);
    members::routes(routes);
    routes.get("/group-by-path/{path:.*}", VIEW, by_path);
    routes.get("/groups/count", LIST, count);
    routes.get("/groups", LIST, list);
    routes.post("/groups", MANAGE, create);
    routes.get("/groups/{group}/children", VIEW, children);
    routes.post("/groups/{group}/children", MANAGE, create_child);
    routes.get("/groups/{group}", VIEW, get);
    routes.put("/groups/{group}", MANAGE, update);
    routes.delete("/groups/{group}", MANAGE, delete);
}

fn filter(query: &ListQuery, form: &Form, usual: Option<i64>) -> Filter {
    let (first, max) = query.page(usual);
    Filter {
        name: query.search().map(str::to_owned),
        exact: is_true(query.exact, false),
        attributes: query.q.as_deref().map(attribute_query::read),
        with_ancestors: is_true(query.populate_hierarchy, true),
        with_roles: !form.brief,
        first,
        max,
    }
}

async fn list(admin: Admin, query: Query<ListQuery>) -> Answer<Json<Vec<GroupRepresentation>>> {
    let brief = is_true(query.brief_representation, true);
    let form = Form::new(&admin.caller, brief, is_true(query.sub_groups_count, true));
    let filter = filter(&query, &form, None);
    let found = groups::list(&admin.services, &admin.caller, admin.realm()?, &filter).await?;
    json(&if filter.with_ancestors { tree(&found, &form) } else { flat(&found, &form) })
}

async fn children(
    admin: Admin,
    path: Path<(String, String)>,
    query: Query<ListQuery>,
) -> Answer<Json<Vec<GroupRepresentation>>> {
    let brief = is_true(query.brief_representation, false);
    let form = Form::new(&admin.caller, brief, is_true(query.sub_groups_count, true));
    let filter = filter(&query, &form, USUAL_CHILDREN);
    let parent = GroupId(path.into_inner().1);
    let found = groups::children(&admin.services, &admin.caller, admin.realm()?, &parent, &filter).await?;
    json(&flat(&found, &form))
}

async fn count(admin: Admin, query: Query<ListQuery>) -> Answer<Json<Count>> {
    let top = is_true(query.top, false);
    let count = groups::count(&admin.services, &admin.caller, admin.realm()?, query.search(), top).await?;
    count_of(count)
}

async fn get(admin: Admin, path: Path<(String, String)>) -> Answer<Versioned<GroupRepresentation>> {
    let id = GroupId(path.into_inner().1);
    let found = groups::get(&admin.services, &admin.caller, admin.realm()?, &id).await?;
    versioned(&Form::new(&admin.caller, false, true).show(&found), &found.found.group)
}

async fn by_path(admin: Admin, path: Path<(String, String)>) -> Answer<Json<GroupRepresentation>> {
    let found = groups::by_path(&admin.services, &admin.caller, admin.realm()?, &path.1).await?;
    json(&Form::new(&admin.caller, false, true).show(&found))
}

async fn create(admin: Admin, bytes: Body<GroupRepresentation>) -> Answer<OneOf<Created, NoContent>> {
    match place(&admin.services, &admin.caller, admin.realm()?, None, body(&bytes)?).await? {
        Placed::Created(made) => OneOf::first(admin.created(&["groups", made.group.id.as_str()])),
        Placed::Moved => OneOf::second(no_content()),
    }
}

async fn create_child(
    admin: Admin,
    path: Path<(String, String)>,
    bytes: Body<GroupRepresentation>,
) -> Answer<OneOf<CreatedWith<GroupRepresentation>, NoContent>> {
    let parent = GroupId(path.into_inner().1);
    match place(&admin.services, &admin.caller, admin.realm()?, Some(&parent), body(&bytes)?).await? {
        Placed::Created(made) => {
            let address = admin.address(&["groups", made.group.id.as_str()])?;
            let shown = Form::new(&admin.caller, false, true).show(&ListedGroup { found: made, roles: Vec::new() });
            OneOf::first(Ok(created_with(address, &shown)))
        }
        Placed::Moved => OneOf::second(no_content()),
    }
}

async fn update(admin: Admin, path: Path<(String, String)>, bytes: Body<GroupRepresentation>) -> Answer<NoContent> {
    let id = GroupId(path.into_inner().1);
    groups::update(&admin.services, &admin.caller, admin.realm()?, &id, body(&bytes)?).await?;
    no_content()
}

async fn delete(admin: Admin, path: Path<(String, String)>) -> Answer<NoContent> {
    let id = GroupId(path.into_inner().1);
    groups::delete(&admin.services, &admin.caller, admin.realm()?, &id).await?;
    no_content()
}
