//! A login from the beginning, as somebody else.

use actix_web::{HttpRequest, HttpResponse, web::Path};
use login::browser::Stage;
use services::sessions;
use web::{Hosted, cookies};

use super::state::{State, failed};

/// Ends the session of the browser and shows the form again. A link of ours leads here, with the login that it belongs
/// to: nobody else can make one.
pub async fn get(request: HttpRequest, services: Hosted, realm: Path<String>) -> HttpResponse {
    restart(&request, services, &realm).await.unwrap_or_else(|page| page)
}

async fn restart(request: &HttpRequest, services: Hosted, realm: &str) -> Result<HttpResponse, HttpResponse> {
    let mut state = State::of(services, request, realm).await?;
    if let Some((session, _)) = state.session.take() {
        sessions::end(&state.services, &state.realm, &session.id, false).await.map_err(failed)?;
    }
    state.pending.only_user = None;
    state.pending.login_hint = None;
    let mut answer = state.to(Stage::Authenticate)?;
    for name in [cookies::IDENTITY, cookies::SESSION] {
        cookies::remove(&mut answer, &state.services, &state.realm, name);
    }
    Ok(answer)
}
