//! Credentials of a user.

use actix_web::web::Path;
use model::id::{CredentialId, UserId};
use representation::CredentialRepresentation;
use services::{credentials, users};

use super::{MANAGE, VIEW, user_in};
use crate::{
    Routes,
    answers::{Json, NoContent},
    bodies::{Body, Text},
    errors::{Answer, Refusal},
    kit::{Admin, body, json, no_content},
};

pub(super) fn routes(routes: &mut Routes) {
    routes.get("/users/{user}/credentials", VIEW, list);
    routes.delete("/users/{user}/credentials/{credential}", MANAGE, delete);
    routes.put("/users/{user}/credentials/{credential}/userLabel", MANAGE, set_label);
    routes.post("/users/{user}/credentials/{credential}/moveToFirst", MANAGE, move_to_first);
    routes.post("/users/{user}/credentials/{credential}/moveAfter/{previous}", MANAGE, move_after);
    routes.put("/users/{user}/reset-password", MANAGE, reset_password);
    routes.put("/users/{user}/disable-credential-types", MANAGE, disable_types);
    routes.get("/users/{user}/configured-user-storage-credential-types", VIEW, storage_types);
}

async fn list(admin: Admin, path: Path<(String, String)>) -> Answer<Json<Vec<CredentialRepresentation>>> {
    let found = credentials::list(&admin.services, &admin.caller, admin.realm()?, &user_in(path)).await?;
    json(&found.iter().map(CredentialRepresentation::from).collect::<Vec<_>>())
}

async fn delete(admin: Admin, path: Path<(String, String, String)>) -> Answer<NoContent> {
    let (_, user, id) = path.into_inner();
    let (user, id) = (UserId(user), CredentialId(id));
    credentials::delete(&admin.services, &admin.caller, admin.realm()?, &user, &id).await?;
    no_content()
}

async fn set_label(admin: Admin, path: Path<(String, String, String)>, label: Text) -> Answer<NoContent> {
    let (_, user, id) = path.into_inner();
    let (user, id) = (UserId(user), CredentialId(id));
    let label = label.read().ok_or_else(|| Refusal::BadRequest("The label is not UTF-8 text".to_owned()))?;
    credentials::set_label(&admin.services, &admin.caller, admin.realm()?, &user, &id, label).await?;
    no_content()
}

async fn move_to_first(admin: Admin, path: Path<(String, String, String)>) -> Answer<NoContent> {
    let (_, user, id) = path.into_inner();
    let (user, id) = (UserId(user), CredentialId(id));
    credentials::move_after(&admin.services, &admin.caller, admin.realm()?, &user, &id, None).await?;
    no_content()
}

async fn move_after(admin: Admin, path: Path<(String, String, String, String)>) -> Answer<NoContent> {
    let (_, user, id, previous) = path.into_inner();
    let (user, id, previous) = (UserId(user), CredentialId(id), CredentialId(previous));
    credentials::move_after(&admin.services, &admin.caller, admin.realm()?, &user, &id, Some(&previous)).await?;
    no_content()
}

async fn reset_password(
    admin: Admin,
    path: Path<(String, String)>,
    bytes: Body<CredentialRepresentation>,
) -> Answer<NoContent> {
    let user = user_in(path);
    let given: CredentialRepresentation = body(&bytes)?;
    // The user first, as Keycloak does: a missing user is told before a missing password.
    users::get(&admin.services, &admin.caller, admin.realm()?, &user).await?;
    let refusal = match &given.value {
        None => Some("No password provided"),
        Some(value) if value.expose().trim().is_empty() => Some("Empty password not allowed"),
        Some(_) => None,
    };
    if let Some(text) = refusal {
        return Err(Refusal::BadRequest(text.to_owned()));
    }
    credentials::reset_password(&admin.services, &admin.caller, admin.realm()?, &user, given).await?;
    no_content()
}

async fn disable_types(admin: Admin, path: Path<(String, String)>, bytes: Body<Vec<String>>) -> Answer<NoContent> {
    let types: Vec<String> = body(&bytes)?;
    credentials::disable_types(&admin.services, &admin.caller, admin.realm()?, &user_in(path), &types).await?;
    no_content()
}

async fn storage_types(admin: Admin, path: Path<(String, String)>) -> Answer<Json<Vec<String>>> {
    let user = user_in(path);
    json(&credentials::configured_storage_types(&admin.services, &admin.caller, admin.realm()?, &user).await?)
}
