//! A refresh token (RFC 6749 section 6): good as long as its session, its user and nothing else says otherwise.

use jose::check_times;
use model::{id::SessionId, realm::Realm};
use serde_json::Value;
use services::{Services, cache, sessions};

use super::{Failure, Request};
use crate::{
    audit::Facts,
    refusal::Refusal,
    scope::{OPENID, Scopes},
    tokens::{Holder, REFRESH, issue},
};

/// What is read of a refresh token whose signature and times are good.
pub struct RefreshToken {
    /// The session it belongs to.
    pub session: SessionId,
    /// The `clientId` that it was made for.
    pub client: String,
    /// The user.
    pub user: String,
    /// When it was issued, seconds since 1970.
    pub issued: i64,
    /// The scopes that it was made with.
    pub scope: String,
}

fn invalid(text: &str) -> Failure {
    Failure::new(Refusal::invalid_grant(text), "invalid_token")
}

/// Reads and verifies the form's `refresh_token`.
///
/// # Errors
/// `invalid_request` without one; `invalid_grant` if it isn't good.
pub async fn read(services: &Services, realm: &Realm, token: Option<&str>) -> Result<RefreshToken, Failure> {
    let missing = || Failure::new(Refusal::invalid_request("No refresh token"), "invalid_token");
    let token = token.ok_or_else(missing)?;
    let keys = cache::keys(services, realm).await?;
    let Ok(verified) = keys.verify(token) else { return Err(invalid("Invalid refresh token")) };
    let claims = verified.claims;
    let text = |name: &str| claims.get(name).and_then(Value::as_str).map(str::to_owned);
    let ours = text("typ").as_deref() == Some(REFRESH) && text("iss") == Some(services.realm_url(realm));
    let read = || {
        Some(RefreshToken {
            session: SessionId(text("sid")?),
            client: text("azp")?,
            user: text("sub")?,
            issued: claims.get("iat").and_then(Value::as_i64)?,
            scope: text("scope").unwrap_or_default(),
        })
    };
    let Some(read) = read().filter(|_| ours) else { return Err(invalid("Invalid refresh token")) };
    if check_times(&claims, services.now().unix_timestamp(), 0).is_err() {
        return Err(invalid("Token is not active"));
    }
    Ok(read)
}

/// Answers the request.
///
/// # Errors
/// The refusal.
pub async fn grant(request: &Request<'_>, facts: &mut Facts) -> Result<Value, Failure> {
    let (services, realm, client) = (request.services, request.realm, &request.client.client);
    let token = read(services, realm, request.form.get("refresh_token")).await?;
    facts.session = Some(token.session.clone());
    if token.client != client.client_id {
        return Err(invalid("Invalid refresh token. Token client and authorized client don't match"));
    }
    if token.issued < realm.settings.not_before.max(client.settings.not_before) {
        return Err(invalid("Stale token"));
    }
    let Some((session, user)) = sessions::find_active(services, realm, &token.session, false).await? else {
        return Err(Failure::new(Refusal::invalid_grant("Session not active"), "invalid_token"));
    };
    facts.user = Some(user.id.clone());
    if user.id.as_str() != token.user {
        return Err(invalid("Invalid refresh token"));
    }
    if token.issued < user.not_before {
        return Err(invalid("Stale token"));
    }
    if !session.clients.iter().any(|(id, _)| *id == client.id) {
        return Err(invalid("Session doesn't have required client"));
    }
    let scopes = narrowed(request, &token)?;
    sessions::touch(services, realm, &session).await?;
    let holder =
        Holder { realm, client, user: &user, session: Some(&session), scopes: &scopes, origin: request.origin };
    facts.detail("scope", scopes.text());
    Ok(issue(services, &holder).await?)
}

/// The scopes of the token, or fewer of them. What the client has lost since is left out.
fn narrowed(request: &Request<'_>, token: &RefreshToken) -> Result<Scopes, Failure> {
    let client = &request.client.client;
    let held = |name: &&str| {
        *name == OPENID || client.default_scopes.iter().chain(&client.optional_scopes).any(|known| known == name)
    };
    let had: Vec<_> = token.scope.split_ascii_whitespace().filter(held).collect();
    let wanted = match request.form.get("scope") {
        None => had.join(" "),
        Some(wanted) => match wanted.split_ascii_whitespace().all(|name| had.contains(&name)) {
            true => wanted.to_owned(),
            false => {
                let text = format!("Invalid scopes: {wanted}");
                let refusal = Refusal::new(actix_web::http::StatusCode::BAD_REQUEST, "invalid_scope", text);
                return Err(Failure::new(refusal, "invalid_request"));
            }
        },
    };
    Scopes::granted(client, Some(&wanted)).map_err(|refusal| Failure::new(refusal, "invalid_request"))
}
