//! The scripts of the pages, run against as much of a browser as they touch.

#![expect(clippy::unwrap_used, clippy::panic, reason = "these are nothing but tests, whose way to fail is to panic")]

mod browser;
mod cookie_probe;
mod login;
mod login_status;
mod logout;
mod submit;
