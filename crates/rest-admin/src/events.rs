//! Login events and admin events, and what a realm records of them.

pub(crate) mod moment;
mod query;

use model::permission::Permission;
use representation::{AdminEventRepresentation, EventRepresentation, RealmEventsConfigRepresentation};
use services::{admin_events, events};

use crate::{
    Routes,
    answers::{Json, NoContent},
    bodies::Body,
    errors::Answer,
    kit::{Admin, body, json, no_content},
};
use query::{Asked, OfAdministration, OfLogins, admin_filter, filter};

const VIEW: &[Permission] = &[Permission::ViewEvents, Permission::ManageEvents];
const MANAGE: &[Permission] = &[Permission::ManageEvents];

pub(crate) fn routes(routes: &mut Routes) {
    routes.get("/events/config", VIEW, config);
    routes.put("/events/config", MANAGE, update_config);
    routes.get("/events", VIEW, list);
    routes.delete("/events", MANAGE, clear);
    routes.get("/admin-events", VIEW, list_admin);
    routes.delete("/admin-events", MANAGE, clear_admin);
}

async fn list(admin: Admin, Asked(parameters, _): Asked<OfLogins>) -> Answer<Json<Vec<EventRepresentation>>> {
    let Some(filter) = filter(&parameters)? else { return json(&Vec::<EventRepresentation>::new()) };
    let realm = admin.realm()?;
    let found = events::list(&admin.services, &admin.caller, realm, &filter).await?;
    json(&found.iter().map(|event| EventRepresentation::of(event, &realm.given_id)).collect::<Vec<_>>())
}

async fn clear(admin: Admin) -> Answer<NoContent> {
    events::clear(&admin.services, &admin.caller, admin.realm()?).await?;
    no_content()
}

async fn config(admin: Admin) -> Answer<Json<RealmEventsConfigRepresentation>> {
    json(&RealmEventsConfigRepresentation::from(&events::config(&admin.caller, admin.realm()?)?))
}

async fn update_config(admin: Admin, bytes: Body<RealmEventsConfigRepresentation>) -> Answer<NoContent> {
    events::update_config(&admin.services, &admin.caller, admin.realm()?, body(&bytes)?).await?;
    no_content()
}

async fn list_admin(
    admin: Admin,
    Asked(parameters, _): Asked<OfAdministration>,
) -> Answer<Json<Vec<AdminEventRepresentation>>> {
    let Some(filter) = admin_filter(&parameters)? else { return json(&Vec::<AdminEventRepresentation>::new()) };
    let realm = admin.realm()?;
    let found = admin_events::list(&admin.services, &admin.caller, realm, &filter).await?;
    json(&found.iter().map(|event| AdminEventRepresentation::of(event, &realm.given_id)).collect::<Vec<_>>())
}

async fn clear_admin(admin: Admin) -> Answer<NoContent> {
    admin_events::clear(&admin.services, &admin.caller, admin.realm()?).await?;
    no_content()
}
