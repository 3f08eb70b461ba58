//! What users let clients do, as administrators see it and take it back.

use model::{
    event::Operation,
    id::{ClientId, UserId},
    permission::Permission,
    realm::Realm,
};
use serde_json::Value;

pub use store::consents::Consent;

use crate::{
    Caller, Error, Result, Services, What,
    admin_events::{self, Resource},
    administrators::require_covers_user,
    error::Found as _,
    sessions::open_at,
    users,
};

const VIEW: &[Permission] = &[Permission::ViewUsers, Permission::ManageUsers];
const MANAGE: &[Permission] = &[Permission::ManageUsers];

/// A client that a user let do something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Granted {
    /// The client.
    pub client: ClientId,
    /// Its `clientId`.
    pub client_id: String,
    /// What the user agreed to; none if the client asks for no consent.
    pub consent: Option<Consent>,
    /// It goes on without the user: it has an offline session or an identity token.
    pub offline: bool,
}

/// What a user granted, then the clients that go on without the user and had to ask for nothing; each by `clientId`.
///
/// # Errors
/// `NotFound` if there is no such user, or `Forbidden` without `view-users` or `manage-users`.
pub async fn list(services: &Services, caller: &Caller, realm: &Realm, user: &UserId) -> Result<Vec<Granted>> {
    caller.require(VIEW)?;
    let mut conn = services.store.read().await?;
    users::existing(&mut conn, realm, user).await?;
    let consents = store::consents::list(&mut conn, realm.id, user).await?;
    let open = open_at(realm, services.now());
    let mut offline = store::consents::offline_clients(&mut conn, realm.id, user, open).await?;
    let mut granted: Vec<_> = consents
        .into_iter()
        .map(|consent| {
            let before = offline.len();
            offline.retain(|(client, _)| *client != consent.client);
            Granted {
                client: consent.client.clone(),
                client_id: consent.client_id.clone(),
                offline: offline.len() < before,
                consent: Some(consent),
            }
        })
        .collect();
    let others = offline.into_iter();
    granted.extend(others.map(|(client, client_id)| Granted { client, client_id, consent: None, offline: true }));
    Ok(granted)
}

/// Takes back what a user let a client do, given by its `clientId`: the consent, the client's part in the user's
/// sessions and so every token, and the identity tokens for it. False if there was nothing to take back.
///
/// # Errors
/// `Forbidden` without `manage-users` or if the user may do more than the caller, `NotFound` if there is no such user
/// or client.
pub async fn revoke(
    services: &Services,
    caller: &Caller,
    realm: &Realm,
    user: &UserId,
    client_id: &str,
) -> Result<bool> {
    caller.require(MANAGE)?;
    if client_id.contains('\0') {
        return Err(Error::NotFound(What::Client));
    }
    let mut tx = services.store.begin(realm.id).await?;
    users::locked(&mut tx, user).await?;
    require_covers_user(&mut tx, caller, realm, user).await?;
    let client = store::sessions::client_called(&mut tx, realm.id, client_id).await?.found(What::Client)?;
    let granted = store::consents::revoke(&mut tx, user, &client).await?;
    let tokens = store::identity_tokens::delete_of_user(&mut tx, user, Some(&client)).await?;
    let removed = granted || tokens > 0;
    if removed {
        let resource = Resource { kind: "USER", path: &format!("users/{user}/consents/{client_id}") };
        let nothing: Option<&Value> = None;
        admin_events::record(services, &mut tx, caller, realm, Operation::Action, resource, nothing).await?;
    }
    services.commit(tx).await?;
    Ok(removed)
}
