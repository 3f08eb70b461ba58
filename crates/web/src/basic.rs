//! Basic credentials (RFC 7617).

use base64::{Engine, engine::general_purpose::STANDARD};
use model::secret::Secret;

/// A user's (or client's) name and password.
#[derive(Clone, Debug)]
pub struct Credentials {
    /// What stands before the first colon.
    pub username: String,
    /// What stands after it. It may be empty and may hold colons.
    pub password: Secret,
}

/// Why Basic credentials can't be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Malformed {
    /// Not base64 (RFC 4648 section 4).
    #[error("the Basic credentials aren't base64")]
    Base64,
    /// Not UTF-8.
    #[error("the Basic credentials aren't UTF-8")]
    Encoding,
    /// No colon between name and password.
    #[error("the Basic credentials hold no colon")]
    NoColon,
    /// A control character, which RFC 7617 section 2 forbids.
    #[error("the Basic credentials hold a control character")]
    ControlCharacter,
}

/// Reads what follows the scheme in the header.
///
/// # Errors
/// [`Malformed`], whose text is safe to show: it holds nothing of the credentials.
pub fn parse(credentials: &str) -> Result<Credentials, Malformed> {
    let decoded = STANDARD.decode(credentials.trim()).or(Err(Malformed::Base64))?;
    // From here on the bytes are in a buffer that is wiped.
    let decoded = Secret::new(String::from_utf8(decoded).or(Err(Malformed::Encoding))?);
    let (username, password) = decoded.expose().split_once(':').ok_or(Malformed::NoColon)?;
    if decoded.expose().chars().any(char::is_control) {
        return Err(Malformed::ControlCharacter);
    }
    Ok(Credentials { username: username.to_owned(), password: Secret::new(password.to_owned()) })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(plain: &[u8]) -> Result<(String, String), Malformed> {
        let credentials = parse(&STANDARD.encode(plain))?;
        Ok((credentials.username, credentials.password.expose().to_owned()))
    }

    #[test]
    fn the_first_colon_divides() {
        assert_eq!(parsed(b"Aladdin:open sesame"), Ok(("Aladdin".into(), "open sesame".into())));
        assert_eq!(parsed(b"a:b:c"), Ok(("a".into(), "b:c".into())));
        assert_eq!(parsed(b":"), Ok((String::new(), String::new())));
        assert_eq!(parsed("jos\u{e9}:\u{a3}".as_bytes()), Ok(("jos\u{e9}".into(), "\u{a3}".into())));
    }

    #[test]
    fn the_example_of_rfc_7617_section_2() {
        let credentials = parse("QWxhZGRpbjpvcGVuIHNlc2FtZQ==").unwrap();
        assert_eq!((credentials.username.as_str(), credentials.password.expose()), ("Aladdin", "open sesame"));
    }

    #[test]
    fn what_cannot_be_read_is_named() {
        assert_eq!(parse("***").unwrap_err(), Malformed::Base64);
        assert_eq!(parse("YQ").unwrap_err(), Malformed::Base64);
        assert_eq!(parse("").unwrap_err(), Malformed::NoColon);
        assert_eq!(parsed(b"\xff:a"), Err(Malformed::Encoding));
        assert_eq!(parsed(b"abc"), Err(Malformed::NoColon));
        assert_eq!(parsed(b"a\0:b"), Err(Malformed::ControlCharacter));
        assert_eq!(parsed(b"a:b\r\n"), Err(Malformed::ControlCharacter));
    }
}
