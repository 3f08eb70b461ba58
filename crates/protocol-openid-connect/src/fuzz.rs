//! What the fuzz targets of this crate run: each reader of what strangers send, and what has to hold of anything that it
//! let through. Compiled for tests and with the feature `fuzz` alone.
//!
//! Each function panics where something doesn't hold. Where only a part of an input is interesting, it is also put into
//! an input that is good otherwise, so that a fuzzer need not find that first.

mod authorization;
mod client;
mod metadata;
mod scene;
mod tokens;

pub use authorization::{authorization_request, claims_parameter, redirect_uri, request_object, scope};
pub use client::{client_assertion, client_authentication, form};
pub use metadata::client_metadata;
pub use tokens::{device_code, logout_request, token_claims};

#[cfg(test)]
mod tests;
