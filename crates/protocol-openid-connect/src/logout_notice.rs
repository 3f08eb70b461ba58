//! The logout token: how a client hears, from server to server, that a session ended (OpenID Connect Back-Channel Logout
//! 1.0 section 2.4).

use protocol::{EndedSession, LogoutNotice};
use serde_json::{Value, json};

use crate::{
    claims::{ClaimMapper, subject_for},
    tokens::{ID_ALGORITHM, algorithm},
};

/// Client attributes, Keycloak's names.
const URL: &str = "backchannel.logout.url";
const SESSION_REQUIRED: &str = "backchannel.logout.session.required";
const REVOKE_OFFLINE: &str = "backchannel.logout.revoke.offline.tokens";

/// The event of section 2.4.
const EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";
/// Keycloak's addition: the client is to forget its offline tokens too.
const OFFLINE_EVENT: &str = "revoke_offline_access";
/// The `typ` claim. No other token of ours carries it, so a logout token passes for nothing else.
const KIND: &str = "Logout";
/// Seconds that the token is good: section 4 recommends at most two minutes.
const LASTS: i64 = 120;

/// What a client is told. None without an address to tell it at.
pub fn of(ended: &EndedSession<'_>) -> Option<LogoutNotice> {
    let attribute = |name: &str| ended.client.attributes.get(name).map(|value| value.trim());
    let url = attribute(URL).filter(|url| !url.is_empty())?;
    let mappers = ClaimMapper::parse_all(ended.mappers);
    let events = match attribute(REVOKE_OFFLINE) == Some("true") {
        true => json!({ EVENT: {}, OFFLINE_EVENT: true }),
        false => json!({ EVENT: {} }),
    };
    let claims = json!({
        "iss": ended.issuer,
        "aud": ended.client.client_id,
        "sub": subject_for(&mappers, ended.client, ended.user),
        "iat": ended.now,
        "exp": ended.now.saturating_add(LASTS),
        "jti": ended.id,
        "typ": KIND,
        "events": events,
    });
    let Value::Object(mut claims) = claims else { return None };
    // The subject alone would mean all of the user's sessions.
    if attribute(SESSION_REQUIRED) != Some("false") {
        claims.insert("sid".to_owned(), json!(ended.session.as_str()));
    }
    Some(LogoutNotice {
        url: url.to_owned(),
        algorithm: algorithm(ended.realm, ended.client, ID_ALGORITHM).as_str().to_owned(),
        typ: "logout+jwt",
        claims,
        field: "logout_token",
    })
}
