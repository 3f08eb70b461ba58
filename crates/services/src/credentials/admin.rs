//! A user's credentials as administrators see and change them.

use model::{
    credential::{Credential, PASSWORD},
    event::Operation,
    id::{CredentialId, MAX_ID_LENGTH, UserId},
    permission::Permission,
    realm::Realm,
};
use representation::CredentialRepresentation;
use serde_json::Value;
use store::{Tx, credentials::PASSWORD_HISTORY};

use super::{NewCredentials, UPDATE_PASSWORD, check_label, prepare_for, replace};
use crate::{
    Caller, Error, Result, Services, What,
    admin_events::{self, Resource},
    administrators::require_covers_user,
    error::Found as _,
    users,
};

const NO_BODY: Option<&Value> = None;
/// More types than there are.
const MAX_TYPES: usize = 20;

/// The credentials of a user in order.
///
/// # Errors
/// `Forbidden` without `view-users` or `manage-users`, `NotFound` if there is no such user.
pub async fn list(services: &Services, caller: &Caller, realm: &Realm, user: &UserId) -> Result<Vec<Credential>> {
    caller.require(&[Permission::ViewUsers, Permission::ManageUsers])?;
    let mut conn = services.store.read().await?;
    users::existing(&mut conn, realm, user).await?;
    Ok(store::credentials::list(&mut conn, realm.id, user).await?)
}

/// The types of credentials of a user that another system stores: none.
///
/// # Errors
/// `Forbidden` without `view-users` or `manage-users`, `NotFound` if there is no such user.
pub async fn configured_storage_types(
    services: &Services,
    caller: &Caller,
    realm: &Realm,
    user: &UserId,
) -> Result<Vec<String>> {
    caller.require(&[Permission::ViewUsers, Permission::ManageUsers])?;
    users::existing(&mut *services.store.read().await?, realm, user).await?;
    Ok(Vec::new())
}

