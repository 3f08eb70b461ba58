//! The client for itself (RFC 6749 section 4.4): through its service account, without a session or a refresh token.
//!
//! Account, roles and groups are kept with the client in the cache, so the database isn't asked.

use actix_web::http::StatusCode;
use serde_json::Value;

use super::{Failure, Request};
use crate::{audit::Facts, prepared, refusal::Refusal, scope::Scopes, token_id::Via, tokens::Holder};

/// Answers the request.
///
/// # Errors
/// The refusal.
pub async fn grant(request: &Request<'_>, facts: &mut Facts) -> Result<Value, Failure> {
    let (services, realm, client) = (request.services, request.realm, request.client);
    let unauthorized =
        |text| Failure::new(Refusal::new(StatusCode::UNAUTHORIZED, "unauthorized_client", text), "invalid_client");
    if client.client.settings.public_client {
        return Err(unauthorized("Public client not allowed to retrieve service account"));
    }
    if !client.client.settings.service_accounts_enabled {
        return Err(unauthorized("Client not enabled to retrieve service account"));
    }
    let scopes = Scopes::granted(&prepared::of(client), request.form.get("scope")).map_err(Failure::invalid_scope)?;
    let Some((user, subject)) = client.service_account.as_ref().filter(|(user, _)| user.enabled) else {
        return Err(Failure::new(
            Refusal::new(StatusCode::UNAUTHORIZED, "unauthorized_client", "User account of the client is disabled"),
            "user_disabled",
        ));
    };
    facts.user = Some(user.id.clone());
    facts.detail("username", user.username.as_str());
    let scopes = scopes.for_subject(subject);
    facts.detail("scope", scopes.text());
    let holder = Holder {
        realm,
        config: client,
        user,
        subject,
        session: None,
        scopes: &scopes,
        nonce: None,
        via: Via::ClientCredentials,
        origin: request.origin,
    };
    Ok(holder.answer(services).await?)
}
