//! What applications in a browser load into hidden frames: the page that tells whether their session is still the
//! browser's (OpenID Connect Session Management 1.0 section 3.3), and those that find out whether the browser keeps our
//! cookies from frames. With Keycloak's paths, which keycloak-js has built in.
//!
//! The pages hold nothing of anybody: what there is to know is in the browser's cookies, and the page's script asks
//! before it tells.

use actix_web::{HttpRequest, HttpResponse, http::StatusCode, web::Path};
use model::client::OPENID_CONNECT;
use services::{Result, Services, cache, realms};
use web::{
    Hosted, Page, cors,
    pages::{CookieProbeRead, CookieProbeSet, LoginStatusFrame},
};

use crate::{endpoint::no_realm, form::Form, refusal::Refusal};

/// The longest parameter, in bytes.
const MAX_LENGTH: usize = 2_048;

/// `GET …/login-status-iframe.html`. Keycloak's `version` is not asked for: there is one version of the page.
pub async fn frame(services: Hosted, realm: Path<String>) -> HttpResponse {
    page(&services, &realm, &LoginStatusFrame).await
}

/// `GET …/3p-cookies/step1.html`.
pub async fn probe_set(services: Hosted, realm: Path<String>) -> HttpResponse {
    page(&services, &realm, &CookieProbeSet).await
}

/// `GET …/3p-cookies/step2.html`.
pub async fn probe_read(services: Hosted, realm: Path<String>) -> HttpResponse {
    page(&services, &realm, &CookieProbeRead).await
}

async fn page(services: &Services, realm: &str, page: &impl Page) -> HttpResponse {
    match realms::enabled(services, realm).await {
        Ok(Some(_)) => page.answer(StatusCode::OK),
        Ok(None) => no_realm(),
        Err(error) => Refusal::from(error).page(),
    }
}

/// `GET …/login-status-iframe.html/init`: 204 if a page of this origin may be told about sessions of this client, 403 if
/// not.
pub async fn init(request: HttpRequest, services: Hosted, realm: Path<String>) -> HttpResponse {
    let Ok(form) = Form::parse(request.query_string().as_bytes()) else {
        return HttpResponse::Forbidden().finish();
    };
    let text = |name: &str| form.get(name).filter(|value| value.len() <= MAX_LENGTH);
    match text("client_id").zip(text("origin")) {
        None => HttpResponse::Forbidden().finish(),
        Some((client, origin)) => match may_ask(&services, &realm, client, origin).await {
            Ok(true) => HttpResponse::NoContent().finish(),
            Ok(false) => HttpResponse::Forbidden().finish(),
            Err(error) => Refusal::from(error).answer(),
        },
    }
}

async fn may_ask(services: &Services, realm: &str, client: &str, origin: &str) -> Result<bool> {
    let Some(realm) = realms::enabled(services, realm).await? else { return Ok(false) };
    let Some(config) = cache::client(services, &realm, client).await? else { return Ok(false) };
    let (client, named) = (&config.client, client);
    if !client.enabled || client.client_id != named || client.protocol != OPENID_CONNECT {
        return Ok(false);
    }
    // Our own pages, such as a console, are clients too.
    Ok(origin == services.public_url()
        || cors::allows(&client.settings.web_origins, &client.settings.redirect_uris, origin))
}
