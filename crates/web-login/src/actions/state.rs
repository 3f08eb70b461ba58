//! What every step of a login begins with: the realm, the browser, and the login that it brings.

use std::sync::Arc;

use actix_web::{HttpRequest, HttpResponse, http::StatusCode};
use login::{
    BrowserLogins, PendingLogin,
    browser::{BrowserReply, Identified, Stage, Stale, Step, current},
};
use model::{realm::Realm, secret::Secret, session::UserSession, user::User};
use services::{Origin, Services, cache, events, sessions::lifespans};
use url::form_urlencoded;
use web::{
    ClientShown, Hosted, Page, PlainUrl, RealmShown, connection, cookies, error_page, pages::PageExpiredPage, refusal,
    reply,
};

/// The longest value of a field in a form, in bytes.
const MAX_FIELD: usize = 16 * 1_024;
/// The most fields of a form.
const MOST_FIELDS: usize = 50;

/// A login that is under way, in the browser that it belongs to.
pub struct State {
    /// The services.
    pub services: Services,
    /// The realm.
    pub realm: Arc<Realm>,
    /// The login.
    pub pending: PendingLogin,
    /// The text that carries it.
    sealed: String,
    /// From where.
    pub origin: Origin,
    /// The session that the browser has already, with its user.
    pub session: Option<(UserSession, User)>,
}

/// The enabled realm of a page.
///
/// # Errors
/// The page that says why there is none.
pub async fn realm(services: &Hosted, request: &HttpRequest, name: &str) -> Result<Arc<Realm>, HttpResponse> {
    let Some(realm) = cache::realm(services, name).await.map_err(failed)?.filter(|realm| realm.enabled) else {
        return Err(error_page::answer(StatusCode::NOT_FOUND, "We are sorry...", "There is no such realm."));
    };
    if !connection::satisfies(&realm.settings.ssl_required, request) {
        return Err(error_page::answer(StatusCode::FORBIDDEN, "We are sorry...", "HTTPS required"));
    }
    Ok(realm)
}

/// The page for a failure of the server.
pub fn failed(error: services::Error) -> HttpResponse {
    refusal::failed(&error)
}

/// The fields of a posted form. Of a field that comes twice none is read.
pub fn fields(body: &[u8]) -> Fields {
    let mut fields = Vec::new();
    for (name, value) in form_urlencoded::parse(body).take(MOST_FIELDS) {
        if value.len() <= MAX_FIELD && !value.contains('\0') {
            fields.push((name.into_owned(), Secret::new(value.into_owned())));
        }
    }
    Fields(fields)
}

/// The fields of a form.
pub struct Fields(Vec<(String, Secret)>);

impl Fields {
    /// A field that comes once.
    pub fn get(&self, name: &str) -> Option<&Secret> {
        let mut named = self.0.iter().filter(|(field, _)| field == name);
        match (named.next(), named.next()) {
            (Some((_, value)), None) => Some(value),
            _ => None,
        }
    }

    /// The text of a field; empty without it.
    pub fn text(&self, name: &str) -> &str {
        self.get(name).map_or("", Secret::expose)
    }

    /// The secret in a field; empty without it.
    pub fn secret(&self, name: &str) -> Secret {
        self.get(name).cloned().unwrap_or_else(|| Secret::new(String::new()))
    }
}

/// A parameter of a query that comes once.
pub fn query(request: &HttpRequest, name: &str) -> Option<String> {
    let mut named = form_urlencoded::parse(request.query_string().as_bytes()).filter(|(field, _)| field == name);
    match (named.next(), named.next()) {
        (Some((_, value)), None) if !value.contains('\0') => Some(value.into_owned()),
        _ => None,
    }
}

impl State {
    /// The login that a request brings.
    ///
    /// # Errors
    /// The page that says why it can't go on.
    pub async fn of(services: Hosted, request: &HttpRequest, realm: &str) -> Result<Self, HttpResponse> {
        let realm = self::realm(&services, request, realm).await?;
        let sealed = query(request, "session_code").unwrap_or_default();
        let mark = cookies::get(request, cookies::AUTH_SESSION);
        let pending = match PendingLogin::open(&services, &realm, &sealed, mark.as_deref()) {
            Ok(pending) => pending,
            Err(Stale::Unknown) => {
                let text = "This login was started in another window or browser, or cookies are switched off. Please go \
                            back to the application and start again.";
                return Err(error_page::ErrorPage::new(StatusCode::BAD_REQUEST, "We can't go on from here", text)
                    .realm(RealmShown::of(&realm))
                    .respond());
            }
            Err(Stale::Expired) => {
                return Err(PageExpiredPage::new(RealmShown::of(&realm), None).answer(StatusCode::BAD_REQUEST));
            }
        };
        let cookie = cookies::get(request, cookies::IDENTITY);
        let session = current(&services, &realm, cookie.as_deref()).await.map_err(failed)?;
        Ok(Self { services: services.0, realm, pending, sealed, origin: web::origin(request), session })
    }

