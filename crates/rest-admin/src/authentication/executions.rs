//! The steps of authentication flows.

use actix_web::web::{Bytes, Path};
use model::{authentication::Requirement, id::ExecutionId};
use representation::{AuthenticationExecutionRepresentation, TextMap};
use serde::Serialize;
use services::authentication::executions::{self, Move};

use super::{MANAGE, VIEW};
use crate::{
    Routes,
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

async fn list(admin: Admin, path: AliasPath) -> Answer {
    json(&executions::list(&admin.services, &admin.caller, admin.realm()?, &path.1).await?)
}

async fn update(admin: Admin, path: AliasPath, bytes: Bytes) -> Answer {
    executions::update(&admin.services, &admin.caller, admin.realm()?, &path.1, body(&bytes)?).await?;
    no_content()
}

async fn add(admin: Admin, path: AliasPath, bytes: Bytes) -> Answer {
    let TextMap(given) = body(&bytes)?;
    let id = executions::add(&admin.services, &admin.caller, admin.realm()?, &path.1, given).await?;
    admin.created(&["authentication", "executions", id.as_str()])
}

async fn add_flow(admin: Admin, path: AliasPath, bytes: Bytes) -> Answer {
    let TextMap(given) = body(&bytes)?;
    let id = executions::add_flow(&admin.services, &admin.caller, admin.realm()?, &path.1, given).await?;
    admin.created(&["authentication", "flows", id.as_str()])
}

async fn create(admin: Admin, bytes: Bytes) -> Answer {
    let id = executions::create(&admin.services, &admin.caller, admin.realm()?, body(&bytes)?).await?;
    admin.created(&["authentication", "executions", id.as_str()])
}

/// What Keycloak shows of an execution alone: its fields, and each requirement as a switch.
#[derive(Serialize)]
struct Shown {
    #[serde(flatten)]
    execution: AuthenticationExecutionRepresentation,
    required: bool,
    alternative: bool,
    conditional: bool,
    disabled: bool,
    enabled: bool,
}

async fn get(admin: Admin, path: ExecutionPath) -> Answer {
    let execution = executions::get(&admin.services, &admin.caller, admin.realm()?, &path.1).await?;
    let is = |requirement: Requirement| execution.requirement.as_deref() == Some(requirement.as_str());
    json(&Shown {
        required: is(Requirement::Required),
        alternative: is(Requirement::Alternative),
        conditional: is(Requirement::Conditional),
        disabled: is(Requirement::Disabled),
        enabled: !is(Requirement::Disabled),
        execution,
    })
}

async fn delete(admin: Admin, path: ExecutionPath) -> Answer {
    executions::delete(&admin.services, &admin.caller, admin.realm()?, &path.1).await?;
    no_content()
}

async fn shift(admin: Admin, path: ExecutionPath, way: Move) -> Answer {
    executions::shift(&admin.services, &admin.caller, admin.realm()?, &path.1, way).await?;
    no_content()
}

async fn raise(admin: Admin, path: ExecutionPath) -> Answer {
    shift(admin, path, Move::Up).await
}

async fn lower(admin: Admin, path: ExecutionPath) -> Answer {
    shift(admin, path, Move::Down).await
}
