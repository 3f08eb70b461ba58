//! Identity tokens: what `docker login` stores instead of the password.
//!
//! A token is 256 random bits, of which the database knows the SHA-256 hash only; with that much randomness a slow hash
//! would protect nothing more. It is bound to user, client and realm, and is used again and again, by many requests at
//! once: docker never stores a replacement.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use model::{
    id::{ClientId, SessionId, UserId},
    realm::Realm,
    secret::Secret,
    session::IdentityToken,
};
use openssl::sha::sha256;
use time::Duration;
use zeroize::Zeroizing;

pub use store::identity_tokens::Redeemed;

use crate::{Origin, Result, Services, random, sessions::gone};

/// What every token begins with, so that scanners for leaked secrets recognise one.
pub const PREFIX: &str = "ptk_";
/// 256 bits in base64url without padding.
const LENGTH: usize = 43;

/// Makes a token that ends after `lifespan`.
///
/// # Errors
/// `NotFound` if the user or the client is gone.
pub async fn issue(
    services: &Services,
    realm: &Realm,
    user: &UserId,
    client: &ClientId,
    origin: &Origin,
    lifespan: Duration,
) -> Result<Secret> {
    let bits = Zeroizing::new(random::bytes::<32>(&*services.random));
    let secret = Secret::new(format!("{PREFIX}{}", URL_SAFE_NO_PAD.encode(*bits)));
    let now = services.now();
    let token = IdentityToken {
        id: SessionId(services.new_id()),
        user_id: user.clone(),
        client_id: client.clone(),
        created: now,
        last_used: now,
        expires: now.saturating_add(lifespan),
        ip_address: origin.ip_address.clone(),
        user_agent: origin.user_agent.clone(),
    };
    let hash = sha256(secret.expose().as_bytes());
    store::identity_tokens::insert(&services.store, realm.id, &token, &hash).await.map_err(gone)?;
    Ok(secret)
}

/// The token, its user and what was given to the user, in one statement. None if it is no token of this realm and
/// client, if it ended, if the user is disabled, or if the realm or the user refuses what was issued so long ago.
///
/// That it was used is noted with the event: see [`crate::events::record_with_use`].
///
/// # Errors
/// If the database fails.
pub async fn redeem(
    services: &Services,
    realm: &Realm,
    client: &ClientId,
    presented: &Secret,
) -> Result<Option<Redeemed>> {
    if !is_token(presented.expose()) {
        return Ok(None);
    }
    let hash = sha256(presented.expose().as_bytes());
    let mut conn = services.store.read().await?;
    let found = store::identity_tokens::find(&mut conn, realm.id, client, &hash, services.now()).await?;
    Ok(found.filter(|found| {
        let not_before = found.user.not_before.max(realm.settings.not_before);
        found.user.enabled && found.token.created.unix_timestamp() >= not_before
    }))
}

/// Whether a text has the form of a token.
#[must_use]
pub fn is_token(text: &str) -> bool {
    text.strip_prefix(PREFIX).is_some_and(|bits| {
        bits.len() == LENGTH && bits.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_texts_of_the_form_are_looked_up() {
        let bits = URL_SAFE_NO_PAD.encode([0xfb; 32]);
        assert!(is_token(&format!("{PREFIX}{bits}")));
        assert!(!is_token(&bits));
        assert!(!is_token(&format!("{PREFIX}{bits}=")));
        assert!(!is_token(&format!("{PREFIX}{}", &bits[1..])));
        assert!(!is_token(&format!("{PREFIX}{}\0", &bits[1..])));
        assert!(!is_token("eyJhbGciOiJIUzI1NiJ9.e30.x"));
    }
}