    /// The name that people know the realm by.
    pub fn realm_name(&self) -> RealmShown {
        RealmShown::of(&self.realm)
    }

    /// The address of a page of this login.
    ///
    /// # Errors
    /// The page for an address that can't be written, which a realm's name could cause.
    pub fn action(&self, page: &str) -> Result<PlainUrl, HttpResponse> {
        self.address(page, &self.sealed)
    }

    fn address(&self, page: &str, sealed: &str) -> Result<PlainUrl, HttpResponse> {
        let realm = web::percent_encoded(&self.realm.name);
        let client = web::percent_encoded(&self.pending.client_id);
        let url = format!(
            "{}/realms/{realm}/login-actions/{page}?session_code={sealed}&client_id={client}",
            self.services.public_url()
        );
        PlainUrl::new(&url).map_err(|error| {
            tracing::error!(%error, "the address of a login page can't be written");
            error_page::answer(StatusCode::INTERNAL_SERVER_ERROR, "We are sorry...", "This page has no address.")
        })
    }

    /// Sends the browser to the page of another stage of this login.
    ///
    /// # Errors
    /// If the cryptographic library fails.
    pub fn to(&self, stage: Stage) -> Result<HttpResponse, HttpResponse> {
        let page = match stage {
            Stage::Authenticate => "authenticate",
            Stage::UpdatePassword { .. } => "required-action",
            Stage::Consent { .. } => "consent",
        };
        let sealed = self.pending.at(stage).seal(&self.services, &self.realm).map_err(failed)?;
        let url = self.address(page, &sealed)?;
        Ok(reply::answer(&self.realm, &BrowserReply::Redirect(url.as_str().to_owned())))
    }

    /// The application, as people see it.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn client(&self) -> Result<ClientShown, HttpResponse> {
        let config = cache::client(&self.services, &self.realm, &self.pending.client_id).await.map_err(failed)?;
        Ok(match config {
            Some(config) => ClientShown::of(&config.client),
            None => ClientShown::named(&self.pending.client_id),
        })
    }

    /// Goes on with somebody who is logged in.
    ///
    /// # Errors
    /// The page for a failure.
    pub async fn proceed(
        &self,
        logins: &BrowserLogins,
        session: &UserSession,
        user: &User,
        consented: bool,
    ) -> Result<HttpResponse, HttpResponse> {
        let Some(protocol) = logins.get(&self.pending.protocol) else {
            return Err(error_page::answer(
                StatusCode::BAD_REQUEST,
                "We are sorry...",
                "This login can't be finished.",
            ));
        };
        let identified = Identified { session, user };
        let step =
            protocol.proceed(&self.services, &self.realm, &self.pending, identified, consented, &self.origin).await;
        match step.map_err(failed)? {
            Step::Reply(end) => Ok(reply::answer(&self.realm, &end)),
            Step::Consent(_) => self.to(Stage::Consent { session: session.id.clone() }),
            Step::Act(_) => {
                let since = services::credentials::password_set_at(&self.services, &self.realm, &user.id).await;
                let since = since.map_err(failed)?;
                self.to(Stage::UpdatePassword { user: user.id.clone(), since, remember_me: session.remember_me })
            }
        }
    }

    /// Gives the browser what names its session from now on.
    pub fn enter(&self, answer: &mut HttpResponse, session: &UserSession, cookie: &Secret) {
        // A remembered session outlives the browser; another one ends with it.
        let seconds = session.remember_me.then(|| lifespans::lifespan(&self.realm, true, false).max);
        cookies::enter(answer, &self.services, &self.realm, &session.id, cookie, seconds);
    }

    /// Records that a password was changed.
    pub async fn changed(&self, session: &UserSession, user: &User) {
        let mut event = events::event(&self.services, &self.realm, "UPDATE_PASSWORD", &self.origin);
        event.client_id = Some(self.pending.client_id.clone());
        event.user_id = Some(user.id.clone());
        event.session_id = Some(session.id.clone());
        if let Err(failure) = events::record(&self.services, &self.realm, event).await {
            tracing::error!(error = &failure as &dyn std::error::Error, "an event can't be written");
        }
    }

    /// Records a refused login and gives the event's id.
    pub async fn refused(&self, kind: &str, error: &str, user: Option<&User>, reason: &str, username: &str) -> String {
        let mut event = events::event(&self.services, &self.realm, kind, &self.origin);
        event.client_id = Some(self.pending.client_id.clone());
        event.user_id = user.map(|user| user.id.clone());
        event.error = Some(error.to_owned());
        let clean: String = username.chars().filter(|letter| !letter.is_control()).take(255).collect();
        event.details.insert("username".to_owned(), clean);
        event.details.insert("reason".to_owned(), reason.to_owned());
        event.details.insert("auth_method".to_owned(), self.pending.protocol.clone());
        let id = event.id.0.clone();
        if let Err(failure) = events::record(&self.services, &self.realm, event).await {
            tracing::error!(error = &failure as &dyn std::error::Error, kind, "an event can't be written");
        }
        id
    }
}
