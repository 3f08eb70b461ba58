//! Name and password on a page.

use model::{realm::Realm, secret::Secret, session::UserSession, user::User};
use services::{
    Origin, Result, Services,
    credentials::UPDATE_PASSWORD,
    sessions,
    sessions::{authenticated_again, open_in_browser},
};

use super::{PendingLogin, Stage};
use crate::{
    Reason,
    direct::{self, Verdict},
};

/// What a person typed.
#[derive(Clone, Debug)]
pub struct Attempt {
    /// The name, or the e-mail address.
    pub username: String,
    /// The password.
    pub password: Secret,
    /// The session is to be remembered.
    pub remember_me: bool,
}

/// How an attempt ended.
#[derive(Clone, Debug)]
pub enum Outcome {
    /// It is this user, in this session, which the browser names by `cookie` from now on.
    Done {
        /// The session.
        session: UserSession,
        /// Its user.
        user: User,
        /// What the browser shows.
        cookie: Secret,
    },
    /// The user must do something first: the login goes on at this stage.
    Next(Box<Stage>),
    /// It is not, or not now.
    Refused {
        /// Why. For the event.
        reason: Reason,
        /// Whose name was given, if anybody's.
        user: Option<User>,
    },
}

/// The session of a browser that shows this cookie, with its user.
///
/// # Errors
/// If the database fails.
pub async fn current(services: &Services, realm: &Realm, cookie: Option<&str>) -> Result<Option<(UserSession, User)>> {
    match cookie {
        Some(cookie) => sessions::find_by_cookie(services, realm, cookie).await,
        None => Ok(None),
    }
}

/// Judges name and password, and opens a session or, for somebody who is logged in and proves it again, goes on with
/// theirs under a new cookie. `present` is the session of the browser, if there is one: another user's ends.
///
/// # Errors
/// `Busy` if too many passwords wait to be hashed, `Store` if the database fails.
pub async fn authenticate(
    services: &Services,
    realm: &Realm,
    pending: &PendingLogin,
    present: Option<&UserSession>,
    attempt: &Attempt,
    origin: &Origin,
) -> Result<Outcome> {
    let remember_me = attempt.remember_me && realm.settings.remember_me;
    match direct::password(services, realm, &attempt.username, &attempt.password, origin).await? {
        Verdict::Accepted(user, _) => {
            if pending.only_user.as_ref().is_some_and(|only| *only != user.id) {
                return Ok(Outcome::Refused { reason: Reason::AnotherUser, user: Some(user) });
            }
            let (session, cookie) = enter(services, realm, present, &user, remember_me, origin).await?;
            Ok(Outcome::Done { session, user, cookie })
        }
        Verdict::Rejected { reason: Reason::RequiredActions(actions), user: Some(user) }
            if actions.iter().all(|action| action == UPDATE_PASSWORD) =>
        {
            let since = super::update_password::password_age(services, realm, &user).await?;
            Ok(Outcome::Next(Box::new(Stage::UpdatePassword { user: user.id, since, remember_me })))
        }
        Verdict::Rejected { reason, user } => Ok(Outcome::Refused { reason, user }),
    }
}

/// The session of a user who has just proved who they are.
pub(super) async fn enter(
    services: &Services,
    realm: &Realm,
    present: Option<&UserSession>,
    user: &User,
    remember_me: bool,
    origin: &Origin,
) -> Result<(UserSession, Secret)> {
    if let Some(present) = present {
        if present.user_id == user.id {
            if let Some(again) = authenticated_again(services, realm, present).await? {
                return Ok(again);
            }
        } else {
            sessions::end(services, realm, &present.id, false).await?;
        }
    }
    open_in_browser(services, realm, &user.id, remember_me, origin).await
}
