//! A refresh token (RFC 6749 section 6), good once where the realm wants that (RFC 9700 section 4.14).

use actix_web::http::StatusCode;
use jose::check_times_without_expiry;
use model::{id::SessionId, realm::Realm};
use serde_json::Value;
use services::{
    Services,
    authorizations::{self, Presented},
    cache, sessions, store,
};

use super::{
    Failure, Request,
    issue::{For, issue},
};
use crate::{
    audit::Facts,
    prepared,
    refusal::Refusal,
    registration::flows::uses_refresh_tokens,
    scope::{OFFLINE_ACCESS, Scopes},
    token_id::Via,
    tokens::{OFFLINE, REFRESH},
};

/// What is read of a refresh token whose signature and times are good.
#[derive(Clone, Debug)]
pub struct RefreshToken {
    /// The session it belongs to.
    pub session: SessionId,
    /// It is an offline session.
    pub offline: bool,
    /// The `clientId` that it was made for.
    pub client: String,
    /// The user.
    pub user: String,
    /// When it was issued, seconds since 1970.
    pub issued: i64,
    /// When it ends; none never by itself.
    pub expires: Option<i64>,
    /// The scopes that it was made with.
    pub scope: String,
    /// Its family.
    pub family: String,
    /// Its generation in the family.
    pub generation: i64,
}

fn invalid(text: &str) -> Failure {
    Failure::invalid_grant(text, "invalid_token")
}

/// Reads and verifies a refresh token.
///
/// # Errors
/// `invalid_request` without one; `invalid_grant` if it isn't good.
pub async fn read(services: &Services, realm: &Realm, token: Option<&str>) -> Result<RefreshToken, Failure> {
    let missing = || Failure::new(Refusal::invalid_request("No refresh token"), "invalid_token");
    let token = token.ok_or_else(missing)?;
    let keys = cache::keys(services, realm).await?;
    let Ok(verified) = keys.verify(token) else { return Err(invalid("Invalid refresh token")) };
    let read = RefreshToken::of(&verified.claims, &services.realm_url(realm));
    let read = read.ok_or_else(|| invalid("Invalid refresh token"))?;
    if check_times_without_expiry(&verified.claims, services.now().unix_timestamp(), 0).is_err() {
        return Err(invalid("Token is not active"));
    }
    Ok(read)
}

impl RefreshToken {
    /// Reads claims that this realm signed. None if they are those of something else.
    pub fn of(claims: &Value, issuer: &str) -> Option<Self> {
        let text = |name: &str| claims.get(name).and_then(Value::as_str).map(str::to_owned);
        let number = |name: &str| claims.get(name).and_then(Value::as_i64);
        let offline = match text("typ")?.as_str() {
            REFRESH => false,
            OFFLINE => true,
            _ => return None,
        };
        let read = Self {
            session: SessionId(text("sid")?),
            offline,
            client: text("azp")?,
            user: text("sub")?,
            issued: number("iat")?,
            expires: number("exp"),
            scope: text("scope").unwrap_or_default(),
            family: text("fam")?,
            generation: number("gen")?,
        };
        (text("iss").as_deref() == Some(issuer) && (offline || read.expires.is_some())).then_some(read)
    }
}

/// Answers the request.
///
/// # Errors
/// The refusal.
pub async fn grant(request: &Request<'_>, facts: &mut Facts) -> Result<Value, Failure> {
    let (services, realm, config) = (request.services, request.realm, request.client);
    let client = &config.client;
    if !uses_refresh_tokens(client) {
        let text = "Client is not allowed to use refresh tokens";
        return Err(Failure::new(Refusal::new(StatusCode::BAD_REQUEST, "unauthorized_client", text), "not_allowed"));
    }
    let token = read(services, realm, request.form.get("refresh_token")).await?;
    facts.session = Some(token.session.clone());
    if token.client != client.client_id {
        return Err(invalid("Invalid refresh token. Token client and authorized client don't match"));
    }
    if token.issued < realm.settings.not_before.max(client.settings.not_before) {
        return Err(invalid("Stale token"));
    }
    // Before the token is used up: a request that asks for too much may be mended.
    let scopes = Scopes::narrowed(&prepared::of(config), &token.scope, request.form.get("scope"))
        .map_err(Failure::invalid_scope)?;
    let scopes = match token.offline {
        true => scopes,
        // What was taken from the client since, or what a session's token never had.
        false => scopes.without(OFFLINE_ACCESS),
    };
    let presented = Presented {
        session: &token.session,
        offline: token.offline,
        family: &token.family,
        generation: token.generation,
    };
    let over = if token.offline { "Offline user session not found" } else { "Session not active" };
    let Some(found) = authorizations::refresh(services, realm, client, presented).await? else {
        return Err(invalid(over));
    };
    let (session, user, given) = (found.session, found.user, found.given);
    facts.user = Some(user.id.clone());
    if found.replayed {
        facts.detail("reason", "A refresh token that was exchanged before came again. Its family is revoked.");
        return Err(invalid("Maximum allowed refresh token reuse exceeded"));
    }
    let Some(family) = found.family else { return Err(invalid(over)) };
    if user.id.as_str() != token.user {
        return Err(invalid("Invalid refresh token"));
    }
    if !user.enabled {
        return Err(Failure::invalid_grant("User disabled", "user_disabled"));
    }
    if token.issued < user.not_before {
        return Err(invalid("Stale token"));
    }
    if !authorizations::goes_on(realm, &session, &user) {
        return Err(invalid(over));
    }
    if client.settings.consent_required && !consented(request, &user.id, &scopes).await? {
        return Err(Failure::new(
            Refusal::invalid_grant("Client no longer has requested consent from user"),
            "consent_denied",
        ));
    }
    sessions::touch(services, realm, &session).await?;
    let whom = For {
        user: &user,
        given,
        session: &session,
        family_id: &token.family,
        family: &family,
        begins: false,
        nonce: None,
        via: Via::Refresh,
    };
    issue(request, facts, scopes, whom).await
}

/// Whether the user still lets the client do all that the scopes stand for.
async fn consented(request: &Request<'_>, user: &model::id::UserId, scopes: &Scopes) -> Result<bool, Failure> {
    let (services, realm, client) = (request.services, request.realm, &request.client.client);
    let granted = store::consents::granted(&mut *services.store.read().await?, realm.id, user, &client.id).await?;
    Ok(granted.is_some_and(|granted| {
        scopes.scopes().filter(|scope| scope.asked_about).all(|scope| granted.contains(&scope.name))
    }))
}
