//! The two kinds of tokens of client registration. Both are signed by the realm with the key that only this server
//! verifies; what they are good for stands in the database, under the token's id.

use std::sync::Arc;

use jose::SignatureAlgorithm;
use model::{client::Client, realm::Realm, secret::Secret};
use serde_json::{Map, Value, json};

use super::{Access, refusal::Refusal};
use crate::{
    Error, Result, Services,
    administrators::ACCESS_TOKEN,
    cache,
    initial_access::InitialAccessToken,
    keys::{self, RealmKeys},
};

/// The `typ` of a token with which clients are registered.
const INITIAL_ACCESS: &str = "InitialAccessToken";
/// The `typ` of a token with which a registered client manages itself.
const REGISTRATION_ACCESS: &str = "RegistrationAccessToken";

/// The claim that says how the client was registered. Keycloak's name.
const ACCESS: &str = "registration_auth";
/// The claim with the origins of pages that may use the token. Keycloak's name.
const ORIGINS: &str = "allowed-origins";

const ALGORITHM: SignatureAlgorithm = SignatureAlgorithm::Hs512;

/// Signs tokens of a realm. Made before a transaction: what is read for it must not wait for a second connection while
/// others wait for the first one.
pub(crate) struct Signer {
    keys: Arc<RealmKeys>,
    issuer: String,
    now: i64,
}

impl Signer {
    pub(crate) async fn of(services: &Services, realm: &Realm) -> Result<Self> {
        let keys = keys::with_active(services, realm, ALGORITHM).await?;
        Ok(Self { keys, issuer: services.realm_url(realm), now: services.now().unix_timestamp() })
    }

    fn sign(&self, typ: &str, id: &str, further: impl IntoIterator<Item = (&'static str, Value)>) -> Result<Secret> {
        let claims: Map<String, Value> = [
            ("jti", json!(id)),
            ("iss", json!(self.issuer)),
            ("aud", json!(self.issuer)),
            ("iat", json!(self.now)),
            ("typ", json!(typ)),
        ]
        .into_iter()
        .chain(further)
        .map(|(name, value)| (name.to_owned(), value))
        .collect();
        let key = self.keys.active(ALGORITHM).ok_or(Error::Jose(jose::Error::UnknownKey))?;
        Ok(Secret::new(key.sign(&claims)?))
    }

    /// An initial access token.
    pub(crate) fn initial_access(&self, token: &InitialAccessToken, origins: &[String]) -> Result<Secret> {
        let expires = token.expires.map(|expires| ("exp", json!(expires.unix_timestamp())));
        let origins = (!origins.is_empty()).then(|| (ORIGINS, json!(origins)));
        self.sign(INITIAL_ACCESS, &token.id, expires.into_iter().chain(origins))
    }

    /// A registration access token of this id for a client.
    pub(super) fn registration_access(&self, client: &Client, id: &str, access: Access) -> Result<Secret> {
        self.sign(REGISTRATION_ACCESS, id, [(ACCESS, json!(access.as_str())), ("azp", json!(client.client_id))])
    }
}

/// A token whose signature is good.
#[derive(Debug)]
pub(super) enum Presented {
    /// An initial access token, with the origins of pages that may use it.
    InitialAccess(InitialAccessToken, Vec<String>),
    /// A registration access token: its id and how the client was registered.
    RegistrationAccess(String, Access),
    /// Perhaps an access token of an administrator, of this realm or of master.
    Other,
}

/// Reads a token. Whether it is good for what is asked is still to be found out.
pub(super) async fn read(services: &Services, realm: &Realm, token: &str) -> std::result::Result<Presented, Refusal> {
    let keys = cache::keys(services, realm).await?;
    let Ok(verified) = keys.verify(token) else { return Ok(Presented::Other) };
    let claims = verified.claims;
    let text = |name: &str| claims.get(name).and_then(Value::as_str);
    let kind = match text("typ") {
        Some(ACCESS_TOKEN) => return Ok(Presented::Other),
        Some(kind @ (INITIAL_ACCESS | REGISTRATION_ACCESS)) => kind,
        _ => return Err(Refusal::InvalidToken("Invalid type of token")),
    };
    let id = text("jti").filter(|_| text("iss") == Some(services.realm_url(realm).as_str()));
    let id = id.ok_or(Refusal::InvalidToken("Failed decode token"))?;
    if kind == REGISTRATION_ACCESS {
        let access = text(ACCESS).map_or(Access::Anonymous, Access::parse);
        return Ok(Presented::RegistrationAccess(id.to_owned(), access));
    }
    let mut conn = services.store.read().await?;
    let stored = store::initial_access_tokens::find(&mut conn, realm.id, id).await?;
    let stored = stored.ok_or(Refusal::InvalidToken("Initial Access Token not found"))?;
    if let Some(refusal) = exhausted(services, &stored) {
        return Err(refusal);
    }
    let origins = claims.get(ORIGINS).and_then(Value::as_array).into_iter().flatten();
    let origins = origins.filter_map(Value::as_str).map(str::to_owned).collect();
    Ok(Presented::InitialAccess(stored, origins))
}

/// Why an initial access token is good for no further client.
pub(super) fn exhausted(services: &Services, token: &InitialAccessToken) -> Option<Refusal> {
    if token.remaining <= 0 {
        return Some(Refusal::InvalidToken("No remaining count on initial access token"));
    }
    let ended = token.expires.is_some_and(|expires| expires <= services.now());
    ended.then_some(Refusal::InvalidToken("Expired initial access token"))
}
