//! Authorizations of clients in a session: the codes that they get, the families of tokens that come of them, and the end
//! of both.
//!
//! A code is `RANDOM.SESSION.CLIENT`, so that its row is found without an index; the database knows a hash of the random
//! part only. The same hash is the id of the family of tokens that the code is redeemed for, by which a second use of
//! the code is recognised.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use model::{
    client::Client,
    id::{ClientId, SessionId},
    realm::Realm,
    secret::Secret,
    session::{TokenFamily, UserSession},
    subject::Assignments,
    user::User,
};
use openssl::sha::sha256;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use store::{
    client_sessions::{Authorized, Holder, Part, Redeemed, Refresh, Refreshed, Rotation},
    sessions::OfflineFamily,
};
use time::OffsetDateTime;

use crate::{
    Result, Services, random,
    sessions::{gone, is_id, lifespans, may_go_on, open_at},
};

/// What an authorization code is good for.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct CodeGrant {
    /// When the code ends, seconds since 1970.
    pub expires: i64,
    /// The redirect URI, if the request named it: then the token request has to (RFC 6749 section 4.1.3).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub redirect_uri: Option<String>,
    /// The scopes that were granted.
    pub scope: String,
    /// For the ID token.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nonce: Option<String>,
    /// RFC 7636.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code_challenge: Option<String>,
    /// RFC 7636: `S256` or `plain`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code_challenge_method: Option<String>,
    /// How its family begins.
    pub family: TokenFamily,
}

/// What an authorization gave.
#[derive(Clone, Debug)]
pub struct Issued {
    /// The code, if one was asked for.
    pub code: Option<Secret>,
    /// The family's id, for tokens that are issued at once.
    pub family: String,
}

/// Notes that a client is authorized in a session: with a code, with a family that begins at once, or with both.
///
/// # Errors
/// `NotFound` if session or client are gone.
pub async fn authorize(
    services: &Services,
    realm: &Realm,
    session: &UserSession,
    client: &Client,
    code: Option<&CodeGrant>,
    at_once: Option<&TokenFamily>,
) -> Result<Issued> {
    let drawn = URL_SAFE_NO_PAD.encode(random::bytes::<32>(&*services.random));
    let family = family_of(&drawn);
    let stored = code.map(|code| serde_json::to_value(code).unwrap_or_default());
    let part = Part { realm: realm.id, session: &session.id, offline: false, client: &client.id };
    let new = Authorized { id: &family, code: stored.as_ref(), family: at_once };
    store::client_sessions::authorize(&services.store, part, new, services.now()).await.map_err(gone)?;
    let code = code.map(|_| Secret::new(format!("{drawn}.{}.{}", session.id, client.id)));
    Ok(Issued { code, family })
}

/// Begins a family of a client in a session of either kind.
///
/// # Errors
/// `NotFound` if session or client are gone.
pub async fn authorize_in(
    services: &Services,
    realm: &Realm,
    session: &UserSession,
    client: &Client,
    begins: &TokenFamily,
) -> Result<String> {
    let family = new_family(services);
    begin(services, realm, session, client, &family, begins).await?;
    Ok(family)
}

/// Begins the family with this id, as [`authorize_in`].
///
/// # Errors
/// `NotFound` if session or client are gone.
pub async fn begin(
    services: &Services,
    realm: &Realm,
    session: &UserSession,
    client: &Client,
    family: &str,
    begins: &TokenFamily,
) -> Result<()> {
    let part = Part { realm: realm.id, session: &session.id, offline: session.offline, client: &client.id };
    let new = Authorized { id: family, code: None, family: Some(begins) };
    store::client_sessions::authorize(&services.store, part, new, services.now()).await.map_err(gone)
}

/// A new id for a family that no code begins.
#[must_use]
pub fn new_family(services: &Services) -> String {
    family_of(&URL_SAFE_NO_PAD.encode(random::bytes::<32>(&*services.random)))
}

/// 128 bits of the hash of what was drawn, in base64url.
fn family_of(drawn: &str) -> String {
    URL_SAFE_NO_PAD.encode(sha256(drawn.as_bytes()).get(..16).unwrap_or_default())
}