/// Gives a user a new password.
///
/// # Errors
/// `Forbidden` without `manage-users` or if the user may do more than the caller, `NotFound` if there is no such user,
/// `Policy` if the password breaks the policy, `Busy` if too many hashes wait.
pub async fn reset_password(
    services: &Services,
    caller: &Caller,
    realm: &Realm,
    id: &UserId,
    given: CredentialRepresentation,
) -> Result<()> {
    caller.require(&[Permission::ManageUsers])?;
    let given = CredentialRepresentation { r#type: Some(PASSWORD.to_owned()), ..given };
    let prepared = prepare_for(services, caller, realm, id, std::slice::from_ref(&given)).await?;
    let NewCredentials { password: Some(password), temporary } = prepared else {
        return Err(Error::invalid("value", "No password provided"));
    };
    let mut tx = start(services, caller, realm, id).await?;
    let mut user = users::locked(&mut tx, id).await?;
    replace(services, &mut tx, caller, realm, id, &password).await?;
    let before = user.required_actions.clone();
    user.required_actions.retain(|action| action != UPDATE_PASSWORD);
    if temporary {
        user.required_actions.push(UPDATE_PASSWORD.to_owned());
    }
    if user.required_actions != before {
        store::users::set_required_actions(&mut tx, id, &user.required_actions).await?;
    }
    finish(services, tx, caller, realm, &format!("users/{id}/reset-password")).await
}

/// Removes a credential. Without the password, what was gained with it ends.
///
/// # Errors
/// `Forbidden` without `manage-users` or if the user may do more than the caller, `NotFound` if the user or the
/// credential is missing.
pub async fn delete(
    services: &Services,
    caller: &Caller,
    realm: &Realm,
    user: &UserId,
    id: &CredentialId,
) -> Result<()> {
    check_id(id)?;
    let mut tx = start(services, caller, realm, user).await?;
    let kind = store::credentials::delete(&mut tx, user, id).await?.found(What::Credential)?;
    if kind == PASSWORD {
        store::identity_tokens::delete_of_user(&mut tx, user, None).await?;
    }
    finish(services, tx, caller, realm, &format!("users/{user}/credentials/{id}")).await
}

/// Names a credential.
///
/// # Errors
/// As [`delete`]; `Invalid` if the label is too long.
pub async fn set_label(
    services: &Services,
    caller: &Caller,
    realm: &Realm,
    user: &UserId,
    id: &CredentialId,
    label: &str,
) -> Result<()> {
    check_id(id)?;
    check_label(label)?;
    let mut tx = start(services, caller, realm, user).await?;
    let found = store::credentials::set_label(&mut tx, user, id, label).await?;
    found.then_some(()).found(What::Credential)?;
    finish(services, tx, caller, realm, &format!("users/{user}/credentials/{id}/userLabel")).await
}

/// Moves a credential behind another one, or to the front.
///
/// # Errors
/// As [`delete`].
pub async fn move_after(
    services: &Services,
    caller: &Caller,
    realm: &Realm,
    user: &UserId,
    id: &CredentialId,
    previous: Option<&CredentialId>,
) -> Result<()> {
    check_id(id)?;
    let mut tx = start(services, caller, realm, user).await?;
    let credentials = store::credentials::list(&mut tx, realm.id, user).await?;
    let order: Vec<CredentialId> = credentials.into_iter().map(|credential| credential.id).collect();
    let order = moved(order, id, previous).found(What::Credential)?;
    store::credentials::reorder(&mut tx, user, &order).await?;
    let place = previous.map_or_else(|| "moveToFirst".to_owned(), |previous| format!("moveAfter/{previous}"));
    finish(services, tx, caller, realm, &format!("users/{user}/credentials/{id}/{place}")).await
}

/// `order` with `id` right behind `previous`, or in front. None if one of them is missing.
fn moved(
    mut order: Vec<CredentialId>,
    id: &CredentialId,
    previous: Option<&CredentialId>,
) -> Option<Vec<CredentialId>> {
    if previous == Some(id) {
        return order.contains(id).then_some(order);
    }
    let from = order.iter().position(|other| other == id)?;
    let credential = order.remove(from);
    let to = match previous {
        None => 0,
        Some(previous) => order.iter().position(|other| other == previous)? + 1,
    };
    order.insert(to, credential);
    Some(order)
}

/// Removes all credentials of these types from a user.
///
/// # Errors
/// `Forbidden` without `manage-users` or if the user may do more than the caller, `NotFound` if there is no such user.
pub async fn disable_types(
    services: &Services,
    caller: &Caller,
    realm: &Realm,
    user: &UserId,
    types: &[String],
) -> Result<()> {
    if types.len() > MAX_TYPES || types.iter().any(|kind| kind.len() > 64 || kind.contains('\0')) {
        return Err(Error::invalid("types", "These are no types of credentials"));
    }
    let mut tx = start(services, caller, realm, user).await?;
    let mut kinds: Vec<String> = types.iter().filter(|kind| *kind != PASSWORD_HISTORY).cloned().collect();
    if kinds.iter().any(|kind| kind == PASSWORD) {
        kinds.push(PASSWORD_HISTORY.to_owned());
        store::identity_tokens::delete_of_user(&mut tx, user, None).await?;
    }
    store::credentials::delete_kinds(&mut tx, user, &kinds).await?;
    finish(services, tx, caller, realm, &format!("users/{user}/disable-credential-types")).await
}

fn check_id(id: &CredentialId) -> Result<()> {
    if id.0.len() > MAX_ID_LENGTH || id.0.contains('\0') { Err(Error::NotFound(What::Credential)) } else { Ok(()) }
}

/// Begins a change of a user's credentials by somebody who may make it. The user's row is locked, so that two changes
/// do not mix.
async fn start(services: &Services, caller: &Caller, realm: &Realm, user: &UserId) -> Result<Tx> {
    caller.require(&[Permission::ManageUsers])?;
    let mut tx = services.store.begin(realm.id).await?;
    users::locked(&mut tx, user).await?;
    require_covers_user(&mut tx, caller, realm, user).await?;
    Ok(tx)
}

async fn finish(services: &Services, mut tx: Tx, caller: &Caller, realm: &Realm, path: &str) -> Result<()> {
    let resource = Resource { kind: "USER", path };
    admin_events::record(services, &mut tx, caller, realm, Operation::Action, resource, NO_BODY).await?;
    services.commit(tx).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credentials_move() {
        let order = || ["a", "b", "c"].map(CredentialId::from).to_vec();
        let ids = |order: Option<Vec<CredentialId>>| {
            order.map(|order| order.iter().map(|id| id.0.as_str()).collect::<String>())
        };
        assert_eq!(ids(moved(order(), &"c".into(), None)).unwrap(), "cab");
        assert_eq!(ids(moved(order(), &"a".into(), Some(&"c".into()))).unwrap(), "bca");
        assert_eq!(ids(moved(order(), &"b".into(), Some(&"b".into()))).unwrap(), "abc");
        assert_eq!(ids(moved(order(), &"a".into(), Some(&"x".into()))), None);
        assert_eq!(ids(moved(order(), &"x".into(), None)), None);
    }
}
