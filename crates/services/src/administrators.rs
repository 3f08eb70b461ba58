//! Administrators: who stands behind an admin token, what they may do to which realm, and what they may hand on.

use std::{collections::BTreeSet, sync::Arc};

use jose::{UnverifiedToken, check_times};
use model::{
    id::{RealmId, RoleId, SessionId, UserId},
    permission::{Permission, Permissions},
    realm::Realm,
};
use serde::Deserialize;
use store::{
    PgConnection,
    client_sessions::Part,
    permissions::{AdminToken, Administrator, CREATE_REALM, Grant},
};

use crate::{
    Caller, Error, Lacking, Need, Origin, Result, Services, cache, clients::ClientConfig, sessions::open_at, token_id,
};

/// The `typ` claim of an access token. No other token of ours carries it.
pub const ACCESS_TOKEN: &str = "Bearer";

/// What is read of an administrator's access token, once its signature is known to be good.
#[derive(Debug, Deserialize)]
struct Claims {
    typ: String,
    sub: String,
    azp: String,
    iat: i64,
    jti: String,
    sid: Option<String>,
    #[serde(default, rename = "allowed-origins")]
    allowed_origins: BTreeSet<String>,
}

/// Why a token lets nobody in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenFault {
    /// There is none.
    Missing,
    /// It is no token, or one that was issued at another address or by a realm that isn't there or disabled.
    Issuer,
    /// Its signature is not of a key of its realm.
    Signature,
    /// Its time is over, or hasn't begun.
    Expired,
    /// It is a token for something else, such as an ID token.
    Kind,
    /// Its client is gone or disabled.
    Client,
    /// It was issued before the moment from which on tokens are good.
    NotBefore,
    /// Its session ended, or it was revoked.
    Ended,
    /// Its user is gone or disabled.
    User,
    /// Its user belongs to another realm than the one in question, and not to master.
    OtherRealm,
}

impl TokenFault {
    /// All of them.
    pub const ALL: [Self; 10] = [
        Self::Missing,
        Self::Issuer,
        Self::Signature,
        Self::Expired,
        Self::Kind,
        Self::Client,
        Self::NotBefore,
        Self::Ended,
        Self::User,
        Self::OtherRealm,
    ];

    /// A word for the log and the database.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Missing => "token-missing",
            Self::Issuer => "token-issuer",
            Self::Signature => "token-signature",
            Self::Expired => "token-expired",
            Self::Kind => "token-kind",
            Self::Client => "token-client",
            Self::NotBefore => "token-not-before",
            Self::Ended => "token-ended",
            Self::User => "token-user",
            Self::OtherRealm => "other-realm",
        }
    }
}

/// Whose token it is, for one whose signature is good.
#[derive(Clone, Debug)]
pub struct Holder {
    /// The realm of the token.
    pub realm: Arc<Realm>,
    /// The user.
    pub user: UserId,
    /// From where the token came.
    pub origin: Origin,
}

/// Whoever sent a token that lets nobody in.
#[derive(Clone, Debug)]
pub struct Stranger {
    /// What is wrong with the token.
    pub fault: TokenFault,
    /// Whose it is, if this server signed it.
    pub holder: Option<Holder>,
}

impl From<TokenFault> for Stranger {
    fn from(fault: TokenFault) -> Self {
        Self { fault, holder: None }
    }
}

/// Reads an access token for the admin API and loads what its holder may do to `target` (none: to no realm in
/// particular). None if the token is not good, for whatever reason.
///
/// # Errors
/// [`Error::Forbidden`] if an administrator of another realm than master asks for a realm that is not their own;
/// anything else if the database fails.
pub async fn authenticate(
    services: &Services,
    token: &str,
    target: Option<&Realm>,
    origin: Origin,
) -> Result<Option<Caller>> {
    match examine(services, token, target, origin).await? {
        Ok(caller) => Ok(Some(caller)),
        Err(Stranger { fault: TokenFault::OtherRealm, .. }) => Err(Error::Forbidden),
        Err(_) => Ok(None),
    }
}

