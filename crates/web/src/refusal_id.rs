//! The id of a refusal, for callers who read no page: an administrator who is given it finds the rule that refused and what
//! would have to change (`services::refusals`).
//!
//! It is a header of its own because bodies are as Keycloak's clients expect them, and because the id of a request
//! (`X-Request-Id`), which a proxy may choose, finds lines of the log.

use actix_web::{
    HttpResponse,
    http::header::{HeaderMap, HeaderName, HeaderValue},
};

/// The header.
pub const HEADER: HeaderName = HeaderName::from_static("x-refusal-id");

/// Adds the id of a refusal to its answer, if it has one.
pub fn tell(answer: &mut HttpResponse, id: Option<&str>) {
    tell_in(answer.headers_mut(), id);
}

/// As [`tell`], for an answer with these headers.
pub fn tell_in(headers: &mut HeaderMap, id: Option<&str>) {
    if let Some(value) = id.and_then(|id| HeaderValue::from_str(id).ok()) {
        headers.insert(HEADER, value);
    }
}
