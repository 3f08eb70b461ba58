//! The two kinds of tokens of client registration. Both are signed by the realm with the key that only this server
//! verifies; what they are good for stands in the database, under the token's id.

use jose::SignatureAlgorithm;
use model::{client::Client, realm::Realm, secret::Secret};
use serde_json::{Map, Value, json};

use super::{Access, refusal::Refusal};
use crate::{Error, Result, Services, administrators::ACCESS_TOKEN, cache, initial_access::InitialAccessToken, keys};

/// The `typ` of a token with which clients are registered.
const INITIAL_ACCESS: &str = "InitialAccessToken";
/// The `typ` of a token with which a registered client manages itself.
const REGISTRATION_ACCESS: &str = "RegistrationAccessToken";

/// The claim that says how the client was registered. Keycloak's name.
const ACCESS: &str = "registration_auth";
/// The claim with the origins of pages that may use the token. Keycloak's name.
const ORIGINS: &str = "allowed-origins";

const ALGORITHM: SignatureAlgorithm = SignatureAlgorithm::Hs512;

async fn sign(
    services: &Services,
    realm: &Realm,
    (typ, id): (&str, &str),
    further: impl IntoIterator<Item = (&'static str, Value)>,
) -> Result<Secret> {
    let issuer = services.realm_url(realm);
    let mut claims = Map::new();
    for (name, value) in [
        ("jti", json!(id)),
        ("iss", json!(issuer)),
        ("aud", json!(issuer)),
        ("iat", json!(services.now().unix_timestamp())),
        ("typ", json!(typ)),
    ] {
        claims.insert(name.to_owned(), value);
    }
    claims.extend(further.into_iter().map(|(name, value)| (name.to_owned(), value)));
    let keys = keys::with_active(services, realm, ALGORITHM).await?;
    let key = keys.active(ALGORITHM).ok_or(Error::Jose(jose::Error::UnknownKey))?;
    Ok(Secret::new(key.sign(&claims)?))
}

/// Signs an initial access token.
pub(crate) async fn initial_access(
    services: &Services,
    realm: &Realm,
    token: &InitialAccessToken,
    origins: &[String],
) -> Result<Secret> {
    let expires = token.expires.map(|expires| ("exp", json!(expires.unix_timestamp())));
    let origins = (!origins.is_empty()).then(|| (ORIGINS, json!(origins)));
    sign(services, realm, (INITIAL_ACCESS, &token.id), expires.into_iter().chain(origins)).await
}

/// Signs a registration access token of this id for a client.
pub(super) async fn registration_access(
    services: &Services,
    realm: &Realm,
    client: &Client,
    id: &str,
    access: Access,
) -> Result<Secret> {
    let further = [(ACCESS, json!(access.as_str())), ("azp", json!(client.client_id))];
    sign(services, realm, (REGISTRATION_ACCESS, id), further).await
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
