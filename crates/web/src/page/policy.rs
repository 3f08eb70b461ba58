//! The Content-Security-Policy of a page: nothing, and then what the page needs.
//!
//! Scripts, styles and handlers within a page are never allowed; all of ours are files of this server.

use std::fmt::{self, Display, Formatter};

use crate::address::WebAddress;

/// What a page may do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Policy {
    scripts: bool,
    calls: bool,
    picture: Option<String>,
    frames: bool,
    leads_away: bool,
    framed: bool,
}

impl Policy {
    /// Scripts of this server run.
    #[must_use]
    pub fn with_scripts(self) -> Self {
        Self { scripts: true, ..self }
    }

    /// Its scripts may call this server.
    #[must_use]
    pub fn with_calls(self) -> Self {
        Self { calls: true, ..self }
    }

    /// Pictures from where this one is are shown.
    #[must_use]
    pub fn with_picture(self, picture: Option<&WebAddress>) -> Self {
        Self { picture: picture.map(|address| address.origin().to_owned()), ..self }
    }

    /// It frames pages of applications. Where these redirect to isn't known beforehand, so they aren't named.
    #[must_use]
    pub fn with_frames(self) -> Self {
        Self { frames: true, ..self }
    }

    /// Sending its form leads to an application. Chromium holds `form-action` against every redirect that follows,
    /// also those of the application, which can't be known; so these pages have none.
    #[must_use]
    pub fn leading_away(self) -> Self {
        Self { leads_away: true, ..self }
    }

    /// Any page may frame it. Its form, if it had one, could be clicked through an overlay; so it must have none.
    #[must_use]
    pub fn framed_by_anyone(self) -> Self {
        Self { framed: true, ..self }
    }
}

impl Display for Policy {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        formatter.write_str("default-src 'none'; style-src 'self'; img-src 'self'")?;
        if let Some(origin) = &self.picture {
            write!(formatter, " {origin}")?;
        }
        for (wanted, directive) in [
            (self.scripts, "script-src 'self'"),
            (self.calls, "connect-src 'self'"),
            (self.frames, "frame-src http: https:"),
            (!self.leads_away, "form-action 'self'"),
            (true, "base-uri 'none'"),
            (!self.framed, "frame-ancestors 'none'"),
        ] {
            if wanted {
                write!(formatter, "; {directive}")?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_allowed_what_it_asks_for() {
        let strict = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; \
                      frame-ancestors 'none'";
        assert_eq!(Policy::default().to_string(), strict);
        let logo = WebAddress::parse("https://notes.example/a;b,c");
        assert_eq!(
            Policy::default().with_scripts().with_picture(logo.as_ref()).leading_away().to_string(),
            "default-src 'none'; style-src 'self'; img-src 'self' https://notes.example; script-src 'self'; \
             base-uri 'none'; frame-ancestors 'none'"
        );
        let framed = Policy::default().with_scripts().with_calls().framed_by_anyone().to_string();
        assert!(!framed.contains("frame-ancestors") && framed.contains("connect-src 'self'"), "{framed}");
        assert!(Policy::default().with_frames().to_string().contains("frame-src http: https:"));
    }
}
