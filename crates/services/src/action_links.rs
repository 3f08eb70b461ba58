//! Links in mails by which users do what an administrator asks of them: prove an address, choose a password.
//!
//! A link is a sealed text, good in its realm, under the address that it was made for, for a limited time, for the address
//! that it was mailed to, and once. Nothing of it is stored until it was used.

mod send;
mod texts;

use model::{id::UserId, realm::Realm, secret::Secret, user::User};
use openssl::sha::sha256;
use serde::{Deserialize, Serialize};
use store::{PgConnection, Tx};
use time::OffsetDateTime;

use crate::{
    Error, Origin, Result, Services, cache,
    credentials::{self, UPDATE_PASSWORD},
    events, users,
};

pub use send::{Asked, Purpose, send};

/// The required action of proving an address.
pub const VERIFY_EMAIL: &str = "VERIFY_EMAIL";
/// What a link can have done.
pub const ACTIONS: [&str; 2] = [VERIFY_EMAIL, UPDATE_PASSWORD];
/// The longest sealed text that is opened, in bytes.
const MAX_LENGTH: usize = 16 * 1_024;

/// What a link says.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ActionLink {
    id: String,
    user: UserId,
    /// The address that it was mailed to.
    email: String,
    /// What is to be done.
    pub actions: Vec<String>,
    /// The `clientId` of the application that people go back to.
    pub client_id: String,
    /// Where in the application.
    pub redirect_uri: Option<String>,
    /// When it ends, seconds since 1970.
    expires: i64,
    public_url: String,
}

impl ActionLink {
    /// Whether this action is among those that are to be done.
    #[must_use]
    pub fn asks_for(&self, action: &str) -> bool {
        self.actions.iter().any(|asked| asked == action)
    }

    fn ends(&self) -> OffsetDateTime {
        OffsetDateTime::from_unix_timestamp(self.expires).unwrap_or(OffsetDateTime::UNIX_EPOCH)
    }

    fn hash(&self) -> [u8; 32] {
        sha256(format!("action-link/{}", self.id).as_bytes())
    }

    /// Whether it is still this user's link.
    fn fits(&self, user: &User) -> bool {
        user.enabled && user.email.as_ref() == Some(&self.email)
    }
}

fn sealed_for(realm: &Realm) -> String {
    format!("{}/action-link", realm.id)
}

/// Reads the text of a link, with its user. None if it is none of this realm's, has ended, was used, or its user is gone,
/// disabled or has another address now.
///
/// # Errors
/// If the database fails.
pub async fn open(services: &Services, realm: &Realm, sealed: &str) -> Result<Option<(ActionLink, User)>> {
    if sealed.len() > MAX_LENGTH {
        return Ok(None);
    }
    let Ok(opened) = services.sealing.open(&sealed_for(realm), sealed) else { return Ok(None) };
    let Ok(link) = serde_json::from_slice::<ActionLink>(&opened) else { return Ok(None) };
    if link.expires <= services.now().unix_timestamp() || link.public_url != services.public_url() {
        return Ok(None);
    }
    let mut conn = services.store.read().await?;
    if store::used_assertions::is_used(&mut conn, realm.id, &link.hash()).await? {
        return Ok(None);
    }
    let user = store::users::find(&mut conn, realm.id, &link.user).await?.filter(|user| link.fits(user));
    Ok(user.map(|user| (link, user)))
}

/// Does what a link asks for, all of it or nothing. `password` is the new one, if one is asked for. None if the link is
/// good no more.
///
/// # Errors
/// `Policy` if the password breaks the policy, `Busy` if too many hashes wait.
pub async fn follow(
    services: &Services,
    realm: &Realm,
    link: &ActionLink,
    password: Option<Secret>,
    origin: &Origin,
) -> Result<Option<()>> {
    let password = match (link.asks_for(UPDATE_PASSWORD), password) {
        (false, _) => None,
        (true, None) => return Err(Error::invalid("password", "A new password is missing")),
        (true, Some(password)) => {
            let user = {
                let mut conn = services.store.read().await?;
                existing(&mut conn, realm, link).await?
            };
            let Some(user) = user else { return Ok(None) };
            Some(credentials::checked_anew(services, realm, &user, password).await?)
        }
    };
    let mut tx = services.store.begin(realm.id).await?;
    let Some(mut user) = locked(&mut tx, link).await? else { return Ok(None) };
    if !store::used_assertions::use_once_within(&mut tx, &link.hash(), link.ends()).await? {
        return Ok(None);
    }
    if link.asks_for(VERIFY_EMAIL) {
        user.email_verified = true;
    }
    user.required_actions.retain(|action| !link.asks_for(action));
    store::users::update(&mut tx, &user, realm.settings.duplicate_emails_allowed).await?;
    if let Some(password) = &password {
        credentials::replace_own(services, &mut tx, realm, &user.id, password).await?;
    }
    services.commit(tx).await?;
    for action in &link.actions {
        record(services, realm, link, action, origin).await?;
    }
    Ok(Some(()))
}

async fn existing(conn: &mut PgConnection, realm: &Realm, link: &ActionLink) -> Result<Option<User>> {
    Ok(store::users::find(conn, realm.id, &link.user).await?.filter(|user| link.fits(user)))
}

async fn locked(tx: &mut Tx, link: &ActionLink) -> Result<Option<User>> {
    if !users::is_id(&link.user) {
        return Ok(None);
    }
    Ok(store::users::lock(tx, &link.user).await?.filter(|user| link.fits(user)))
}

/// The event of an action has the action's name.
async fn record(services: &Services, realm: &Realm, link: &ActionLink, action: &str, origin: &Origin) -> Result<()> {
    let mut event = events::event(services, realm, action, origin);
    event.client_id = Some(link.client_id.clone());
    event.user_id = Some(link.user.clone());
    event.details.insert("email".to_owned(), link.email.clone());
    event.details.insert("action_token".to_owned(), link.id.clone());
    events::record(services, realm, event).await
}

/// The address of the application that people go back to: the one that was asked for, else none.
///
/// # Errors
/// If the database fails.
pub async fn application(services: &Services, realm: &Realm, link: &ActionLink) -> Result<Option<String>> {
    let Some(uri) = &link.redirect_uri else { return Ok(None) };
    // It may have been taken away since the mail was sent.
    let Some(config) = cache::client(services, realm, &link.client_id).await? else { return Ok(None) };
    Ok(send::is_registered(services, &config.client, uri).then(|| uri.clone()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_is_for_one_address_of_an_enabled_user() {
        let link = ActionLink {
            id: "1".to_owned(),
            user: UserId("u".to_owned()),
            email: "a@example.org".to_owned(),
            actions: vec![VERIFY_EMAIL.to_owned()],
            client_id: "account".to_owned(),
            redirect_uri: None,
            expires: 1,
            public_url: String::new(),
        };
        let mut user = User {
            id: UserId("u".to_owned()),
            username: "alice".to_owned(),
            email: Some("a@example.org".to_owned()),
            email_verified: false,
            first_name: None,
            last_name: None,
            enabled: true,
            created: OffsetDateTime::UNIX_EPOCH,
            not_before: 0,
            attributes: Default::default(),
            required_actions: Vec::new(),
            service_account_of: None,
        };
        assert!(link.fits(&user) && link.asks_for(VERIFY_EMAIL) && !link.asks_for(UPDATE_PASSWORD));
        user.email = Some("b@example.org".to_owned());
        assert!(!link.fits(&user));
        user.email = Some("a@example.org".to_owned());
        user.enabled = false;
        assert!(!link.fits(&user));
    }
}