/// How redeeming a code ended.
#[derive(Clone, Debug)]
pub enum Redemption {
    /// It is no code of this realm, or one that nothing is known of.
    Unknown,
    /// It is another client's.
    OfAnotherClient,
    /// It was redeemed before. What came of it is revoked now.
    Replayed,
    /// It waited too long.
    Expired,
    /// The session is over, or its user may not go on.
    SessionOver(Box<User>),
    /// It is good, and used up.
    Good(Box<Good>),
}

/// A code that was redeemed.
#[derive(Clone, Debug)]
pub struct Good {
    /// What it was good for.
    pub grant: CodeGrant,
    /// The id of its family.
    pub family: String,
    /// The session.
    pub session: UserSession,
    /// Its user.
    pub user: User,
    /// What was given to the user.
    pub given: Assignments,
}

/// Redeems a code. Whatever comes of it, it is good no more; a code that was redeemed before takes with it all that came
/// of it.
///
/// # Errors
/// If the database fails.
pub async fn redeem(services: &Services, realm: &Realm, client: &Client, code: &str) -> Result<Redemption> {
    let mut parts = code.splitn(3, '.');
    let (Some(drawn), Some(session), Some(of)) = (parts.next(), parts.next(), parts.next()) else {
        return Ok(Redemption::Unknown);
    };
    let session = SessionId(session.to_owned());
    if drawn.len() != 43 || !is_id(&session) || of.len() > model::id::MAX_ID_LENGTH {
        return Ok(Redemption::Unknown);
    }
    if of != client.id.as_str() {
        return Ok(Redemption::OfAnotherClient);
    }
    let now = services.now();
    let family = family_of(drawn);
    let part = Part { realm: realm.id, session: &session, offline: false, client: &client.id };
    let ends = now.unix_timestamp().saturating_add(lifespans::family(realm, client, false));
    let found = store::client_sessions::redeem(&services.store, part, &family, now, ends).await?;
    let Some(Redeemed { code, replayed, session, user, given }) = found else { return Ok(Redemption::Unknown) };
    if replayed {
        revoke(services, realm, &session.id, true, &client.id, &family).await?;
        return Ok(Redemption::Replayed);
    }
    let Some(grant) = code.and_then(|code| serde_json::from_value::<CodeGrant>(code).ok()) else {
        return Ok(Redemption::Unknown);
    };
    if grant.expires <= now.unix_timestamp() {
        return Ok(Redemption::Expired);
    }
    if !may_go_on(realm, &session, &user) || lifespans::left(realm, &session, now).is_some_and(|left| left <= 0) {
        return Ok(Redemption::SessionOver(Box::new(user)));
    }
    Ok(Redemption::Good(Box::new(Good { grant, family, session, user, given })))
}

/// Makes a session go on without a browser, with a family in it: its id, and how it begins. It begins in the session
/// itself too if the third is how; else it is there already. If it was taken away meanwhile, because its code came a
/// second time, nothing is kept: tokens that name it are good for nothing then.
///
/// # Errors
/// `NotFound` if user or client are gone.
pub async fn go_offline(
    services: &Services,
    realm: &Realm,
    session: &UserSession,
    client: &Client,
    beginning: (&str, &TokenFamily, Option<&TokenFamily>),
) -> Result<UserSession> {
    let now = services.now();
    let lifespan = lifespans::lifespan(realm, session.remember_me, true);
    let expires = now.saturating_add(time::Duration::seconds(lifespan.idle.min(lifespan.max)));
    let (id, offline, here) = beginning;
    let new = OfflineFamily { id, offline, here };
    store::sessions::insert_offline(&services.store, realm.id, session, &client.id, new, now, expires)
        .await
        .map_err(gone)?;
    Ok(UserSession { offline: true, started: now, last_access: now, ..session.clone() })
}

/// A refresh token that is to be exchanged.
#[derive(Clone, Copy, Debug)]
pub struct Presented<'a> {
    /// The session.
    pub session: &'a SessionId,
    /// It is an offline one.
    pub offline: bool,
    /// The family.
    pub family: &'a str,
    /// The token's generation in it.
    pub generation: i64,
}

