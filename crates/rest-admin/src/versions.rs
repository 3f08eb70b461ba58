//! Versions of things: a read gives one as `ETag`, and a change with `If-Match` is made only to a thing as it was read (RFC
//! 9110 section 13.1.1).

use actix_web::{HttpRequest, http::header::IF_MATCH};
use services::Error;

use crate::errors::Refusal;

/// The paths of things that have versions.
const VERSIONED: [&str; 11] = [
    "/realms/{realm}",
    "/realms/{realm}/clients/{client}",
    "/realms/{realm}/clients/{client}/roles/{role}",
    "/realms/{realm}/client-scopes/{scope}",
    "/realms/{realm}/client-templates/{scope}",
    "/realms/{realm}/components/{component}",
    "/realms/{realm}/groups/{group}",
    "/realms/{realm}/identity-provider/instances/{alias}",
    "/realms/{realm}/roles/{role}",
    "/realms/{realm}/roles-by-id/{role_id}",
    "/realms/{realm}/users/{user}",
];

/// Whether what is at a path below `/admin` has versions.
pub fn are_at(path: &str) -> bool {
    VERSIONED.contains(&path)
}

/// The versions that a change is meant for; none if it is meant for whatever is there.
///
/// # Errors
/// A refusal where there are no versions: none of them is what the caller saw.
pub fn only_for(request: &HttpRequest) -> Result<Option<Vec<String>>, Refusal> {
    let mut given = request.headers().get_all(IF_MATCH).peekable();
    if given.peek().is_none() || request.method().is_safe() {
        return Ok(None);
    }
    let texts: Vec<&str> = given.map(|value| value.to_str().unwrap_or_default()).collect();
    if texts == ["*"] {
        return Ok(None);
    }
    let pattern = request.match_pattern().unwrap_or_default();
    if !pattern.strip_prefix("/admin").is_some_and(are_at) {
        return Err(Refusal::Service(Error::Stale));
    }
    // A weak tag is never the same as another one.
    let quoted = |tag: &str| tag.trim().strip_prefix('"')?.strip_suffix('"').map(str::to_owned);
    Ok(Some(texts.iter().flat_map(|text| text.split(',')).filter_map(quoted).collect()))
}
