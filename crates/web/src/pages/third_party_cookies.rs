//! The two pages that applications load in a hidden frame to learn whether the browser gives us our cookies there.
//! The first sets one and goes on to the second, which looks whether it is there and tells the application.

use askama::Template;

use crate::page::{Page, Policy};

/// `3p-cookies/step1.html`.
#[derive(Template)]
#[template(path = "protocol/cookie_probe_set.html")]
pub struct CookieProbeSet;

impl CookieProbeSet {
    /// As in tests and on pictures of the pages.
    #[must_use]
    pub fn sample() -> Self {
        Self
    }
}

impl Page for CookieProbeSet {
    fn policy(&self) -> Policy {
        Policy::default().with_scripts().framed_by_anyone()
    }
}

/// `3p-cookies/step2.html`.
#[derive(Template)]
#[template(path = "protocol/cookie_probe_read.html")]
pub struct CookieProbeRead;

impl CookieProbeRead {
    /// As in tests and on pictures of the pages.
    #[must_use]
    pub fn sample() -> Self {
        Self
    }
}

impl Page for CookieProbeRead {
    fn policy(&self) -> Policy {
        Policy::default().with_scripts().framed_by_anyone()
    }
}
