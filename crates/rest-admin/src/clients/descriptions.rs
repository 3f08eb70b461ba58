//! `client-description-converter`: what others call a client, as the representation that creates it here.

use actix_web::web::Bytes;

use super::MANAGE;
use crate::{
    Routes,
    errors::{Answer, Refusal},
    kit::{Admin, json},
};

pub(super) fn routes(routes: &mut Routes) {
    routes.post("/client-description-converter", MANAGE, convert);
}

async fn convert(admin: Admin, bytes: Bytes) -> Answer {
    let unsupported = || Refusal::BadRequest("Unsupported format".to_owned());
    let text = std::str::from_utf8(&bytes).or(Err(unsupported()))?;
    if text.contains('\0') || text.contains("\\u0000") {
        return Err(unsupported());
    }
    let described = services::evaluation::describe(&admin.services, &admin.caller, admin.realm()?, text);
    json(&described.map_err(|error| match error {
        // Keycloak has this one in the other family of errors.
        services::Error::Refused(text) => Refusal::BadRequest(text),
        other => Refusal::Service(other),
    })?)
}
