//! What is remembered of a login that is under way.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use model::{
    id::{SessionId, UserId},
    realm::Realm,
    secret::Secret,
};
use openssl::sha::sha256;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use services::{Result, Services, random};

/// The longest sealed text that is opened, in bytes.
const MAX_LENGTH: usize = 48 * 1_024;

/// Which page comes next.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Stage {
    /// Name and password.
    Authenticate,
    /// A new password, after this user proved to know the old one. `since` tells the old one's age, so that the stage is
    /// over once the password was changed.
    UpdatePassword {
        /// The user.
        user: UserId,
        /// When the password was set, seconds since 1970.
        since: i64,
        /// The session is to be remembered.
        remember_me: bool,
    },
    /// Consent, in this session of the browser.
    Consent {
        /// The session.
        session: SessionId,
    },
}

/// A login that is under way.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct PendingLogin {
    /// The protocol that began it and finishes it.
    pub protocol: String,
    /// The `clientId` of the client that people log in to.
    pub client_id: String,
    /// The public address under which it began.
    pub public_url: String,
    /// A hash of what the browser shows.
    browser: String,
    /// When it ends, seconds since 1970.
    expires: i64,
    /// The page that comes next.
    pub stage: Stage,
    /// The name that the login form begins with.
    pub login_hint: Option<String>,
    /// Whoever logs in must be this user: somebody who is logged in and proves it again.
    pub only_user: Option<UserId>,
    /// How the action ended that the protocol asked the user for: `success` or `cancelled`.
    pub action_status: Option<String>,
    /// What the protocol has to know in the end.
    pub request: Value,
}

/// Why a login can't go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stale {
    /// It is none of ours, or of another browser or realm.
    Unknown,
    /// It took too long.
    Expired,
}

/// A new mark for a browser, to be kept in a cookie.
#[must_use]
pub fn browser_mark(services: &Services) -> Secret {
    Secret::new(URL_SAFE_NO_PAD.encode(random::bytes::<32>(&*services.random)))
}

fn hash(mark: &str) -> String {
    URL_SAFE_NO_PAD.encode(sha256(mark.as_bytes()))
}

fn sealed_for(realm: &Realm) -> String {
    format!("{}/pending-login", realm.id)
}

impl PendingLogin {
    /// A login that begins now, in the browser with this mark.
    #[must_use]
    pub fn new(
        services: &Services,
        realm: &Realm,
        protocol: &str,
        client_id: &str,
        mark: &str,
        request: Value,
    ) -> Self {
        Self {
            protocol: protocol.to_owned(),
            client_id: client_id.to_owned(),
            public_url: services.public_url().to_owned(),
            browser: hash(mark),
            expires: services.now().unix_timestamp().saturating_add(realm.settings.access_code_lifespan_login),
            stage: Stage::Authenticate,
            login_hint: None,
            only_user: None,
            action_status: None,
            request,
        }
    }

    /// The login at its next page.
    #[must_use]
    pub fn at(&self, stage: Stage) -> Self {
        Self { stage, ..self.clone() }
    }

    /// The text that carries it.
    ///
    /// # Errors
    /// If the cryptographic library fails.
    pub fn seal(&self, services: &Services, realm: &Realm) -> Result<String> {
        let text = serde_json::to_vec(self).unwrap_or_default();
        Ok(services.sealing.seal(&sealed_for(realm), &text)?)
    }

    /// Reads the text that a browser with this mark brings.
    ///
    /// # Errors
    /// Why the login can't go on.
    pub fn open(
        services: &Services,
        realm: &Realm,
        sealed: &str,
        mark: Option<&str>,
    ) -> std::result::Result<Self, Stale> {
        if sealed.len() > MAX_LENGTH {
            return Err(Stale::Unknown);
        }
        let opened = services.sealing.open(&sealed_for(realm), sealed).or(Err(Stale::Unknown))?;
        let pending: Self = serde_json::from_slice(&opened).or(Err(Stale::Unknown))?;
        let same_browser = mark.is_some_and(|mark| Secret::new(pending.browser.clone()).matches(&hash(mark)));
        if !same_browser || pending.public_url != services.public_url() {
            return Err(Stale::Unknown);
        }
        if pending.expires <= services.now().unix_timestamp() {
            return Err(Stale::Expired);
        }
        Ok(pending)
    }
}
