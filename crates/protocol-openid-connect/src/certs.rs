//! The realm's public keys (RFC 7517 section 5).

use actix_web::{
    HttpRequest, HttpResponse,
    http::header::{ACCEPT, CACHE_CONTROL},
    web::Path,
};
use services::keys;
use web::Hosted;

use crate::{endpoint::no_realm, refusal::Refusal};

/// The media type of a JWK Set.
const JWK_SET: &str = "application/jwk-set+json";

/// `GET …/certs`.
pub async fn get(request: HttpRequest, services: Hosted, realm: Path<String>) -> HttpResponse {
    let realm = match services::realms::enabled(&services, &realm).await {
        Ok(Some(realm)) => realm,
        Ok(None) => return no_realm(),
        Err(error) => return Refusal::from(error).answer(),
    };
    let keys = match keys::complete(&services, &realm).await {
        Ok(keys) => keys,
        Err(error) => return Refusal::from(error).answer(),
    };
    let accepted = request.headers().get(ACCEPT).and_then(|accept| accept.to_str().ok()).unwrap_or("");
    let media_type = if accepted.contains(JWK_SET) { JWK_SET } else { "application/json" };
    // Short, so that a key that was taken away soon stops being believed.
    let mut answer = HttpResponse::Ok()
        .insert_header((CACHE_CONTROL, "public, max-age=60"))
        .content_type(media_type)
        .body(keys.jwks_text());
    web::cors::permit_all(&mut answer);
    answer
}
