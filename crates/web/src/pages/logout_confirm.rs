//! The question before a logout that no ID token vouches for (OpenID Connect RP-Initiated Logout section 2): without it
//! any page could log its visitors out.

use askama::Template;

use crate::{
    address::{Destination, WebAddress},
    page::{Page, Policy},
    plain_url::PlainUrl,
    realm_shown::RealmShown,
    shown::Shown,
};

/// "Do you want to log out?"
#[derive(Template)]
#[template(path = "logout/confirm.html")]
pub struct LogoutConfirmPage {
    realm: RealmShown,
    action: PlainUrl,
    fields: Vec<(String, String)>,
    username: Option<Shown>,
    application: Option<Destination>,
}

impl LogoutConfirmPage {
    /// The page whose form is sent to `action`.
    #[must_use]
    pub fn new(realm: impl Into<RealmShown>, action: PlainUrl) -> Self {
        Self { realm: realm.into(), action, fields: Vec::new(), username: None, application: None }
    }

    /// With a hidden field that comes back with the form.
    #[must_use]
    pub fn field(mut self, name: &str, value: &str) -> Self {
        self.fields.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Says who is logged in.
    #[must_use]
    pub fn username(self, username: &str) -> Self {
        Self { username: Some(Shown::name(username)), ..self }
    }

    /// With a link back to the application, for whoever doesn't want to log out.
    #[must_use]
    pub fn application(self, application: Option<Destination>) -> Self {
        Self { application, ..self }
    }

    /// As in tests and on pictures of the pages.
    #[must_use]
    pub fn sample() -> Self {
        Self::new("Northwind Observatory", PlainUrl::sample())
            .field("session_code", "x7Jq")
            .username("anna.berg")
            .application(Some(WebAddress::sample("/").into()))
    }
}

impl Page for LogoutConfirmPage {
    fn policy(&self) -> Policy {
        Policy::default().leading_away()
    }
}
