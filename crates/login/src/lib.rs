//! Direct authentication: password check, account state and brute-force protection. No HTML, no SQL.
//!
//! Every door at which a password is accepted calls [`direct::password`], so that all of them count failures together
//! and none answers in a way, or in a time, that tells whether an account exists.

pub mod direct;
mod reason;
mod verify;

pub use reason::Reason;
