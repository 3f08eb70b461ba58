//! The last token requests of a registry: what was requested, what was granted, and why the rest was not.
//!
//! They are the events of its client; why something was not granted was decided then and is written with the event.

use model::{
    client::Client,
    event::Event,
    id::{ClientId, EventId, UserId},
    permission::Permission,
    realm::Realm,
};
use time::OffsetDateTime;

use crate::{Caller, Result, Services, clients, refusals};

/// Detail of an event: each resource with the actions that were not granted, and why, one on each line.
pub const NOT_GRANTED: &str = "not_granted";

/// The most requests that one answer holds.
pub const MOST: i64 = 200;

/// A token request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenRequest {
    /// Its event, by which it can be explained.
    pub id: EventId,
    /// When.
    pub time: OffsetDateTime,
    /// The user.
    pub user: Option<UserId>,
    /// The user's name, or the one that was given; none without credentials.
    pub name: Option<String>,
    /// The address from where.
    pub from: Option<String>,
    /// The program, as it calls itself.
    pub program: Option<String>,
    /// What was requested, as scopes.
    pub requested: String,
    /// What was granted, as scopes.
    pub granted: String,
    /// Each thing that was not granted, and why.
    pub refused: Vec<(String, String)>,
    /// Why the request was refused as a whole.
    pub error: Option<String>,
}

/// What was not granted and why, as an event tells it.
#[must_use]
pub fn not_granted(event: &Event) -> Vec<(String, String)> {
    let lines = event.details.get(NOT_GRANTED).map(String::as_str).unwrap_or_default().lines();
    lines.filter_map(|line| line.split_once(": ")).map(|(about, why)| (about.to_owned(), why.to_owned())).collect()
}

/// The newest token requests of a registry's client, the newest first.
///
/// # Errors
/// `NotFound`, or `Forbidden` without permission to view events and clients.
pub async fn newest(
    services: &Services,
    caller: &Caller,
    realm: &Realm,
    client: &ClientId,
    max: i64,
) -> Result<Vec<TokenRequest>> {
    let client = clients::find(services, caller, realm, client).await?;
    of_client(services, caller, realm, &client, max).await
}

/// As [`newest`], for a client that was read before.
///
/// # Errors
/// `Forbidden` without permission to view events and clients.
pub async fn of_client(
    services: &Services,
    caller: &Caller,
    realm: &Realm,
    client: &Client,
    max: i64,
) -> Result<Vec<TokenRequest>> {
    caller.require(refusals::VIEW)?;
    caller.require(&[Permission::ViewClients, Permission::ManageClients])?;
    let mut conn = services.store.read().await?;
    let events = store::events::newest_of_client(&mut conn, realm.id, &client.client_id, max.clamp(1, MOST)).await?;
    Ok(events.into_iter().filter(|event| event.kind.starts_with("LOGIN")).map(request).collect())
}

fn request(event: Event) -> TokenRequest {
    let refused = not_granted(&event);
    let detail = |name: &str| event.details.get(name).cloned();
    TokenRequest {
        name: detail("username"),
        program: detail("user_agent"),
        requested: detail("requested").unwrap_or_default(),
        granted: detail("granted").unwrap_or_default(),
        error: event.error.as_ref().map(|error| detail("reason").unwrap_or_else(|| words(error, &event))),
        refused,
        id: event.id,
        time: event.time,
        user: event.user_id,
        from: event.ip_address,
    }
}

/// An error code in words.
fn words(error: &str, event: &Event) -> String {
    match error {
        "user_not_found" if !event.details.contains_key("username") => {
            "Nobody logged in, and no rule is for requests without credentials.".to_owned()
        }
        "invalid_token" => "The stored login is not valid any more.".to_owned(),
        "ssl_required" => "This realm answers only over HTTPS.".to_owned(),
        "invalid_request" => "The request was not as it has to be.".to_owned(),
        other => format!("It was refused with {}.", other.replace('_', " ")),
    }
}
