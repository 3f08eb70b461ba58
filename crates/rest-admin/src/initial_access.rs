//! Initial access tokens for client registration, and the registration access token of a client.

use actix_web::web::Path;
use model::{id::ClientId, permission::Permission};
use representation::{ClientInitialAccessCreatePresentation, ClientInitialAccessPresentation, ClientRepresentation};
use services::{client_registration, clients, initial_access};

use crate::{
    Routes,
    answers::{Json, NoContent},
    bodies::Body,
    errors::{Answer, Refusal},
    kit::{Admin, body, json, no_content},
};

const VIEW: &[Permission] = &[Permission::ViewClients, Permission::ManageClients];
const MANAGE: &[Permission] = &[Permission::ManageClients];

pub(crate) fn routes(routes: &mut Routes) {
    routes.get("/clients-initial-access", VIEW, list);
    routes.post("/clients-initial-access", MANAGE, create);
    routes.delete("/clients-initial-access/{token}", MANAGE, remove);
    routes.post("/clients/{client}/registration-access-token", MANAGE, regenerate);
}

async fn list(admin: Admin) -> Answer<Json<Vec<ClientInitialAccessPresentation>>> {
    let tokens = initial_access::list(&admin.services, &admin.caller, admin.realm()?).await?;
    json(&tokens.iter().map(initial_access::shown).collect::<Vec<_>>())
}

/// Keycloak has these two in the family of errors with a description.
fn refused(error: services::Error) -> Refusal {
    match &error {
        services::Error::Invalid(problems) => match problems.as_slice() {
            [only] if only.field == "expiration" => {
                Refusal::Described("Invalid value for expiration", only.message.clone())
            }
            [only] if only.field == "count" => Refusal::Described("Invalid value for count", only.message.clone()),
            _ => Refusal::Service(error),
        },
        _ => Refusal::Service(error),
    }
}

/// The only answer that ever holds the token. Keycloak's clients expect 200.
async fn create(
    admin: Admin,
    bytes: Body<ClientInitialAccessCreatePresentation>,
) -> Answer<Json<ClientInitialAccessPresentation>> {
    let (token, signed) =
        initial_access::create(&admin.services, &admin.caller, admin.realm()?, body(&bytes)?).await.map_err(refused)?;
    let mut shown = initial_access::shown(&token);
    shown.token = Some(signed.expose().into());
    json(&shown)
}

async fn remove(admin: Admin, path: Path<(String, String)>) -> Answer<NoContent> {
    initial_access::remove(&admin.services, &admin.caller, admin.realm()?, &path.1).await?;
    no_content()
}

async fn regenerate(admin: Admin, path: Path<(String, ClientId)>) -> Answer<Json<ClientRepresentation>> {
    let realm = admin.realm()?;
    let token = client_registration::regenerate_token(&admin.services, &admin.caller, realm, &path.1).await?;
    let view = clients::get(&admin.services, &admin.caller, realm, &path.1).await?;
    let mut shown = ClientRepresentation::of(&view.client, &view.mappers);
    shown.secret = view.secret.as_ref().map(|secret| secret.expose().into());
    shown.registration_access_token = Some(token.expose().into());
    json(&shown)
}
