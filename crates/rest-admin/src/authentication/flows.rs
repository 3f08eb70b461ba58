//! Authentication flows.

use actix_web::web::Path;
use model::id::FlowId;
use representation::{AuthenticationFlowRepresentation, TextMap};
use services::authentication::flows;

use super::{MANAGE, VIEW};
use crate::{
    Routes,
    answers::{Created, Json, NoContent},
    bodies::Body,
    errors::Answer,
    kit::{Admin, body, json, no_content},
};

pub fn routes(routes: &mut Routes) {
    routes.get("/authentication/flows", VIEW, list);
    routes.post("/authentication/flows", MANAGE, create);
    routes.get("/authentication/flows/{flow}", VIEW, get);
    routes.put("/authentication/flows/{flow}", MANAGE, update);
    routes.delete("/authentication/flows/{flow}", MANAGE, delete);
    routes.post("/authentication/flows/{flow_alias}/copy", MANAGE, copy);
}

async fn list(admin: Admin) -> Answer<Json<Vec<AuthenticationFlowRepresentation>>> {
    json(&flows::list(&admin.services, &admin.caller, admin.realm()?).await?)
}

async fn create(admin: Admin, bytes: Body<AuthenticationFlowRepresentation>) -> Answer<Created> {
    let id = flows::create(&admin.services, &admin.caller, admin.realm()?, body(&bytes)?).await?;
    admin.created(&["authentication", "flows", id.as_str()])
}

async fn get(admin: Admin, path: Path<(String, FlowId)>) -> Answer<Json<AuthenticationFlowRepresentation>> {
    json(&flows::get(&admin.services, &admin.caller, admin.realm()?, &path.1).await?)
}

async fn update(
    admin: Admin,
    path: Path<(String, FlowId)>,
    bytes: Body<AuthenticationFlowRepresentation>,
) -> Answer<NoContent> {
    flows::update(&admin.services, &admin.caller, admin.realm()?, &path.1, body(&bytes)?).await?;
    no_content()
}

async fn delete(admin: Admin, path: Path<(String, FlowId)>) -> Answer<NoContent> {
    flows::delete(&admin.services, &admin.caller, admin.realm()?, &path.1).await?;
    no_content()
}

async fn copy(admin: Admin, path: Path<(String, String)>, bytes: Body<TextMap>) -> Answer<Created> {
    let TextMap(given) = body(&bytes)?;
    let new_name = given.get("newName").map(String::as_str).unwrap_or_default();
    let id = flows::copy(&admin.services, &admin.caller, admin.realm()?, &path.1, new_name).await?;
    admin.created(&["authentication", "flows", id.as_str()])
}
