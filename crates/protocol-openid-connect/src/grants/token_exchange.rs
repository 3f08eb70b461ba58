//! Token exchange (RFC 8693), as Keycloak's standard version 2: a client trades an access token that is for it for one
//! with another audience or less scope, within the same session.

use actix_web::http::StatusCode;
use model::client::OPENID_CONNECT;
use serde_json::{Value, json};
use services::{authorizations, cache, sessions::lifespans, subjects};

use super::{Failure, Request};
use crate::{
    access_token::{self, AccessToken},
    audit::Facts,
    prepared,
    refusal::Refusal,
    registration::flows::uses_refresh_tokens,
    scope::{OFFLINE_ACCESS, Scopes},
    token_id::Via,
    tokens::{Binding, Holder},
};

/// Client attributes; Keycloak's names.
const ENABLED: &str = "standard.token.exchange.enabled";
const REFRESH: &str = "standard.token.exchange.enableRefreshRequestedTokenType";
/// Kinds of tokens (RFC 8693 section 3).
const ACCESS_TOKEN: &str = "urn:ietf:params:oauth:token-type:access_token";
const ID_TOKEN: &str = "urn:ietf:params:oauth:token-type:id_token";
const REFRESH_TOKEN: &str = "urn:ietf:params:oauth:token-type:refresh_token";
/// The most audiences of one request.
const MOST_AUDIENCES: usize = 20;

fn refuse(code: &'static str, text: impl Into<String>) -> Failure {
    let status = if code == "access_denied" { StatusCode::FORBIDDEN } else { StatusCode::BAD_REQUEST };
    let event = if code == "access_denied" { "not_allowed" } else { "invalid_request" };
    Failure::new(Refusal::new(status, code, text), event)
}

/// Answers the request.
///
/// # Errors
/// The refusal.
pub async fn grant(request: &Request<'_>, facts: &mut Facts) -> Result<Value, Failure> {
    let (services, realm, config) = (request.services, request.realm, request.client);
    let client = &config.client;
    let on = |name: &str| client.attributes.get(name).map(String::as_str);
    if client.settings.public_client {
        return Err(refuse("unauthorized_client", "Public client is not allowed to exchange token"));
    }
    if on(ENABLED) != Some("true") {
        return Err(refuse("unauthorized_client", "Standard token exchange is not enabled for the requested client"));
    }
    for name in ["requested_subject", "requested_issuer", "subject_issuer", "actor_token", "actor_token_type"] {
        if request.form.get(name).is_some() {
            return Err(refuse(
                "invalid_request",
                format!("Parameter '{name}' is not supported for standard token exchange"),
            ));
        }
    }
    let Some(subject_token) = request.form.get("subject_token") else {
        return Err(refuse("invalid_request", "Parameter 'subject_token' is required for standard token exchange"));
    };
    match request.form.get("subject_token_type") {
        Some(ACCESS_TOKEN) => {}
        Some(_) => return Err(refuse("invalid_request", "Parameter 'subject_token' supports access tokens only")),
        None => {
            return Err(refuse(
                "invalid_request",
                "Parameter 'subject_token_type' is required for standard token exchange",
            ));
        }
    }
    let wanted = request.form.get("requested_token_type").unwrap_or(ACCESS_TOKEN);
    let refreshable = on(REFRESH) == Some("SAME_SESSION") && uses_refresh_tokens(client);
    if ![ACCESS_TOKEN, ID_TOKEN, REFRESH_TOKEN].contains(&wanted) || (wanted == REFRESH_TOKEN && !refreshable) {
        return Err(refuse("invalid_request", "requested_token_type unsupported"));
    }
    let Some(token) = access_token::verify(services, realm, subject_token).await? else {
        return Err(refuse("invalid_request", "Invalid token"));
    };
    facts.user = Some(token.user.id.clone());
    facts.detail("subject_token_client", token.client.client.client_id.as_str());
    if token.client.client.client_id != client.client_id && !token.is_for(&client.client_id) {
        return Err(refuse("access_denied", "Client is not within the token audience"));
    }
    if client.settings.consent_required {
        return Err(refuse("invalid_client", "Client requires user consent"));
    }
    exchange(request, facts, &token, wanted).await
}

