//! The end of a logout that leads nowhere else.

use askama::Template;

use crate::{
    address::{Destination, WebAddress},
    page::Page,
    realm_shown::RealmShown,
};

/// "You are logged out", with a link to the application if it is known.
#[derive(Template)]
#[template(path = "logout/done.html")]
pub struct LoggedOutPage {
    realm: RealmShown,
    application: Option<Destination>,
}

impl LoggedOutPage {
    /// The page with a link to this application.
    #[must_use]
    pub fn new(realm: impl Into<RealmShown>, application: Option<Destination>) -> Self {
        Self { realm: realm.into(), application }
    }

    /// As in tests and on pictures of the pages.
    #[must_use]
    pub fn sample() -> Self {
        Self::new("Northwind Observatory", Some(WebAddress::sample("/").into()))
    }
}

impl Page for LoggedOutPage {}