/// Exchanges a refresh token of a client. None if the session is over or the client is not in it. Whether user and
/// realm let it go on is for the caller to see with [`goes_on`].
///
/// # Errors
/// If the database fails.
pub async fn refresh(
    services: &Services,
    realm: &Realm,
    client: &Client,
    presented: Presented<'_>,
) -> Result<Option<Refreshed>> {
    if !is_id(presented.session) {
        return Ok(None);
    }
    let now = services.now();
    let rotation = match realm.settings.revoke_refresh_token {
        true => Rotation::On { max_reuse: realm.settings.refresh_token_max_reuse },
        false => Rotation::Off,
    };
    let unused = lifespans::family(realm, client, presented.offline);
    let token = Refresh {
        family: presented.family,
        generation: presented.generation,
        rotation,
        expires: now.unix_timestamp().saturating_add(unused),
    };
    let part = Part { realm: realm.id, session: presented.session, offline: presented.offline, client: &client.id };
    Ok(store::client_sessions::refresh(&services.store, part, token, open_at(realm, now)).await?)
}

/// Whether realm and user let a session go on.
#[must_use]
pub fn goes_on(realm: &Realm, session: &UserSession, user: &User) -> bool {
    may_go_on(realm, session, user)
}

/// Who stands behind an access token of a client in a session. None if the session is over, the user may not go on, or
/// the token was revoked.
///
/// # Errors
/// If the database fails.
pub async fn holder(
    services: &Services,
    realm: &Realm,
    client: &ClientId,
    presented: Presented<'_>,
    token_id: &str,
) -> Result<Option<Holder>> {
    if !is_id(presented.session) || token_id.contains('\0') {
        return Ok(None);
    }
    let part = Part { realm: realm.id, session: presented.session, offline: presented.offline, client };
    let open = open_at(realm, services.now());
    let mut conn = services.store.read().await?;
    let found = store::client_sessions::token_holder(&mut conn, part, presented.family, token_id, open).await?;
    Ok(found.filter(|holder| may_go_on(realm, &holder.session, &holder.user)))
}

/// Ends a family of tokens, and with the last one the client's part of the session, and with the last part the session.
///
/// # Errors
/// If the database fails.
pub async fn revoke(
    services: &Services,
    realm: &Realm,
    session: &SessionId,
    offline: bool,
    client: &ClientId,
    family: &str,
) -> Result<()> {
    if !is_id(session) {
        return Ok(());
    }
    let mut tx = services.store.begin(realm.id).await?;
    let part = Part { realm: realm.id, session, offline, client };
    if store::client_sessions::revoke_family(&mut tx, part, family).await? {
        let which = store::sessions::Which { id: Some(session), offline: Some(offline), ..Default::default() };
        crate::sessions::delete(services, &mut tx, which).await?;
    }
    Ok(tx.commit_uncached().await?)
}

/// Revokes one access token until it ends by itself.
///
/// # Errors
/// If the database fails.
pub async fn revoke_access_token(
    services: &Services,
    realm: &Realm,
    token_id: &str,
    expires: OffsetDateTime,
) -> Result<()> {
    Ok(store::client_sessions::revoke_access_token(&services.store, realm.id, token_id, expires).await?)
}

/// The user behind an access token without a session, with what was given to the user. None if the user is gone or disabled, or the token was revoked.
///
/// # Errors
/// If the database fails.
pub async fn user_of_token(
    services: &Services,
    realm: &Realm,
    user: &model::id::UserId,
    token_id: &str,
) -> Result<Option<(User, Assignments)>> {
    if user.0.contains('\0') || token_id.contains('\0') {
        return Ok(None);
    }
    let mut conn = services.store.read().await?;
    let found = store::client_sessions::user_of_token(&mut conn, realm.id, user, token_id).await?;
    Ok(found.filter(|(user, _)| user.enabled))
}

/// A family of tokens that begins now.
#[must_use]
pub fn beginning(acr: Option<&str>, claims: Option<&Value>, expires: i64) -> TokenFamily {
    TokenFamily { acr: acr.map(str::to_owned), claims: claims.cloned(), expires, ..TokenFamily::default() }
}
