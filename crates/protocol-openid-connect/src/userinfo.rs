//! The userinfo endpoint (OpenID Connect Core 1.0 section 5.3).

use actix_web::{
    HttpMessage, HttpRequest, HttpResponse,
    http::{StatusCode, header::CONTENT_TYPE},
    web::{Bytes, Path},
};
use jose::SignatureAlgorithm;
use model::realm::Realm;
use serde_json::{Value, json};
use services::{Services, cache, subjects};
use web::{Hosted, cors};

use crate::{
    access_token::{self, AccessToken},
    audit::Facts,
    endpoint::{self, gate, no_realm},
    form::Form,
    grants::Failure,
    prepared,
    refusal::Refusal,
    scope::Scopes,
    token_id::Via,
    tokens::{Holder, encrypted_for, sign},
};

/// Attribute: what signs the answer; Keycloak's name.
const SIGNATURE: &str = "user.info.response.signature.alg";

/// `GET …/userinfo`.
pub async fn get(request: HttpRequest, services: Hosted, realm: Path<String>) -> HttpResponse {
    answer(&services, &request, &realm, &Bytes::new()).await
}

/// `POST …/userinfo`.
pub async fn post(request: HttpRequest, services: Hosted, realm: Path<String>, body: Bytes) -> HttpResponse {
    answer(&services, &request, &realm, &body).await
}

async fn answer(services: &Services, request: &HttpRequest, realm: &str, body: &Bytes) -> HttpResponse {
    let realm = match cache::realm(services, realm).await {
        Ok(Some(realm)) => realm,
        Ok(None) => return no_realm(),
        Err(error) => return Refusal::from(error).answer(),
    };
    let origin = web::origin(request);
    let mut facts = Facts::default();
    let mut token = match presented(services, &realm, request, body).await {
        Ok(token) => token,
        Err(failure) => return refuse(services, &realm, &origin, facts, failure).await,
    };
    facts.client = Some(token.client.client.client_id.clone());
    facts.user = Some(token.user.id.clone());
    facts.session = token.session.as_ref().map(|(session, ..)| session.id.clone());
    let mut answer = match claims(services, &realm, &mut token).await {
        Ok(answer) => answer,
        Err(failure) => refuse(services, &realm, &origin, facts, failure).await,
    };
    // Only now is it known whose token it is, and so from where it may be used.
    let settings = &token.client.client.settings;
    cors::permit(request, &mut answer, &settings.web_origins, &settings.redirect_uris);
    answer
}

async fn refuse(
    services: &Services,
    realm: &Realm,
    origin: &services::Origin,
    facts: Facts,
    failure: Failure,
) -> HttpResponse {
    endpoint::refuse(services, realm, "USER_INFO_REQUEST", origin, facts, failure).await
}

/// The token of a request: in the header or in the form, not in both (RFC 6750 section 2).
async fn presented(
    services: &Services,
    realm: &Realm,
    request: &HttpRequest,
    body: &Bytes,
) -> Result<AccessToken, Failure> {
    let bad = |text: &str| {
        let refusal = Refusal::new(StatusCode::BAD_REQUEST, "invalid_request", text).challenging_bearer(&realm.name);
        Failure::new(refusal, "invalid_token")
    };
    gate(realm, request)?;
    let form = match request.content_type() {
        "application/x-www-form-urlencoded" => Form::parse(body).map_err(|refusal| bad(refusal.text()))?,
        _ => Form::default(),
    };
    let token = match (web::bearer_token(request), form.get("access_token")) {
        (Some(_), Some(_)) => return Err(bad("The token is in the header and in the body: use one of the two")),
        (Some(token), None) | (None, Some(token)) => token,
        (None, None) => {
            let refusal = Refusal::new(StatusCode::UNAUTHORIZED, "invalid_token", "Missing token");
            return Err(Failure::new(refusal.challenging_bearer(&realm.name), "invalid_token"));
        }
    };
    access_token::verify(services, realm, token).await?.ok_or_else(|| {
        let refusal = Refusal::new(StatusCode::UNAUTHORIZED, "invalid_token", "Token verification failed");
        Failure::new(refusal.challenging_bearer(&realm.name), "invalid_token")
    })
}

async fn claims(services: &Services, realm: &Realm, token: &mut AccessToken) -> Result<HttpResponse, Failure> {
    let given = std::mem::take(&mut token.given);
    let client = &token.client.client;
    let scope = token.text("scope").unwrap_or_default();
    let scopes = Scopes::narrowed(&prepared::of(&token.client), scope, None).map_err(Failure::invalid_scope)?;
    if !scopes.openid() {
        let refusal = Refusal::new(StatusCode::FORBIDDEN, "insufficient_scope", "Missing openid scope");
        return Err(Failure::new(refusal.challenging_bearer(&realm.name), "access_denied"));
    }
    let subject = subjects::of(services, realm.id, &token.user, given).await?;
    let scopes = scopes.for_subject(&subject);
    let holder = Holder {
        realm,
        config: &token.client,
        user: &token.user,
        subject: &subject,
        session: token.session.as_ref().map(|(session, id, family)| (session, id.as_str(), family)),
        scopes: &scopes,
        nonce: None,
        via: Via::Code,
        origin: &services::Origin::default(),
    };
    let mut claims = holder.userinfo_claims();
    let signed = client.attributes.get(SIGNATURE).filter(|name| !name.is_empty());
    let encrypted = client.attributes.get("user.info.encrypted.response.alg").is_some_and(|name| !name.is_empty());
    let Some(algorithm) = signed.and_then(|name| name.parse::<SignatureAlgorithm>().ok()) else {
        if encrypted {
            let text = encrypted_for(services, realm, client, "user.info", Value::Object(claims).to_string()).await?;
            return Ok(HttpResponse::Ok().insert_header((CONTENT_TYPE, "application/jwt")).body(text));
        }
        return Ok(HttpResponse::Ok().insert_header(("Cache-Control", "no-store")).json(claims));
    };
    claims.insert("iss".to_owned(), json!(services.realm_url(realm)));
    claims.insert("aud".to_owned(), json!(client.client_id));
    let text = sign(services, realm, algorithm, "JWT", &claims).await?;
    let text = encrypted_for(services, realm, client, "user.info", text).await?;
    Ok(HttpResponse::Ok().insert_header((CONTENT_TYPE, "application/jwt")).body(text))
}
