//! Access tokens that are presented to this server: whether they are good at this moment, and whose they are.

use std::sync::Arc;

use jose::check_times;
use model::{
    id::{SessionId, UserId},
    realm::Realm,
    session::{TokenFamily, UserSession},
    subject::Assignments,
    user::User,
};
use serde_json::{Map, Value};
use services::{
    Result, Services,
    administrators::ACCESS_TOKEN,
    authorizations::{self, Presented},
    cache,
    clients::ClientConfig,
};

use crate::token_id;

/// A good access token.
pub struct AccessToken {
    /// Its claims.
    pub claims: Map<String, Value>,
    /// The client that it was issued to.
    pub client: Arc<ClientConfig>,
    /// Whose it is.
    pub user: User,
    /// What was given to the user.
    pub given: Assignments,
    /// The session and the token's family in it; none where a client acts for itself.
    pub session: Option<(UserSession, String, TokenFamily)>,
}

impl AccessToken {
    /// A claim that is a text.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.claims.get(name).and_then(Value::as_str)
    }

    /// Whether a client is among the token's audience.
    pub fn is_for(&self, client_id: &str) -> bool {
        match self.claims.get("aud") {
            Some(Value::String(audience)) => audience == client_id,
            Some(Value::Array(audiences)) => audiences.iter().any(|audience| audience.as_str() == Some(client_id)),
            _ => false,
        }
    }
}

/// Verifies a token of this realm: signature, kind, times, client, session, user, revocation. None if any of it is not
/// good.
///
/// # Errors
/// If the database fails.
pub async fn verify(services: &Services, realm: &Realm, token: &str) -> Result<Option<AccessToken>> {
    let keys = cache::keys(services, realm).await?;
    let Ok(verified) = keys.verify(token) else { return Ok(None) };
    if check_times(&verified.claims, services.now().unix_timestamp(), 0).is_err() {
        return Ok(None);
    }
    let Value::Object(claims) = verified.claims else { return Ok(None) };
    let text = |name: &str| claims.get(name).and_then(Value::as_str);
    if text("typ") != Some(ACCESS_TOKEN) || text("iss") != Some(&services.realm_url(realm)) {
        return Ok(None);
    }
    // Bound to a key (RFC 7800), which nobody proves here: to take it as a bearer token would undo the binding.
    if claims.contains_key("cnf") {
        return Ok(None);
    }
    let (Some(client), Some(id), Some(issued)) = (text("azp"), text("jti"), claims.get("iat").and_then(Value::as_i64))
    else {
        return Ok(None);
    };
    let Some(client) = cache::client(services, realm, client).await?.filter(|client| client.client.enabled) else {
        return Ok(None);
    };
    let settings = &client.client.settings;
    if issued < realm.settings.not_before.max(settings.not_before) {
        return Ok(None);
    }
    let found = match (token_id::family(id), text("sid")) {
        (Some((family, offline)), Some(session)) => {
            let session = SessionId(session.to_owned());
            let presented = Presented { session: &session, offline, family, generation: 0 };
            let holder = authorizations::holder(services, realm, &client.client.id, presented, id).await?;
            holder.map(|holder| (holder.user, holder.given, Some((holder.session, family.to_owned(), holder.family))))
        }
        (None, None) => {
            let user = UserId(text("sub").unwrap_or_default().to_owned());
            let user = authorizations::user_of_token(services, realm, &user, id).await?;
            let own = user.filter(|(user, _)| {
                settings.service_accounts_enabled && user.service_account_of.as_ref() == Some(&client.client.id)
            });
            own.map(|(user, given)| (user, given, None))
        }
        _ => None,
    };
    let found = found.filter(|(user, ..)| user.enabled && issued >= user.not_before);
    Ok(found.map(|(user, given, session)| AccessToken { claims, client, user, given, session }))
}
