//! Basic credentials (RFC 7617).

use base64::{
    Engine,
    alphabet::STANDARD,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};
use model::secret::Secret;
use zeroize::Zeroizing;

use super::{Credentials, MAX_PASSWORD_LENGTH, MAX_USERNAME_LENGTH, checked_password};
use crate::error::TokenError;

/// Some clients leave the padding out.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);
/// The longest header that can hold credentials within the bounds, in bytes.
const MAX_HEADER_LENGTH: usize = (MAX_USERNAME_LENGTH + MAX_PASSWORD_LENGTH) * 4 / 3 + 64;

/// Reads the value of an `Authorization` header.
///
/// Whatever it holds, it is an attempt to log in: anything else than sound credentials is a failed one, also another
/// scheme, an empty name or an empty password.
pub(super) fn parse(header: &[u8]) -> Result<Credentials, TokenError> {
    let refused = TokenError::InvalidCredentials;
    if header.len() > MAX_HEADER_LENGTH {
        return Err(refused);
    }
    let Some((scheme, encoded)) = std::str::from_utf8(header).ok().and_then(|text| text.trim().split_once(' ')) else {
        return Err(refused);
    };
    if !scheme.eq_ignore_ascii_case("basic") {
        return Err(refused);
    }
    let Ok(decoded) = BASE64.decode(encoded.trim_start()).map(Zeroizing::new) else {
        return Err(refused);
    };
    let Some((username, password)) = std::str::from_utf8(&decoded).ok().and_then(|text| text.split_once(':')) else {
        return Err(refused);
    };
    checked_password(username.to_owned(), Secret::new(password.to_owned()))
}
