//! Name and password.

use actix_web::{
    HttpRequest, HttpResponse,
    http::StatusCode,
    web::{Bytes, Data, Path},
};
use login::{
    BrowserLogins,
    browser::{Attempt, Outcome, Stage, authenticate},
};
use web::{FormError, Hosted, Page};

use super::state::{State, failed, fields};
use crate::{LoginPage, UsernameLabel};

/// What a person hears whose login was refused, whatever the reason was.
const REFUSED: &str = "Invalid username or password.";

/// Shows the form.
pub async fn get(request: HttpRequest, services: Hosted, realm: Path<String>) -> HttpResponse {
    show(&request, services, &realm).await.unwrap_or_else(|page| page)
}

async fn show(request: &HttpRequest, services: Hosted, realm: &str) -> Result<HttpResponse, HttpResponse> {
    let state = State::of(services, request, realm).await?;
    if state.pending.stage != Stage::Authenticate {
        return state.to(state.pending.stage.clone());
    }
    let hint = state.pending.login_hint.clone().unwrap_or_default();
    Ok(page(&state, &hint, false).await?.answer(StatusCode::OK))
}

async fn page(state: &State, username: &str, remember_me: bool) -> Result<LoginPage, HttpResponse> {
    let settings = &state.realm.settings;
    let label = match settings.login_with_email_allowed {
        true => UsernameLabel::UsernameOrEmail,
        false => UsernameLabel::Username,
    };
    let mut page = LoginPage::new(state.realm_name(), state.action("authenticate")?)
        .client(state.client().await?)
        .label(label)
        .username(username);
    if settings.remember_me {
        page = page.remember_me(remember_me);
    }
    if let (Some(only), Some((_, user))) = (&state.pending.only_user, &state.session)
        && *only == user.id
    {
        page = page.again(&user.username, state.action("restart")?);
    }
    Ok(page)
}

/// Judges what was typed.
pub async fn post(
    request: HttpRequest,
    services: Hosted,
    logins: Data<BrowserLogins>,
    realm: Path<String>,
    body: Bytes,
) -> HttpResponse {
    judge(&request, services, &logins, &realm, &body).await.unwrap_or_else(|page| page)
}

async fn judge(
    request: &HttpRequest,
    services: Hosted,
    logins: &BrowserLogins,
    realm: &str,
    body: &Bytes,
) -> Result<HttpResponse, HttpResponse> {
    let state = State::of(services, request, realm).await?;
    if state.pending.stage != Stage::Authenticate {
        return state.to(state.pending.stage.clone());
    }
    let fields = fields(body);
    let attempt = Attempt {
        username: fields.text("username").trim().to_owned(),
        password: fields.secret("password"),
        remember_me: fields.text("rememberMe") == "on",
    };
    let present = state.session.as_ref().map(|(session, _)| session);
    let outcome = authenticate(&state.services, &state.realm, &state.pending, present, &attempt, &state.origin).await;
    match outcome.map_err(failed)? {
        Outcome::Done { session, user, cookie } => {
            let mut answer = state.proceed(logins, &session, &user, false).await?;
            state.enter(&mut answer, &session, &cookie);
            Ok(answer)
        }
        Outcome::Next(stage) => state.to(*stage),
        Outcome::Refused { reason, user } => {
            let (code, text) = (reason.error_code(), reason.explanation());
            let id = state.refused("LOGIN_ERROR", code, user.as_ref(), &text, &attempt.username).await;
            let shown = match reason {
                // Told to nobody but those who know the password.
                login::Reason::RequiredActions(_) => "Your account is not fully set up. Please ask your administrator.",
                login::Reason::AnotherUser => "Please log in as the user you were logged in as, or start again.",
                _ => REFUSED,
            };
            let page = page(&state, &attempt.username, attempt.remember_me).await?;
            Ok(page.error(FormError::new(shown, &id)).answer(StatusCode::OK))
        }
    }
}
