//! Secrets of clients: drawn, sealed, shown to those who may, replaced.

use model::{
    client::{Client, OPENID_CONNECT},
    event::Operation,
    id::{ClientId, RealmId},
    realm::Realm,
    secret::Secret,
};
use store::PgConnection;

use super::{MANAGE, change};
use crate::{
    Caller, Error, Result, Services, What,
    admin_events::{self, Resource},
    administrators,
    error::Found,
    random,
};

/// What Keycloak calls the moment at which a secret was made, in seconds since 1970.
pub(crate) const SECRET_CREATED: &str = "client.secret.creation.time";

/// Whether a client of this kind has a secret at all.
pub(crate) fn has_secret(client: &Client) -> bool {
    client.protocol == OPENID_CONNECT && !client.settings.public_client && !client.settings.bearer_only
}

fn sealed_for(realm: RealmId, id: &ClientId) -> String {
    format!("{realm}/client-secret/{id}")
}

pub(crate) fn open_secret(
    services: &Services,
    realm: RealmId,
    id: &ClientId,
    sealed: Option<&str>,
) -> Result<Option<Secret>> {
    let Some(sealed) = sealed else { return Ok(None) };
    let opened = services.sealing.open(&sealed_for(realm, id), sealed)?;
    Ok(Some(Secret::new(String::from_utf8_lossy(&opened).into_owned())))
}

/// A new client secret: 32 letters and digits, 190 bits.
pub(super) fn new_secret(services: &Services) -> Secret {
    let alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    Secret::new(random::text(&*services.random, alphabet, 32))
}

/// Seals a client's secret for its place in the database.
pub(super) fn seal(services: &Services, realm: &Realm, id: &ClientId, secret: &Secret) -> Result<String> {
    Ok(services.sealing.seal(&sealed_for(realm.id, id), secret.expose().as_bytes())?)
}

/// Goes on only if the caller holds everything that the client's service account holds.
pub(crate) async fn require_covers(
    conn: &mut PgConnection,
    caller: &Caller,
    realm: &Realm,
    id: &ClientId,
) -> Result<()> {
    match store::users::find_service_account(conn, realm.id, id).await? {
        Some(account) => administrators::require_covers_user(conn, caller, realm, &account.id).await,
        None => Ok(()),
    }
}

/// The secret of a client.
///
/// # Errors
/// `NotFound`, `Refused` if it has none, or `Forbidden` without `manage-clients`.
pub async fn secret(services: &Services, caller: &Caller, realm: &Realm, id: &ClientId) -> Result<Secret> {
    caller.require(MANAGE)?;
    let mut conn = services.store.read().await?;
    store::clients::find(&mut conn, realm.id, id).await?.found(What::Client)?;
    require_covers(&mut conn, caller, realm, id).await?;
    let sealed = store::clients::sealed_secret(&mut conn, realm.id, id).await?;
    open_secret(services, realm.id, id, sealed.as_deref())?.found(What::ClientSecret)
}

/// Gives a client another secret. Tokens that were issued stay good.
///
/// # Errors
/// `NotFound`, or `Forbidden` without `manage-clients`.
pub async fn regenerate_secret(services: &Services, caller: &Caller, realm: &Realm, id: &ClientId) -> Result<Secret> {
    caller.require(MANAGE)?;
    let mut tx = services.configure(realm).await?;
    let mut client = store::clients::lock(&mut tx, id).await?.found(What::Client)?;
    require_covers(&mut tx, caller, realm, id).await?;
    if !has_secret(&client) {
        return Err(Error::Refused("This client keeps no secret: it is public, bearer-only or a registry".to_owned()));
    }
    let secret = new_secret(services);
    let sealed = seal(services, realm, id, &secret)?;
    client.attributes.insert(SECRET_CREATED.to_owned(), services.now().unix_timestamp().to_string());
    let names = change::further_names(services, &client);
    store::clients::update(&mut tx, &client, &names).await?;
    store::clients::set_secret(&mut tx, id, Some(&sealed)).await?;
    let path = format!("clients/{id}/client-secret");
    let resource = Resource { kind: "CLIENT", path: &path };
    admin_events::record::<()>(services, &mut tx, caller, realm, Operation::Action, resource, None).await?;
    services.commit(tx).await?;
    Ok(secret)
}
