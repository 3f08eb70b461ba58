//! The page that applications keep in a hidden frame to ask whether their session is still the browser's (OpenID
//! Connect Session Management section 3.3). The work is done by its script.

use askama::Template;

use crate::page::{Page, Policy};

/// `login-status-iframe.html`.
#[derive(Template)]
#[template(path = "protocol/login_status.html")]
pub struct LoginStatusFrame;

impl LoginStatusFrame {
    /// As in tests and on pictures of the pages.
    #[must_use]
    pub fn sample() -> Self {
        Self
    }
}

impl Page for LoginStatusFrame {
    fn policy(&self) -> Policy {
        Policy::default().with_scripts().with_calls().framed_by_anyone()
    }
}
