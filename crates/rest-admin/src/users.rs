//! Users and what belongs to them: credentials and memberships.

mod credentials;
mod groups;
mod mail;
mod profile;
mod query;

use std::collections::BTreeMap;

use actix_web::web::{Path, Query};
use model::{id::UserId, permission::Permission};
use representation::UserRepresentation;
use serde::Deserialize;
use services::{
    Caller,
    users::{self, Shown},
};

use crate::{
    Routes,
    answers::{Created, Json, NoContent, Versioned},
    bodies::Body,
    errors::Answer,
    kit::{Admin, body, json, no_content, versioned},
    roles::query::{Flag, is_true},
};
use query::UserQuery;

pub(crate) const LIST: &[Permission] = &[Permission::QueryUsers, Permission::ViewUsers, Permission::ManageUsers];
pub(crate) const VIEW: &[Permission] = &[Permission::ViewUsers, Permission::ManageUsers];
pub(crate) const MANAGE: &[Permission] = &[Permission::ManageUsers];

/// How many users are given where a request doesn't say.
const USUAL: i64 = 100;

pub(crate) fn routes(routes: &mut Routes) {
    profile::routes(routes);
    routes.get("/users/count", LIST, count);
    routes.get("/users", LIST, list);
    routes.post("/users", MANAGE, create);
    // Who may query users learns whether there is one with this id, nothing more: the service decides.
    routes.get("/users/{user}", LIST, get);
    routes.put("/users/{user}", MANAGE, update);
    routes.delete("/users/{user}", MANAGE, delete);
    routes.get("/users/{user}/unmanagedAttributes", VIEW, unmanaged_attributes);
    credentials::routes(routes);
    groups::routes(routes);
    mail::routes(routes);
}

/// The user in a path that begins with realm and user.
pub(crate) fn user_in(path: Path<(String, String)>) -> UserId {
    UserId(path.into_inner().1)
}

/// What the caller may do with users.
fn access(caller: &Caller) -> BTreeMap<String, bool> {
    let manage = caller.may(MANAGE);
    [
        ("manageGroupMembership", manage),
        ("resetPassword", manage),
        ("view", caller.may(VIEW)),
        ("mapRoles", manage),
        ("impersonate", caller.may(&[Permission::Impersonation])),
        ("manage", manage),
    ]
    .map(|(name, may)| (name.to_owned(), may))
    .into()
}

fn show(shown: &Shown, caller: &Caller) -> UserRepresentation {
    UserRepresentation {
        service_account_client_id: shown.service_account_client.clone(),
        access: Some(access(caller)),
        ..UserRepresentation::from(&shown.user)
    }
}

async fn list(admin: Admin, query: Query<UserQuery>) -> Answer<Json<Vec<UserRepresentation>>> {
    let (first, max) = query.page(USUAL);
    let search = query.search()?;
    let found = users::list(&admin.services, &admin.caller, admin.realm()?, &search, first, max).await?;
    let shown: Vec<_> = if query.is_brief() {
        let access = access(&admin.caller);
        let brief = |shown: &Shown| UserRepresentation {
            access: Some(access.clone()),
            ..UserRepresentation::brief(&shown.user)
        };
        found.iter().map(brief).collect()
    } else {
        found.iter().map(|found| show(found, &admin.caller)).collect()
    };
    json(&shown)
}

async fn count(admin: Admin, query: Query<UserQuery>) -> Answer<Json<i64>> {
    json(&users::count(&admin.services, &admin.caller, admin.realm()?, &query.search()?).await?)
}

async fn create(admin: Admin, bytes: Body<UserRepresentation>) -> Answer<Created> {
    let user = users::create(&admin.services, &admin.caller, admin.realm()?, body(&bytes)?).await?;
    admin.created(&["users", user.id.as_str()])
}

/// What is shown of a user beside itself.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Also {
    user_profile_metadata: Option<Flag>,
}

async fn get(admin: Admin, path: Path<(String, String)>, also: Query<Also>) -> Answer<Versioned<UserRepresentation>> {
    let realm = admin.realm()?;
    let found = users::get(&admin.services, &admin.caller, realm, &user_in(path)).await?;
    let mut shown = show(&found, &admin.caller);
    if is_true(also.user_profile_metadata, false) {
        shown.user_profile_metadata = Some(users::profile_metadata(&admin.services, &admin.caller, realm).await?);
    }
    versioned(&shown, &found.user)
}

async fn update(admin: Admin, path: Path<(String, String)>, bytes: Body<UserRepresentation>) -> Answer<NoContent> {
    users::update(&admin.services, &admin.caller, admin.realm()?, &user_in(path), body(&bytes)?).await?;
    no_content()
}

async fn delete(admin: Admin, path: Path<(String, String)>) -> Answer<NoContent> {
    users::delete(&admin.services, &admin.caller, admin.realm()?, &user_in(path)).await?;
    no_content()
}

async fn unmanaged_attributes(
    admin: Admin,
    path: Path<(String, String)>,
) -> Answer<Json<BTreeMap<String, Vec<String>>>> {
    let user = user_in(path);
    json(&users::unmanaged_attributes(&admin.services, &admin.caller, admin.realm()?, &user).await?)
}
