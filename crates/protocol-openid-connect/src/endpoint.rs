//! What the endpoints for clients have in common: realm, TLS, form, client, events and cross-origin headers.

use actix_web::{
    HttpRequest, HttpResponse,
    http::StatusCode,
    web::{Bytes, Path},
};
use model::realm::Realm;
use serde_json::json;
use services::{Origin, Services, cache, clients::ClientConfig};
use web::{Hosted, refusal_id};

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
pub async fn token(request: HttpRequest, services: Hosted, realm: Path<String>, body: Bytes) -> HttpResponse {
    let services = &*services;
    // The type of the event depends on the grant, which has to be read before the client: a request that asks for
    // nothing that is known is no business of its client.
    let grant = Form::read(&request, &body).and_then(|form| Grant::read(&form));
    let kind = grant.as_ref().map_or("LOGIN", |grant| grant.event());
    answer_after(services, &request, &realm, &body, kind, grant, async |grant, door, facts| {
        let Door { realm, client, form, origin } = door;
        let token_request = Request { services, realm, client, form, origin };
        let tokens = token_request.process(grant, facts).await?;
        audit::noted(services, realm, kind, origin, std::mem::take(facts)).await?;
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
    answer_after(services, request, realm, body, kind, Ok(()), async |(), door, facts| inner(door, facts).await).await
}

async fn answer_after<T>(
    services: &Services,
    request: &HttpRequest,
    realm: &str,
    body: &Bytes,
    kind: &str,
    before: Result<T, Refusal>,
    inner: impl AsyncFnOnce(T, Door<'_>, &mut Facts) -> Result<HttpResponse, Failure>,
) -> HttpResponse {
    let realm = match cache::realm(services, realm).await {
        Ok(Some(realm)) => realm,
        Ok(None) => return no_realm(),
        Err(error) => return Refusal::from(error).answer(),
    };
    let origin = web::origin(request);
    let mut facts = Facts::default();
    let read = form(&realm, request, body).and_then(|form| {
        let before = before.map_err(|refusal| Failure::new(refusal, "invalid_request"))?;
        Ok((form, before))
    });
    let (form, before) = match read {
        Ok(read) => read,
        Err(failure) => return refuse(services, &realm, kind, &origin, facts, failure).await,
    };
    let (result, client) = match authentication::client(services, &realm, request, &form, &mut facts).await {
        Ok(client) => {
            let door = Door { realm: &realm, client: &client, form: &form, origin: &origin };
            (inner(before, door, &mut facts).await, Some(client))
        }
        Err(failure) => (Err(failure), None),
    };
    let mut answer = match result {
        Ok(answer) => answer,
        Err(failure) => refuse(services, &realm, kind, &origin, facts, failure).await,
    };
    if let Some(client) = client {
        let settings = &client.client.settings;
        web::cors::permit(request, &mut answer, &settings.web_origins, &settings.redirect_uris);
    }
    answer
}

/// Records a refusal and answers it, with the id by which an administrator finds it.
pub async fn refuse(
    services: &Services,
    realm: &Realm,
    kind: &str,
    origin: &Origin,
    mut facts: Facts,
    failure: Failure,
) -> HttpResponse {
    let mut answer = failure.refusal.answer();
    if let Some(error) = failure.error {
        facts.reason(failure.refusal.text());
        let id = audit::refused(services, realm, kind, origin, facts, error).await;
        refusal_id::tell(&mut answer, id.as_deref());
    }
    answer
}

/// What every endpoint asks for before it looks at a request.
///
/// # Errors
/// A realm that wants TLS, or one that is disabled.
pub fn gate(realm: &Realm, request: &HttpRequest) -> Result<(), Failure> {
    let forbidden = |code, text, error| Err(Failure::new(Refusal::new(StatusCode::FORBIDDEN, code, text), error));
    if !web::connection::satisfies(&realm.settings.ssl_required, request) {
        return forbidden("invalid_request", "HTTPS required", "ssl_required");
    }
    if !realm.enabled {
        return forbidden("access_denied", "Realm not enabled", "realm_disabled");
    }
    Ok(())
}

fn form(realm: &Realm, request: &HttpRequest, body: &Bytes) -> Result<Form, Failure> {
    gate(realm, request)?;
    Form::read(request, body).map_err(|refusal| Failure::new(refusal, "invalid_request"))
}
