//! The page on which people type the code that a device shows (RFC 8628 section 3.3).

use actix_web::{
    HttpRequest, HttpResponse,
    http::StatusCode,
    web::{Bytes, Data, Path},
};
use login::{
    BrowserLogins, PendingLogin,
    browser::{BrowserReply, DEVICE_LOGIN, Identified, Stage, Step, browser_mark, current},
};
use model::realm::Realm;
use serde_json::json;
use services::{Services, device_codes, events};
use web::{FormError, Hosted, Page, PlainUrl, RealmShown, cookies, error_page, reply};

use super::state::{failed, fields, query, realm};
use crate::{DeviceCodePage, DeviceDonePage, DeviceOutcome};

/// What a person hears whose code is not known.
const UNKNOWN: &str = "This code is not valid. It may have expired: check what your device shows.";

/// Shows the form, filled in if the address brings the code.
pub async fn get(request: HttpRequest, services: Hosted, realm: Path<String>) -> HttpResponse {
    let realm = match self::realm(&services, &request, &realm).await {
        Ok(realm) => realm,
        Err(page) => return page,
    };
    match page(&services, &realm) {
        Ok(page) => {
            // Whoever sent the address must not decide for the person, so the code is shown and not taken.
            let code = query(&request, "user_code").unwrap_or_default();
            page.user_code(&code).answer(StatusCode::OK)
        }
        Err(page) => page,
    }
}

fn page(services: &Services, realm: &Realm) -> Result<DeviceCodePage, HttpResponse> {
    let url = format!("{}/realms/{}/device", services.public_url(), web::percent_encoded(&realm.name));
    let action = PlainUrl::new(&url).map_err(|_why| {
        error_page::answer(StatusCode::INTERNAL_SERVER_ERROR, "We are sorry...", "This page has no address.")
    })?;
    Ok(DeviceCodePage::new(RealmShown::of(realm), action))
}

/// Takes the code.
pub async fn post(
    request: HttpRequest,
    services: Hosted,
    logins: Data<BrowserLogins>,
    realm: Path<String>,
    body: Bytes,
) -> HttpResponse {
    take(&request, services, &logins, &realm, &body).await.unwrap_or_else(|page| page)
}

async fn take(
    request: &HttpRequest,
    services: Hosted,
    logins: &BrowserLogins,
    name: &str,
    body: &Bytes,
) -> Result<HttpResponse, HttpResponse> {
    let realm = realm(&services, request, name).await?;
    let origin = web::origin(request);
    let fields = fields(body);
    let given = fields.text("device_user_code");
    // Counted for each address, so that nobody finds a code by trying (RFC 8628 section 5.1).
    if !services.guesses.may_try(&realm, origin.ip_address.as_deref(), services.now()) {
        let text = "Too many codes were tried from here. Please wait a few minutes.";
        return Ok(error_page::answer(StatusCode::TOO_MANY_REQUESTS, "Please wait", text));
    }
    let letters = device_codes::typed(given);
    let waiting = match &letters {
        Some(letters) => device_codes::waiting(&services, &realm, letters).await.map_err(failed)?,
        None => None,
    };
    let (Some(letters), Some(waiting)) = (letters, waiting) else {
        services.guesses.failed(&realm, origin.ip_address.as_deref(), services.now());
        let mut event = events::event(&services, &realm, "OAUTH2_DEVICE_VERIFY_USER_CODE_ERROR", &origin);
        event.error = Some("invalid_oauth2_user_code".to_owned());
        let id = event.id.0.clone();
        events::record(&services, &realm, event).await.map_err(failed)?;
        let page = page(&services, &realm)?.user_code(given).error(FormError::new(UNKNOWN, &id));
        return Ok(page.answer(StatusCode::OK));
    };
    let mark =
        cookies::get(request, cookies::AUTH_SESSION).unwrap_or_else(|| browser_mark(&services).expose().to_owned());
    let asked = json!({ "user_code": letters });
    let pending = PendingLogin::new(&services, &realm, DEVICE_LOGIN, &waiting.client_id, &mark, asked);
    let session = current(&services, &realm, cookies::get(request, cookies::IDENTITY).as_deref()).await;
    let stage = match session.map_err(failed)? {
        None => Stage::Authenticate,
        Some((session, user)) => {
            let Some(protocol) = logins.get(DEVICE_LOGIN) else {
                return Err(error_page::answer(StatusCode::NOT_FOUND, "We are sorry...", "There are no devices here."));
            };
            let identified = Identified { session: &session, user: &user };
            match protocol.proceed(&services, &realm, &pending, identified, false, &origin).await.map_err(failed)? {
                Step::Reply(end) => return Ok(reply::answer(&realm, &end)),
                Step::Consent(_) | Step::Act(_) => Stage::Consent { session: session.id },
            }
        }
    };
    let page = if stage == Stage::Authenticate { "authenticate" } else { "consent" };
    let sealed = pending.at(stage).seal(&services, &realm).map_err(failed)?;
    let url = format!(
        "{}/login-actions/{page}?session_code={sealed}&client_id={}",
        services.realm_url(&realm),
        web::percent_encoded(&waiting.client_id)
    );
    let mut answer = reply::answer(&realm, &BrowserReply::Redirect(url));
    cookies::set(&mut answer, &services, &realm, cookies::AUTH_SESSION, &mark, None);
    Ok(answer)
}

/// Says how it ended.
pub async fn status(request: HttpRequest, services: Hosted, realm: Path<String>) -> HttpResponse {
    let realm = match self::realm(&services, &request, &realm).await {
        Ok(realm) => realm,
        Err(page) => return page,
    };
    let name = RealmShown::of(&realm);
    match query(&request, "outcome").as_deref() {
        Some("approved") => DeviceDonePage::new(name, DeviceOutcome::Connected).answer(StatusCode::OK),
        Some("denied") => DeviceDonePage::new(name, DeviceOutcome::Refused).answer(StatusCode::OK),
        _ => error_page::ErrorPage::new(StatusCode::BAD_REQUEST, "We are sorry...", UNKNOWN).realm(name).respond(),
    }
}
