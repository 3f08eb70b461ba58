//! A login with name and password in one request, as docker clients and the password grant make it.

#[cfg(test)]
mod tests;

use credential::PasswordPolicy;
use model::{credential::Credential, id::UserId, realm::Realm, secret::Secret, subject::Assignments, user::User};
use services::{
    Origin, Result, Services, brute_force,
    credentials::{self, UPDATE_PASSWORD},
    events,
    store::{
        self,
        login::{Counted, LoginRecord},
    },
    users,
};
use time::{Duration, OffsetDateTime};

use crate::{
    Reason,
    verify::{Judgement, judge},
};

/// The longest login name that anybody can have, in bytes.
const MAX_NAME: usize = 4 * 255;

/// How a login ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is this user, to whom this was given.
    Accepted(User, Assignments),
    /// It is not, or not now.
    Rejected {
        /// Why. For the event: the caller hears the same whatever it is.
        reason: Reason,
        /// Whose name was given, if anybody's.
        user: Option<User>,
    },
}

/// Checks name and password, the state of the account and the realm's protection against guessing.
///
/// In every case one password hash is computed, and in a protected realm one statement that could count a failure
/// follows every refusal: an unknown user, a wrong password, a locked and a disabled account take the same time. A
/// locked account stays locked even if the password is right. Which client the login is for, and the event, are the
/// caller's; the realm is enabled.
///
/// # Errors
/// `Busy` if too many passwords wait to be hashed, `Store` if the database fails.
pub async fn password(
    services: &Services,
    realm: &Realm,
    username: &str,
    presented: &Secret,
    origin: &Origin,
) -> Result<Verdict> {
    let mark = brute_force::mark();
    let record = find(services, realm, username).await?;
    let policy = credentials::policy(realm)?;
    let stored = record.as_ref().and_then(|record| record.password.as_ref());
    // No database connection is held while this waits for a thread and for the hash.
    let judgement = judge(services, policy.argon2_parameters(), stored, presented).await?;

    let protected = realm.settings.brute_force.brute_force_protected;
    let refusal = refusal(record.as_ref(), judgement, protected, services.now());
    let (record, reason) = match (record, refusal) {
        (Some(record), None) => (record, None),
        (Some(record), Some(reason)) => (record, Some(reason)),
        (None, _) => {
            count(services, realm, None, presented, origin).await?;
            return Ok(Verdict::Rejected { reason: Reason::UnknownUser, user: None });
        }
    };
    if let Some(reason) = reason {
        let counts = reason == Reason::WrongPassword;
        let counted = count(services, realm, counts.then_some(&record.user), presented, origin).await?;
        // Others who tried at the same time locked the account first.
        let reason = if counts && protected && counted.is_none() { Reason::TemporarilyLocked } else { reason };
        return Ok(Verdict::Rejected { reason, user: Some(record.user) });
    }
    let LoginRecord { user, given, password, failures } = record;
    if protected && !brute_force::accept(services, realm, &user.id, failures.is_some(), mark).await? {
        return Ok(Verdict::Rejected { reason: Reason::TemporarilyLocked, user: Some(user) });
    }
    let actions = due_actions(&user, password.as_ref(), &policy, services.now());
    if !actions.is_empty() {
        return Ok(Verdict::Rejected { reason: Reason::RequiredActions(actions), user: Some(user) });
    }
    if let Some(password) = password.filter(|_| judgement.outdated)
        && let Err(error) = credentials::rehash(services, realm, &password, presented.clone()).await
    {
        // The next login tries again.
        tracing::warn!(%error, user = %user.id, "a password could not be hashed anew");
    }
    Ok(Verdict::Accepted(user, given))
}

async fn find(services: &Services, realm: &Realm, username: &str) -> Result<Option<LoginRecord>> {
    if username.is_empty() || username.len() > MAX_NAME || username.contains('\0') {
        return Ok(None);
    }
    let name = users::login_name(username);
    let allow_email = realm.settings.login_with_email_allowed;
    Ok(store::login::find(&mut *services.store.read().await?, realm.id, &name, allow_email).await?)
}

/// Why this login can't be accepted, as far as it was known when the account was read. What the account is comes before
/// what the password is: nobody learns from a lock whether a guess was right.
fn refusal(record: Option<&LoginRecord>, judgement: Judgement, protected: bool, now: OffsetDateTime) -> Option<Reason> {
    let Some(LoginRecord { user, password, failures, .. }) = record else { return Some(Reason::UnknownUser) };
    if user.service_account_of.is_some() {
        return Some(Reason::ServiceAccount);
    }
    if users::is_permanently_locked(user) {
        return Some(Reason::PermanentlyLocked);
    }
    if !user.enabled {
        return Some(Reason::Disabled);
    }
    if protected && failures.as_ref().is_some_and(|failures| failures.locked_at(now)) {
        return Some(Reason::TemporarilyLocked);
    }
    if password.is_none() {
        return Some(Reason::NoPassword);
    }
    (!judgement.right).then_some(Reason::WrongPassword)
}

/// Counts a failure of `user`. Without a user the same statement runs and finds nobody to count it for.
async fn count(
    services: &Services,
    realm: &Realm,
    user: Option<&User>,
    presented: &Secret,
    origin: &Origin,
) -> Result<Option<Counted>> {
    if !realm.settings.brute_force.brute_force_protected {
        return Ok(None);
    }
    let nobody = UserId(String::new());
    let id = user.map_or(&nobody, |user| &user.id);
    let counted = brute_force::count(services, realm, id, presented, origin).await?;
    if let (Some(user), Some(counted)) = (user, counted) {
        tell_lockout(services, realm, user, counted, origin).await?;
    }
    Ok(counted)
}

/// Records that a failure locked the account.
async fn tell_lockout(
    services: &Services,
    realm: &Realm,
    user: &User,
    counted: Counted,
    origin: &Origin,
) -> Result<()> {
    let kind = match counted {
        Counted { disabled: true, .. } => "USER_DISABLED_BY_PERMANENT_LOCKOUT",
        Counted { locked_until: Some(_), .. } => "USER_DISABLED_BY_TEMPORARY_LOCKOUT",
        _ => return Ok(()),
    };
    let mut event = events::event(services, realm, kind, origin);
    event.user_id = Some(user.id.clone());
    event.details.insert("username".to_owned(), user.username.clone());
    event.details.insert("failures".to_owned(), counted.failures.to_string());
    if let Some(until) = counted.locked_until {
        event.details.insert("locked_until".to_owned(), until.unix_timestamp().to_string());
    }
    events::record(services, realm, event).await
}

/// What the user must do before a login counts: what is noted, and a change of a password that is too old.
fn due_actions(
    user: &User,
    password: Option<&Credential>,
    policy: &PasswordPolicy,
    now: OffsetDateTime,
) -> Vec<String> {
    let mut actions = user.required_actions.clone();
    let lifetime = policy.password_lifetime().map(|seconds| i64::try_from(seconds).unwrap_or(i64::MAX));
    let too_old = |password: &Credential| {
        lifetime.is_some_and(|lifetime| password.created.saturating_add(Duration::seconds(lifetime)) <= now)
    };
    if password.is_some_and(too_old) && !actions.iter().any(|action| action == UPDATE_PASSWORD) {
        actions.push(UPDATE_PASSWORD.to_owned());
    }
    actions
}
