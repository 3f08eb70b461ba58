//! A login in a browser: begun by a protocol, carried from page to page by the browser itself, finished by the protocol.
//!
//! Nothing of a login that is under way is stored. What has to be remembered is sealed and travels in the address of the
//! page; it is good only together with a cookie of the same browser, in the same realm and for a limited time, so a copied
//! address is worth nothing elsewhere.

mod authenticate;
mod finish;
mod pending;
mod update_password;

/// The name of the logins of people who typed a device's code (RFC 8628).
pub const DEVICE_LOGIN: &str = "oauth2-device";

pub use authenticate::{Attempt, Outcome, authenticate, current};
pub use finish::{
    BrowserLogin, BrowserLogins, BrowserReply, Cancelled, ConsentQuestion, ConsentScope, Identified, Step,
};
pub use pending::{PendingLogin, Stage, Stale, browser_mark};
pub use update_password::{NewPassword, update_password};
