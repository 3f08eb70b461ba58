//! How people log in: with name and password in one request, or from page to page in a browser. No HTML, no SQL.
//!
//! Every door at which a password is accepted calls [`direct::password`], so that all of them count failures together
//! and none answers in a way, or in a time, that tells whether an account exists.

pub mod browser;
pub mod direct;
mod reason;
mod verify;

pub use browser::{BrowserLogin, BrowserLogins, PendingLogin};
pub use reason::Reason;
