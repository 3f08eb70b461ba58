//! `GET` and `POST …/auth`.

use std::sync::Arc;

use actix_web::{
    HttpRequest, HttpResponse,
    http::StatusCode,
    web::{Bytes, Path},
};
use login::{
    PendingLogin,
    browser::{BrowserReply, Identified, Stage, Step, browser_mark, current},
};
use model::{client::OPENID_CONNECT, realm::Realm, session::UserSession, user::User};
use services::{Origin, Services, cache, clients::ClientConfig, sessions};
use web::{Hosted, RealmShown, cookies, error_page::ErrorPage, refusal_id, reply};

use super::{
    AuthorizationRequest, claims_parameter,
    login::{ACTIONS, proceed},
    object, pushed,
    read::{self, Untrusted},
    respond::{AuthorizationError, Destination},
};
use crate::{
    audit::{self, Facts},
    endpoint::no_realm,
    form::Form,
    id_token_hint,
    refusal::Refusal,
};

/// How long ago a user may have been authenticated who changes something of the account, seconds: an unattended browser
/// must not be enough. Keycloak's `max_auth_age`.
const MAX_AGE_OF_ACTIONS: i64 = 300;

/// `GET …/auth`.
pub async fn get(request: HttpRequest, services: Hosted, realm: Path<String>) -> HttpResponse {
    let form = Form::parse(request.query_string().as_bytes());
    answer(&services, &request, &realm, form).await
}

/// `POST …/auth` (OpenID Connect Core 1.0 section 3.1.2.1).
pub async fn post(request: HttpRequest, services: Hosted, realm: Path<String>, body: Bytes) -> HttpResponse {
    let form = Form::read(&request, &body);
    answer(&services, &request, &realm, form).await
}

/// What became of a request.
enum Answer {
    /// The browser goes on.
    Reply(BrowserReply),
    /// The browser goes to a page of the login.
    Login(Box<PendingLogin>),
}

/// Why a request was refused.
enum Refused {
    /// The person sees a page.
    Page(Untrusted),
    /// The client hears of it.
    Client(Box<(Destination, AuthorizationError)>),
    /// The server failed.
    Failed(services::Error),
}

impl From<services::Error> for Refused {
    fn from(error: services::Error) -> Self {
        Self::Failed(error)
    }
}

async fn answer(services: &Services, request: &HttpRequest, realm: &str, form: Result<Form, Refusal>) -> HttpResponse {
    let realm = match cache::realm(services, realm).await {
        Ok(Some(realm)) => realm,
        Ok(None) => return no_realm(),
        Err(error) => return Refusal::from(error).answer(),
    };
    let origin = web::origin(request);
    let mut facts = Facts::default();
    let mark =
        cookies::get(request, cookies::AUTH_SESSION).unwrap_or_else(|| browser_mark(services).expose().to_owned());
    let outcome = attend(services, request, &realm, form, &mark, &origin, &mut facts).await;
    match outcome {
        Ok(Answer::Reply(reply)) => reply::answer(&realm, &reply),
        Ok(Answer::Login(pending)) => to_login(services, &realm, &pending, &mark),
        Err(Refused::Page(untrusted)) => {
            facts.reason(&untrusted.text);
            let id = audit::refused(services, &realm, "LOGIN", &origin, facts, untrusted.event).await;
            let status = match untrusted.event {
                "bearer_only" => StatusCode::FORBIDDEN,
                _ => StatusCode::BAD_REQUEST,
            };
            let page = ErrorPage::new(status, "We are sorry...", &untrusted.text).realm(RealmShown::of(&realm));
            id.iter().fold(page, |page, id| page.id(id)).respond()
        }
        Err(Refused::Client(refused)) => {
            let (destination, error) = *refused;
            let kind = if error.event == "login_required" { None } else { Some(error.event) };
            let mut answer = reply::answer(&realm, &destination.error(&error));
            if let Some(event) = kind {
                facts.reason(error.description.as_deref().unwrap_or(error.code));
                let id = audit::refused(services, &realm, "LOGIN", &origin, facts, event).await;
                refusal_id::tell(&mut answer, id.as_deref());
            }
            answer
        }
        Err(Refused::Failed(error)) => Refusal::from(error).page(),
    }
}

