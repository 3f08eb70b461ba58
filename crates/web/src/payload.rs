//! How much a request may carry.

use std::rc::Rc;

use actix_web::{
    Error, HttpMessage,
    body::{EitherBody, MessageBody},
    dev::{Extensions, ServiceRequest, ServiceResponse},
    http::{Method, StatusCode, header::CONTENT_LENGTH},
    middleware::Next,
    web::{FormConfig, JsonConfig, PayloadConfig},
};

use crate::{door::Door, refusal};

/// The limit of a token request or any other form, in bytes.
pub const FORM_LIMIT: usize = 64 * 1024;
/// The limit of a representation, in bytes.
pub const REPRESENTATION_LIMIT: usize = 1024 * 1024;
/// The limit of a whole realm, in bytes.
pub const REALM_LIMIT: usize = 32 * 1024 * 1024;

/// The limit at a path, in bytes.
#[must_use]
pub fn limit(method: &Method, path: &str) -> usize {
    match Door::of(path) {
        Door::Admin if method == Method::POST && takes_a_realm(path.trim_end_matches('/')) => REALM_LIMIT,
        Door::Admin => REPRESENTATION_LIMIT,
        Door::Page if method == Method::POST => of_page(path),
        Door::OAuth | Door::Docker | Door::Page => FORM_LIMIT,
    }
}

/// Whether a whole realm or parts of one are imported at this admin path.
fn takes_a_realm(path: &str) -> bool {
    path == "/admin/realms"
        || path
            .strip_prefix("/admin/realms/")
            .is_some_and(|rest| rest.split_once('/').is_some_and(|(_, operation)| operation == "partialImport"))
}

/// The limit of a form: more where a console takes a whole realm or parts of one, or a picture.
fn of_page(path: &str) -> usize {
    let mut segments = path.trim_matches('/').split('/');
    let console = segments.next() == Some("admin") && segments.next().is_some() && segments.next() == Some("console");
    let rest: Vec<_> = segments.collect();
    match rest.as_slice() {
        ["realms", "new", "import"] | ["realms", _, "transfer", "import"] if console => REALM_LIMIT,
        ["realms", _, "settings", "themes"] if console => REPRESENTATION_LIMIT,
        _ => FORM_LIMIT,
    }
}

/// Middleware that holds requests to the limit of their path: at once by their `Content-Length`, else while the body
/// is read.
///
/// # Errors
/// As the services within.
pub async fn limited(
    mut request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<EitherBody<impl MessageBody>>, Error> {
    if !request.method().is_safe() || request.headers().contains_key(CONTENT_LENGTH) {
        let limit = limit(request.method(), request.path());
        let announced = request.headers().get(CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse().ok());
        let door = Door::of(request.path());
        // A registry's token endpoint reads its body itself: its refusal says under which id the event is found.
        if door != Door::Docker && announced.is_some_and(|length: u64| length > limit as u64) {
            // What is left of the body is not read.
            drop(request.take_payload());
            let answer = refusal::answer(door, StatusCode::PAYLOAD_TOO_LARGE, "The body of the request is too large.");
            return Ok(request.into_response(answer).map_into_right_body());
        }
        request.add_data_container(container(limit));
    }
    Ok(next.call(request).await?.map_into_left_body())
}

fn container(limit: usize) -> Rc<Extensions> {
    let mut extensions = Extensions::new();
    extensions.insert(PayloadConfig::new(limit));
    extensions.insert(JsonConfig::default().limit(limit));
    extensions.insert(FormConfig::default().limit(limit));
    Rc::new(extensions)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_realm_import_may_be_large() {
        for (method, path, expected) in [
            (Method::POST, "/admin/realms", REALM_LIMIT),
            (Method::POST, "/admin/realms/", REALM_LIMIT),
            (Method::POST, "/admin/realms/a/partialImport", REALM_LIMIT),
            (Method::POST, "/admin/realms/a/b/partialImport", REPRESENTATION_LIMIT),
            (Method::PUT, "/admin/realms", REPRESENTATION_LIMIT),
            (Method::POST, "/admin/realms/a/users", REPRESENTATION_LIMIT),
            (Method::POST, "/realms/a/protocol/openid-connect/token", FORM_LIMIT),
            (Method::POST, "/realms/a/protocol/docker-v2/auth", FORM_LIMIT),
            (Method::POST, "/", FORM_LIMIT),
            (Method::POST, "/admin/a/console/realms/new/import", REALM_LIMIT),
            (Method::POST, "/admin/a/console/realms/b/transfer/import", REALM_LIMIT),
            (Method::POST, "/admin/a/console/realms/b/settings/themes", REPRESENTATION_LIMIT),
            (Method::GET, "/admin/a/console/realms/b/transfer/import", FORM_LIMIT),
            (Method::POST, "/admin/a/console/realms/b/c/transfer/import", FORM_LIMIT),
        ] {
            assert_eq!(limit(&method, path), expected, "{method} {path}");
        }
    }
}
