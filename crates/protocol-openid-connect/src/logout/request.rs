//! What a logout is asked for: by which client, for which session, and where the browser is to go afterwards. Whatever
//! is wrong with it is told on a page of ours: nobody is sent anywhere before it is known that they may be.

use std::sync::Arc;

use actix_web::{HttpRequest, http::StatusCode};
use model::{client::OPENID_CONNECT, id::SessionId, realm::Realm};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use services::{Services, cache, clients::ClientConfig};

use super::places;
use crate::{audit::Facts, form::Form, id_token_hint};

/// The longest `client_id`, in bytes.
const MAX_CLIENT_ID: usize = 255;
/// The longest `state`, in bytes; as at the authorization endpoint.
const MAX_STATE: usize = 4_000;

/// Why a request isn't followed.
#[derive(Debug)]
pub enum Refused {
    /// The person sees a page.
    Page(Page),
    /// The server failed.
    Failed(services::Error),
}

/// What is on that page.
#[derive(Debug)]
pub struct Page {
    /// The status.
    pub status: StatusCode,
    /// A sentence that begins as Keycloak's.
    pub text: String,
    /// Keycloak's error code for the event.
    pub event: &'static str,
}

impl Refused {
    /// A bad request.
    pub fn page(text: &str, event: &'static str) -> Self {
        Self::Page(Page { status: StatusCode::BAD_REQUEST, text: text.to_owned(), event })
    }
}

impl From<services::Error> for Refused {
    fn from(error: services::Error) -> Self {
        Self::Failed(error)
    }
}

/// A request that is sound.
#[derive(Debug)]
pub struct LogoutRequest {
    /// The client that asks, or that the ID token is of.
    pub client: Option<Arc<ClientConfig>>,
    /// The session of the ID token.
    pub session: Option<SessionId>,
    /// Where the browser goes afterwards.
    pub target: Option<Target>,
}

/// Where a browser goes after a logout.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Target {
    /// The client that it was registered for.
    pub client_id: String,
    /// The address, as it was registered.
    pub uri: String,
    /// Given back as it came.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
}

/// Whether the realm listens to this request at all.
///
/// # Errors
/// The page that says why not.
pub fn may_be_heard(realm: &Realm, request: &HttpRequest) -> Result<(), Refused> {
    if !web::connection::satisfies(&realm.settings.ssl_required, request) {
        return Err(Refused::page("HTTPS required", "ssl_required"));
    }
    if !realm.enabled {
        return Err(Refused::page("Realm not enabled", "realm_disabled"));
    }
    Ok(())
}

/// Reads the parameters of section 2. `logout_hint` and `ui_locales` change nothing, and neither does Keycloak's old
/// `redirect_uri`, which no version of the specification knows.
///
/// # Errors
/// The page that says what is wrong.
pub async fn read(
    services: &Services,
    realm: &Realm,
    form: &Form,
    facts: &mut Facts,
) -> Result<LogoutRequest, Refused> {
    let named = form.get("client_id");
    facts.client = named.map(|name| name.chars().filter(|letter| !letter.is_control()).take(MAX_CLIENT_ID).collect());
    let hint = match form.get("id_token_hint") {
        None => None,
        Some(hint) => Some(id_token_hint::claims(services, realm, hint).await?.ok_or_else(|| {
            let text = "Session not active. The application's proof of who was logged in (id_token_hint) is none of \
                        this server's.";
            Refused::page(text, "invalid_token")
        })?),
    };
    let claim = |name: &str| hint.as_ref().and_then(|claims| claims.get(name)?.as_str());
    if let (Some(named), Some(of)) = (named, claim("azp"))
        && named != of
    {
        let text =
            "Invalid parameter: client_id. The proof of who was logged in (id_token_hint) is another application's.";
        return Err(Refused::page(text, "invalid_token"));
    }
    let client = match named.or(claim("azp")) {
        None => None,
        Some(name) => find(services, realm, name).await?,
    };
    if named.is_some() && client.is_none() {
        return Err(Refused::page("Client not found. The application is not known here.", "client_not_found"));
    }
    facts.client = client.as_ref().map(|config| config.client.client_id.clone());
    Ok(LogoutRequest {
        session: hint.as_ref().and_then(|claims| claims.get("sid").and_then(Value::as_str)).map(SessionId::from),
        target: target(services, form, client.as_deref(), facts)?,
        client,
    })
}

async fn find(services: &Services, realm: &Realm, name: &str) -> services::Result<Option<Arc<ClientConfig>>> {
    if name.len() > MAX_CLIENT_ID {
        return Ok(None);
    }
    let found = cache::client(services, realm, name).await?;
    Ok(found.filter(|config| config.client.client_id == name && config.client.protocol == OPENID_CONNECT))
}

/// Where the request wants the browser to go, if it may (section 3).
fn target(
    services: &Services,
    form: &Form,
    client: Option<&ClientConfig>,
    facts: &mut Facts,
) -> Result<Option<Target>, Refused> {
    let Some(uri) = form.get("post_logout_redirect_uri") else { return Ok(None) };
    facts.detail("redirect_uri", uri);
    if form.get("client_id").is_none() && form.get("id_token_hint").is_none() {
        let text =
            "Missing parameters: id_token_hint. Without it or client_id nobody knows which application wants this.";
        return Err(Refused::page(text, "invalid_request"));
    }
    let state = form.get("state");
    if state.is_some_and(|state| state.len() > MAX_STATE) {
        return Err(Refused::page("Invalid parameter: state. It is too long.", "invalid_request"));
    }
    let client = client.filter(|config| places::may_lead(&config.client, services.public_url(), uri));
    let Some(client) = client else {
        let text = "Invalid redirect uri. The application wants you to go to an address (post_logout_redirect_uri) that \
                    isn't registered for it.";
        return Err(Refused::page(text, "invalid_redirect_uri"));
    };
    Ok(Some(Target {
        client_id: client.client.client_id.clone(),
        uri: uri.to_owned(),
        state: state.map(str::to_owned),
    }))
}

/// A target that was sealed into a page: none any more if the client lost it meanwhile.
///
/// # Errors
/// If the database fails.
pub async fn still_registered(services: &Services, realm: &Realm, target: Target) -> services::Result<Option<Target>> {
    let client = find(services, realm, &target.client_id).await?;
    let kept = client.is_some_and(|config| places::may_lead(&config.client, services.public_url(), &target.uri));
    Ok(kept.then_some(target))
}

/// The client of a target.
///
/// # Errors
/// If the database fails.
pub async fn client_of(
    services: &Services,
    realm: &Realm,
    client_id: Option<&str>,
) -> services::Result<Option<Arc<ClientConfig>>> {
    match client_id {
        Some(name) => find(services, realm, name).await,
        None => Ok(None),
    }
}
