//! Device authorization (RFC 8628): a device shows a code, a person types it in a browser and decides.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use model::{client::Client, id::SessionId, realm::Realm, secret::Secret};
use openssl::sha::sha256;
use serde_json::Value;
use store::device_codes::{NewDeviceCode, Polled, Waiting};
use time::Duration;

use crate::{Error, Result, Services, random};

/// The letters of the code that people type: no vowels, so that no words come of it (RFC 8628 section 6.1).
const LETTERS: &[u8] = b"BCDFGHJKLMNPQRSTVWXZ";
/// How often another code is drawn if one is taken.
const DRAWS: usize = 5;

/// The codes of a request.
#[derive(Clone, Debug)]
pub struct Codes {
    /// For the device.
    pub device_code: Secret,
    /// For the person, such as `BCDF-GHJK`.
    pub user_code: String,
    /// Seconds until both end.
    pub expires_in: i64,
    /// Seconds between two questions of the device.
    pub interval: i64,
}

fn hash(code: &str) -> [u8; 32] {
    sha256(code.as_bytes())
}

/// The letters of a typed code, as they are compared: case, spaces and hyphens don't count. None if it can't be a code.
#[must_use]
pub fn typed(code: &str) -> Option<String> {
    if code.len() > 64 {
        return None;
    }
    let letters: String =
        code.chars().filter(char::is_ascii_alphanumeric).map(|letter| letter.to_ascii_uppercase()).collect();
    (letters.len() == 8 && letters.bytes().all(|letter| LETTERS.contains(&letter))).then_some(letters)
}

/// Makes the codes of a request.
///
/// # Errors
/// If the database fails.
pub async fn create(services: &Services, realm: &Realm, client: &Client, request: &Value) -> Result<Codes> {
    let setting = |name: &str, of_realm: i64| {
        let own = client.attributes.get(name).and_then(|seconds| seconds.trim().parse::<i64>().ok());
        own.filter(|seconds| *seconds > 0).unwrap_or(of_realm)
    };
    let expires_in = setting("oauth2.device.code.lifespan", realm.settings.oauth2_device_code_lifespan);
    let interval = setting("oauth2.device.polling.interval", realm.settings.oauth2_device_polling_interval);
    let device_code = URL_SAFE_NO_PAD.encode(random::bytes::<32>(&*services.random));
    let now = services.now();
    let mut last = None;
    for _ in 0..DRAWS {
        let letters = random::text(&*services.random, LETTERS, 8);
        let new = NewDeviceCode {
            hash: &hash(&device_code),
            user_code_hash: &hash(&letters),
            client: &client.id,
            request,
            interval: i32::try_from(interval).unwrap_or(i32::MAX),
            now,
            expires: now.saturating_add(Duration::seconds(expires_in)),
        };
        match store::device_codes::insert(&services.store, realm.id, new).await {
            Ok(()) => {
                let (first, second) = letters.split_at(4);
                let user_code = format!("{first}-{second}");
                return Ok(Codes { device_code: Secret::new(device_code), user_code, expires_in, interval });
            }
            Err(error @ store::Error::Conflict { missing: false, .. }) => last = Some(error),
            Err(error) => return Err(crate::sessions::gone(error)),
        }
    }
    Err(last.map_or(Error::Busy(std::time::Duration::from_secs(1)), Error::Store))
}

/// The request that waits under a typed code.
///
/// # Errors
/// If the database fails.
pub async fn waiting(services: &Services, realm: &Realm, letters: &str) -> Result<Option<Waiting>> {
    let mut conn = services.store.read().await?;
    Ok(store::device_codes::waiting(&mut conn, realm.id, &hash(letters), services.now()).await?)
}

/// Decides about the request under a typed code: approves it in a session, or refuses it. False if it waits no more.
///
/// # Errors
/// If the database fails.
pub async fn decide(services: &Services, realm: &Realm, letters: &str, approved: Option<&SessionId>) -> Result<bool> {
    Ok(store::device_codes::decide(&services.store, realm.id, &hash(letters), approved, services.now()).await?)
}

/// Answers a device of this client that asks.
///
/// # Errors
/// If the database fails.
pub async fn poll(services: &Services, realm: &Realm, client: &Client, device_code: &str) -> Result<Polled> {
    if device_code.len() != 43 {
        return Ok(Polled::Unknown);
    }
    let hash = hash(device_code);
    Ok(store::device_codes::poll(&services.store, realm.id, &hash, &client.id, services.now()).await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_type_codes_as_they_like() {
        for text in ["BCDF-GHJK", "bcdf ghjk", "bcdfghjk", " BCDF–GHJK "] {
            assert_eq!(typed(text).as_deref(), Some("BCDFGHJK"), "{text}");
        }
        for text in ["", "BCDF-GHJ", "BCDF-GHJA", "BCDF-GHJKL", &"B".repeat(100)] {
            assert_eq!(typed(text), None, "{text}");
        }
    }
}