/// Sends the browser to the page that a login is at, with the mark that it needs there.
fn to_login(services: &Services, realm: &Realm, pending: &PendingLogin, mark: &str) -> HttpResponse {
    match pending.seal(services, realm) {
        Ok(sealed) => {
            let page = match pending.stage {
                Stage::Authenticate => "authenticate",
                Stage::UpdatePassword { .. } => "required-action",
                Stage::Consent { .. } => "consent",
            };
            let url = format!(
                "{}/login-actions/{page}?session_code={sealed}&client_id={}",
                services.realm_url(realm),
                web::percent_encoded(&pending.client_id)
            );
            let mut answer = reply::answer(realm, &BrowserReply::Redirect(url));
            cookies::set(&mut answer, services, realm, cookies::AUTH_SESSION, mark, None);
            answer
        }
        Err(error) => Refusal::from(error).page(),
    }
}

async fn attend(
    services: &Services,
    request: &HttpRequest,
    realm: &Realm,
    form: Result<Form, Refusal>,
    mark: &str,
    origin: &Origin,
    facts: &mut Facts,
) -> Result<Answer, Refused> {
    let page = |text: &str, event| Refused::Page(Untrusted::new(text, event));
    if !web::connection::satisfies(&realm.settings.ssl_required, request) {
        return Err(page("HTTPS required", "ssl_required"));
    }
    if !realm.enabled {
        return Err(page("Realm not enabled", "realm_disabled"));
    }
    let form = form.map_err(|refusal| page(refusal.text(), "invalid_request"))?;
    let config = client(services, realm, &form, facts).await.map_err(|error| match error {
        Ok(untrusted) => Refused::Page(untrusted),
        Err(error) => Refused::Failed(error),
    })?;
    let (form, was_pushed) = match form.get("request_uri") {
        Some(uri) if uri.starts_with(read::PAR_PREFIX) => match pushed::take(services, realm, &config, uri).await? {
            Some(pushed) => (pushed, true),
            None => {
                return Err(page(
                    "The request was used already, or it took too long. Please start again.",
                    "invalid_request",
                ));
            }
        },
        _ => match object::parameters(services, realm, &config, form.clone()).await {
            Ok(parameters) => (parameters, false),
            Err(error) => {
                let (target, _) = read::redirect_target(services, &config, &form).map_err(Refused::Page)?;
                let destination = read::destination(services, realm, &config, &form, &target);
                let error = AuthorizationError::new(error.code, error.text);
                return Err(Refused::Client(Box::new((destination, error))));
            }
        },
    };
    let target = read::redirect_target(services, &config, &form).map_err(Refused::Page)?;
    facts.detail("redirect_uri", target.0.as_str());
    let destination = read::destination(services, realm, &config, &form, &target.0);
    let tell = |error| Refused::Client(Box::new((destination.clone(), error)));
    let mut asked = read::request(&config, &form, target, was_pushed).map_err(tell)?;
    facts.detail("response_type", asked.response_type.text());
    asked.hinted_subject = id_token_hint::subject(services, realm, form.get("id_token_hint")).await?;
    let session = current(services, realm, cookies::get(request, cookies::IDENTITY).as_deref()).await?;
    go_on(services, realm, &config, asked, session, mark, origin, facts).await.and_then(|answer| match answer {
        Ok(answer) => Ok(answer),
        Err(error) => Err(tell(error)),
    })
}

