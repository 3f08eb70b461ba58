//! What the endpoints for clients have in common: realm, TLS, form, client, events and cross-origin headers.

use actix_web::{
    HttpRequest, HttpResponse,
    http::StatusCode,
    web::{Bytes, Data, Path},
};
use model::realm::Realm;
use serde_json::json;
use services::{Origin, Services, cache, clients::ClientConfig};

use crate::{
    audit::{self, Facts},
    authentication,
    form::Form,
    grants::{Failure, Grant, Request},
    refusal::Refusal,
};

/// A request that has come through the common checks.
pub struct Door<'a> {
    /// The realm.
    pub realm: &'a Realm,
    /// The client.
    pub client: &'a ClientConfig,
    /// The parameters.
    pub form: &'a Form,
    /// From where.
    pub origin: &'a Origin,
}

/// The answer for a realm that doesn't exist.
pub fn no_realm() -> HttpResponse {
    HttpResponse::NotFound().json(json!({ "error": "Realm does not exist" }))
}

/// The token endpoint (RFC 6749 section 3.2).
pub async fn token(request: HttpRequest, services: Data<Services>, realm: Path<String>, body: Bytes) -> HttpResponse {
    let services = &**services;
    // The type of the event depends on the grant, which has to be read before the client.
    let grant = Form::read(&request, &body).ok().and_then(|form| Grant::read(&form).ok());
    let kind = grant.map_or("LOGIN", Grant::event);
    answer(services, &request, &realm, &body, kind, async |door, facts| {
        let Door { realm, client, form, origin } = door;
        let grant = Grant::read(form).map_err(|refusal| Failure::new(refusal, "invalid_request"))?;
        let token_request = Request { services, realm, client, form, origin };
        let tokens = token_request.process(grant, facts).await?;
        audit::done(services, realm, kind, origin, facts.clone()).await?;
        let mut answer = HttpResponse::Ok();
        answer.insert_header(("Cache-Control", "no-store")).insert_header(("Pragma", "no-cache"));
        Ok(answer.json(tokens))
    })
    .await
}

/// Runs the common checks, then `inner`, and dresses what comes of it. `kind` is the type of the event of a refusal.
pub async fn answer(
    services: &Services,
    request: &HttpRequest,
    realm: &str,
    body: &Bytes,
    kind: &str,
    inner: impl AsyncFnOnce(Door<'_>, &mut Facts) -> Result<HttpResponse, Failure>,
) -> HttpResponse {
    let realm = match cache::realm(services, realm).await {
        Ok(Some(realm)) => realm,
        Ok(None) => return no_realm(),
        Err(error) => return Refusal::from(error).answer(),
    };
    let form = match form(&realm, request, body, kind) {
        Ok(form) => form,
        Err(refusal) => return refusal.answer(),
    };
    let origin = web::origin(request);
    let mut facts = Facts::default();
    let (result, client) = match authentication::client(services, &realm, request, &form, &mut facts).await {
        Ok(client) => {
            let door = Door { realm: &realm, client: &client, form: &form, origin: &origin };
            (inner(door, &mut facts).await, Some(client))
        }
        Err(failure) => (Err(failure), None),
    };
    let mut answer = match result {
        Ok(answer) => answer,
        Err(failure) => {
            if let Some(error) = failure.error {
                audit::refused(services, &realm, kind, &origin, facts, error).await;
            }
            failure.refusal.answer()
        }
    };
    if let Some(client) = client {
        let settings = &client.client.settings;
        web::cors::permit(request, &mut answer, &settings.web_origins, &settings.redirect_uris);
    }
    answer
}

fn form(realm: &Realm, request: &HttpRequest, body: &Bytes, kind: &str) -> Result<Form, Refusal> {
    if !web::connection::satisfies(&realm.settings.ssl_required, request) {
        return Err(Refusal::new(StatusCode::FORBIDDEN, "invalid_request", "HTTPS required"));
    }
    if !realm.enabled {
        return Err(Refusal::new(StatusCode::FORBIDDEN, "access_denied", "Realm not enabled"));
    }
    let form = Form::read(request, body)?;
    // A request that asks for nothing that we know is no business of its client.
    if kind != "LOGOUT" {
        Grant::read(&form)?;
    }
    Ok(form)
}
