//! Pushed authorization requests (RFC 9126): a client hands in its request itself and sends the browser with a reference.

use actix_web::{
    HttpRequest, HttpResponse,
    http::StatusCode,
    web::{Bytes, Path},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use model::realm::Realm;
use openssl::sha::sha256;
use serde_json::{Value, json};
use services::{Services, clients::ClientConfig, random, store};
use time::Duration;
use web::Hosted;

use super::{
    PAR_PREFIX, object,
    read::{Untrusted, redirect_target, request},
};
use crate::{
    endpoint::{self, Door},
    form::Form,
    grants::Failure,
    refusal::Refusal,
};

/// Realm attribute: seconds that a pushed request waits; Keycloak's name.
const LIFESPAN: &str = "parRequestUriLifespan";
/// The usual, seconds.
const USUAL_LIFESPAN: i64 = 60;
/// Parameters that are about the client's authentication, not about the request.
const AUTHENTICATION: [&str; 3] = ["client_secret", "client_assertion", "client_assertion_type"];

/// `POST …/ext/par/request`.
pub async fn push(request: HttpRequest, services: Hosted, realm: Path<String>, body: Bytes) -> HttpResponse {
    endpoint::answer(&services, &request, &realm, &body, "PUSHED_AUTHORIZATION_REQUEST", async |door, _| {
        accept(&services, door).await
    })
    .await
}

async fn accept(services: &Services, door: Door<'_>) -> Result<HttpResponse, Failure> {
    let Door { realm, client, form, .. } = door;
    let refuse =
        |code, text: String| Failure::new(Refusal::new(StatusCode::BAD_REQUEST, code, text), "invalid_request");
    if form.get("request_uri").is_some() {
        return Err(refuse("invalid_request", "It is not allowed to include request_uri to PAR.".to_owned()));
    }
    let form = object::parameters(services, realm, client, form.clone())
        .await
        .map_err(|error| refuse(error.code, error.text))?;
    // Refused now what would be refused later, so that the client hears of it and not the person.
    let target = redirect_target(services, client, &form)
        .map_err(|_why: Untrusted| refuse("invalid_request", "Invalid parameter: redirect_uri".to_owned()))?;
    let checked = request(client, &form, target, true);
    checked.map_err(|error| refuse(error.code, error.description.unwrap_or_default()))?;
    let drawn = URL_SAFE_NO_PAD.encode(random::bytes::<32>(&*services.random));
    let lifespan = realm.settings.attributes.get(LIFESPAN).and_then(|seconds| seconds.parse::<i64>().ok());
    let lifespan = lifespan.filter(|seconds| (1..600).contains(seconds)).unwrap_or(USUAL_LIFESPAN);
    let expires = services.now() + Duration::seconds(lifespan);
    let parameters: serde_json::Map<String, Value> = form
        .names()
        .filter(|name| !AUTHENTICATION.contains(name))
        .filter_map(|name| Some((name.to_owned(), json!(form.get(name)?))))
        .collect();
    store::pushed_requests::insert(
        &services.store,
        realm.id,
        &sha256(drawn.as_bytes()),
        &client.client.id,
        &Value::Object(parameters),
        expires,
    )
    .await?;
    Ok(HttpResponse::Created()
        .insert_header(("Cache-Control", "no-cache, no-store"))
        .json(json!({ "request_uri": format!("{PAR_PREFIX}{drawn}"), "expires_in": lifespan })))
}

/// Takes the request that a client pushed: it is good once. None if there is none, or if it is another client's.
///
/// # Errors
/// If the database fails.
pub async fn take(
    services: &Services,
    realm: &Realm,
    config: &ClientConfig,
    request_uri: &str,
) -> services::Result<Option<Form>> {
    let Some(drawn) = request_uri.strip_prefix(PAR_PREFIX).filter(|drawn| drawn.len() <= 64) else { return Ok(None) };
    let hash = sha256(drawn.as_bytes());
    let (client, now) = (&config.client.id, services.now());
    let found = store::pushed_requests::take(&services.store, realm.id, &hash, client, now).await?;
    Ok(found.map(|parameters| {
        let mut form = Form::default();
        for (name, value) in parameters.as_object().into_iter().flatten() {
            form.set(name, value.as_str().unwrap_or_default().to_owned());
        }
        form
    }))
}
