//! Credentials of users: passwords under the realm's policy, and the list that administrators see and order.
//!
//! A password is hashed before a transaction is opened, so that no database connection waits for the hashing threads.

mod admin;
pub(crate) mod import;
mod own;
mod stored;

use credential::{
    MemoryBlocks, PasswordError, PasswordHash, PasswordPolicy, PolicyError, PolicyViolation, password::SALT_LENGTH,
};
use model::{
    credential::{Credential, PASSWORD},
    id::{CredentialId, UserId},
    permission::Permission,
    realm::Realm,
    secret::Secret,
    user::User,
};
use representation::CredentialRepresentation;
use store::Tx;
use time::{Duration, OffsetDateTime};

use crate::{Caller, Error, Result, Services, administrators::require_covers_user, random, users};

pub use admin::{configured_storage_types, delete, disable_types, list, move_after, reset_password, set_label};
pub use own::{change_own_password, password_set_at};
pub(crate) use own::{checked_anew, replace_own};

/// The required action of changing the password.
pub const UPDATE_PASSWORD: &str = "UPDATE_PASSWORD";
/// How many earlier passwords are kept where the policy counts days instead of passwords, and at the most.
const MOST_KEPT: i64 = 50;

/// The password policy of a realm.
///
/// # Errors
/// `Credential` if it can't be read, which saving it prevents.
pub fn policy(realm: &Realm) -> Result<PasswordPolicy> {
    let text = realm.settings.password_policy.as_deref().unwrap_or_default();
    text.parse().map_err(|error| Error::Credential(Box::new(error)))
}

/// Which rules of a policy, not necessarily the realm's, a password breaks: a sentence for each. Earlier passwords and
/// lists are not looked at.
///
/// # Errors
/// `Invalid` if the policy can't be read, or `Forbidden` without `view-realm` or `manage-realm`.
pub fn broken_rules(caller: &Caller, policy: &str, password: &str, username: &str) -> Result<Vec<String>> {
    caller.require(&[Permission::ViewRealm, Permission::ManageRealm])?;
    let policy: PasswordPolicy =
        policy.parse().map_err(|error: PolicyError| Error::invalid("passwordPolicy", error.to_string()))?;
    Ok(policy.violations(password, username, None).into_iter().map(|violation| violation.text).collect())
}

/// Hashes a password that is not checked against the policy, such as a drawn one.
///
/// # Errors
/// `Busy` if too many hashes wait, `Policy` if the password is too long.
pub async fn new_password(services: &Services, realm: &Realm, password: Secret) -> Result<Credential> {
    let policy = policy(realm)?;
    hashed(services, &policy, password, Vec::new()).await
}

/// What the credentials of a representation come to.
#[derive(Clone, Debug, Default)]
pub(crate) struct NewCredentials {
    /// The password, hashed.
    pub(crate) password: Option<Credential>,
    /// It is to be changed at the next login.
    pub(crate) temporary: bool,
}

/// Hashes the password among the credentials of a representation, after checking it against the policy and against the
/// user's `earlier` passwords; takes over one that is hashed already. If there are several, the last one counts.
pub(crate) async fn prepare(
    services: &Services,
    realm: &Realm,
    user: &User,
    given: &[CredentialRepresentation],
    earlier: &[Credential],
) -> Result<NewCredentials> {
    if let Some(other) = given.iter().filter_map(|given| given.r#type.as_deref()).find(|kind| *kind != PASSWORD) {
        let kind: String = other.chars().filter(|letter| !letter.is_control()).take(40).collect();
        return Err(Error::Refused(format!("Credentials of the type {kind} can't be stored")));
    }
    let Some(last) = given.last() else { return Ok(NewCredentials::default()) };
    let temporary = last.temporary.unwrap_or(false);
    let password = match &last.value {
        Some(value) if value.expose().is_empty() => {
            return Err(Error::invalid("credentials", "Empty password not allowed"));
        }
        Some(value) => {
            let password = Secret::new(value.expose().clone());
            let mut new = checked(services, realm, user, password, earlier).await?;
            new.label.clone_from(&last.user_label);
            Some(new)
        }
        None => stored::take_over(services, last)?,
    };
    if let Some(Credential { label: Some(label), .. }) = &password {
        check_label(label)?;
    }
    Ok(NewCredentials { password, temporary })
}

/// As [`prepare`], for a user who is there already and whom the caller may change.
pub(crate) async fn prepare_for(
    services: &Services,
    caller: &Caller,
    realm: &Realm,
    id: &UserId,
    given: &[CredentialRepresentation],
) -> Result<NewCredentials> {
    let (user, earlier) = {
        let mut conn = services.store.read().await?;
        let user = users::existing(&mut conn, realm, id).await?;
        // Before any hash is computed, and once more in the transaction that changes something.
        require_covers_user(&mut conn, caller, realm, id).await?;
        let kept = kept(&policy(realm)?);
        (user, store::credentials::passwords(&mut conn, realm.id, id, kept).await?)
    };
    prepare(services, realm, &user, given, &earlier).await
}

