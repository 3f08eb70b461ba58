//! Addresses of others that a page links to, shows a picture from, frames, or sends the browser on to.

use std::fmt::{self, Display, Formatter};

use url::Url;

/// No address that a client could register is longer.
const LONGEST: usize = 4000;

/// Schemes whose URLs are not places but content or code of their own.
const NO_PLACES: [&str; 8] = ["about", "blob", "data", "file", "filesystem", "javascript", "vbscript", "view-source"];

/// An address on the web (http or https), spelt as it was given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WebAddress {
    spelling: String,
    origin: String,
}

impl WebAddress {
    /// Nothing if the text is no absolute http or https URL, holds white space or control characters, or a user name
    /// or password, which only serve to make one host look like another.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let url = place(text)?;
        let sound = matches!(url.scheme(), "http" | "https") && url.username().is_empty() && url.password().is_none();
        sound.then(|| Self { spelling: text.to_owned(), origin: url.origin().ascii_serialization() })
    }

    /// As in tests and on pictures of the pages.
    #[must_use]
    pub fn sample(path: &str) -> Self {
        let origin = "https://notes.example".to_owned();
        Self { spelling: format!("{origin}{path}"), origin }
    }

    /// Scheme, host and port, as a Content-Security-Policy names them.
    #[must_use]
    pub fn origin(&self) -> &str {
        &self.origin
    }
}

impl Display for WebAddress {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.spelling)
    }
}

/// Where a browser is sent on to: an address on the web or one that opens an application (RFC 8252 section 7.1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Destination(String);

impl Destination {
    /// Nothing if the text is no absolute URL, holds white space or control characters, or would run code
    /// (`javascript:`) or show content of its own (`data:`).
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let url = place(text)?;
        (!NO_PLACES.contains(&url.scheme())).then(|| Self(text.to_owned()))
    }
}

impl From<WebAddress> for Destination {
    fn from(address: WebAddress) -> Self {
        Self(address.spelling)
    }
}

impl Display for Destination {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

fn place(text: &str) -> Option<Url> {
    let sound = text.len() <= LONGEST && !text.chars().any(|letter| letter.is_whitespace() || letter.is_control());
    Url::parse(text).ok().filter(|_| sound)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_web_address_keeps_its_spelling() {
        let address = WebAddress::parse("HTTPS://Wiki.example:443/Logo.png?a=\"b\"").unwrap();
        assert_eq!(address.to_string(), "HTTPS://Wiki.example:443/Logo.png?a=\"b\"");
        assert_eq!(address.origin(), "https://wiki.example");
        assert_eq!(WebAddress::parse("http://[::1]:8080/x").unwrap().origin(), "http://[::1]:8080");
    }

    #[test]
    fn what_is_no_place_on_the_web_is_not_linked() {
        for text in [
            "",
            "/logo.png",
            "//wiki.example/logo.png",
            "javascript:alert(1)",
            "data:text/html,x",
            "ftp://wiki.example/",
            "https://wiki.example@evil.example/",
            "https://wiki.example/a b",
            "java\nscript:alert(1)",
            "https://wiki.example/\u{2028}",
            " https://wiki.example/",
        ] {
            assert_eq!(WebAddress::parse(text), None, "{text}");
        }
    }

    #[test]
    fn an_application_may_be_opened_but_no_code_run() {
        for text in ["com.example.app:/done", "https://wiki.example/?a=b", "http://127.0.0.1:5000/"] {
            assert_eq!(Destination::parse(text).unwrap().to_string(), text);
        }
        for text in ["javascript:alert(1)", "JavaScript:alert(1)", "data:text/html,x", "vbscript:x", "/done", "x"] {
            assert_eq!(Destination::parse(text), None, "{text}");
        }
    }
}
