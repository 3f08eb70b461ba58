//! A new password, for a user who has just proved to know the old one.

use model::{realm::Realm, secret::Secret, session::UserSession, user::User};
use services::{
    Error, Origin, Result, Services,
    credentials::{change_own_password, password_set_at},
};

use super::{Outcome, Stage, authenticate::enter};

/// What a person typed, twice.
#[derive(Clone, Debug)]
pub struct NewPassword {
    /// The password.
    pub password: Secret,
    /// Once more.
    pub again: Secret,
}

pub(super) async fn password_age(services: &Services, realm: &Realm, user: &User) -> Result<i64> {
    password_set_at(services, realm, &user.id).await
}

/// Changes the password and lets the user in. The inner error is a sentence for the person: the page comes again. None
/// if the login is not at this stage, or the password was changed meanwhile.
///
/// # Errors
/// `Busy` if too many passwords wait to be hashed, `Store` if the database fails.
pub async fn update_password(
    services: &Services,
    realm: &Realm,
    stage: &Stage,
    present: Option<&UserSession>,
    new: &NewPassword,
    origin: &Origin,
) -> Result<Option<std::result::Result<Outcome, String>>> {
    let Stage::UpdatePassword { user, since, remember_me } = stage else { return Ok(None) };
    if new.password.expose().is_empty() {
        return Ok(Some(Err("Please choose a password.".to_owned())));
    }
    if !new.again.matches(new.password.expose()) {
        return Ok(Some(Err("The two passwords differ. Please type the same one twice.".to_owned())));
    }
    let changed = match change_own_password(services, realm, user, *since, new.password.clone()).await {
        Err(Error::Policy { text, .. }) => return Ok(Some(Err(text))),
        Err(Error::NotFound(_)) => return Ok(None),
        changed => changed?,
    };
    let Some(user) = changed else { return Ok(None) };
    let (session, cookie) = enter(services, realm, present, &user, *remember_me, origin).await?;
    Ok(Some(Ok(Outcome::Done { session, user, cookie })))
}
