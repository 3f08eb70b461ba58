//! Versions of things, for callers who want to change a thing only as they saw it.
//!
//! Keycloak's clients know none: their `PUT` changes the fields that it carries, whatever was there. Who reads a thing,
//! lets a person edit it and writes all of it back would undo what others did in between; such a caller names the
//! version that it read (decision 049).

use std::fmt::Debug;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use openssl::sha::sha256;

/// The version of a thing: another one as soon as anything of it is another, but for secrets, which nothing shows. Versions
/// of different releases differ.
#[must_use]
pub fn of(thing: &impl Debug) -> String {
    URL_SAFE_NO_PAD.encode(sha256(format!("{thing:?}").as_bytes()))
}
