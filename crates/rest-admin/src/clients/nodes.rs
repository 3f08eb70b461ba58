//! The nodes of a client, and what they are told.

use std::collections::BTreeMap;

use actix_web::web::Path;
use model::id::ClientId;
use representation::GlobalRequestResult;
use services::clients::nodes::{self, Order, Told};

use super::{MANAGE, VIEW};
use crate::{
    Routes,
    answers::{Json, NoContent},
    bodies::Body,
    errors::{Answer, Refusal},
    kit::{Admin, body, json, no_content},
};

pub(super) fn routes(routes: &mut Routes) {
    routes.post("/clients/{client}/nodes", MANAGE, register);
    routes.delete("/clients/{client}/nodes/{node}", MANAGE, unregister);
    routes.post("/clients/{client}/push-revocation", MANAGE, push_revocation);
    routes.get("/clients/{client}/test-nodes-available", VIEW, test_available);
}

async fn register(
    admin: Admin,
    path: Path<(String, ClientId)>,
    bytes: Body<BTreeMap<String, String>>,
) -> Answer<NoContent> {
    let mut given: BTreeMap<String, String> = body(&bytes)?;
    let missing = || Refusal::BadRequest("Node not found in params".to_owned());
    let node = given.remove("node").filter(|node| !node.is_empty()).ok_or_else(missing)?;
    nodes::register(&admin.services, &admin.caller, admin.realm()?, &path.1, node).await?;
    no_content()
}

async fn unregister(admin: Admin, path: Path<(String, ClientId, String)>) -> Answer<NoContent> {
    nodes::unregister(&admin.services, &admin.caller, admin.realm()?, &path.1, &path.2).await?;
    no_content()
}

/// Lists that hold nothing are left out, as Keycloak does.
fn shown(told: Told) -> GlobalRequestResult {
    let unless_empty = |list: Vec<String>| (!list.is_empty()).then_some(list);
    GlobalRequestResult { success_requests: unless_empty(told.succeeded), failed_requests: unless_empty(told.failed) }
}

async fn push_revocation(admin: Admin, path: Path<(String, ClientId)>) -> Answer<Json<GlobalRequestResult>> {
    let told = nodes::tell(&admin.services, &admin.caller, admin.realm()?, &path.1, Order::PushNotBefore).await?;
    json(&shown(told))
}

async fn test_available(admin: Admin, path: Path<(String, ClientId)>) -> Answer<Json<GlobalRequestResult>> {
    let told = nodes::tell(&admin.services, &admin.caller, admin.realm()?, &path.1, Order::TestAvailable).await?;
    json(&shown(told))
}
