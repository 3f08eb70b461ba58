//! Administrators: who stands behind an admin token, what they may do to which realm, and what they may hand on.

use std::collections::BTreeSet;

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

use crate::{Caller, Error, Origin, Result, Services, cache, clients::ClientConfig, sessions::open_at, token_id};

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
    let Some(realm) = realm_of_token(services, token).await? else { return Ok(None) };
    let Some(claims) = verified_claims(services, &realm, token).await? else { return Ok(None) };
    if claims.typ != ACCESS_TOKEN {
        return Ok(None);
    }
    let Some(client) = cache::client(services, &realm, &claims.azp).await? else { return Ok(None) };
    if !client.client.enabled || claims.iat < realm.settings.not_before.max(client.client.settings.not_before) {
        return Ok(None);
    }
    let user = UserId(claims.sub);
    let session = claims.sid.map(SessionId);
    let family = match (token_id::family(&claims.jti), &session) {
        (Some((family, offline)), Some(session)) => {
            Some((Part { realm: realm.id, session, offline, client: &client.client.id }, Some(family)))
        }
        (None, None) => None,
        _ => return Ok(None),
    };
    let token = AdminToken { user: &user, id: &claims.jti, family };
    let Some((found, caller)) = caller(services, &realm, &client, token, target, origin).await? else {
        return Ok(None);
    };
    if claims.iat < found.not_before {
        return Ok(None);
    }
    Ok(Some(Caller { allowed_origins: claims.allowed_origins, ..caller }))
}

/// Loads what somebody may do to `target` who uses `client` in a session of a browser. None if the session is over.
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
    let found = caller(services, realm, &client, token, target, origin).await?;
    Ok(found.map(|(_, caller)| caller))
}

/// The caller behind a token or a session that is good by now, with the account.
async fn caller(
    services: &Services,
    realm: &Realm,
    client: &ClientConfig,
    token: AdminToken<'_>,
    target: Option<&Realm>,
    origin: Origin,
) -> Result<Option<(Administrator, Caller)>> {
    let (user, session) = (token.user.clone(), token.family.map(|(part, _)| part.session.clone()));
    let open = open_at(realm, services.now());
    let mut conn = services.store.read().await?;
    let found =
        store::permissions::administrator(&mut conn, realm.id, token, target.map(|target| target.id), open).await?;
    let Some(found) = found.filter(|found| found.enabled && found.token_good) else { return Ok(None) };
    if let Some(target) = target
        && !realm.is_master()
        && target.id != realm.id
    {
        return Err(Error::Forbidden);
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
    };
    Ok(Some((found, caller)))
}

/// The enabled realm that a token says it is from. The token is not verified yet.
async fn realm_of_token(services: &Services, token: &str) -> Result<Option<std::sync::Arc<Realm>>> {
    let prefix = format!("{}/realms/", services.public_url());
    let Ok(token) = UnverifiedToken::parse(token) else { return Ok(None) };
    let Some(name) = token.issuer().and_then(|issuer| issuer.strip_prefix(&prefix)) else { return Ok(None) };
    Ok(cache::realm(services, name).await?.filter(|realm| realm.enabled))
}

async fn verified_claims(services: &Services, realm: &Realm, token: &str) -> Result<Option<Claims>> {
    let keys = cache::keys(services, realm).await?;
    let Ok(verified) = keys.verify(token) else { return Ok(None) };
    if check_times(&verified.claims, services.now().unix_timestamp(), 0).is_err() {
        return Ok(None);
    }
    Ok(serde_json::from_value(verified.claims).ok())
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
    if beyond.into_iter().all(holds) { Ok(()) } else { Err(Error::Forbidden) }
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
