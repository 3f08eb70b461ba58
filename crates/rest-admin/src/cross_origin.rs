//! Pages of other origins that administer (the Fetch standard, section "CORS protocol").
//!
//! A page may read what a token brings if the token's `allowed-origins` name the page's origin, refusals included. Nobody may
//! read a refusal before the caller is known: what a token says counts only once it is found good. A preflight comes without
//! the token and lets every origin go on. No answer depends on a cookie.

use std::collections::BTreeSet;

use actix_web::{
    Error, HttpMessage,
    body::{EitherBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    http::{
        Method,
        header::{ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_EXPOSE_HEADERS, HeaderMap, HeaderValue},
    },
    middleware::Next,
};
use web::{cors, door::Door};

/// The methods of this API.
const METHODS: &str = "GET, PUT, POST, DELETE";
/// What a page reads beside the body: where the thing is that it made, which version it sees, and what a refusal is found by.
const EXPOSED: HeaderValue = HeaderValue::from_static("Location, ETag, X-Refusal-Id");

/// The origins that a good token names. They travel with the request.
#[derive(Clone, Debug)]
pub(crate) struct AllowedOrigins(pub(crate) BTreeSet<String>);

/// Middleware that answers preflights and lets pages read answers, at this door.
///
/// # Errors
/// As the services within.
pub async fn answered(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<EitherBody<impl MessageBody>>, Error> {
    if Door::of(request.path()) != Door::Admin {
        return Ok(next.call(request).await?.map_into_left_body());
    }
    if request.method() == Method::OPTIONS {
        let mut answer = cors::preflight(request.request(), METHODS);
        expose(answer.headers_mut());
        return Ok(request.into_response(answer).map_into_right_body());
    }
    let mut answer = next.call(request).await?;
    let asked = answer.request().clone();
    let named = asked.extensions().get::<AllowedOrigins>().map(|AllowedOrigins(named)| named.clone());
    let headers = answer.headers_mut();
    cors::permit_origins(&asked, headers, &named.unwrap_or_default());
    expose(headers);
    Ok(answer.map_into_left_body())
}

fn expose(headers: &mut HeaderMap) {
    if headers.contains_key(ACCESS_CONTROL_ALLOW_ORIGIN) {
        headers.insert(ACCESS_CONTROL_EXPOSE_HEADERS, EXPOSED);
    }
}
