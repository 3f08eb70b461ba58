//! Clients that are told in the browser (OpenID Connect Front-Channel Logout 1.0): a frame of each, on the page that
//! follows the logout.

use model::{
    client::{Client, OPENID_CONNECT},
    realm::Realm,
    session::UserSession,
};
use services::{Result, Services, cache};
use web::{ClientShown, WebAddress, pages::LogoutFrame};

use super::places;

/// Client attributes, Keycloak's names.
const URL: &str = "frontchannel.logout.url";
const SESSION_REQUIRED: &str = "frontchannel.logout.session.required";

/// The frames for the clients in a session that want to hear of its end so.
///
/// # Errors
/// If the database fails.
pub async fn frames(services: &Services, realm: &Realm, session: &UserSession) -> Result<Vec<LogoutFrame>> {
    let issuer = services.realm_url(realm);
    let mut frames = Vec::new();
    for (_, client_id) in &session.clients {
        let Some(config) = cache::client(services, realm, client_id).await? else { continue };
        if let Some(logout_uri) = address(&config.client, &issuer, session) {
            frames.push(LogoutFrame { client: ClientShown::of(&config.client).name, logout_uri });
        }
    }
    Ok(frames)
}

/// Where a client's frame leads: with `iss` and `sid` unless it does without (section 2).
fn address(client: &Client, issuer: &str, session: &UserSession) -> Option<WebAddress> {
    if !client.settings.frontchannel_logout || client.protocol != OPENID_CONNECT {
        return None;
    }
    let attribute = |name: &str| client.attributes.get(name).map(|value| value.trim());
    let url = attribute(URL).filter(|url| !url.is_empty())?;
    match attribute(SESSION_REQUIRED) == Some("false") {
        true => WebAddress::parse(url),
        false => WebAddress::parse(&places::with(url, &[("iss", issuer), ("sid", session.id.as_str())])),
    }
}