/// Checks a new password against the realm's policy, and hashes it.
///
/// # Errors
/// `Policy` if it breaks a rule or is one of `earlier` that may not come back, `Busy` if too many hashes wait.
pub(crate) async fn checked(
    services: &Services,
    realm: &Realm,
    user: &User,
    password: Secret,
    earlier: &[Credential],
) -> Result<Credential> {
    let policy = policy(realm)?;
    policy.check(password.expose(), &user.username, user.email.as_deref()).map_err(violated)?;
    let banned = banned(&policy, earlier, services.now());
    hashed(services, &policy, password, banned).await
}

fn violated(violation: PolicyViolation) -> Error {
    Error::Policy { key: violation.key.to_owned(), text: violation.text }
}

/// How many replaced passwords must be kept for the policy.
pub(crate) fn kept(policy: &PasswordPolicy) -> i64 {
    // The present password is one of those that the history counts.
    let history = i64::from(policy.password_history().unwrap_or(0)) - 1;
    let aged = if policy.password_age().is_some() { MOST_KEPT } else { 0 };
    history.max(aged).clamp(0, MOST_KEPT)
}

/// The passwords among `earlier` (the newest first) that may not come back, each with the rule that it would break.
fn banned(
    policy: &PasswordPolicy,
    earlier: &[Credential],
    now: OffsetDateTime,
) -> Vec<(PasswordHash, PolicyViolation)> {
    let history = policy.password_history().unwrap_or(0);
    let age = policy.password_age().unwrap_or(0);
    let since = now.checked_sub(Duration::seconds(i64::try_from(age).unwrap_or(i64::MAX)));
    let rule = |place: usize, old: &Credential| {
        if place < usize::try_from(history).unwrap_or(usize::MAX) {
            return Some(PolicyViolation::history(history));
        }
        let recent = age > 0 && since.is_none_or(|since| old.created >= since);
        recent.then(|| PolicyViolation::recently_used(u32::try_from(age / 86_400).unwrap_or(u32::MAX)))
    };
    earlier
        .iter()
        .enumerate()
        .filter_map(|(place, old)| {
            // A record that can't be read can't be recognised either.
            let hash = PasswordHash::parse(&old.credential_data, old.secret_data.expose()).ok()?;
            Some((hash, rule(place, old)?))
        })
        .collect()
}

async fn hashed(
    services: &Services,
    policy: &PasswordPolicy,
    password: Secret,
    banned: Vec<(PasswordHash, PolicyViolation)>,
) -> Result<Credential> {
    let parameters = policy.argon2_parameters();
    let salt = random::bytes::<SALT_LENGTH>(&*services.random);
    let job = move |memory: &mut MemoryBlocks| {
        for (hash, violation) in banned {
            if hash.verify(password.expose(), memory)? {
                return Ok(Err(violation));
            }
        }
        credential::password::hash(password.expose(), &salt, &parameters, memory).map(Ok)
    };
    let hash = services.passwords.run(job).await?.map_err(refused)?.map_err(violated)?;
    Ok(Credential {
        id: CredentialId(services.new_id()),
        kind: PASSWORD.to_owned(),
        label: None,
        created: services.now(),
        credential_data: hash.credential_data().map_err(refused)?,
        secret_data: Secret::new(hash.secret_data().to_string()),
        priority: 0,
    })
}

/// Hashes a password anew that just proved to be the one in `old`, in the way that the realm wants today. Nothing that
/// was gained with it ends.
///
/// # Errors
/// `Busy` if too many hashes wait, `Store` if the database fails.
pub async fn rehash(services: &Services, realm: &Realm, old: &Credential, password: Secret) -> Result<()> {
    let new = new_password(services, realm, password).await?;
    let mut tx = services.store.begin(realm.id).await?;
    store::credentials::rehash(&mut tx, old, &new.credential_data, &new.secret_data).await?;
    services.commit(tx).await
}

/// What it means to a caller that a password can't be hashed.
pub(crate) fn refused(error: PasswordError) -> Error {
    match error {
        PasswordError::PasswordTooLong => Error::Policy {
            key: "invalidPasswordMaxLengthMessage".to_owned(),
            text: format!("The password must have at most {} bytes.", credential::password::MAX_PASSWORD_LENGTH),
        },
        other => Error::Credential(Box::new(other)),
    }
}

/// Gives a user a new password, and ends what was gained with the old one: identity tokens and sessions, but for the
/// session in which an administrator changes their own password.
pub(crate) async fn replace(
    services: &Services,
    tx: &mut Tx,
    caller: &Caller,
    realm: &Realm,
    user: &UserId,
    password: &Credential,
) -> Result<()> {
    store::credentials::replace_password(tx, user, password, kept(&policy(realm)?)).await?;
    store::identity_tokens::delete_of_user(tx, user, None).await?;
    let own = caller.realm == realm.id && caller.user.as_ref() == Some(user);
    let except = caller.session.as_ref().filter(|_| own);
    crate::sessions::end_all(services, tx, user, except).await
}

/// Checks the name of a credential.
fn check_label(label: &str) -> Result<()> {
    if label.chars().count() > 255 || label.chars().any(char::is_control) {
        return Err(Error::invalid("userLabel", "A label has at most 255 characters and no control characters"));
    }
    Ok(())
}
