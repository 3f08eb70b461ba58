//! The question whether an application may have what it asks for.

use actix_web::{
    HttpRequest, HttpResponse,
    http::StatusCode,
    web::{Bytes, Data, Path},
};
use login::{
    BrowserLogins,
    browser::{Cancelled, DEVICE_LOGIN, Identified, Stage, Step},
};
use model::{session::UserSession, user::User};
use web::{Hosted, Page, error_page, reply};

use super::state::{State, failed, fields};
use crate::{AskedScope, ConsentPage, DeviceConfirmPage};

/// Asks.
pub async fn get(
    request: HttpRequest,
    services: Hosted,
    logins: Data<BrowserLogins>,
    realm: Path<String>,
) -> HttpResponse {
    show(&request, services, &logins, &realm).await.unwrap_or_else(|page| page)
}

/// The session that the question is about: the browser has to be in it still.
fn asked(state: &State) -> Result<Option<(&UserSession, &User)>, HttpResponse> {
    let Stage::Consent { session } = &state.pending.stage else { return Ok(None) };
    match &state.session {
        Some((present, user)) if present.id == *session => Ok(Some((present, user))),
        _ => Err(state.to(Stage::Authenticate).unwrap_or_else(|page| page)),
    }
}

async fn show(
    request: &HttpRequest,
    services: Hosted,
    logins: &BrowserLogins,
    realm: &str,
) -> Result<HttpResponse, HttpResponse> {
    let state = State::of(services, request, realm).await?;
    let Some((session, user)) = asked(&state)? else { return state.to(state.pending.stage.clone()) };
    let Some(protocol) = logins.get(&state.pending.protocol) else {
        return Err(error_page::answer(StatusCode::BAD_REQUEST, "We are sorry...", "This login can't be finished."));
    };
    let identified = Identified { session, user };
    let step = protocol.proceed(&state.services, &state.realm, &state.pending, identified, false, &state.origin).await;
    let question = match step.map_err(failed)? {
        Step::Consent(question) => question,
        Step::Reply(end) => return Ok(reply::answer(&state.realm, &end)),
        Step::Act(_) => return state.to(Stage::Authenticate),
    };
    let scopes: Vec<_> =
        question.scopes.iter().map(|scope| AskedScope::in_words(&scope.name, scope.text.as_deref())).collect();
    let (action, client) = (state.action("consent")?, state.client().await?);
    if state.pending.protocol == DEVICE_LOGIN {
        let code = state.pending.request.get("user_code").and_then(|code| code.as_str()).unwrap_or_default();
        let (first, second) = code.split_at_checked(4).unwrap_or((code, ""));
        let page = DeviceConfirmPage::new(state.realm_name(), action, client, &format!("{first}-{second}"), scopes);
        return Ok(page.username(&user.username).answer(StatusCode::OK));
    }
    Ok(ConsentPage::new(state.realm_name(), action, client, scopes).username(&user.username).answer(StatusCode::OK))
}

/// Takes the answer.
pub async fn post(
    request: HttpRequest,
    services: Hosted,
    logins: Data<BrowserLogins>,
    realm: Path<String>,
    body: Bytes,
) -> HttpResponse {
    answered(&request, services, &logins, &realm, &body).await.unwrap_or_else(|page| page)
}

async fn answered(
    request: &HttpRequest,
    services: Hosted,
    logins: &BrowserLogins,
    realm: &str,
    body: &Bytes,
) -> Result<HttpResponse, HttpResponse> {
    let state = State::of(services, request, realm).await?;
    let Some((session, user)) = asked(&state)? else { return state.to(state.pending.stage.clone()) };
    let fields = fields(body);
    if fields.get("accept").is_some() && fields.get("cancel").is_none() {
        return state.proceed(logins, session, user, true).await;
    }
    let Some(protocol) = logins.get(&state.pending.protocol) else {
        return Err(error_page::answer(StatusCode::BAD_REQUEST, "We are sorry...", "This login can't be finished."));
    };
    let identified = Some(Identified { session, user });
    let (services, realm) = (&state.services, &state.realm);
    let end = protocol.cancel(services, realm, &state.pending, identified, Cancelled::Consent, &state.origin).await;
    Ok(reply::answer(&state.realm, &end.map_err(failed)?))
}
