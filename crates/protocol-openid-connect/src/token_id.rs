//! The `jti` of access tokens: it tells what the token hangs on, so that a check is one look at one row.
//!
//! As in Keycloak it begins with two letters each for the kind of session, the kind of token and the grant.

/// The way to a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Via {
    /// An authorization code.
    Code,
    /// The authorization endpoint itself.
    Implicit,
    /// Name and password.
    Password,
    /// A refresh token.
    Refresh,
    /// The client for itself.
    ClientCredentials,
    /// A device code.
    Device,
    /// Another token.
    Exchange,
}

impl Via {
    fn letters(self) -> &'static str {
        match self {
            Self::Code => "ac",
            Self::Implicit => "im",
            Self::Password => "ro",
            Self::Refresh => "rt",
            Self::ClientCredentials => "cc",
            Self::Device => "dg",
            Self::Exchange => "te",
        }
    }
}

/// Makes a `jti`. `family` is none for tokens without a session.
pub fn make(family: Option<(&str, bool)>, lightweight: bool, via: Via, unique: &str) -> String {
    let session = match family {
        None => "tr",
        Some((_, false)) => "on",
        Some((_, true)) => "of",
    };
    let token = if lightweight { "lt" } else { "rt" };
    let family = family.map_or(String::new(), |(family, _)| format!("{family}."));
    format!("{session}{token}{}:{family}{unique}", via.letters())
}

/// The family of a `jti`, and whether it is in an offline session.
pub fn family(id: &str) -> Option<(&str, bool)> {
    let (kind, rest) = id.split_once(':')?;
    let offline = match kind.get(..2)? {
        "on" => false,
        "of" => true,
        _ => return None,
    };
    Some((rest.split_once('.')?.0, offline))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_family_reads_back() {
        assert_eq!(family(&make(Some(("f_-1", true)), false, Via::Code, "u")), Some(("f_-1", true)));
        assert_eq!(family(&make(Some(("f", false)), true, Via::Refresh, "u.v")), Some(("f", false)));
        assert_eq!(make(None, false, Via::ClientCredentials, "u"), "trrtcc:u");
        for id in ["trrtcc:u", "", ":", "on", "onrtac:", "é:f.u"] {
            assert_eq!(family(id), None, "{id}");
        }
    }
}
