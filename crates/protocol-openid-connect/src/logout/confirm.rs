//! "Do you want to log out?"

use std::sync::Arc;

use actix_web::{
    HttpRequest, HttpResponse,
    http::StatusCode,
    web::{Bytes, Path},
};
use login::browser::current;
use model::{realm::Realm, user::User};
use services::{Services, clients::ClientConfig};
use web::{Hosted, Page, PlainUrl, RealmShown, cookies, error_page, pages::LogoutConfirmPage};

use super::{
    Visit,
    end::Ending,
    pending::PendingLogout,
    places,
    request::{self, Refused},
};
use crate::form::Form;

/// The hidden field with the sealed logout; Keycloak's name.
const FIELD: &str = "session_code";

/// The question.
///
/// # Errors
/// If the cryptographic library fails.
pub fn page(
    services: &Services,
    realm: &Realm,
    pending: &PendingLogout,
    mark: &str,
    client: Option<&ClientConfig>,
    user: &User,
) -> Result<HttpResponse, Refused> {
    let url = format!(
        "{}/realms/{}/protocol/openid-connect/logout/logout-confirm",
        services.public_url(),
        web::percent_encoded(&realm.name)
    );
    let Ok(action) = PlainUrl::new(&url) else {
        return Ok(error_page::answer(
            StatusCode::INTERNAL_SERVER_ERROR,
            "We are sorry...",
            "This page has no address.",
        ));
    };
    let back = client.and_then(|config| places::home(&config.client, services.public_url()));
    let page = LogoutConfirmPage::new(RealmShown::of(realm), action)
        .field(FIELD, &pending.seal(services, realm)?)
        .username(&user.username)
        .application(back);
    let mut answer = page.answer(StatusCode::OK);
    cookies::set(&mut answer, services, realm, cookies::AUTH_SESSION, mark, None);
    Ok(answer)
}

/// `POST …/logout/logout-confirm`: yes.
pub async fn post(request: HttpRequest, services: Hosted, realm: Path<String>, body: Bytes) -> HttpResponse {
    let mut visit = match Visit::of(&services, &request, &realm).await {
        Ok(visit) => visit,
        Err(answer) => return answer,
    };
    match attend(&mut visit, &body).await {
        Ok(answer) => answer,
        Err(refused) => visit.refuse(refused).await,
    }
}

async fn attend(visit: &mut Visit<'_>, body: &Bytes) -> Result<HttpResponse, Refused> {
    let (services, realm) = (visit.services, Arc::clone(&visit.realm));
    request::may_be_heard(&realm, visit.request)?;
    let form = Form::read(visit.request, body).map_err(|refusal| Refused::page(refusal.text(), "invalid_request"))?;
    let sealed = form.get(FIELD).unwrap_or_default();
    let mark = cookies::get(visit.request, cookies::AUTH_SESSION);
    let Some(pending) = PendingLogout::open(services, &realm, sealed, mark.as_deref()) else {
        let text = "This page has expired, or it belongs to another window or browser. Please log out again from the \
                    application.";
        return Err(Refused::page(text, "expired_code"));
    };
    let client_id = pending.target.as_ref().map(|target| target.client_id.as_str());
    let client = request::client_of(services, &realm, client_id).await?;
    visit.facts.client = client.as_ref().map(|config| config.client.client_id.clone());
    let target = match pending.target {
        Some(target) => request::still_registered(services, &realm, target).await?,
        None => None,
    };
    let cookie = cookies::get(visit.request, cookies::IDENTITY);
    let present = current(services, &realm, cookie.as_deref()).await?.map(|(session, _)| session);
    if present.as_ref().is_some_and(|session| session.id != pending.session) {
        let text = "Somebody else has logged in meanwhile. Please log out again from the application.";
        return Err(Refused::page(text, "different_user_authenticated"));
    }
    Ending { session: present, client, target, leads_away: true }.answer(visit).await
}
