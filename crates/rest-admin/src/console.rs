//! What consoles ask for beside the things themselves: who is asking and what there is to choose from.

use actix_web::{
    http::Method,
    web::{Path, Query},
};
use model::permission::Permission;
use representation::WhoAmI;
use serde::Deserialize;
use services::{authentication::required_actions, who_am_i};

use crate::{
    Routes,
    answers::Json,
    errors::Answer,
    kit::{Admin, json},
    routes::Rule,
};

const VIEW: &[Permission] = &[Permission::ViewRealm, Permission::ManageRealm];

pub(crate) fn routes(routes: &mut Routes) {
    routes.add(Method::GET, "/{realm}/console/whoami", Rule::Authenticated, who_am_i);
    routes.get("/credential-registrators", VIEW, credential_registrators);
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Current {
    current_realm: Option<String>,
}

async fn who_am_i(admin: Admin, _: Path<String>, query: Query<Current>) -> Answer<Json<WhoAmI>> {
    let also = query.current_realm.as_deref();
    json(&who_am_i::get(&admin.services, &admin.caller, admin.realm()?, also).await?)
}

async fn credential_registrators(admin: Admin) -> Answer<Json<Vec<String>>> {
    json(&required_actions::registrators(&admin.services, &admin.caller, admin.realm()?).await?)
}
