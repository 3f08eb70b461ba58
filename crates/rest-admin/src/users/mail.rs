//! Mails with links for users, and sessions of users for administrators.

use actix_web::web::{Path, Query};
use model::permission::Permission;
use representation::ImpersonationRepresentation;
use serde::Deserialize;
use services::{
    action_links::{self, Asked, Purpose},
    impersonation,
};
use web::cookies;

use super::{MANAGE, user_in};
use crate::{
    Routes,
    answers::{Json, NoContent, OrFailed},
    bodies::Body,
    errors::{Answer, Refusal},
    kit::{Admin, body, json, no_content},
};

const IMPERSONATE: &[Permission] = &[Permission::Impersonation];

pub(super) fn routes(routes: &mut Routes) {
    routes.put("/users/{user}/execute-actions-email", MANAGE, execute_actions);
    routes.put("/users/{user}/send-verify-email", MANAGE, verify_email);
    routes.put("/users/{user}/reset-password-email", MANAGE, reset_password);
    routes.post("/users/{user}/impersonation", IMPERSONATE, impersonate);
}

/// Where a link leads in the end, and how long it is good.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Link {
    client_id: Option<String>,
    redirect_uri: Option<String>,
    lifespan: Option<String>,
}

impl Link {
    fn asked(&self, actions: Vec<String>) -> Result<Asked, Refusal> {
        let given = |text: &Option<String>| text.clone().filter(|text| !text.is_empty());
        let lifespan = match given(&self.lifespan) {
            None => None,
            Some(text) => match text.parse() {
                Ok(seconds) => Some(seconds),
                Err(_) => return Err(Refusal::BadRequest("Invalid value for 'lifespan'".to_owned())),
            },
        };
        let (client_id, redirect_uri) = (given(&self.client_id), given(&self.redirect_uri));
        Ok(Asked { actions, client_id, redirect_uri, lifespan })
    }
}

async fn execute_actions(
    admin: Admin,
    path: Path<(String, String)>,
    link: Query<Link>,
    bytes: Body<Vec<String>>,
) -> Answer<OrFailed<NoContent>> {
    let asked = link.asked(body(&bytes)?)?;
    mail(&admin, path, Purpose::ExecuteActions, asked).await
}

async fn verify_email(admin: Admin, path: Path<(String, String)>, link: Query<Link>) -> Answer<OrFailed<NoContent>> {
    mail(&admin, path, Purpose::VerifyEmail, link.asked(Vec::new())?).await
}

async fn reset_password(admin: Admin, path: Path<(String, String)>, link: Query<Link>) -> Answer<OrFailed<NoContent>> {
    mail(&admin, path, Purpose::ResetPassword, link.asked(Vec::new())?).await
}

async fn mail(
    admin: &Admin,
    path: Path<(String, String)>,
    purpose: Purpose,
    asked: Asked,
) -> Answer<OrFailed<NoContent>> {
    action_links::send(&admin.services, &admin.caller, admin.realm()?, &user_in(path), purpose, asked).await?;
    Ok(no_content()?.into())
}

async fn impersonate(admin: Admin, path: Path<(String, String)>) -> Answer<Json<ImpersonationRepresentation>> {
    let realm = admin.realm()?;
    let begun = impersonation::impersonate(&admin.services, &admin.caller, realm, &user_in(path)).await?;
    let redirect = format!("{}/account", admin.services.realm_url(realm));
    let mut answer =
        json(&ImpersonationRepresentation { same_realm: Some(begun.same_realm), redirect: Some(redirect) })?;
    cookies::enter(&mut answer.0, &admin.services, realm, &begun.session.id, &begun.cookie, None);
    Ok(answer)
}