/// The client of a request: the first thing that is trusted of it.
async fn client(
    services: &Services,
    realm: &Realm,
    form: &Form,
    facts: &mut Facts,
) -> Result<Arc<ClientConfig>, Result<Untrusted, services::Error>> {
    let Some(client_id) = form.get("client_id") else {
        return Err(Ok(Untrusted::new("Missing parameter: client_id", "client_not_found")));
    };
    facts.client = Some(client_id.chars().filter(|letter| !letter.is_control()).take(255).collect());
    let known = match client_id.len() <= 255 {
        true => cache::client(services, realm, client_id).await.map_err(Err)?,
        false => None,
    };
    let known = known.filter(|known| known.client.client_id == client_id && known.client.protocol == OPENID_CONNECT);
    let Some(known) = known else {
        return Err(Ok(Untrusted::new("Client not found. The application is not known here.", "client_not_found")));
    };
    if !known.client.enabled {
        return Err(Ok(Untrusted::new("Client disabled. The application was switched off.", "client_disabled")));
    }
    if known.client.settings.bearer_only {
        let text = "Bearer-only applications are not allowed to initiate browser login.";
        return Err(Ok(Untrusted::new(text, "bearer_only")));
    }
    Ok(known)
}

/// Goes on with a request that is sound: with the session of the browser if that will do, else with a login.
#[expect(clippy::too_many_arguments, reason = "a request, who sends it, and where from")]
async fn go_on(
    services: &Services,
    realm: &Realm,
    config: &ClientConfig,
    mut asked: AuthorizationRequest,
    session: Option<(UserSession, User)>,
    mark: &str,
    origin: &Origin,
    facts: &mut Facts,
) -> Result<Result<Answer, AuthorizationError>, Refused> {
    if let Some(levels) = claims_parameter::essential_acr(asked.claims.as_ref())
        && !levels.is_empty()
        && !levels.contains(&"1")
        && !levels.contains(&"0")
    {
        return Ok(Err(AuthorizationError::new(
            "unmet_authentication_requirements",
            "No such authentication context can be reached",
        )));
    }
    let silent = asked.prompts("none");
    let fresh = session.as_ref().is_some_and(|(session, _)| is_fresh(services, &asked, session));
    let right = match &session {
        Some((_, user)) => id_token_hint::is_about(services, realm, config, &asked, user).await?,
        None => false,
    };
    let request = serde_json::to_value(&asked).unwrap_or_default();
    let mut pending = PendingLogin::new(services, realm, OPENID_CONNECT, &asked.client_id, mark, request);
    pending.login_hint.clone_from(&asked.login_hint);
    if let Some((session, user)) = session.as_ref().filter(|_| fresh && right) {
        facts.user = Some(user.id.clone());
        facts.session = Some(session.id.clone());
        sessions::touch(services, realm, session).await?;
        let identified = Identified { session, user };
        return Ok(match proceed(services, realm, config, &asked, identified, false, origin).await? {
            Step::Reply(reply) => Ok(Answer::Reply(reply)),
            Step::Consent(_) | Step::Act(_) if silent => Err(AuthorizationError::bare("interaction_required")),
            Step::Consent(_) => Ok(Answer::Login(Box::new(pending.at(Stage::Consent { session: session.id.clone() })))),
            Step::Act(_) => {
                let since = services::credentials::password_set_at(services, realm, &user.id).await?;
                let stage = Stage::UpdatePassword { user: user.id.clone(), since, remember_me: session.remember_me };
                Ok(Answer::Login(Box::new(pending.at(stage))))
            }
        });
    }
    if silent {
        return Ok(Err(AuthorizationError::bare("login_required")));
    }
    // Who is logged in and is asked again is asked for the same user's password, unless another user is wanted.
    pending.only_user = session.filter(|_| right).map(|(_, user)| user.id);
    asked.authenticated = false;
    Ok(Ok(Answer::Login(Box::new(pending))))
}

/// Whether a session will do without another login (OpenID Connect Core 1.0 section 3.1.2.1).
fn is_fresh(services: &Services, asked: &AuthorizationRequest, session: &UserSession) -> bool {
    if asked.prompts("login") {
        return false;
    }
    let age = (services.now() - session.authenticated).whole_seconds();
    let acts = asked.kc_action.as_deref().is_some_and(|action| ACTIONS.contains(&action));
    if acts && age > MAX_AGE_OF_ACTIONS {
        return false;
    }
    asked.max_age.is_none_or(|max_age| age <= max_age)
}