/// As [`authenticate`], and says what is wrong with a token that lets nobody in.
///
/// # Errors
/// If the database fails.
pub async fn examine(
    services: &Services,
    token: &str,
    target: Option<&Realm>,
    origin: Origin,
) -> Result<std::result::Result<Caller, Stranger>> {
    let Some(realm) = realm_of_token(services, token).await? else { return Ok(Err(TokenFault::Issuer.into())) };
    let claims = match verified_claims(services, &realm, token).await? {
        Ok(claims) => claims,
        Err((fault, user)) => {
            return Ok(Err(Stranger { fault, holder: user.map(|user| Holder { realm, user, origin }) }));
        }
    };
    let user = UserId(claims.sub);
    let stranger = |fault| {
        let holder = Holder { realm: Arc::clone(&realm), user: user.clone(), origin: origin.clone() };
        Ok(Err(Stranger { fault, holder: Some(holder) }))
    };
    if claims.typ != ACCESS_TOKEN {
        return stranger(TokenFault::Kind);
    }
    let client = cache::client(services, &realm, &claims.azp).await?.filter(|client| client.client.enabled);
    let Some(client) = client else { return stranger(TokenFault::Client) };
    if claims.iat < realm.settings.not_before.max(client.client.settings.not_before) {
        return stranger(TokenFault::NotBefore);
    }
    let session = claims.sid.map(SessionId);
    let family = match (token_id::family(&claims.jti), &session) {
        (Some((family, offline)), Some(session)) => {
            Some((Part { realm: realm.id, session, offline, client: &client.client.id }, Some(family)))
        }
        (None, None) => None,
        _ => return stranger(TokenFault::Kind),
    };
    let token = AdminToken { user: &user, id: &claims.jti, family };
    let (found, caller) = match caller(services, &realm, &client, token, target, origin.clone()).await? {
        Ok(found) => found,
        Err(fault) => return stranger(fault),
    };
    if claims.iat < found.not_before {
        return stranger(TokenFault::NotBefore);
    }
    Ok(Ok(Caller { allowed_origins: claims.allowed_origins, ..caller }))
}

/// Loads what somebody may do to `target` who uses `client` in a session of a browser. None if the session is over, or
/// began before what realm, client or user have revoked.
///
/// # Errors
/// As [`authenticate`].
pub async fn in_session(
    services: &Services,
    realm: &Realm,
    client: &str,
    (session, user): (&SessionId, &UserId),
    target: Option<&Realm>,
    origin: Origin,
) -> Result<Option<Caller>> {
    let Some(client) = cache::client(services, realm, client).await? else { return Ok(None) };
    if !client.client.enabled {
        return Ok(None);
    }
    let part = Part { realm: realm.id, session, offline: false, client: &client.client.id };
    let token = AdminToken { user, id: "", family: Some((part, None)) };
    match caller(services, realm, &client, token, target, origin).await? {
        Ok((found, caller)) => {
            // What was revoked is revoked for those who are logged in, too.
            let settings = &client.client.settings;
            let not_before = realm.settings.not_before.max(settings.not_before).max(found.not_before);
            let revoked = found.session_started.is_none_or(|started| started.unix_timestamp() < not_before);
            Ok((!revoked).then_some(caller))
        }
        Err(TokenFault::OtherRealm) => Err(Error::Forbidden),
        Err(_) => Ok(None),
    }
}

/// The caller behind a token or a session that is good by now, with the account; else what is wrong with it.
async fn caller(
    services: &Services,
    realm: &Realm,
    client: &ClientConfig,
    token: AdminToken<'_>,
    target: Option<&Realm>,
    origin: Origin,
) -> Result<std::result::Result<(Administrator, Caller), TokenFault>> {
    let (user, session) = (token.user.clone(), token.family.map(|(part, _)| part.session.clone()));
    let open = open_at(realm, services.now());
    let mut conn = services.store.read().await?;
    let found =
        store::permissions::administrator(&mut conn, realm.id, token, target.map(|target| target.id), open).await?;
    let Some(found) = found.filter(|found| found.enabled) else { return Ok(Err(TokenFault::User)) };
    if !found.token_good {
        return Ok(Err(TokenFault::Ended));
    }
    if target.is_some_and(|target| !realm.is_master() && target.id != realm.id) {
        return Ok(Err(TokenFault::OtherRealm));
    }
    // A token of a client that may not carry every role brings none of its user's admin rights.
    let held: &[String] = if client.client.settings.full_scope_allowed { &found.permissions } else { &[] };
    let caller = Caller {
        realm: realm.id,
        realm_given_id: realm.given_id.clone(),
        of_master: realm.is_master(),
        user: Some(user),
        client: Some(client.client.id.clone()),
        session,
        origin,
        allowed_origins: BTreeSet::new(),
        permissions: held.iter().filter_map(|name| Permission::parse(name)).collect::<Permissions>(),
        create_realm: held.iter().any(|name| name == CREATE_REALM),
        only_for: None,
        lacking: Lacking::default(),
    };
    Ok(Ok((found, caller)))
}