async fn exchange(
    request: &Request<'_>,
    facts: &mut Facts,
    token: &AccessToken,
    wanted: &str,
) -> Result<Value, Failure> {
    let (services, realm, config) = (request.services, request.realm, request.client);
    let client = &config.client;
    let audiences: Vec<&str> = request.form.all("audience").collect();
    if audiences.len() > MOST_AUDIENCES {
        return Err(refuse("invalid_request", "Too many audiences"));
    }
    for name in &audiences {
        let known = cache::client(services, realm, name).await?;
        if !known.is_some_and(|known| known.client.protocol == OPENID_CONNECT && known.client.enabled) {
            return Err(Failure::new(
                Refusal::new(StatusCode::BAD_REQUEST, "invalid_client", "Audience not found"),
                "invalid_client",
            ));
        }
    }
    let prepared = prepared::of(config);
    let had = token.text("scope").unwrap_or_default();
    let scope = request.form.get("scope");
    let scopes = Scopes::granted(&prepared, scope).map_err(Failure::invalid_scope)?.without(OFFLINE_ACCESS);
    // Nothing is gained: a scope that is shown in tokens must have been in the subject's (RFC 8693 section 5).
    let gained = scope
        .unwrap_or_default()
        .split_ascii_whitespace()
        .find(|name| !had.split_ascii_whitespace().any(|held| held == *name));
    if let Some(gained) = gained {
        return Err(Failure::invalid_scope(format!("Invalid scopes: {gained}")));
    }
    let subject = subjects::of(services, realm.id, &token.user, token.given.clone()).await?;
    let scopes = scopes.for_subject(&subject);
    let family;
    let session = match &token.session {
        None => None,
        Some((session, _, of_subject)) => {
            let ends =
                services.now().unix_timestamp().saturating_add(lifespans::family(realm, client, session.offline));
            let begins = authorizations::beginning(of_subject.acr.as_deref(), None, ends);
            let issued = authorizations::authorize_in(services, realm, session, client, &begins).await?;
            family = (issued, begins);
            facts.session = Some(session.id.clone());
            Some((session, family.0.as_str(), &family.1))
        }
    };
    let holder = Holder {
        realm,
        config,
        user: &token.user,
        subject: &subject,
        session,
        scopes: &scopes,
        nonce: None,
        via: Via::Exchange,
        origin: request.origin,
    };
    facts.detail("scope", scopes.text());
    facts.detail("requested_token_type", wanted);
    if wanted == ID_TOKEN {
        let text = holder.id_token(services, Binding::default(), true).await?;
        return Ok(json!({
            "access_token": text, "token_type": "N_A", "issued_token_type": ID_TOKEN, "expires_in": 0,
            "refresh_expires_in": 0, "not-before-policy": realm.settings.not_before, "scope": scopes.text(),
        }));
    }
    let access = holder.access_token_for(services, &audiences).await?.map_err(|missing| {
        refuse("invalid_request", format!("Requested audience not available: {}", missing.join(", ")))
    })?;
    let mut answer = json!({
        "access_token": access.text, "expires_in": access.expires_in, "refresh_expires_in": 0, "token_type": "Bearer",
        "issued_token_type": wanted, "not-before-policy": realm.settings.not_before, "scope": scopes.text(),
    });
    if wanted == REFRESH_TOKEN
        && let (Some((text, lasts)), Some(fields)) = (holder.refresh_token(services).await?, answer.as_object_mut())
    {
        fields.insert("refresh_token".to_owned(), json!(text));
        fields.insert("refresh_expires_in".to_owned(), json!(lasts));
    }
    if let (Some((session, ..)), Some(fields)) = (&token.session, answer.as_object_mut()) {
        fields.insert("session_state".to_owned(), json!(session.id.as_str()));
    }
    Ok(answer)
}
