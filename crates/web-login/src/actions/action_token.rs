//! A link that a user was mailed: what it asks for is done when its form is sent, never when it is only looked at.

use actix_web::{
    HttpRequest, HttpResponse,
    http::StatusCode,
    web::{Bytes, Path},
};
use model::{realm::Realm, user::User};
use services::{
    Error, Services,
    action_links::{self, ActionLink},
    credentials::UPDATE_PASSWORD,
    events,
};
use web::{Destination, FormError, Hosted, Page, PlainUrl, RealmShown, error_page};

use super::state::{failed, fields, query, realm};
use crate::{ConfirmEmailPage, LinkDonePage, LinkOutcome, UpdatePasswordPage};

/// What a request is about.
struct Followed {
    realm: std::sync::Arc<Realm>,
    link: ActionLink,
    user: User,
    action: PlainUrl,
}

async fn followed(services: &Hosted, request: &HttpRequest, name: &str) -> Result<Followed, HttpResponse> {
    let realm = realm(services, request, name).await?;
    let key = query(request, "key").unwrap_or_default();
    let Some((link, user)) = action_links::open(services, &realm, &key).await.map_err(failed)? else {
        return Err(stale(&realm));
    };
    let url = format!("{}/login-actions/action-token?key={key}", services.realm_url(&realm));
    let action = PlainUrl::new(&url).map_err(|error| {
        tracing::error!(%error, "the address of a link can't be written");
        error_page::answer(StatusCode::INTERNAL_SERVER_ERROR, "We are sorry...", "This page has no address.")
    })?;
    Ok(Followed { realm, link, user, action })
}

fn stale(realm: &Realm) -> HttpResponse {
    LinkDonePage::new(RealmShown::of(realm), LinkOutcome::Stale, None).answer(StatusCode::BAD_REQUEST)
}

/// Shows what is to be done.
pub async fn get(request: HttpRequest, services: Hosted, realm: Path<String>) -> HttpResponse {
    match followed(&services, &request, &realm).await {
        Ok(Followed { realm, link, user, action }) => {
            let name = RealmShown::of(&realm);
            if link.asks_for(UPDATE_PASSWORD) {
                UpdatePasswordPage::new(name, action).answer(StatusCode::OK)
            } else {
                ConfirmEmailPage::new(name, action, user.email.as_deref().unwrap_or_default()).answer(StatusCode::OK)
            }
        }
        Err(page) => page,
    }
}

/// Does it.
pub async fn post(request: HttpRequest, services: Hosted, realm: Path<String>, body: Bytes) -> HttpResponse {
    done(&request, services, &realm, &body).await.unwrap_or_else(|page| page)
}

async fn done(request: &HttpRequest, services: Hosted, name: &str, body: &Bytes) -> Result<HttpResponse, HttpResponse> {
    let Followed { realm, link, user, action } = followed(&services, request, name).await?;
    let password = match link.asks_for(UPDATE_PASSWORD) {
        false => None,
        true => {
            let fields = fields(body);
            let (password, again) = (fields.secret("password-new"), fields.secret("password-confirm"));
            let wrong = match (password.expose().is_empty(), again.matches(password.expose())) {
                (true, _) => Some("Please choose a password."),
                (false, false) => Some("The two passwords differ. Please type the same one twice."),
                (false, true) => None,
            };
            if let Some(text) = wrong {
                return refused(&services, request, &realm, &user, action, text).await;
            }
            Some(password)
        }
    };
    let origin = web::origin(request);
    match action_links::follow(&services, &realm, &link, password, &origin).await {
        Ok(Some(())) => {
            let application = action_links::application(&services, &realm, &link).await.map_err(failed)?;
            let application = application.as_deref().and_then(Destination::parse);
            Ok(LinkDonePage::new(RealmShown::of(&realm), LinkOutcome::Done, application).answer(StatusCode::OK))
        }
        Ok(None) => Ok(stale(&realm)),
        Err(Error::Policy { text, .. }) => refused(&services, request, &realm, &user, action, &text).await,
        Err(error) => Err(failed(error)),
    }
}

/// The form once more, with what is wrong.
async fn refused(
    services: &Services,
    request: &HttpRequest,
    realm: &Realm,
    user: &User,
    action: PlainUrl,
    text: &str,
) -> Result<HttpResponse, HttpResponse> {
    let mut event = events::event(services, realm, "UPDATE_PASSWORD_ERROR", &web::origin(request));
    event.user_id = Some(user.id.clone());
    event.error = Some("password_rejected".to_owned());
    event.details.insert("reason".to_owned(), text.to_owned());
    let id = event.id.0.clone();
    events::record(services, realm, event).await.map_err(failed)?;
    let page = UpdatePasswordPage::new(RealmShown::of(realm), action).error(FormError::new(text, &id));
    Ok(page.answer(StatusCode::OK))
}
