//! What an authorization request wants, and how the answer travels (OAuth 2.0 Multiple Response Type Encoding Practices,
//! OAuth 2.0 Form Post Response Mode).

use serde::{Deserialize, Serialize};

/// A value of `response_type`: a set of words, or `none`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResponseType {
    /// An authorization code.
    pub code: bool,
    /// An ID token from the authorization endpoint.
    pub id_token: bool,
    /// An access token from the authorization endpoint.
    pub token: bool,
}

impl ResponseType {
    /// The values that are served, as they are published.
    pub const ALL: [&str; 8] =
        ["code", "none", "id_token", "token", "id_token token", "code id_token", "code token", "code id_token token"];

    /// Reads a value; the order of its words doesn't matter. None for anything else.
    pub fn parse(text: &str) -> Option<Self> {
        let mut found = Self::default();
        if text == "none" {
            return Some(found);
        }
        for word in text.split_ascii_whitespace() {
            let flag = match word {
                "code" => &mut found.code,
                "id_token" => &mut found.id_token,
                "token" => &mut found.token,
                _ => return None,
            };
            if std::mem::replace(flag, true) {
                return None;
            }
        }
        (found != Self::default()).then_some(found)
    }

    /// Whether tokens come from the authorization endpoint.
    pub fn is_front_channel(self) -> bool {
        self.id_token || self.token
    }

    /// The published value.
    pub fn text(self) -> String {
        let words = [(self.code, "code"), (self.id_token, "id_token"), (self.token, "token")];
        let words: Vec<_> = words.into_iter().filter(|(wanted, _)| *wanted).map(|(_, word)| word).collect();
        if words.is_empty() { "none".to_owned() } else { words.join(" ") }
    }
}

/// How the answer travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ResponseMode {
    /// In the query of the redirect URI.
    Query,
    /// In its fragment.
    Fragment,
    /// In a form that the browser posts to it.
    FormPost,
}

impl ResponseMode {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Query, Self::Fragment, Self::FormPost];

    /// The value in `response_mode`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Query => "query",
            Self::Fragment => "fragment",
            Self::FormPost => "form_post",
        }
    }

    /// Reads a value.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|mode| mode.as_str() == text)
    }

    /// The mode of a request that names none.
    pub fn usual(response_type: ResponseType) -> Self {
        if response_type.is_front_channel() { Self::Fragment } else { Self::Query }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_published_type_reads_back_and_words_may_change_places() {
        for text in ResponseType::ALL {
            assert_eq!(ResponseType::parse(text).unwrap().text(), text);
        }
        assert_eq!(ResponseType::parse("token id_token code"), ResponseType::parse("code id_token token"));
        for text in ["", " ", "code code", "none code", "CODE", "code saml"] {
            assert_eq!(ResponseType::parse(text), None, "{text}");
        }
    }
}
