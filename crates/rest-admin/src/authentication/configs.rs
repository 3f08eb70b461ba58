//! Configurations of authenticators.

use actix_web::web::Path;
use model::id::{AuthenticatorConfigId, ExecutionId};
use representation::AuthenticatorConfigRepresentation;
use services::authentication::configs;

use super::{MANAGE, VIEW};
use crate::{
    Routes,
    answers::{Created, Json, NoContent},
    bodies::Body,
    errors::Answer,
    kit::{Admin, body, json, no_content},
};

pub fn routes(routes: &mut Routes) {
    routes.post("/authentication/executions/{execution}/config", MANAGE, configure);
    routes.get("/authentication/executions/{execution}/config/{config}", VIEW, get_of_execution);
    routes.post("/authentication/config", MANAGE, create);
    routes.get("/authentication/config/{config}", VIEW, get);
    routes.put("/authentication/config/{config}", MANAGE, update);
    routes.delete("/authentication/config/{config}", MANAGE, delete);
}

type ConfigPath = Path<(String, AuthenticatorConfigId)>;

async fn configure(
    admin: Admin,
    path: Path<(String, ExecutionId)>,
    bytes: Body<AuthenticatorConfigRepresentation>,
) -> Answer<Created> {
    let realm = admin.realm()?;
    let id = configs::configure(&admin.services, &admin.caller, realm, &path.1, body(&bytes)?).await?;
    admin.created(&["authentication", "executions", path.1.as_str(), "config", id.as_str()])
}

async fn get_of_execution(
    admin: Admin,
    path: Path<(String, ExecutionId, AuthenticatorConfigId)>,
) -> Answer<Json<AuthenticatorConfigRepresentation>> {
    json(&configs::get(&admin.services, &admin.caller, admin.realm()?, &path.2).await?)
}

async fn create(admin: Admin, bytes: Body<AuthenticatorConfigRepresentation>) -> Answer<Created> {
    let id = configs::create(&admin.services, &admin.caller, admin.realm()?, body(&bytes)?).await?;
    admin.created(&["authentication", "config", id.as_str()])
}

async fn get(admin: Admin, path: ConfigPath) -> Answer<Json<AuthenticatorConfigRepresentation>> {
    json(&configs::get(&admin.services, &admin.caller, admin.realm()?, &path.1).await?)
}

async fn update(admin: Admin, path: ConfigPath, bytes: Body<AuthenticatorConfigRepresentation>) -> Answer<NoContent> {
    configs::update(&admin.services, &admin.caller, admin.realm()?, &path.1, body(&bytes)?).await?;
    no_content()
}

async fn delete(admin: Admin, path: ConfigPath) -> Answer<NoContent> {
    configs::delete(&admin.services, &admin.caller, admin.realm()?, &path.1).await?;
    no_content()
}
