//! Addresses on this server that stand in the source of a page letter for letter as they are to be requested.
//!
//! Scripts that log in without a browser cut the form's address out of the page and don't undo HTML's escapes, so an
//! escaped `&` would break them. Writing it raw is only safe for URLs that HTML leaves alone; this type is the proof.

use std::fmt::{self, Display, Formatter};

use askama::filters::HtmlSafe;

/// Longer addresses are refused by proxies and browsers.
const LONGEST: usize = 8000;

/// A URL that HTML source, within double quotes, holds without escapes: the parser reads it back unchanged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlainUrl(String);

/// The URL isn't one that HTML leaves alone.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("the URL can't stand in a page without escapes")]
pub struct NotPlain;

impl PlainUrl {
    /// Takes an absolute path, or an absolute URL of http or https.
    ///
    /// # Errors
    /// When it is another kind of URL, holds anything but unreserved characters, `%XX` and `/ ? = & ; : [ ]`, or has a
    /// `&` that HTML would read as the beginning of a character reference.
    pub fn new(url: &str) -> Result<Self, NotPlain> {
        let absolute = ["http://", "https://"].iter().any(|scheme| url.starts_with(scheme));
        // Two slashes would name another host.
        let local = url.starts_with('/') && !url.starts_with("//");
        let plain = url.len() <= LONGEST && is_spelt_plainly(url) && url.split('&').skip(1).all(is_no_reference);
        if (absolute || local) && plain { Ok(Self(url.to_owned())) } else { Err(NotPlain) }
    }

    /// As in tests and on pictures of the pages.
    #[must_use]
    pub fn sample() -> Self {
        Self(
            "https://login.example/realms/a/login-actions/authenticate?session_code=x7Jq&execution=1&tab_id=4k"
                .to_owned(),
        )
    }

    /// The URL.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Display for PlainUrl {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// What [`PlainUrl::new`] has proved.
impl HtmlSafe for PlainUrl {}

/// RFC 3986 section 2.3 (unreserved), 2.1 (percent-encoding), and of the reserved ones those that our addresses need.
fn is_spelt_plainly(url: &str) -> bool {
    let mut bytes = url.bytes();
    while let Some(byte) = bytes.next() {
        let plain = match byte {
            b'%' => {
                [bytes.next(), bytes.next()].iter().all(|digit| digit.is_some_and(|digit| digit.is_ascii_hexdigit()))
            }
            _ => byte.is_ascii_alphanumeric() || b"-._~/?=&;:[]".contains(&byte),
        };
        if !plain {
            return false;
        }
    }
    true
}

/// Whether HTML leaves the `&` before this text alone. In an attribute it does where `=` follows the letters; before
/// anything else it does unless the letters are one of the old names that need no semicolon (HTML, section 13.2.5.73).
fn is_no_reference(text: &str) -> bool {
    let end = text.find(|letter: char| !letter.is_ascii_alphanumeric()).unwrap_or(text.len());
    let (name, rest) = text.split_at(end);
    rest.starts_with('=') || (!rest.starts_with(';') && !UNTERMINATED.contains(&name))
}

/// The named character references that HTML reads without a semicolon.
const UNTERMINATED: [&str; 106] = [
    "AElig", "AMP", "Aacute", "Acirc", "Agrave", "Aring", "Atilde", "Auml", "COPY", "Ccedil", "ETH", "Eacute", "Ecirc",
    "Egrave", "Euml", "GT", "Iacute", "Icirc", "Igrave", "Iuml", "LT", "Ntilde", "Oacute", "Ocirc", "Ograve", "Oslash",
    "Otilde", "Ouml", "QUOT", "REG", "THORN", "Uacute", "Ucirc", "Ugrave", "Uuml", "Yacute", "aacute", "acirc",
    "acute", "aelig", "agrave", "amp", "aring", "atilde", "auml", "brvbar", "ccedil", "cedil", "cent", "copy",
    "curren", "deg", "divide", "eacute", "ecirc", "egrave", "eth", "euml", "frac12", "frac14", "frac34", "gt",
    "iacute", "icirc", "iexcl", "igrave", "iquest", "iuml", "laquo", "lt", "macr", "micro", "middot", "nbsp", "not",
    "ntilde", "oacute", "ocirc", "ograve", "ordf", "ordm", "oslash", "otilde", "ouml", "para", "plusmn", "pound",
    "quot", "raquo", "reg", "sect", "shy", "sup1", "sup2", "sup3", "szlig", "thorn", "times", "uacute", "ucirc",
    "ugrave", "uml", "uuml", "yacute", "yen", "yuml",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn our_addresses_are_plain() {
        for url in [
            "/realms/a/login-actions/authenticate?session_code=A-b_c.9~&execution=x&client_id=my%20app&tab_id=1",
            "http://127.0.0.1:8080/realms/a/device?user_code=ABCD-EFGH",
            "https://[::1]:8443/realms/%C3%A9/login-actions/consent?a=1&copy=2&lt=3",
            "/realms/a/x?a=1&session_code=2;b",
            "/",
            PlainUrl::sample().as_str(),
        ] {
            assert_eq!(PlainUrl::new(url).map(|plain| plain.to_string()).as_deref(), Ok(url));
        }
    }

    #[test]
    fn whatever_html_could_read_otherwise_is_refused() {
        for url in [
            "",
            "javascript:alert",
            "//elsewhere.example/",
            "relative?a=1",
            "/a\" onclick=\"b",
            "/a'b",
            "/a<b>",
            "/a b",
            "/a\nb",
            "/a#b",
            "/a%2",
            "/a%zz",
            "/é",
            "/a?b=1&amp;c=2",
            "/a?b=1&lt",
            "/a?b=1&lt_c=2",
            "/a?b=1&#38;c",
            "/a?b=1&c;d",
        ] {
            assert_eq!(PlainUrl::new(url), Err(NotPlain), "{url}");
        }
        assert_eq!(PlainUrl::new(&format!("/{}", "a".repeat(LONGEST))), Err(NotPlain));
    }
}
