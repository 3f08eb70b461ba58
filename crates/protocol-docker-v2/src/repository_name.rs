//! Repository names, held by a type that no malformed name gets into.
//!
//! Everything that decides or signs works on [`RepositoryName`], so path tricks (`..`, `//`, upper case, NUL) end here.
//! The grammar is that of the reference library of distribution, with one narrowing: a first component counts as a host
//! only if it has a dot or a port or is an IPv6 address, so that `Team/app` isn't taken for the host `Team`.

use std::fmt;

/// The longest name, host included, in bytes (`RepositoryNameTotalLengthMax` of distribution).
pub const MAX_NAME_LENGTH: usize = 255;

/// A well-formed repository name such as `team/app` or `registry.example.org:5000/team/app`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RepositoryName(String);

/// Why a text is no repository name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NameError {
    /// There is no name.
    #[error("the repository name is empty")]
    Empty,
    /// It has more than [`MAX_NAME_LENGTH`] bytes.
    #[error("the repository name is longer than 255 characters")]
    TooLong,
    /// A part between slashes is malformed.
    #[error(
        "the repository name is malformed: between slashes stand lower-case letters and digits, joined by single dots, \
         one or two underscores, or hyphens"
    )]
    Component,
}

impl RepositoryName {
    /// Reads a name as it stands, decoding nothing.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(text: &str) -> Result<Self, NameError> {
        if text.is_empty() {
            return Err(NameError::Empty);
        }
        if text.len() > MAX_NAME_LENGTH {
            return Err(NameError::TooLong);
        }
        let path_is_sound = |path: &str| path.split('/').all(is_component);
        let sound = path_is_sound(text)
            || text.split_once('/').is_some_and(|(host, path)| is_host(host) && path_is_sound(path));
        if sound { Ok(Self(text.to_owned())) } else { Err(NameError::Component) }
    }

    /// The whole name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The parts between slashes; the first may be a host.
    pub fn components(&self) -> impl Iterator<Item = &str> {
        self.0.split('/')
    }
}

impl fmt::Display for RepositoryName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Whether `text` is one path component: runs of `a-z0-9` joined by separators, a separator at neither end.
#[must_use]
pub(crate) fn is_component(text: &str) -> bool {
    let is_alphanumeric = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let bytes = text.as_bytes();
    let (Some(first), Some(last)) = (bytes.first(), bytes.last()) else { return false };
    is_alphanumeric(*first)
        && is_alphanumeric(*last)
        && bytes.split(|byte| is_alphanumeric(*byte)).all(|run| run.is_empty() || is_separator(run))
}

/// Whether `run` may stand between two letters or digits of a component.
#[must_use]
pub(crate) fn is_separator(run: &[u8]) -> bool {
    matches!(run, b"." | b"_" | b"__") || (!run.is_empty() && run.iter().all(|byte| *byte == b'-'))
}

/// Whether `text` can only be, or may be, a registry's host: dotted labels or `[IPv6]`, with or without a port.
#[must_use]
pub(crate) fn is_host(text: &str) -> bool {
    let is_port = |port: &str| !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit());
    if let Some(rest) = text.strip_prefix('[') {
        let Some((address, port)) = rest.split_once(']') else { return false };
        let address_is_sound = address.parse::<std::net::Ipv6Addr>().is_ok();
        return address_is_sound && (port.is_empty() || port.strip_prefix(':').is_some_and(is_port));
    }
    let is_label = |label: &str| {
        let edge = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_alphanumeric);
        let bytes = label.as_bytes();
        edge(bytes.first())
            && edge(bytes.last())
            && bytes.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'-')
    };
    let (labels, port) = text.split_once(':').map_or((text, None), |(labels, port)| (labels, Some(port)));
    (labels.contains('.') || port.is_some()) && labels.split('.').all(is_label) && port.is_none_or(is_port)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_the_grammar_are_accepted() {
        for name in [
            "a",
            "team/app",
            "a.b_c__d-e---f/0",
            "localhost:5000/a/b",
            "Registry.Example.ORG/team/app",
            "[::1]:5000/a",
            "[2001:db8::1]/a",
            "10.0.0.1:80/x",
        ] {
            assert_eq!(RepositoryName::parse(name).unwrap().as_str(), name);
        }
        assert!(RepositoryName::parse(&"a".repeat(255)).is_ok());
    }

    #[test]
    fn pitfall_08_path_like_names_are_refused() {
        for name in [
            "",
            "/",
            "/a",
            "a/",
            "a//b",
            ".",
            "..",
            "../a",
            "a/../b",
            "a/./b",
            "a\0b",
            "a%2fb",
            "%2e",
            "a..b",
            "a._b",
            "a___b",
            "-a",
            "a-",
            "a/_b",
            "a b",
            "a\nb",
            "é",
            "a\u{ff41}",
            "a:b",
            "a\\b",
            "a?b",
            "a*",
            "[::1]",
            "[zz]/a",
            ":5000/a",
            "host:/a",
            "host:x/a",
            "h:1",
            "a/host:5000/b",
        ] {
            assert!(RepositoryName::parse(name).is_err(), "{name:?}");
        }
        assert_eq!(RepositoryName::parse(&"a".repeat(256)), Err(NameError::TooLong));
    }

    #[test]
    fn pitfall_09_upper_case_is_refused_in_the_path_and_kept_in_the_host() {
        for name in ["Team/app", "team/App", "APP", "reg.io/App", "\u{0430}pp"] {
            assert_eq!(RepositoryName::parse(name), Err(NameError::Component), "{name}");
        }
        assert_eq!(RepositoryName::parse("Reg.IO:5000/app").unwrap().as_str(), "Reg.IO:5000/app");
    }
}
