//! `POST …/logout` with a refresh token: ends the session without a browser.

use actix_web::{
    HttpRequest, HttpResponse,
    http::header::CACHE_CONTROL,
    web::{Bytes, Path},
};
use services::{Services, sessions};
use web::Hosted;

use crate::{
    audit::{self, Facts},
    endpoint::{self, Door},
    grants::{Failure, refresh_token},
    refusal::Refusal,
};

/// The endpoint.
pub async fn post(request: HttpRequest, services: Hosted, realm: Path<String>, body: Bytes) -> HttpResponse {
    endpoint::answer(&services, &request, &realm, &body, "LOGOUT", async |door, facts| {
        end(&services, door, facts).await
    })
    .await
}

async fn end(services: &Services, door: Door<'_>, facts: &mut Facts) -> Result<HttpResponse, Failure> {
    let token = refresh_token::read(services, door.realm, door.form.get("refresh_token")).await?;
    if token.client != door.client.client.client_id {
        let text = "Invalid refresh token. Token client and authorized client don't match";
        return Err(Failure::new(Refusal::invalid_grant(text), "invalid_token"));
    }
    facts.user = Some(model::id::UserId(token.user));
    facts.session = Some(token.session.clone());
    // A session that has ended already is as logged out as it can be.
    if sessions::end(services, door.realm, &token.session, token.offline).await? {
        audit::done(services, door.realm, "LOGOUT", door.origin, facts.clone()).await?;
    }
    Ok(HttpResponse::NoContent().insert_header((CACHE_CONTROL, "no-store")).finish())
}
