//! What people see who come back to a page of a login that is over: by the back button, a bookmark, or after lunch.

use askama::Template;

use crate::{page::Page, plain_url::PlainUrl, realm_shown::RealmShown};

/// "This page has expired", with a link that starts the login again if there is something to start.
#[derive(Template)]
#[template(path = "error/page_expired.html")]
pub struct PageExpiredPage {
    realm: RealmShown,
    restart: Option<PlainUrl>,
}

impl PageExpiredPage {
    /// The page with the address that starts the login again.
    #[must_use]
    pub fn new(realm: impl Into<RealmShown>, restart: Option<PlainUrl>) -> Self {
        Self { realm: realm.into(), restart }
    }

    /// As in tests and on pictures of the pages.
    #[must_use]
    pub fn sample() -> Self {
        Self::new("Northwind Observatory", Some(PlainUrl::sample()))
    }
}

impl Page for PageExpiredPage {}
