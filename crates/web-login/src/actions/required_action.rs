//! What a user must do before a login counts: a new password.

use actix_web::{
    HttpRequest, HttpResponse,
    http::StatusCode,
    web::{Bytes, Data, Path},
};
use login::{
    BrowserLogins,
    browser::{NewPassword, Outcome, Stage, update_password},
};
use web::{FormError, Hosted, Page};

use super::state::{State, failed, fields};
use crate::UpdatePasswordPage;

/// Shows the form.
pub async fn get(request: HttpRequest, services: Hosted, realm: Path<String>) -> HttpResponse {
    show(&request, services, &realm).await.unwrap_or_else(|page| page)
}

async fn show(request: &HttpRequest, services: Hosted, realm: &str) -> Result<HttpResponse, HttpResponse> {
    let state = State::of(services, request, realm).await?;
    if !matches!(state.pending.stage, Stage::UpdatePassword { .. }) {
        return state.to(state.pending.stage.clone());
    }
    Ok(page(&state)?.answer(StatusCode::OK))
}

fn page(state: &State) -> Result<UpdatePasswordPage, HttpResponse> {
    Ok(UpdatePasswordPage::new(state.realm_name(), state.action("required-action")?))
}

/// Changes the password.
pub async fn post(
    request: HttpRequest,
    services: Hosted,
    logins: Data<BrowserLogins>,
    realm: Path<String>,
    body: Bytes,
) -> HttpResponse {
    change(&request, services, &logins, &realm, &body).await.unwrap_or_else(|page| page)
}

async fn change(
    request: &HttpRequest,
    services: Hosted,
    logins: &BrowserLogins,
    realm: &str,
    body: &Bytes,
) -> Result<HttpResponse, HttpResponse> {
    let mut state = State::of(services, request, realm).await?;
    let fields = fields(body);
    let new = NewPassword { password: fields.secret("password-new"), again: fields.secret("password-confirm") };
    let present = state.session.as_ref().map(|(session, _)| session);
    let changed =
        update_password(&state.services, &state.realm, &state.pending.stage, present, &new, &state.origin).await;
    match changed.map_err(failed)? {
        // Another stage, or the password was changed meanwhile: from the beginning.
        None => state.to(Stage::Authenticate),
        Some(Err(text)) => {
            let id = state.refused("UPDATE_PASSWORD_ERROR", "password_rejected", None, &text, "").await;
            Ok(page(&state)?.error(FormError::new(&text, &id)).answer(StatusCode::OK))
        }
        Some(Ok(Outcome::Done { session, user, cookie })) => {
            state.pending.action_status = Some("success".to_owned());
            state.changed(&session, &user).await;
            let mut answer = state.proceed(logins, &session, &user, false).await?;
            state.enter(&mut answer, &session, &cookie);
            Ok(answer)
        }
        Some(Ok(Outcome::Next(stage))) => state.to(*stage),
        Some(Ok(Outcome::Refused { .. })) => state.to(Stage::Authenticate),
    }
}
