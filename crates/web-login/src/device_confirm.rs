//! The question whether a device may use the account. The code is shown once more, because whoever tricks people into
//! this page has a device that shows it elsewhere (RFC 8628 section 5.4).

use askama::Template;
use web::{ClientShown, Page, PlainUrl, Policy, RealmShown, Shown};

use crate::AskedScope;

/// Consent to a device.
#[derive(Template)]
#[template(path = "device/confirm.html")]
pub struct DeviceConfirmPage {
    realm: RealmShown,
    action: PlainUrl,
    client: ClientShown,
    user_code: Shown,
    scopes: Vec<AskedScope>,
    username: Option<Shown>,
}

impl DeviceConfirmPage {
    /// The page whose form is sent to `action`, with `accept` or `cancel`.
    #[must_use]
    pub fn new(
        realm: impl Into<RealmShown>,
        action: PlainUrl,
        client: ClientShown,
        user_code: &str,
        scopes: Vec<AskedScope>,
    ) -> Self {
        let (realm, user_code) = (realm.into(), Shown::name(user_code));
        Self { realm, action, client, user_code, scopes, username: None }
    }

    /// Says whose account it is about.
    #[must_use]
    pub fn username(self, username: &str) -> Self {
        Self { username: Some(Shown::name(username)), ..self }
    }

    /// As in tests and on pictures of the pages.
    #[must_use]
    pub fn sample() -> Self {
        let scopes = vec![AskedScope::in_words("profile", Some("${profileScopeConsentText}"))];
        let client = ClientShown { name: Shown::name("Dome Controller"), ..ClientShown::sample() };
        Self::new("Northwind Observatory", PlainUrl::sample(), client, "WDJB-MJHT", scopes).username("anna.berg")
    }
}

impl Page for DeviceConfirmPage {
    fn policy(&self) -> Policy {
        Policy::default().with_picture(self.client.logo.as_ref())
    }
}
