//! The client for itself (RFC 6749 section 4.4): through its service account, without a session or a refresh token.

use actix_web::http::StatusCode;
use serde_json::Value;
use services::store;

use super::{Failure, Request};
use crate::{
    audit::Facts,
    refusal::Refusal,
    scope::Scopes,
    tokens::{Holder, issue},
};

/// Answers the request.
///
/// # Errors
/// The refusal.
pub async fn grant(request: &Request<'_>, facts: &mut Facts) -> Result<Value, Failure> {
    let client = &request.client.client;
    let unauthorized =
        |text| Failure::new(Refusal::new(StatusCode::UNAUTHORIZED, "unauthorized_client", text), "invalid_client");
    if client.settings.public_client {
        return Err(unauthorized("Public client not allowed to retrieve service account"));
    }
    if !client.settings.service_accounts_enabled {
        return Err(unauthorized("Client not enabled to retrieve service account"));
    }
    let scopes = Scopes::granted(client, request.form.get("scope"))
        .map_err(|refusal| Failure::new(refusal, "invalid_request"))?;
    let user = {
        let mut conn = request.services.store.read().await?;
        store::users::find_service_account(&mut conn, request.realm.id, &client.id).await?
    };
    let Some(user) = user.filter(|user| user.enabled) else {
        return Err(Failure::new(
            Refusal::new(StatusCode::UNAUTHORIZED, "unauthorized_client", "User account of the client is disabled"),
            "user_disabled",
        ));
    };
    facts.user = Some(user.id.clone());
    facts.detail("username", user.username.as_str());
    let holder =
        Holder { realm: request.realm, client, user: &user, session: None, scopes: &scopes, origin: request.origin };
    facts.detail("scope", scopes.text());
    Ok(issue(request.services, &holder).await?)
}
