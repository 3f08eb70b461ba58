//! `…/logout`: the way out (OpenID Connect RP-Initiated Logout 1.0), which ends the session in the browser and tells
//! every client that was in it.
//!
//! An ID token of the browser's own session vouches for the request; without one the person is asked first, because any
//! page could send them here.

mod back_door;
mod confirm;
mod end;
mod front_channel;
mod pending;
pub mod places;
pub mod request;

use std::sync::Arc;

use actix_web::{
    HttpRequest, HttpResponse,
    web::{Bytes, Path},
};
use login::browser::{browser_mark, current};
use model::realm::Realm;
use services::{Origin, Services, cache, sessions};
use url::form_urlencoded;
use web::{Hosted, RealmShown, cookies, error_page::ErrorPage};

use self::{end::Ending, pending::PendingLogout, request::Refused};
use crate::{
    audit::{self, Facts},
    endpoint::no_realm,
    form::Form,
    refusal::Refusal,
};

pub use confirm::post as confirmed;

/// `GET …/logout`.
pub async fn get(request: HttpRequest, services: Hosted, realm: Path<String>) -> HttpResponse {
    let form = Form::parse(request.query_string().as_bytes());
    answer(&services, &request, &realm, form).await
}

/// `POST …/logout`: the same as a form, or with a refresh token and without a browser.
pub async fn post(request: HttpRequest, services: Hosted, realm: Path<String>, body: Bytes) -> HttpResponse {
    // Asked of the names alone: a form that can't be read further has to be refused at one of the two doors.
    if form_urlencoded::parse(&body).any(|(name, _)| name == "refresh_token") {
        return back_door::answer(&services, &request, &realm, &body).await;
    }
    let form = Form::read(&request, &body);
    answer(&services, &request, &realm, form).await
}

/// The realm, and what is noted of its request.
struct Visit<'a> {
    services: &'a Services,
    request: &'a HttpRequest,
    realm: Arc<Realm>,
    origin: Origin,
    facts: Facts,
}

impl<'a> Visit<'a> {
    async fn of(services: &'a Services, request: &'a HttpRequest, realm: &str) -> Result<Self, HttpResponse> {
        match cache::realm(services, realm).await {
            Ok(Some(realm)) => {
                Ok(Self { services, request, realm, origin: web::origin(request), facts: Facts::default() })
            }
            Ok(None) => Err(no_realm()),
            Err(error) => Err(Refusal::from(error).answer()),
        }
    }

    /// The page for a request that isn't followed, with its event.
    async fn refuse(mut self, refused: Refused) -> HttpResponse {
        let refused = match refused {
            Refused::Page(refused) => refused,
            Refused::Failed(error) => return Refusal::from(error).page(),
        };
        self.facts.reason(&refused.text);
        let id = audit::refused(self.services, &self.realm, "LOGOUT", &self.origin, self.facts, refused.event).await;
        let page = ErrorPage::new(refused.status, "We are sorry...", &refused.text).realm(RealmShown::of(&self.realm));
        id.iter().fold(page, |page, id| page.id(id)).respond()
    }
}

async fn answer(services: &Services, request: &HttpRequest, realm: &str, form: Result<Form, Refusal>) -> HttpResponse {
    let mut visit = match Visit::of(services, request, realm).await {
        Ok(visit) => visit,
        Err(answer) => return answer,
    };
    match attend(&mut visit, form).await {
        Ok(answer) => answer,
        Err(refused) => visit.refuse(refused).await,
    }
}

async fn attend(visit: &mut Visit<'_>, form: Result<Form, Refusal>) -> Result<HttpResponse, Refused> {
    let (services, realm) = (visit.services, Arc::clone(&visit.realm));
    request::may_be_heard(&realm, visit.request)?;
    let form = form.map_err(|refusal| Refused::page(refusal.text(), "invalid_request"))?;
    let asked = request::read(services, &realm, &form, &mut visit.facts).await?;
    let cookie = cookies::get(visit.request, cookies::IDENTITY);
    let present = current(services, &realm, cookie.as_deref()).await?;
    let (session, vouched) = match (present, asked.session) {
        // Whoever is logged in is asked, unless the hint is about this very session.
        (Some((session, user)), hinted) if hinted.as_ref() != Some(&session.id) => {
            let mark = cookies::get(visit.request, cookies::AUTH_SESSION);
            let mark = mark.unwrap_or_else(|| browser_mark(services).expose().to_owned());
            let pending = PendingLogout::new(services, &mark, &session, asked.target);
            return confirm::page(services, &realm, &pending, &mark, asked.client.as_deref(), &user);
        }
        (Some((session, _)), _) => (Some(session), true),
        // The browser shows no session, but an application may: it ends as the application wants, as in Keycloak.
        (None, Some(hinted)) => {
            (sessions::find_active(services, &realm, &hinted, false).await?.map(|(session, _)| session), true)
        }
        (None, None) => (None, false),
    };
    Ending { session, client: asked.client, target: asked.target, leads_away: vouched }.answer(visit).await
}
