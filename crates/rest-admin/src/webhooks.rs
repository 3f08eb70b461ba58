//! Webhooks: ours, not Keycloak's.

use actix_web::web::{Path, Query};
use model::{
    id::{DeliveryId, WebhookId},
    permission::Permission,
};
use representation::{WebhookDeliveryRepresentation, WebhookRepresentation};
use serde::Deserialize;
use services::webhooks::{self, DeliveryQuery};

use crate::{
    Routes,
    answers::{CreatedWith, Json, NoContent, created_with},
    bodies::Body,
    errors::Answer,
    kit::{Admin, Paging, body, json, no_content},
};

const VIEW: &[Permission] = &[Permission::ViewEvents, Permission::ManageEvents];
const MANAGE: &[Permission] = &[Permission::ManageEvents];
/// How many deliveries are given where a request doesn't say.
const USUAL: i64 = 100;

pub(crate) fn routes(routes: &mut Routes) {
    routes.get("/webhooks", VIEW, list);
    routes.post("/webhooks", MANAGE, create);
    routes.get("/webhooks/{webhook}", VIEW, get);
    routes.put("/webhooks/{webhook}", MANAGE, update);
    routes.delete("/webhooks/{webhook}", MANAGE, delete);
    routes.post("/webhooks/{webhook}/secret", MANAGE, new_secret);
    routes.post("/webhooks/{webhook}/test", MANAGE, test);
    routes.get("/webhooks/{webhook}/deliveries", VIEW, deliveries);
    routes.get("/webhooks/{webhook}/deliveries/{delivery}", VIEW, delivery);
    routes.post("/webhooks/{webhook}/deliveries/{delivery}/redeliver", MANAGE, redeliver);
}

type WebhookPath = Path<(String, WebhookId)>;
type DeliveryPath = Path<(String, WebhookId, DeliveryId)>;

async fn list(admin: Admin) -> Answer<Json<Vec<WebhookRepresentation>>> {
    json(&webhooks::list(&admin.services, &admin.caller, admin.realm()?).await?)
}

/// With a body, unlike other creations: the secret is in no later answer.
async fn create(admin: Admin, bytes: Body<WebhookRepresentation>) -> Answer<CreatedWith<WebhookRepresentation>> {
    let made = webhooks::create(&admin.services, &admin.caller, admin.realm()?, body(&bytes)?).await?;
    let address = admin.address(&["webhooks", made.id.as_deref().unwrap_or_default()])?;
    Ok(created_with(address, &made))
}

async fn get(admin: Admin, path: WebhookPath) -> Answer<Json<WebhookRepresentation>> {
    json(&webhooks::get(&admin.services, &admin.caller, admin.realm()?, &path.1).await?)
}

async fn update(admin: Admin, path: WebhookPath, bytes: Body<WebhookRepresentation>) -> Answer<NoContent> {
    webhooks::update(&admin.services, &admin.caller, admin.realm()?, &path.1, body(&bytes)?).await?;
    no_content()
}

async fn delete(admin: Admin, path: WebhookPath) -> Answer<NoContent> {
    webhooks::delete(&admin.services, &admin.caller, admin.realm()?, &path.1).await?;
    no_content()
}

async fn new_secret(admin: Admin, path: WebhookPath) -> Answer<Json<WebhookRepresentation>> {
    json(&webhooks::new_secret(&admin.services, &admin.caller, admin.realm()?, &path.1).await?)
}

async fn test(admin: Admin, path: WebhookPath) -> Answer<NoContent> {
    webhooks::test(&admin.services, &admin.caller, admin.realm()?, &path.1).await?;
    no_content()
}

#[derive(Deserialize)]
struct DeliveriesQuery {
    state: Option<String>,
    first: Option<i64>,
    max: Option<i64>,
}

async fn deliveries(
    admin: Admin,
    path: WebhookPath,
    query: Query<DeliveriesQuery>,
) -> Answer<Json<Vec<WebhookDeliveryRepresentation>>> {
    let Query(DeliveriesQuery { state, first, max }) = query;
    let paging = Paging::new(first, max);
    let query = DeliveryQuery { state, first: paging.first(), max: paging.max_or(USUAL) };
    json(&webhooks::deliveries(&admin.services, &admin.caller, admin.realm()?, &path.1, &query).await?)
}

async fn delivery(admin: Admin, path: DeliveryPath) -> Answer<Json<WebhookDeliveryRepresentation>> {
    let (_, webhook, id) = path.into_inner();
    json(&webhooks::delivery(&admin.services, &admin.caller, admin.realm()?, &webhook, &id).await?)
}

async fn redeliver(admin: Admin, path: DeliveryPath) -> Answer<NoContent> {
    let (_, webhook, id) = path.into_inner();
    webhooks::send_again(&admin.services, &admin.caller, admin.realm()?, &webhook, &id).await?;
    no_content()
}
