//! Initial access tokens: with one, an application registers itself so many times and so long (RFC 7591 section 3).

use model::{event::Operation, permission::Permission, realm::Realm, secret::Secret};
use representation::{ClientInitialAccessCreatePresentation, ClientInitialAccessPresentation};
use serde_json::json;
use time::Duration;

pub use store::initial_access_tokens::InitialAccessToken;

use crate::{
    Caller, Error, Result, Services,
    admin_events::{self, Resource},
    client_registration::tokens,
    random,
};

const VIEW: &[Permission] = &[Permission::ViewClients, Permission::ManageClients];
const MANAGE: &[Permission] = &[Permission::ManageClients];

/// The most tokens that a realm keeps.
const MOST_TOKENS: usize = 1_000;
/// The most origins that one token names.
const MOST_ORIGINS: usize = 100;
/// The longest origin, in bytes.
const MAX_ORIGIN: usize = 255;

/// All tokens of a realm, the oldest first, without the tokens themselves.
///
/// # Errors
/// `Forbidden` without `view-clients` or `manage-clients`.
pub async fn list(services: &Services, caller: &Caller, realm: &Realm) -> Result<Vec<InitialAccessToken>> {
    caller.require(VIEW)?;
    Ok(store::initial_access_tokens::list(&mut *services.store.read().await?, realm.id).await?)
}

/// Makes a token. It is shown this once.
///
/// # Errors
/// `Invalid` for an `expiration` or `count` below zero, `Refused` if there are too many, `Forbidden` without
/// `manage-clients`.
pub async fn create(
    services: &Services,
    caller: &Caller,
    realm: &Realm,
    given: ClientInitialAccessCreatePresentation,
) -> Result<(InitialAccessToken, Secret)> {
    caller.require(MANAGE)?;
    let (seconds, count) = (given.expiration.unwrap_or(0), given.count.unwrap_or(1));
    if seconds < 0 {
        return Err(Error::invalid("expiration", "The expiration time interval cannot be less than 0"));
    }
    if count < 0 {
        return Err(Error::invalid("count", "The count cannot be less than 0"));
    }
    let origins = origins(given.web_origins.unwrap_or_default())?;
    let now = services.now();
    let token = InitialAccessToken {
        id: random::hexadecimal(&*services.random),
        created: now,
        expires: (seconds > 0).then(|| now.saturating_add(Duration::seconds(seconds.into()))),
        total: count,
        remaining: count,
    };
    let signed = tokens::initial_access(services, realm, &token, &origins).await?;
    let mut tx = services.store.begin(realm.id).await?;
    if store::initial_access_tokens::list(&mut tx, realm.id).await?.len() >= MOST_TOKENS {
        return Err(Error::Refused(format!(
            "A realm keeps {MOST_TOKENS} initial access tokens at the most: remove some that are no longer needed"
        )));
    }
    store::initial_access_tokens::insert(&mut tx, &token).await?;
    let shown = shown(&token);
    let resource = Resource { kind: RESOURCE, path: &path(&token.id) };
    admin_events::record(services, &mut tx, caller, realm, Operation::Create, resource, Some(&shown)).await?;
    services.commit(tx).await?;
    Ok((token, signed))
}

/// A token as representations show it, without the token itself.
#[must_use]
pub fn shown(token: &InitialAccessToken) -> ClientInitialAccessPresentation {
    let seconds = |moment: time::OffsetDateTime| i32::try_from(moment.unix_timestamp()).unwrap_or(i32::MAX);
    let lifespan = token.expires.map_or(0, |expires| (expires - token.created).whole_seconds());
    ClientInitialAccessPresentation {
        id: Some(token.id.clone()),
        token: None,
        timestamp: Some(seconds(token.created)),
        expiration: Some(i32::try_from(lifespan).unwrap_or(i32::MAX)),
        count: Some(token.total),
        remaining_count: Some(token.remaining),
    }
}

/// The origins from whose pages the token may be used.
fn origins(given: Vec<String>) -> Result<Vec<String>> {
    let fits = |origin: &String| origin.len() <= MAX_ORIGIN && origin.chars().all(|letter| letter.is_ascii_graphic());
    if given.len() > MOST_ORIGINS || !given.iter().all(fits) {
        let text = format!("At most {MOST_ORIGINS} origins of {MAX_ORIGIN} visible ASCII characters each are possible");
        return Err(Error::invalid("webOrigins", text));
    }
    Ok(given)
}

/// Removes a token; one that isn't there is as gone as it can be.
///
/// # Errors
/// `Forbidden` without `manage-clients`.
pub async fn remove(services: &Services, caller: &Caller, realm: &Realm, id: &str) -> Result<()> {
    caller.require(MANAGE)?;
    if id.contains('\0') {
        return Ok(());
    }
    let mut tx = services.store.begin(realm.id).await?;
    if store::initial_access_tokens::delete(&mut tx, id).await? {
        let resource = Resource { kind: RESOURCE, path: &path(id) };
        let shown = json!({ "id": id });
        admin_events::record(services, &mut tx, caller, realm, Operation::Delete, resource, Some(&shown)).await?;
    }
    services.commit(tx).await
}

const RESOURCE: &str = "CLIENT_INITIAL_ACCESS_MODEL";

fn path(id: &str) -> String {
    format!("clients-initial-access/{id}")
}
