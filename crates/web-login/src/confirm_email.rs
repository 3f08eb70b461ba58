//! The question whether an address is the user's own, for whoever followed a link that was mailed there. A program that only
//! looks at links in mails answers nothing.

use askama::Template;
use web::{Page, PlainUrl, RealmShown, Shown};

/// The question.
#[derive(Template)]
#[template(path = "login/confirm_email.html")]
pub struct ConfirmEmailPage {
    realm: RealmShown,
    action: PlainUrl,
    email: Shown,
}

impl ConfirmEmailPage {
    /// The page about this address, whose form is sent to `action`.
    #[must_use]
    pub fn new(realm: impl Into<RealmShown>, action: PlainUrl, email: &str) -> Self {
        Self { realm: realm.into(), action, email: Shown::name(email) }
    }

    /// As in tests and on pictures of the pages.
    #[must_use]
    pub fn sample() -> Self {
        Self::new("Northwind Observatory", PlainUrl::sample(), "jane@example.org")
    }
}

impl Page for ConfirmEmailPage {}
