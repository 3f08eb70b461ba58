//! Required actions.

use actix_web::web::Path;
use representation::{
    RequiredActionConfigInfoRepresentation, RequiredActionConfigRepresentation, RequiredActionProviderRepresentation,
    StringMap, TextMap,
};
use services::{
    authentication::{Move, required_actions},
    provider_settings::property,
};

use super::{MANAGE, VIEW};
use crate::{
    Routes,
    answers::{Json, NoContent},
    bodies::Body,
    errors::Answer,
    kit::{Admin, body, json, no_content},
};

pub fn routes(routes: &mut Routes) {
    routes.get("/authentication/unregistered-required-actions", VIEW, unregistered);
    routes.post("/authentication/register-required-action", MANAGE, register);
    routes.get("/authentication/required-actions", VIEW, list);
    routes.get("/authentication/required-actions/{action}", VIEW, get);
    routes.put("/authentication/required-actions/{action}", MANAGE, update);
    routes.delete("/authentication/required-actions/{action}", MANAGE, delete);
    routes.post("/authentication/required-actions/{action}/raise-priority", MANAGE, raise);
    routes.post("/authentication/required-actions/{action}/lower-priority", MANAGE, lower);
    routes.get("/authentication/required-actions/{action}/config-description", VIEW, description);
    routes.get("/authentication/required-actions/{action}/config", VIEW, config);
    routes.put("/authentication/required-actions/{action}/config", MANAGE, set_config);
    routes.delete("/authentication/required-actions/{action}/config", MANAGE, remove_config);
}

type ActionPath = Path<(String, String)>;

async fn unregistered(admin: Admin) -> Answer<Json<Vec<StringMap>>> {
    let kinds = required_actions::unregistered(&admin.services, &admin.caller, admin.realm()?).await?;
    let shown = kinds.iter().map(|kind| {
        [("name", kind.name), ("providerId", kind.id)].map(|(name, text)| (name.to_owned(), text.to_owned())).into()
    });
    json(&shown.collect::<Vec<_>>())
}

async fn register(admin: Admin, bytes: Body<TextMap>) -> Answer<NoContent> {
    let TextMap(given) = body(&bytes)?;
    required_actions::register(&admin.services, &admin.caller, admin.realm()?, &given).await?;
    no_content()
}

async fn list(admin: Admin) -> Answer<Json<Vec<RequiredActionProviderRepresentation>>> {
    json(&required_actions::list(&admin.services, &admin.caller, admin.realm()?).await?)
}

async fn get(admin: Admin, path: ActionPath) -> Answer<Json<RequiredActionProviderRepresentation>> {
    json(&required_actions::get(&admin.services, &admin.caller, admin.realm()?, &path.1).await?)
}

async fn update(
    admin: Admin,
    path: ActionPath,
    bytes: Body<RequiredActionProviderRepresentation>,
) -> Answer<NoContent> {
    required_actions::update(&admin.services, &admin.caller, admin.realm()?, &path.1, body(&bytes)?).await?;
    no_content()
}

async fn delete(admin: Admin, path: ActionPath) -> Answer<NoContent> {
    required_actions::delete(&admin.services, &admin.caller, admin.realm()?, &path.1).await?;
    no_content()
}

async fn shift(admin: Admin, path: ActionPath, way: Move) -> Answer<NoContent> {
    required_actions::shift(&admin.services, &admin.caller, admin.realm()?, &path.1, way).await?;
    no_content()
}

async fn raise(admin: Admin, path: ActionPath) -> Answer<NoContent> {
    shift(admin, path, Move::Up).await
}

async fn lower(admin: Admin, path: ActionPath) -> Answer<NoContent> {
    shift(admin, path, Move::Down).await
}

async fn description(admin: Admin, path: ActionPath) -> Answer<Json<RequiredActionConfigInfoRepresentation>> {
    let settings = required_actions::settings_of(&admin.caller, &path.1)?;
    json(&RequiredActionConfigInfoRepresentation { properties: Some(settings.iter().map(property).collect()) })
}

async fn config(admin: Admin, path: ActionPath) -> Answer<Json<RequiredActionConfigRepresentation>> {
    json(&required_actions::config(&admin.services, &admin.caller, admin.realm()?, &path.1).await?)
}

async fn set_config(
    admin: Admin,
    path: ActionPath,
    bytes: Body<RequiredActionConfigRepresentation>,
) -> Answer<NoContent> {
    let given = Some(body(&bytes)?);
    required_actions::set_config(&admin.services, &admin.caller, admin.realm()?, &path.1, given).await?;
    no_content()
}

async fn remove_config(admin: Admin, path: ActionPath) -> Answer<NoContent> {
    required_actions::set_config(&admin.services, &admin.caller, admin.realm()?, &path.1, None).await?;
    no_content()
}
