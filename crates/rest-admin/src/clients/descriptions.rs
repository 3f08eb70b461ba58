//! `client-description-converter`: what others call a client, as the representation that creates it here.

use representation::ClientRepresentation;

use super::MANAGE;
use crate::{
    Routes,
    answers::Json,
    bodies::Document,
    errors::{Answer, Refusal},
    kit::{Admin, json},
};

pub(super) fn routes(routes: &mut Routes) {
    routes.post("/client-description-converter", MANAGE, convert);
}

async fn convert(admin: Admin, document: Document) -> Answer<Json<ClientRepresentation>> {
    let unsupported = || Refusal::BadRequest("Unsupported format".to_owned());
    let text = document.read().ok_or_else(unsupported)?;
    let described = services::evaluation::describe(&admin.services, &admin.caller, admin.realm()?, text);
    json(&described.map_err(|error| match error {
        // Keycloak has this one in the other family of errors.
        services::Error::Refused(text) => Refusal::BadRequest(text),
        other => Refusal::Service(other),
    })?)
}
