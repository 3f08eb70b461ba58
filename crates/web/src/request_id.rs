//! An id for every request, in its log lines and in the answer's `X-Request-Id`, and one line in the log per request.
//!
//! The log names the path only: a query may hold a token.

use std::time::Instant;

use actix_web::{
    Error, HttpMessage,
    body::MessageBody,
    dev::{ServiceRequest, ServiceResponse},
    http::header::{HeaderName, HeaderValue},
    middleware::Next,
    web::Data,
};
use services::{Services, random};
use tracing::Instrument;

use crate::TrustedProxies;

/// The header with the id.
pub const HEADER: HeaderName = HeaderName::from_static("x-request-id");

/// The id of a request, in its extensions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestId(pub String);

/// Middleware that gives a request its id. A trusted proxy may choose it.
///
/// # Errors
/// As the services within.
pub async fn identified(
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let started = Instant::now();
    let id = from_proxy(&request).or_else(|| new(&request)).unwrap_or_default();
    request.extensions_mut().insert(RequestId(id.clone()));
    let span = tracing::info_span!("request", request_id = %id, method = %request.method(), path = request.path());
    let mut response = next.call(request).instrument(span.clone()).await?;
    if let Ok(value) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(HEADER, value);
    }
    let microseconds = started.elapsed().as_micros();
    span.in_scope(|| tracing::info!(status = response.status().as_u16(), microseconds, "answered"));
    Ok(response)
}

fn new(request: &ServiceRequest) -> Option<String> {
    let services = request.app_data::<Data<Services>>()?;
    Some(random::new_id(&*services.random, services.now()).simple().to_string())
}

fn from_proxy(request: &ServiceRequest) -> Option<String> {
    let peer = request.peer_addr()?.ip();
    let trusted = request.app_data::<Data<TrustedProxies>>().is_some_and(|proxies| proxies.contains(peer));
    let id = request.headers().get(HEADER)?.to_str().ok().filter(|_| trusted)?;
    let sound = !id.is_empty()
        && id.len() <= 64
        && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte));
    sound.then(|| id.to_owned())
}
