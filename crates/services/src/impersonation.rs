//! Administrators who act as a user: they get a session of that user in their browser.

use model::event::Operation;
use model::{id::UserId, permission::Permission, realm::Realm, secret::Secret, session::UserSession};
use serde_json::Value;
use store::sessions::Which;

use crate::{
    Caller, Error, Result, Services,
    admin_events::{self, Resource},
    administrators::require_covers_user,
    events, sessions, users,
};

/// A session of somebody else.
#[derive(Clone, Debug)]
pub struct Impersonated {
    /// The session.
    pub session: UserSession,
    /// What the browser shows from now on.
    pub cookie: Secret,
    /// The administrator belongs to the same realm, whose browser session is the user's from now on.
    pub same_realm: bool,
}

/// Opens a session of a user for an administrator. An administrator of the same realm is logged out, as the browser can be
/// in one session of a realm only.
///
/// # Errors
/// `Forbidden` without `impersonation` or if the user may do more than the caller, `NotFound` if there is no such user,
/// `Refused` if it is disabled or the account of a client.
pub async fn impersonate(services: &Services, caller: &Caller, realm: &Realm, id: &UserId) -> Result<Impersonated> {
    caller.require(&[Permission::Impersonation])?;
    let user = {
        let mut conn = services.store.read().await?;
        let user = users::existing(&mut conn, realm, id).await?;
        // Whoever acts as a user can do what the user can.
        require_covers_user(&mut conn, caller, realm, id).await?;
        user
    };
    if !user.enabled {
        return Err(Error::Refused("User is disabled".to_owned()));
    }
    if user.service_account_of.is_some() {
        return Err(Error::Refused("Service accounts cannot be impersonated".to_owned()));
    }
    let same_realm = caller.realm == realm.id;
    // First the record, so that nobody is impersonated without one.
    let mut tx = services.store.begin(realm.id).await?;
    let path = format!("users/{id}/impersonation");
    let resource = Resource { kind: "USER", path: &path };
    admin_events::record(services, &mut tx, caller, realm, Operation::Action, resource, None::<&Value>).await?;
    if let Some(own) = caller.session.as_ref().filter(|_| same_realm) {
        sessions::delete(services, &mut tx, Which { id: Some(own), offline: Some(false), ..Which::default() }).await?;
    }
    services.commit(tx).await?;
    let (session, cookie) = sessions::open_in_browser(services, realm, id, false, &caller.origin).await?;
    let mut event = events::event(services, realm, "IMPERSONATE", &caller.origin);
    event.user_id = Some(id.clone());
    event.session_id = Some(session.id.clone());
    event.details.insert("username".to_owned(), user.username);
    event.details.insert("impersonator_realm".to_owned(), caller.realm_given_id.clone());
    event.details.extend(caller.user.as_ref().map(|user| ("impersonator".to_owned(), user.0.clone())));
    events::record(services, realm, event).await?;
    Ok(Impersonated { session, cookie, same_realm })
}
