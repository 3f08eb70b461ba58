//! Signed tokens, and the answer that carries them (RFC 6749 section 5.1).

use jose::SignatureAlgorithm;
use model::{client::Client, realm::Realm, session::UserSession, subject::Subject, user::User};
use serde_json::{Map, Value, json};
use services::{Origin, Result, Services, keys, subjects};

use crate::{
    claims::{Common, is_lightweight},
    scope::Scopes,
};

/// The `typ` claim of a refresh token.
pub const REFRESH: &str = "Refresh";
/// The algorithm of tokens that only we read.
const OWN_ALGORITHM: SignatureAlgorithm = SignatureAlgorithm::Hs512;
/// Attribute: seconds that access tokens of this client live.
const LIFESPAN: &str = "access.token.lifespan";
/// Attribute: what signs access tokens of this client.
const ACCESS_ALGORITHM: &str = "access.token.signed.response.alg";
/// Attribute: what signs ID tokens of this client.
const ID_ALGORITHM: &str = "id.token.signed.response.alg";

/// For whom tokens are made.
pub struct Holder<'a> {
    /// The realm.
    pub realm: &'a Realm,
    /// The client that asked.
    pub client: &'a Client,
    /// The user.
    pub user: &'a User,
    /// The user's session; none where a client acts for itself, which gets no refresh token.
    pub session: Option<&'a UserSession>,
    /// The scopes.
    pub scopes: &'a Scopes,
    /// From where it was asked.
    pub origin: &'a Origin,
}

/// Makes the tokens of one answer: access token, with a session a refresh token, with `openid` an ID token.
///
/// # Errors
/// If the database or the cryptographic library fails.
pub async fn issue(services: &Services, holder: &Holder<'_>) -> Result<Value> {
    let (realm, client) = (holder.realm, holder.client);
    let issuer = services.realm_url(realm);
    let now = services.now().unix_timestamp();
    let subject = subject(services, holder).await?;
    let common = Common {
        issuer: &issuer,
        now,
        authenticated: holder.session.map(|session| session.started.unix_timestamp()),
        session: holder.session.map(|session| &session.id),
        client,
        scopes: holder.scopes,
        subject: &subject,
    };
    let session_left = holder.session.map(|session| {
        session.started.unix_timestamp().saturating_add(realm.settings.sso_session_max_lifespan).saturating_sub(now)
    });
    let expires_in = lifespan(realm, client).min(session_left.unwrap_or(i64::MAX)).max(0);
    let access = common.access(services.new_id(), now + expires_in, holder.origin);
    let mut answer = Map::new();
    let mut put = |name: &str, value: Value| answer.insert(name.to_owned(), value);
    put("access_token", json!(sign(services, realm, algorithm(realm, client, ACCESS_ALGORITHM), &access).await?));
    put("expires_in", json!(expires_in));
    put("refresh_expires_in", json!(0));
    if let (Some(session), Some(left)) = (holder.session, session_left) {
        let refresh_expires_in = realm.settings.sso_session_idle_timeout.min(left).max(0);
        let refresh = common.refresh(services.new_id(), now + refresh_expires_in);
        put("refresh_expires_in", json!(refresh_expires_in));
        put("refresh_token", json!(sign(services, realm, OWN_ALGORITHM, &refresh).await?));
        put("session_state", json!(session.id.as_str()));
    }
    put("token_type", json!("Bearer"));
    if holder.scopes.openid() {
        let id = common.id(services.new_id(), now + expires_in);
        put("id_token", json!(sign(services, realm, algorithm(realm, client, ID_ALGORITHM), &id).await?));
    }
    put("not-before-policy", json!(realm.settings.not_before));
    put("scope", json!(holder.scopes.text()));
    Ok(Value::Object(answer))
}

/// A lightweight token without an ID token says nothing that would have to be asked for.
async fn subject(services: &Services, holder: &Holder<'_>) -> Result<Subject> {
    if is_lightweight(holder.client) && !holder.scopes.openid() {
        return Ok(Subject { user_id: Some(holder.user.id.clone()), ..Subject::default() });
    }
    let mut conn = services.store.read().await?;
    subjects::load(&mut conn, holder.realm.id, holder.user).await
}

async fn sign(
    services: &Services,
    realm: &Realm,
    algorithm: SignatureAlgorithm,
    claims: &Map<String, Value>,
) -> Result<String> {
    let keys = keys::with_active(services, realm, algorithm).await?;
    let key = keys.active(algorithm).ok_or(services::Error::Jose(jose::Error::UnknownKey))?;
    key.sign(claims)
}

/// The client's algorithm, else the realm's. A text that is no algorithm counts as absent.
fn algorithm(realm: &Realm, client: &Client, attribute: &str) -> SignatureAlgorithm {
    let named = client.attributes.get(attribute).and_then(|name| name.parse().ok());
    named.or_else(|| realm.settings.default_signature_algorithm.parse().ok()).unwrap_or(SignatureAlgorithm::Rs256)
}

fn lifespan(realm: &Realm, client: &Client) -> i64 {
    let own = client.attributes.get(LIFESPAN).and_then(|seconds| seconds.trim().parse().ok());
    own.filter(|seconds| *seconds > 0).unwrap_or(realm.settings.access_token_lifespan)
}
