//! The paths below `/realms/{realm}/protocol/docker-v2`. Every answer is JSON, except the certificate bundle.

use std::sync::Arc;

use actix_web::{
    HttpRequest, HttpResponse,
    http::{
        StatusCode,
        header::{AUTHORIZATION, CACHE_CONTROL, CONTENT_TYPE, HeaderValue, PRAGMA, RETRY_AFTER, WWW_AUTHENTICATE},
    },
    web::{self as http, Data, Path, Payload, ServiceConfig},
};
use model::{id::EventId, realm::Realm};
use services::{Services, cache, keys::RealmKeys, realms};
use web::{Hosted, cors, refusal_id};

use crate::{
    error::TokenError,
    registry::{Registries, Registry},
    request::{MAX_FORM_LENGTH, TokenRequest},
    token,
};

const METHODS: &str = "GET, POST, OPTIONS";

/// Mounts the protocol's paths.
pub fn routes(config: &mut ServiceConfig) {
    config.app_data(Data::new(Registries::default())).service(
        http::scope("/realms/{realm}/protocol/docker-v2")
            .service(
                http::resource("/auth")
                    .get(get)
                    .post(post)
                    .route(http::method(actix_web::http::Method::OPTIONS).to(cors::options(METHODS)))
                    .default_service(http::to(method_not_allowed)),
            )
            .service(http::resource("/certs").get(certs).default_service(http::to(method_not_allowed)))
            .service(http::resource("/ca.pem").get(authority).default_service(http::to(method_not_allowed)))
            .default_service(http::to(not_found)),
    );
}

async fn get(
    request: HttpRequest,
    services: Hosted,
    registries: Data<Registries>,
    realm: Path<String>,
) -> HttpResponse {
    let asked = TokenRequest::from_query(request.query_string().as_bytes(), &authorization(&request));
    respond(&request, &services, &registries, &realm, asked).await
}

async fn post(
    request: HttpRequest,
    services: Hosted,
    registries: Data<Registries>,
    realm: Path<String>,
    body: Payload,
) -> HttpResponse {
    let asked = match body.to_bytes_limited(MAX_FORM_LENGTH).await {
        Ok(Ok(body)) => {
            let kind = request.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
            TokenRequest::from_form(&body, kind, &authorization(&request))
        }
        Ok(Err(_)) => Err(TokenError::InvalidRequest("The body of the request broke off.".to_owned())),
        Err(_) => Err(TokenError::BodyTooLarge),
    };
    respond(&request, &services, &registries, &realm, asked).await
}

fn authorization(request: &HttpRequest) -> Vec<&[u8]> {
    request.headers().get_all(AUTHORIZATION).map(HeaderValue::as_bytes).collect()
}

async fn respond(
    request: &HttpRequest,
    services: &Services,
    registries: &Registries,
    realm: &str,
    asked: Result<TokenRequest, TokenError>,
) -> HttpResponse {
    let realm = match enabled_realm(services, realm).await {
        Ok(realm) => realm,
        Err(error) => {
            // There is no realm to keep an event for: the log is where this id is found.
            let id = EventId(services.new_id());
            tracing::info!(refusal = %id, error = error.event_error(), "token request refused");
            return refusal(&error, &id, realm);
        }
    };
    let asked = match web::connection::satisfies(&realm.settings.ssl_required, request) {
        true => asked,
        false => Err(TokenError::TlsRequired),
    };
    let outcome = token::answer(services, registries, &realm, asked, &web::origin(request)).await;
    let mut answer = match &outcome.answer {
        Ok(granted) => HttpResponse::Ok().json(granted),
        Err(error) => refusal(error, &outcome.event_id, &realm.name),
    };
    never_stored(&mut answer);
    if outcome.answer.is_err() || outcome.less {
        refusal_id::tell(&mut answer, Some(outcome.event_id.as_str()));
    }
    if let Some(registry) = &outcome.registry {
        permit(request, &mut answer, registry);
    }
    answer
}

async fn enabled_realm(services: &Services, name: &str) -> Result<Arc<Realm>, TokenError> {
    match realms::enabled(services, name).await {
        Ok(Some(realm)) => Ok(realm),
        Ok(None) => Err(TokenError::UnknownRealm),
        Err(error) => Err(token::failure(&error)),
    }
}

fn permit(request: &HttpRequest, answer: &mut HttpResponse, registry: &Registry) {
    let settings = &registry.config.client.settings;
    cors::permit(request, answer, &settings.web_origins, &settings.redirect_uris);
}

fn never_stored(answer: &mut HttpResponse) {
    answer.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    answer.headers_mut().insert(PRAGMA, HeaderValue::from_static("no-cache"));
}

/// A refusal in both dialects, with the id that finds its event.
fn refusal(error: &TokenError, id: &EventId, realm: &str) -> HttpResponse {
    let status = StatusCode::from_u16(error.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut answer = HttpResponse::build(status);
    if let Some(challenge) = error.challenge(realm) {
        answer.insert_header((WWW_AUTHENTICATE, challenge));
    }
    if let Some(seconds) = error.retry_after() {
        answer.insert_header((RETRY_AFTER, seconds));
    }
    answer.json(error.body(id.as_str()))
}

async fn method_not_allowed(services: Hosted, realm: Path<String>) -> HttpResponse {
    let mut answer = refusal(&TokenError::MethodNotAllowed, &EventId(services.new_id()), &realm);
    answer.headers_mut().insert(actix_web::http::header::ALLOW, HeaderValue::from_static(METHODS));
    answer
}

async fn not_found(services: Hosted, path: Path<String>) -> HttpResponse {
    refusal(&TokenError::NotFound, &EventId(services.new_id()), &path)
}

async fn keys(services: &Services, realm: &str) -> Result<Arc<RealmKeys>, TokenError> {
    let realm = enabled_realm(services, realm).await?;
    cache::keys(services, &realm).await.map_err(|error| token::failure(&error))
}

/// `GET …/certs`: the realm's keys for registries, each under all its key ids.
async fn certs(services: Hosted, realm: Path<String>) -> HttpResponse {
    match keys(&services, &realm).await {
        Ok(keys) => {
            let mut answer = HttpResponse::Ok().json(keys.registry_jwks());
            cors::permit_all(&mut answer);
            answer
        }
        Err(error) => refusal(&error, &EventId(services.new_id()), &realm),
    }
}

/// `GET …/ca.pem`: the certificates that a registry's `rootcertbundle` holds.
async fn authority(services: Hosted, realm: Path<String>) -> HttpResponse {
    match keys(&services, &realm).await {
        Ok(keys) => HttpResponse::Ok().content_type("application/x-pem-file").body(keys.registry_bundle().to_owned()),
        Err(error) => refusal(&error, &EventId(services.new_id()), &realm),
    }
}
