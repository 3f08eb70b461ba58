//! The user profile of a realm.

use actix_web::http::Method;
use model::permission::Permission;
use representation::{UPConfig, UserProfileMetadata};
use services::user_profile;

use crate::{
    Routes,
    answers::Json,
    bodies::Body,
    errors::Answer,
    kit::{Admin, body, json},
    routes::Rule,
};

const MANAGE_REALM: &[Permission] = &[Permission::ManageRealm];

pub(super) fn routes(routes: &mut Routes) {
    routes.add(Method::GET, "/realms/{realm}/users/profile", Rule::AnyPermission, get);
    routes.put("/users/profile", MANAGE_REALM, update);
    routes.add(Method::GET, "/realms/{realm}/users/profile/metadata", Rule::AnyPermission, metadata);
}

async fn get(admin: Admin) -> Answer<Json<UPConfig>> {
    json(&user_profile::get(&admin.services, &admin.caller, admin.realm()?).await?)
}

async fn update(admin: Admin, bytes: Body<UPConfig>) -> Answer<Json<UPConfig>> {
    json(&user_profile::update(&admin.services, &admin.caller, admin.realm()?, body(&bytes)?).await?)
}

async fn metadata(admin: Admin) -> Answer<Json<UserProfileMetadata>> {
    json(&user_profile::metadata(&admin.services, &admin.caller, admin.realm()?).await?)
}
