//! Refused requests carry the id by which an administrator finds out why: in a header, as bodies are Keycloak's. See
//! [`services::refusals::administration`] for what is kept of them.

use std::sync::Arc;

use actix_web::{
    Error, HttpMessage,
    body::MessageBody,
    dev::{ServiceRequest, ServiceResponse},
    http::StatusCode,
    middleware::Next,
};
use model::realm::Realm;
use services::{
    Caller,
    administrators::Stranger,
    refusals::{Request, administration},
};
use web::refusal_id;

/// Who made a request, once that is known. It travels with the request.
pub(crate) enum Attempt {
    /// Somebody with a good token, and the realm in question.
    Caller(Box<Caller>, Option<Arc<Realm>>),
    /// Somebody without.
    Stranger(Stranger),
}

/// Middleware that keeps what was refused and tells its id. Everything else passes without a statement.
///
/// # Errors
/// As the services within.
pub async fn told(
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let mut answer = next.call(request).await?;
    if !matches!(answer.status(), StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN) {
        return Ok(answer);
    }
    let asked = answer.request().clone();
    let Some(attempt) = asked.extensions_mut().remove::<Attempt>() else { return Ok(answer) };
    let Some(web::Hosted(services)) = web::Hosted::of(&asked) else { return Ok(answer) };
    let route = asked.match_pattern().unwrap_or_default();
    let request = Request { method: asked.method().as_str(), path: asked.path(), route: &route };
    let id = match &attempt {
        Attempt::Caller(caller, realm) => administration::refused(&services, caller, realm.as_deref(), request).await,
        Attempt::Stranger(stranger) => administration::turned_away(&services, stranger, request).await,
    };
    refusal_id::tell_in(answer.headers_mut(), id.as_ref().map(model::id::EventId::as_str));
    Ok(answer)
}
