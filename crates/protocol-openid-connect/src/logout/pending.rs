//! A logout that waits for the person's word. It travels sealed in the form of the page, and is good only in the browser
//! that the page was shown to and for the session that was in it: no other page can have such a form, so none can log
//! people out (RFC 9700 section 4.7).

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use model::{id::SessionId, realm::Realm, secret::Secret, session::UserSession};
use openssl::sha::sha256;
use serde::{Deserialize, Serialize};
use services::{Result, Services};

use super::request::Target;

/// The longest sealed text that is opened, in bytes.
const MAX_LENGTH: usize = 48 * 1_024;
/// Seconds that the page may be left alone.
const LASTS: i64 = 1_800;

/// What is remembered while the page is open.
#[derive(Debug, Serialize, Deserialize)]
pub struct PendingLogout {
    /// The public address under which it began.
    public_url: String,
    /// A hash of what the browser shows.
    browser: String,
    /// When it ends, seconds since 1970.
    expires: i64,
    /// The session that the person is asked about.
    pub session: SessionId,
    /// Where the browser goes afterwards.
    pub target: Option<Target>,
}

impl PendingLogout {
    /// A logout out of this session, in the browser with this mark.
    pub fn new(services: &Services, mark: &str, session: &UserSession, target: Option<Target>) -> Self {
        Self {
            public_url: services.public_url().to_owned(),
            browser: hash(mark),
            expires: services.now().unix_timestamp().saturating_add(LASTS),
            session: session.id.clone(),
            target,
        }
    }

    /// The text that carries it.
    ///
    /// # Errors
    /// If the cryptographic library fails.
    pub fn seal(&self, services: &Services, realm: &Realm) -> Result<String> {
        let text = serde_json::to_vec(self).unwrap_or_default();
        Ok(services.sealing.seal(&sealed_for(realm), &text)?)
    }

    /// Reads the text that a browser with this mark brings. None if it isn't one of ours, of another browser, or too old.
    pub fn open(services: &Services, realm: &Realm, sealed: &str, mark: Option<&str>) -> Option<Self> {
        if sealed.len() > MAX_LENGTH {
            return None;
        }
        let opened = services.sealing.open(&sealed_for(realm), sealed).ok()?;
        let pending: Self = serde_json::from_slice(&opened).ok()?;
        let same_browser = Secret::new(pending.browser.clone()).matches(&hash(mark?));
        let fresh = pending.expires > services.now().unix_timestamp();
        (same_browser && fresh && pending.public_url == services.public_url()).then_some(pending)
    }
}

fn hash(mark: &str) -> String {
    URL_SAFE_NO_PAD.encode(sha256(mark.as_bytes()))
}

fn sealed_for(realm: &Realm) -> String {
    format!("{}/pending-logout", realm.id)
}
