//! Unsecured JWTs (RFC 7519 section 6): `alg` is `none` and the signature is empty, so anybody can have written one.
//!
//! They are only for the request objects of clients that are registered with `request.object.signature.alg=none`. The
//! type has no way to a [`crate::VerifiedToken`], and [`crate::UnverifiedToken`] doesn't take `none`: code that wants
//! a signature can't be given one of these.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::Serialize;
use serde_json::{Value, json};

use crate::{
    compact::{Parts, claims_object},
    error::Error,
};

/// The `alg` of an unsecured token.
pub const NONE: &str = "none";

/// A token that nobody has signed.
#[derive(Clone, Debug, PartialEq)]
pub struct UnsecuredToken {
    typ: Option<String>,
    claims: Value,
}

impl UnsecuredToken {
    /// Reads an unsecured token.
    ///
    /// # Errors
    /// [`Error::TokenTooLong`], [`Error::MalformedToken`] and [`Error::CriticalExtension`] as
    /// [`crate::UnverifiedToken::parse`]; [`Error::AlgorithmMismatch`] if `alg` is anything but `none`;
    /// [`Error::Signature`] if the signature isn't empty.
    pub fn parse(token: &str) -> Result<Self, Error> {
        let parts = Parts::read(token)?;
        if parts.algorithm()? != NONE {
            return Err(Error::AlgorithmMismatch);
        }
        if !parts.signature.is_empty() {
            return Err(Error::Signature);
        }
        let typ = parts.header.get("typ").and_then(Value::as_str).map(str::to_owned);
        Ok(Self { typ, claims: Value::Object(parts.claims) })
    }

    /// The header's `typ`.
    #[must_use]
    pub fn typ(&self) -> Option<&str> {
        self.typ.as_deref()
    }

    /// The claims, a JSON object that anybody can have written.
    #[must_use]
    pub fn claims(&self) -> &Value {
        &self.claims
    }

    /// The claims, to keep.
    #[must_use]
    pub fn into_claims(self) -> Value {
        self.claims
    }
}

/// Writes an unsecured token.
///
/// # Errors
/// [`Error::Claims`] if the claims aren't a JSON object.
pub fn unsecured_jwt(typ: Option<&str>, claims: &impl Serialize) -> Result<String, Error> {
    let header = match typ {
        Some(typ) => json!({"alg": NONE, "typ": typ}),
        None => json!({"alg": NONE}),
    };
    let claims = claims_object(claims)?;
    Ok(format!("{}.{}.", URL_SAFE_NO_PAD.encode(header.to_string()), URL_SAFE_NO_PAD.encode(claims)))
}

#[cfg(test)]
mod tests;
