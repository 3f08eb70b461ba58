//! Refusals that no handler of ours made: unknown paths, wrong methods, bodies and queries that can't be read.
//!
//! actix answers these in plain text or with nothing; here they become what the caller at that door can read.

use actix_web::{
    Error, HttpRequest, HttpResponse,
    body::{BodySize, EitherBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    http::{StatusCode, header::CONTENT_TYPE},
    middleware::Next,
};
use serde_json::json;

use crate::{door::Door, error_page};

/// A refusal in the form that callers at `door` read. `text` is a sentence for people; it must hold nothing of the
/// request.
#[must_use]
pub fn answer(door: Door, status: StatusCode, text: &str) -> HttpResponse {
    let mut answer = HttpResponse::build(status);
    match door {
        Door::Admin => answer.json(json!({ "error": text })),
        Door::OAuth => answer.json(json!({ "error": oauth_code(status), "error_description": text })),
        Door::Docker => answer.json(json!({
            "errors": [{ "code": docker_code(status), "message": text, "detail": null }],
            "error": oauth_code(status),
            "error_description": text,
        })),
        Door::Page => error_page::answer(status, title(status), text),
    }
}

/// The page for a failure of the server. The cause goes to the log.
#[must_use]
pub fn failed(error: &services::Error) -> HttpResponse {
    let (status, text) = match error {
        services::Error::Busy(_) => {
            (StatusCode::SERVICE_UNAVAILABLE, "The server is busy. Please try again in a moment.")
        }
        services::Error::Store(services::store::Error::Unavailable(_)) => {
            (StatusCode::SERVICE_UNAVAILABLE, "The database can't be reached at the moment. Please try again.")
        }
        _ => (StatusCode::INTERNAL_SERVER_ERROR, "The server could not answer. Its log says why."),
    };
    tracing::error!(error = error as &dyn std::error::Error, "a page could not be shown");
    error_page::answer(status, title(status), text)
}

/// For paths where nothing is. Mount it as the application's default service.
pub async fn not_found(request: HttpRequest) -> HttpResponse {
    let status = StatusCode::NOT_FOUND;
    answer(Door::of(request.path()), status, text(status))
}

/// Middleware that puts refusals of the framework into the form of the door.
///
/// # Errors
/// As the services within.
pub async fn in_the_form_of_the_door(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<EitherBody<impl MessageBody>>, Error> {
    let door = Door::of(request.path());
    let response = next.call(request).await?;
    let status = response.status();
    if !is_framework(&response) {
        return Ok(response.map_into_left_body());
    }
    let (request, _) = response.into_parts();
    let answer = answer(door, status, text(status));
    Ok(ServiceResponse::new(request, answer).map_into_right_body())
}

/// Our own refusals are JSON or HTML; an empty one is meant, except for "method not allowed", which only the router
/// says.
fn is_framework<B: MessageBody>(response: &ServiceResponse<B>) -> bool {
    let status = response.status();
    if !status.is_client_error() && !status.is_server_error() {
        return false;
    }
    let empty = matches!(response.response().body().size(), BodySize::None | BodySize::Sized(0));
    let media_type = response.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or("");
    (empty && status == StatusCode::METHOD_NOT_ALLOWED) || (!empty && media_type.starts_with("text/plain"))
}

fn oauth_code(status: StatusCode) -> &'static str {
    match status {
        StatusCode::NOT_FOUND => "not_found",
        StatusCode::SERVICE_UNAVAILABLE => "temporarily_unavailable",
        status if status.is_server_error() => "server_error",
        _ => "invalid_request",
    }
}

fn docker_code(status: StatusCode) -> &'static str {
    match status {
        StatusCode::SERVICE_UNAVAILABLE => "UNAVAILABLE",
        status if status.is_server_error() => "UNKNOWN",
        _ => "UNSUPPORTED",
    }
}

fn title(status: StatusCode) -> &'static str {
    match status {
        StatusCode::NOT_FOUND => "There is nothing here",
        StatusCode::METHOD_NOT_ALLOWED => "That can't be done here",
        StatusCode::PAYLOAD_TOO_LARGE => "That was too much",
        status if status.is_server_error() => "Something went wrong",
        _ => "That can't be read",
    }
}

fn text(status: StatusCode) -> &'static str {
    match status {
        StatusCode::NOT_FOUND => "There is nothing at this address.",
        StatusCode::METHOD_NOT_ALLOWED => "This address doesn't answer to that method.",
        StatusCode::PAYLOAD_TOO_LARGE => "The body of the request is too large.",
        StatusCode::UNSUPPORTED_MEDIA_TYPE => "The body of the request is of a type that isn't read here.",
        status if status.is_server_error() => "The server could not answer. Its log says why.",
        _ => "The request can't be read: a part of its address, query or body is malformed.",
    }
}

#[cfg(test)]
mod tests;
