//! A login with name and password in one request, as docker clients and the password grant make it.

use credential::PasswordPolicy;
use model::{credential::Credential, realm::Realm, secret::Secret, user::User};
use services::{
    Error, Origin, Result, Services,
    brute_force::{self, Mark},
    credentials::{self, UPDATE_PASSWORD},
    events,
    store::{self, login::{LoginFailures, LoginRecord}},
    users,
};
use time::Duration;

use crate::{
    Reason,
    verify::{Judgement, judge},
};

/// The longest login name that anybody can have, in bytes.
const MAX_NAME: usize = 4 * 255;

/// How a login ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is this user.
    Accepted(User),
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
/// In every case one password hash is computed and, where the realm is protected, one statement that could count a
/// failure is sent after a refusal: an unknown user, a wrong password, a locked and a disabled account take the same
/// time. A locked account stays locked even if the password is right.
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

    let Some(LoginRecord { user, password, failures }) = record else {
        refuse(services, realm, &User { id: "".into(), ..nobody(services) }, Reason::UnknownUser, presented, origin).await?;
        return Ok(Verdict::Rejected { reason: Reason::UnknownUser, user: None });
    };
    let attempt = Attempt { services, realm, presented, origin, mark };
    let reason = attempt.judge_account(&user, password.as_ref(), failures.as_ref(), judgement).await?;
    todo!()
}
