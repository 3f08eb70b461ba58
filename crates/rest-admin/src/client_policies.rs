//! Client policies and profiles.

use actix_web::web::Query;
use model::permission::Permission;
use representation::{ClientPoliciesRepresentation, ClientProfilesRepresentation};
use serde::Deserialize;
use services::client_policies;

use crate::{
    Routes,
    answers::{Json, NoContent},
    bodies::Body,
    errors::Answer,
    kit::{Admin, body, json, no_content},
};

const VIEW: &[Permission] = &[Permission::ViewRealm, Permission::ManageRealm];
const MANAGE: &[Permission] = &[Permission::ManageRealm];

pub(crate) fn routes(routes: &mut Routes) {
    routes.get("/client-policies/policies", VIEW, policies);
    routes.put("/client-policies/policies", MANAGE, set_policies);
    routes.get("/client-policies/profiles", VIEW, profiles);
    routes.put("/client-policies/profiles", MANAGE, set_profiles);
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct Global {
    #[serde(default, deserialize_with = "crate::kit::switch")]
    include_global_policies: Option<bool>,
    #[serde(default, deserialize_with = "crate::kit::switch")]
    include_global_profiles: Option<bool>,
}

async fn policies(admin: Admin, query: Query<Global>) -> Answer<Json<ClientPoliciesRepresentation>> {
    let global = query.include_global_policies.unwrap_or(false);
    json(&client_policies::policies(&admin.caller, admin.realm()?, global)?)
}

async fn set_policies(admin: Admin, bytes: Body<ClientPoliciesRepresentation>) -> Answer<NoContent> {
    client_policies::set_policies(&admin.services, &admin.caller, admin.realm()?, body(&bytes)?).await?;
    no_content()
}

async fn profiles(admin: Admin, query: Query<Global>) -> Answer<Json<ClientProfilesRepresentation>> {
    let global = query.include_global_profiles.unwrap_or(false);
    json(&client_policies::profiles(&admin.caller, admin.realm()?, global)?)
}

async fn set_profiles(admin: Admin, bytes: Body<ClientProfilesRepresentation>) -> Answer<NoContent> {
    client_policies::set_profiles(&admin.services, &admin.caller, admin.realm()?, body(&bytes)?).await?;
    no_content()
}
