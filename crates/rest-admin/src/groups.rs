//! Groups and their tree, their members, and the groups of new users.

mod attribute_query;
mod defaults;
mod members;
pub(crate) mod representations;

use actix_web::{
    HttpResponse,
    http::header::LOCATION,
    web::{Bytes, Path, Query},
};
use model::{id::GroupId, permission::Permission};
use representation::GroupRepresentation;
use serde_json::json as value;
use services::groups::{
    self, Filter, ListedGroup,
    place::{Placed, place},
};

use crate::{
    Routes,
    errors::Answer,
    kit::{Admin, body, json, no_content, versioned},
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

async fn list(admin: Admin, query: Query<ListQuery>) -> Answer {
    let brief = is_true(query.brief_representation, true);
    let form = Form::new(&admin.caller, brief, is_true(query.sub_groups_count, true));
    let filter = filter(&query, &form, None);
    let found = groups::list(&admin.services, &admin.caller, admin.realm()?, &filter).await?;
    json(&if filter.with_ancestors { tree(&found, &form) } else { flat(&found, &form) })
}

async fn children(admin: Admin, path: Path<(String, String)>, query: Query<ListQuery>) -> Answer {
    let brief = is_true(query.brief_representation, false);
    let form = Form::new(&admin.caller, brief, is_true(query.sub_groups_count, true));
    let filter = filter(&query, &form, USUAL_CHILDREN);
    let parent = GroupId(path.into_inner().1);
    let found = groups::children(&admin.services, &admin.caller, admin.realm()?, &parent, &filter).await?;
    json(&flat(&found, &form))
}

async fn count(admin: Admin, query: Query<ListQuery>) -> Answer {
    let top = is_true(query.top, false);
    let count = groups::count(&admin.services, &admin.caller, admin.realm()?, query.search(), top).await?;
    json(&value!({ "count": count }))
}

async fn get(admin: Admin, path: Path<(String, String)>) -> Answer {
    let id = GroupId(path.into_inner().1);
    let found = groups::get(&admin.services, &admin.caller, admin.realm()?, &id).await?;
    versioned(&Form::new(&admin.caller, false, true).show(&found), &found.found.group)
}

async fn by_path(admin: Admin, path: Path<(String, String)>) -> Answer {
    let found = groups::by_path(&admin.services, &admin.caller, admin.realm()?, &path.1).await?;
    json(&Form::new(&admin.caller, false, true).show(&found))
}

async fn create(admin: Admin, bytes: Bytes) -> Answer {
    match place(&admin.services, &admin.caller, admin.realm()?, None, body(&bytes)?).await? {
        Placed::Created(made) => admin.created(&["groups", made.group.id.as_str()]),
        Placed::Moved => no_content(),
    }
}

async fn create_child(admin: Admin, path: Path<(String, String)>, bytes: Bytes) -> Answer {
    let parent = GroupId(path.into_inner().1);
    let given: GroupRepresentation = body(&bytes)?;
    match place(&admin.services, &admin.caller, admin.realm()?, Some(&parent), given).await? {
        Placed::Created(made) => {
            let address = admin.address(&["groups", made.group.id.as_str()])?;
            let shown = Form::new(&admin.caller, false, true).show(&ListedGroup { found: made, roles: Vec::new() });
            Ok(HttpResponse::Created().insert_header((LOCATION, address)).json(shown))
        }
        Placed::Moved => no_content(),
    }
}

async fn update(admin: Admin, path: Path<(String, String)>, bytes: Bytes) -> Answer {
    let id = GroupId(path.into_inner().1);
    groups::update(&admin.services, &admin.caller, admin.realm()?, &id, body(&bytes)?).await?;
    no_content()
}

async fn delete(admin: Admin, path: Path<(String, String)>) -> Answer {
    let id = GroupId(path.into_inner().1);
    groups::delete(&admin.services, &admin.caller, admin.realm()?, &id).await?;
    no_content()
}