/// The enabled realm that a token says it is from. The token is not verified yet.
async fn realm_of_token(services: &Services, token: &str) -> Result<Option<Arc<Realm>>> {
    let prefix = format!("{}/realms/", services.public_url());
    let Ok(token) = UnverifiedToken::parse(token) else { return Ok(None) };
    let Some(name) = token.issuer().and_then(|issuer| issuer.strip_prefix(&prefix)) else { return Ok(None) };
    Ok(cache::realm(services, name).await?.filter(|realm| realm.enabled))
}

/// The claims of a token that is signed and of its time; else what is wrong with it, and whose it is if it is signed.
async fn verified_claims(
    services: &Services,
    realm: &Realm,
    token: &str,
) -> Result<std::result::Result<Claims, (TokenFault, Option<UserId>)>> {
    let keys = cache::keys(services, realm).await?;
    let Ok(verified) = keys.verify(token) else { return Ok(Err((TokenFault::Signature, None))) };
    if check_times(&verified.claims, services.now().unix_timestamp(), 0).is_err() {
        let user = verified.claims.get("sub").and_then(serde_json::Value::as_str);
        return Ok(Err((TokenFault::Expired, user.map(|user| UserId(user.to_owned())))));
    }
    Ok(serde_json::from_value(verified.claims).or(Err((TokenFault::Kind, None))))
}

/// Goes on only if the caller holds everything that these roles of `realm` bring: nobody hands on a right that they
/// don't have.
///
/// # Errors
/// [`Error::Forbidden`].
pub async fn require_covers_roles(
    conn: &mut PgConnection,
    caller: &Caller,
    realm: &Realm,
    roles: &[RoleId],
) -> Result<()> {
    let grants = store::permissions::grants_of_roles(conn, realm.id, roles).await?;
    require_covers(conn, caller, realm, &grants).await
}

/// Goes on only if the caller holds everything that this user holds: whoever can reset a password or change an account
/// can act as its owner.
///
/// # Errors
/// [`Error::Forbidden`].
pub async fn require_covers_user(conn: &mut PgConnection, caller: &Caller, realm: &Realm, user: &UserId) -> Result<()> {
    if caller.realm == realm.id && caller.user.as_ref() == Some(user) {
        return Ok(());
    }
    let grants = store::permissions::grants_of_user(conn, realm.id, user).await?;
    require_covers(conn, caller, realm, &grants).await
}

/// Goes on only if the caller holds everything that these users hold.
///
/// # Errors
/// [`Error::Forbidden`].
pub(crate) async fn require_covers_users(
    conn: &mut PgConnection,
    caller: &Caller,
    realm: &Realm,
    users: &[UserId],
) -> Result<()> {
    let grants = store::permissions::grants_of_users(conn, realm.id, users).await?;
    require_covers(conn, caller, realm, &grants).await
}

async fn require_covers(conn: &mut PgConnection, caller: &Caller, realm: &Realm, grants: &[Grant]) -> Result<()> {
    let beyond: Vec<_> = grants.iter().filter(|grant| !held_here(caller, realm.id, grant)).collect();
    if beyond.is_empty() {
        return Ok(());
    }
    let Some(user) = &caller.user else { return Ok(()) };
    let own = store::permissions::grants_of_user(conn, caller.realm, user).await?;
    let holds = |grant: &Grant| {
        own.iter()
            .any(|held| held.permission == grant.permission && (held.target.is_none() || held.target == grant.target))
    };
    let beyond: BTreeSet<_> =
        beyond.into_iter().filter(|grant| !holds(grant)).map(|grant| grant.permission.clone()).collect();
    if beyond.is_empty() {
        return Ok(());
    }
    caller.lacking.note(Need::Beyond(beyond));
    Err(Error::Forbidden)
}

/// Whether a grant is about the realm in front of the caller and among what the caller holds there.
fn held_here(caller: &Caller, realm: RealmId, grant: &Grant) -> bool {
    grant.target == Some(realm)
        && Permission::parse(&grant.permission).is_some_and(|permission| caller.permissions.has(permission))
}

/// Goes on only if the caller may do anything to any realm.
///
/// # Errors
/// [`Error::Forbidden`].
pub async fn require_administrator(services: &Services, caller: &Caller) -> Result<()> {
    let Some(user) = &caller.user else { return Ok(()) };
    let grants = store::permissions::grants_of_user(&mut *services.store.read().await?, caller.realm, user).await?;
    if grants.is_empty() { Err(Error::Forbidden) } else { Ok(()) }
}
