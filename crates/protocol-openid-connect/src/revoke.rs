//! Token revocation (RFC 7009).

use actix_web::{
    HttpRequest, HttpResponse,
    http::StatusCode,
    web::{Bytes, Path},
};
use serde_json::{Value, json};
use services::{Services, authorizations};
use time::OffsetDateTime;
use web::Hosted;

use crate::{
    access_token, audit,
    audit::Facts,
    endpoint::{self, Door},
    grants::{Failure, refresh_token},
    refusal::Refusal,
};

/// `POST …/revoke`.
pub async fn post(request: HttpRequest, services: Hosted, realm: Path<String>, body: Bytes) -> HttpResponse {
    endpoint::answer(&services, &request, &realm, &body, "REVOKE_GRANT", async |door, facts| {
        revoke(&services, door, facts).await
    })
    .await
}

async fn revoke(services: &Services, door: Door<'_>, facts: &mut Facts) -> Result<HttpResponse, Failure> {
    let Door { realm, client, form, origin } = door;
    let client = &client.client;
    let Some(token) = form.get("token") else {
        return Err(Failure::new(Refusal::invalid_request("Token not provided"), "invalid_request"));
    };
    if form.get("token_type_hint").is_some_and(|hint| !["access_token", "refresh_token"].contains(&hint)) {
        let refusal = Refusal::new(StatusCode::BAD_REQUEST, "unsupported_token_type", "Unsupported token type");
        return Err(Failure::new(refusal, "invalid_request"));
    }
    let another = || {
        Failure::new(Refusal::new(StatusCode::BAD_REQUEST, "invalid_client", "Unmatching clients"), "invalid_client")
    };
    if let Ok(read) = refresh_token::read(services, realm, Some(token)).await {
        if read.client != client.client_id {
            return Err(another());
        }
        facts.user = Some(model::id::UserId(read.user));
        facts.session = Some(read.session.clone());
        authorizations::revoke(services, realm, &read.session, read.offline, &client.id, &read.family).await?;
    } else if let Some(found) = access_token::verify(services, realm, token).await? {
        if found.client.client.client_id != client.client_id {
            return Err(another());
        }
        facts.user = Some(found.user.id.clone());
        let expires = found.claims.get("exp").and_then(Value::as_i64).unwrap_or_default();
        let expires = OffsetDateTime::from_unix_timestamp(expires).unwrap_or(services.now());
        authorizations::revoke_access_token(services, realm, found.text("jti").unwrap_or_default(), expires).await?;
    } else {
        // RFC 7009 section 2.2: a token that isn't good is as revoked as it can be.
        let body = json!({ "error": "invalid_token", "error_description": "Invalid token" });
        return Ok(HttpResponse::Ok().json(body));
    }
    audit::done(services, realm, "REVOKE_GRANT", origin, facts.clone()).await?;
    Ok(HttpResponse::Ok().insert_header(("Cache-Control", "no-store")).finish())
}
