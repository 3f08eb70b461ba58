//! The steps of authentication flows.

use actix_web::web::Path;
use model::{authentication::Requirement, id::ExecutionId};
use representation::{
    AuthenticationExecutionInfoRepresentation, AuthenticationExecutionRepresentation, AuthenticationExecutionShown,
    TextMap,
};
use services::authentication::{Move, executions};

use super::{MANAGE, VIEW};
use crate::{
    Routes,
    answers::{Created, Json, NoContent},
    bodies::Body,
    errors::Answer,
    kit::{Admin, body, json, no_content},
};

pub fn routes(routes: &mut Routes) {
    routes.get("/authentication/flows/{flow_alias}/executions", VIEW, list);
    routes.put("/authentication/flows/{flow_alias}/executions", MANAGE, update);
    routes.post("/authentication/flows/{flow_alias}/executions/execution", MANAGE, add);
    routes.post("/authentication/flows/{flow_alias}/executions/flow", MANAGE, add_flow);
    routes.post("/authentication/executions", MANAGE, create);
    routes.get("/authentication/executions/{execution}", VIEW, get);
    routes.delete("/authentication/executions/{execution}", MANAGE, delete);
    routes.post("/authentication/executions/{execution}/raise-priority", MANAGE, raise);
    routes.post("/authentication/executions/{execution}/lower-priority", MANAGE, lower);
}

type AliasPath = Path<(String, String)>;
type ExecutionPath = Path<(String, ExecutionId)>;

async fn list(admin: Admin, path: AliasPath) -> Answer<Json<Vec<AuthenticationExecutionInfoRepresentation>>> {
    json(&executions::list(&admin.services, &admin.caller, admin.realm()?, &path.1).await?)
}

async fn update(
    admin: Admin,
    path: AliasPath,
    bytes: Body<AuthenticationExecutionInfoRepresentation>,
) -> Answer<NoContent> {
    executions::update(&admin.services, &admin.caller, admin.realm()?, &path.1, body(&bytes)?).await?;
    no_content()
}

async fn add(admin: Admin, path: AliasPath, bytes: Body<TextMap>) -> Answer<Created> {
    let TextMap(given) = body(&bytes)?;
    let id = executions::add(&admin.services, &admin.caller, admin.realm()?, &path.1, given).await?;
    admin.created(&["authentication", "executions", id.as_str()])
}

async fn add_flow(admin: Admin, path: AliasPath, bytes: Body<TextMap>) -> Answer<Created> {
    let TextMap(given) = body(&bytes)?;
    let id = executions::add_flow(&admin.services, &admin.caller, admin.realm()?, &path.1, given).await?;
    admin.created(&["authentication", "flows", id.as_str()])
}

async fn create(admin: Admin, bytes: Body<AuthenticationExecutionRepresentation>) -> Answer<Created> {
    let id = executions::create(&admin.services, &admin.caller, admin.realm()?, body(&bytes)?).await?;
    admin.created(&["authentication", "executions", id.as_str()])
}

async fn get(admin: Admin, path: ExecutionPath) -> Answer<Json<AuthenticationExecutionShown>> {
    let execution = executions::get(&admin.services, &admin.caller, admin.realm()?, &path.1).await?;
    let is = |requirement: Requirement| execution.requirement.as_deref() == Some(requirement.as_str());
    json(&AuthenticationExecutionShown {
        required: Some(is(Requirement::Required)),
        alternative: Some(is(Requirement::Alternative)),
        conditional: Some(is(Requirement::Conditional)),
        disabled: Some(is(Requirement::Disabled)),
        enabled: Some(!is(Requirement::Disabled)),
        authenticator_config: execution.authenticator_config,
        authenticator: execution.authenticator,
        authenticator_flow: execution.authenticator_flow,
        requirement: execution.requirement,
        priority: execution.priority,
        autheticator_flow: execution.autheticator_flow,
        id: execution.id,
        flow_id: execution.flow_id,
        parent_flow: execution.parent_flow,
    })
}

async fn delete(admin: Admin, path: ExecutionPath) -> Answer<NoContent> {
    executions::delete(&admin.services, &admin.caller, admin.realm()?, &path.1).await?;
    no_content()
}

async fn shift(admin: Admin, path: ExecutionPath, way: Move) -> Answer<NoContent> {
    executions::shift(&admin.services, &admin.caller, admin.realm()?, &path.1, way).await?;
    no_content()
}

async fn raise(admin: Admin, path: ExecutionPath) -> Answer<NoContent> {
    shift(admin, path, Move::Up).await
}

async fn lower(admin: Admin, path: ExecutionPath) -> Answer<NoContent> {
    shift(admin, path, Move::Down).await
}
