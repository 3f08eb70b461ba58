//! A JWT in JWS compact serialisation (RFC 7515 section 7.1), taken apart: what a signed token and an unsecured one
//! have in common. Nothing here says that a token is good.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Map, Value};

use crate::{error::Error, verify::MAX_TOKEN_LENGTH};

/// The parts of a token.
#[derive(Debug)]
pub(crate) struct Parts<'token> {
    /// What a signature is over: header and claims as they were written.
    pub(crate) message: &'token str,
    pub(crate) header: Map<String, Value>,
    pub(crate) claims: Map<String, Value>,
    pub(crate) signature: Vec<u8>,
}

impl<'token> Parts<'token> {
    /// Takes a token apart.
    pub(crate) fn read(token: &'token str) -> Result<Self, Error> {
        if token.len() > MAX_TOKEN_LENGTH {
            return Err(Error::TokenTooLong);
        }
        let (message, signature) = token.rsplit_once('.').ok_or(Error::MalformedToken)?;
        let (header, claims) = message.split_once('.').ok_or(Error::MalformedToken)?;
        // A further dot would be in `claims` and isn't base64url, so a JWE of five parts ends here as well.
        let header = object(header)?;
        if header.contains_key("crit") || header.contains_key("b64") {
            return Err(Error::CriticalExtension);
        }
        Ok(Self { message, claims: object(claims)?, signature: decode(signature)?, header })
    }

    /// The header's `alg`.
    pub(crate) fn algorithm(&self) -> Result<&str, Error> {
        text(&self.header, "alg").ok_or(Error::Header("no alg"))
    }
}

/// A member that is a string.
pub(crate) fn text<'map>(object: &'map Map<String, Value>, name: &str) -> Option<&'map str> {
    object.get(name).and_then(Value::as_str)
}

/// The JSON object of claims that are written into a token.
pub(crate) fn claims_object(claims: &impl serde::Serialize) -> Result<Vec<u8>, Error> {
    let claims = serde_json::to_vec(claims).or(Err(Error::Claims))?;
    if claims.first() == Some(&b'{') { Ok(claims) } else { Err(Error::Claims) }
}

fn decode(part: &str) -> Result<Vec<u8>, Error> {
    URL_SAFE_NO_PAD.decode(part).or(Err(Error::MalformedToken))
}

fn object(part: &str) -> Result<Map<String, Value>, Error> {
    serde_json::from_slice(&decode(part)?).or(Err(Error::MalformedToken))
}
