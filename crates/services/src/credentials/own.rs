//! A user's own password, changed in the course of a login.

use model::{credential::Credential, id::UserId, realm::Realm, secret::Secret, user::User};
use store::Tx;

use super::{UPDATE_PASSWORD, checked, kept, policy};
use crate::{Result, Services, users};

/// When the present password of a user was set, seconds since 1970; 0 if there is none.
///
/// # Errors
/// If the database fails.
pub async fn password_set_at(services: &Services, realm: &Realm, user: &UserId) -> Result<i64> {
    let mut conn = services.store.read().await?;
    let passwords = store::credentials::passwords(&mut conn, realm.id, user, 1).await?;
    Ok(passwords.first().map_or(0, |password| password.created.unix_timestamp()))
}

/// Gives a user who has just proved who they are another password in place of the one that was set at `since`. What was
/// gained with the old one ends. None if the password was changed meanwhile.
///
/// # Errors
/// `Policy` if the password breaks the policy, `Busy` if too many hashes wait, `NotFound` if the user is gone.
pub async fn change_own_password(
    services: &Services,
    realm: &Realm,
    id: &UserId,
    since: i64,
    password: Secret,
) -> Result<Option<User>> {
    let (user, earlier) = {
        let mut conn = services.store.read().await?;
        let user = users::existing(&mut conn, realm, id).await?;
        (user, store::credentials::passwords(&mut conn, realm.id, id, kept(&policy(realm)?).max(1)).await?)
    };
    let new = checked(services, realm, &user, password, &earlier).await?;
    let mut tx = services.store.begin(realm.id).await?;
    let mut user = users::locked(&mut tx, id).await?;
    let present = store::credentials::passwords(&mut tx, realm.id, id, 1).await?;
    if present.first().map_or(0, |present| present.created.unix_timestamp()) != since || !user.enabled {
        return Ok(None);
    }
    replace_own(services, &mut tx, realm, id, &new).await?;
    user.required_actions.retain(|action| action != UPDATE_PASSWORD);
    store::users::set_required_actions(&mut tx, id, &user.required_actions).await?;
    services.commit(tx).await?;
    Ok(Some(user))
}

/// Checks a new password of a user against the policy and the earlier ones, and hashes it.
///
/// # Errors
/// `Policy` if it breaks the policy, `Busy` if too many hashes wait.
pub(crate) async fn checked_anew(
    services: &Services,
    realm: &Realm,
    user: &User,
    password: Secret,
) -> Result<Credential> {
    let earlier = {
        let mut conn = services.store.read().await?;
        store::credentials::passwords(&mut conn, realm.id, &user.id, kept(&policy(realm)?).max(1)).await?
    };
    checked(services, realm, user, password, &earlier).await
}

/// Gives users the password that they chose, within a larger change. What was gained with the old one ends.
///
/// # Errors
/// If the database fails.
pub(crate) async fn replace_own(
    services: &Services,
    tx: &mut Tx,
    realm: &Realm,
    id: &UserId,
    password: &Credential,
) -> Result<()> {
    store::credentials::replace_password(tx, id, password, kept(&policy(realm)?)).await?;
    store::identity_tokens::delete_of_user(tx, id, None).await?;
    crate::sessions::end_all(services, tx, id, None).await
}
