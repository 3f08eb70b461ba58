//! A person who may not do something is told an id with that, by which an administrator finds out what was missing: see
//! [`services::refusals::administration`].

use std::sync::Arc;

use actix_web::{
    Error, HttpMessage,
    body::{EitherBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    http::StatusCode,
    middleware::Next,
};
use model::{id::EventId, realm::Realm};
use services::{
    Caller,
    refusals::{Request, administration},
};
use web::{Hosted, error_page::ErrorPage};

use crate::refusal::Forbidden;

/// Who made a request. It travels with the request.
pub(crate) struct Attempt {
    pub(crate) caller: Caller,
    pub(crate) realm: Option<Arc<Realm>>,
}

/// Middleware that keeps what was refused and tells its id. Everything else passes without a statement.
///
/// # Errors
/// As the services within.
pub(crate) async fn told(
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<EitherBody<impl MessageBody>>, Error> {
    let mut answer = next.call(request).await?;
    let Some(Forbidden { title, text }) = answer.response_mut().extensions_mut().remove::<Forbidden>() else {
        return Ok(answer.map_into_left_body());
    };
    let (asked, refusal) = answer.into_parts();
    let attempt = asked.extensions_mut().remove::<Attempt>();
    let id: Option<EventId> = match (attempt, Hosted::of(&asked)) {
        (Some(attempt), Some(Hosted(services))) => {
            let route = asked.match_pattern().unwrap_or_default();
            let request = Request { method: asked.method().as_str(), path: asked.path(), route: &route };
            administration::refused(&services, &attempt.caller, attempt.realm.as_deref(), request).await
        }
        _ => None,
    };
    match id {
        Some(id) => {
            let page = ErrorPage::new(StatusCode::FORBIDDEN, title, &text).id(id.as_str());
            Ok(ServiceResponse::new(asked, page.respond()).map_into_right_body())
        }
        None => Ok(ServiceResponse::new(asked, refusal).map_into_left_body()),
    }
}
