//! Accounts of users at identity providers.

use actix_web::web::Path;
use model::{id::UserId, permission::Permission};
use representation::FederatedIdentityRepresentation;
use services::federated_identities;

use crate::{
    Routes,
    answers::{Json, NoContent},
    bodies::Body,
    errors::Answer,
    kit::{Admin, body, json, no_content},
};

const VIEW: &[Permission] = &[Permission::ViewUsers, Permission::ManageUsers];
const MANAGE: &[Permission] = &[Permission::ManageUsers];

pub(crate) fn routes(routes: &mut Routes) {
    routes.get("/users/{user}/federated-identity", VIEW, list);
    routes.post("/users/{user}/federated-identity/{provider}", MANAGE, link);
    routes.delete("/users/{user}/federated-identity/{provider}", MANAGE, unlink);
}

type LinkPath = Path<(String, UserId, String)>;

async fn list(admin: Admin, path: Path<(String, UserId)>) -> Answer<Json<Vec<FederatedIdentityRepresentation>>> {
    json(&federated_identities::list(&admin.services, &admin.caller, admin.realm()?, &path.1).await?)
}

async fn link(admin: Admin, path: LinkPath, bytes: Body<FederatedIdentityRepresentation>) -> Answer<NoContent> {
    let (_, user, provider) = path.into_inner();
    let given = body(&bytes)?;
    federated_identities::link(&admin.services, &admin.caller, admin.realm()?, &user, &provider, given).await?;
    no_content()
}

async fn unlink(admin: Admin, path: LinkPath) -> Answer<NoContent> {
    let (_, user, provider) = path.into_inner();
    federated_identities::unlink(&admin.services, &admin.caller, admin.realm()?, &user, &provider).await?;
    no_content()
}
