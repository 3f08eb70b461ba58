//! The cookies of a realm (RFC 6265), with Keycloak's names.
//!
//! Over TLS they are `Secure` and go along with requests from other sites' pages, because applications check a session
//! from a frame. Without TLS, which is for development only, browsers allow that for pages of the same site.

use actix_web::{
    HttpRequest, HttpResponse,
    cookie::{Cookie, SameSite, time::Duration},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use model::{id::SessionId, realm::Realm, secret::Secret};
use openssl::sha::sha256;
use services::Services;

use crate::path::percent_encoded;

/// Marks the browser that a login is under way in.
pub const AUTH_SESSION: &str = "AUTH_SESSION_ID";
/// Names the session; a secret.
pub const IDENTITY: &str = "KEYCLOAK_IDENTITY";
/// A hash of the session's id, for scripts that watch whether it changes.
pub const SESSION: &str = "KEYCLOAK_SESSION";
/// The longest value that is looked at, in bytes.
const MAX_VALUE: usize = 4_096;

/// The value of a cookie. None without it, with two of the name, or if it is too long.
#[must_use]
pub fn get(request: &HttpRequest, name: &str) -> Option<String> {
    let cookies = request.cookies().ok()?;
    let mut named = cookies.iter().filter(|cookie| cookie.name() == name);
    let (Some(cookie), None) = (named.next(), named.next()) else { return None };
    let value = cookie.value();
    (!value.is_empty() && value.len() <= MAX_VALUE).then(|| value.to_owned())
}

/// Sets a cookie of a realm. `seconds` is none for one that ends with the browser.
pub fn set(
    answer: &mut HttpResponse,
    services: &Services,
    realm: &Realm,
    name: &'static str,
    value: &str,
    seconds: Option<i64>,
) {
    let mut cookie = made(services, realm, name, value.to_owned());
    cookie.set_max_age(seconds.map(Duration::seconds));
    put(answer, &cookie);
}

/// Gives a browser what names its session from now on. `seconds` as for [`set`].
pub fn enter(
    answer: &mut HttpResponse,
    services: &Services,
    realm: &Realm,
    session: &SessionId,
    cookie: &Secret,
    seconds: Option<i64>,
) {
    set(answer, services, realm, IDENTITY, cookie.expose(), seconds);
    let shown = URL_SAFE_NO_PAD.encode(sha256(session.0.as_bytes()));
    set(answer, services, realm, SESSION, &shown, seconds);
}

/// Takes a cookie of a realm away.
pub fn remove(answer: &mut HttpResponse, services: &Services, realm: &Realm, name: &'static str) {
    let mut cookie = made(services, realm, name, String::new());
    cookie.set_max_age(Duration::ZERO);
    put(answer, &cookie);
}

fn made(services: &Services, realm: &Realm, name: &'static str, value: String) -> Cookie<'static> {
    let secure = services.public_url().starts_with("https:");
    Cookie::build(name, value)
        .path(format!("/realms/{}/", percent_encoded(&realm.name)))
        .http_only(name != SESSION)
        .secure(secure)
        .same_site(if secure { SameSite::None } else { SameSite::Lax })
        .finish()
}

fn put(answer: &mut HttpResponse, cookie: &Cookie<'_>) {
    if let Err(error) = answer.add_cookie(cookie) {
        tracing::error!(%error, "a cookie can't be set");
    }
}
