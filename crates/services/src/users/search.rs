//! What administrators ask for, as a filter of the database.

use std::collections::BTreeMap;

use store::users::search::{Filter, containing, exactly};
use time::OffsetDateTime;

use crate::{Error, Result};

/// The most words in a search, ids in an `id:` search and parts in `q`.
const MAX_PARTS: usize = 100;
/// The longest text to search for, in bytes.
const MAX_TEXT: usize = 4_096;

/// A search for users, as Keycloak's callers put it. What is absent does not narrow it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query {
    /// Words, each of which begins the name, the address, the given name or the family name; `*` stands for anything,
    /// a word in double quotes is the whole text. `id:` is followed by ids.
    pub search: Option<String>,
    /// A part of the name.
    pub username: Option<String>,
    /// A part of the address.
    pub email: Option<String>,
    /// A part of the given name.
    pub first_name: Option<String>,
    /// A part of the family name.
    pub last_name: Option<String>,
    /// The four texts above, and those fields in `q`, are whole ones.
    pub exact: bool,
    /// May log in, or may not.
    pub enabled: Option<bool>,
    /// The address is proven, or is not.
    pub email_verified: Option<bool>,
    /// Attributes: `name:value name:"a value"`.
    pub q: Option<String>,
    /// Made at this moment or later.
    pub created_after: Option<OffsetDateTime>,
    /// Made at this moment or earlier.
    pub created_before: Option<OffsetDateTime>,
    /// Has an account at the identity provider with this alias.
    pub identity_provider: Option<String>,
    /// Is known by this id to that identity provider, or to any.
    pub id_at_provider: Option<String>,
}

impl Query {
    /// The filter; none if no user can be found.
    ///
    /// # Errors
    /// `Invalid` if a text is too long or has too many parts.
    pub(super) fn filter(&self) -> Result<Option<Filter>> {
        let texts = [&self.search, &self.username, &self.email, &self.first_name, &self.last_name, &self.q];
        let at_provider = [&self.identity_provider, &self.id_at_provider];
        for text in texts.into_iter().chain(at_provider).flatten() {
            if text.len() > MAX_TEXT {
                return Err(Error::invalid("search", format!("A search must not be longer than {MAX_TEXT} bytes")));
            }
            // The database holds no such text.
            if text.contains('\0') {
                return Ok(None);
            }
        }
        let pattern = |text: &Option<String>| {
            let text = text.as_deref().map(str::trim).filter(|text| !text.is_empty());
            text.map(|text| if self.exact { exactly(text) } else { containing(text) })
        };
        let mut filter = Filter {
            username: pattern(&self.username),
            email: pattern(&self.email),
            first_name: pattern(&self.first_name),
            last_name: pattern(&self.last_name),
            enabled: self.enabled,
            email_verified: self.email_verified,
            created_after: self.created_after,
            created_before: self.created_before,
            identity_provider: self.identity_provider.clone(),
            id_at_provider: self.id_at_provider.clone(),
            ..Filter::default()
        };
        match self.search.as_deref().map(str::trim).filter(|search| !search.is_empty()) {
            Some(search) => match search.strip_prefix("id:") {
                Some(ids) => filter.ids = Some(bounded(ids.split_whitespace().map(str::to_owned))?),
                None => {
                    filter.words = Some(words(search)?);
                    filter.people_only = true;
                }
            },
            // A list that is narrowed by nothing shows people only, one by anything else shows clients' accounts too.
            None => {
                let fields = [&filter.username, &filter.email, &filter.first_name, &filter.last_name];
                let elsewhere = [&self.q, &self.identity_provider, &self.id_at_provider];
                let switched = self.exact || self.enabled.is_some() || self.email_verified.is_some();
                filter.people_only = !switched && fields.into_iter().chain(elsewhere).all(Option::is_none);
            }
        }
        if let Some(q) = &self.q {
            self.add_attributes(&mut filter, q)?;
        }
        Ok(Some(filter))
    }

    /// Narrows a filter by attributes, some of which are fields of their own.
    fn add_attributes(&self, filter: &mut Filter, q: &str) -> Result<()> {
        let mut attributes = BTreeMap::<String, Vec<String>>::new();
        for (name, value) in bounded(pairs(q).into_iter())? {
            let pattern = || Some(if self.exact { exactly(&value) } else { containing(&value) });
            match name.as_str() {
                "username" => filter.username = pattern(),
                "email" => filter.email = pattern(),
                "firstName" => filter.first_name = pattern(),
                "lastName" => filter.last_name = pattern(),
                "enabled" => filter.enabled = Some(value == "true"),
                "emailVerified" => filter.email_verified = Some(value == "true"),
                _ => attributes.entry(name).or_default().push(value),
            }
        }
        if !attributes.is_empty() {
            filter.attributes = Some(attributes);
        }
        Ok(())
    }
}

fn bounded<T>(parts: impl Iterator<Item = T>) -> Result<Vec<T>> {
    let parts: Vec<T> = parts.take(MAX_PARTS + 1).collect();
    if parts.len() > MAX_PARTS {
        return Err(Error::invalid("search", format!("A search must not have more than {MAX_PARTS} parts")));
    }
    Ok(parts)
}

/// The patterns of a search's words.
fn words(search: &str) -> Result<Vec<String>> {
    fn quoted(text: &str) -> Option<&str> {
        text.strip_prefix('"').and_then(|text| text.strip_suffix('"'))
    }
    if let Some(whole) = quoted(search) {
        return Ok(vec![exactly(whole)]);
    }
    bounded(search.split_whitespace().map(|word| {
        if let Some(whole) = quoted(word) {
            return exactly(whole);
        }
        let mut pattern = exactly(word).replace('*', "%");
        if !pattern.ends_with('%') || pattern.ends_with("\\%") {
            pattern.push('%');
        }
        pattern
    }))
}

/// The pairs of a `q`: names and values, either of them in double quotes if it holds spaces.
fn pairs(q: &str) -> Vec<(String, String)> {
    let mut pairs = Vec::new();
    let mut rest = q.trim_start();
    while !rest.is_empty() {
        let (name, after) = part(rest, true);
        let Some(after) = after.strip_prefix(':') else {
            // No pair: passed over, as Keycloak does.
            rest = part(rest, false).1.trim_start();
            continue;
        };
        let (value, after) = part(after, false);
        if !name.is_empty() {
            pairs.push((name.to_owned(), value.to_owned()));
        }
        rest = after.trim_start();
    }
    pairs
}

/// The text up to the next space, or to the next colon if `name`, or within double quotes; and what follows.
fn part(text: &str, name: bool) -> (&str, &str) {
    if let Some((inside, after)) = text.strip_prefix('"').and_then(|text| text.split_once('"')) {
        return (inside, after);
    }
    let ends = |letter: char| letter.is_whitespace() || name && letter == ':';
    text.split_at(text.find(ends).unwrap_or(text.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn search(text: &str) -> Vec<String> {
        let query = Query { search: Some(text.to_owned()), ..Query::default() };
        query.filter().unwrap().unwrap().words.unwrap()
    }

    #[test]
    fn words_are_prefixes_infixes_or_whole() {
        assert_eq!(search("Ann"), ["ann%"]);
        assert_eq!(search("ann*"), ["ann%"]);
        assert_eq!(search("*ann*"), ["%ann%"]);
        assert_eq!(search("\"Ann\""), ["ann"]);
        assert_eq!(search("\"ann b\""), ["ann b"]);
        assert_eq!(search("ann bob"), ["ann%", "bob%"]);
        assert_eq!(search("50%"), [r"50\%%"]);
        assert_eq!(search("a_b"), [r"a\_b%"]);
    }

    #[test]
    fn ids_are_looked_up() {
        let query = Query { search: Some("id:a  b".to_owned()), ..Query::default() };
        let filter = query.filter().unwrap().unwrap();
        assert_eq!(filter.ids.unwrap(), ["a", "b"]);
        assert!(!filter.people_only);
    }

    #[test]
    fn attributes_are_pairs() {
        assert_eq!(
            pairs(r#"a:b  "c d":"e f" junk g:h:i "#),
            [("a", "b"), ("c d", "e f"), ("g", "h:i")].map(|(name, value)| (name.to_owned(), value.to_owned()))
        );
        assert_eq!(pairs(":x a:"), [("a".to_owned(), String::new())]);
        let query = Query { q: Some("username:bo team:x team:y".to_owned()), ..Query::default() };
        let filter = query.filter().unwrap().unwrap();
        assert_eq!(filter.username.as_deref(), Some("%bo%"));
        assert_eq!(filter.attributes.unwrap()["team"], ["x", "y"]);
        assert!(!filter.people_only);
    }

    #[test]
    fn clients_accounts_show_only_when_asked_for_by_a_field() {
        assert!(Query::default().filter().unwrap().unwrap().people_only);
        let query = Query { username: Some("x".to_owned()), ..Query::default() };
        assert!(!query.filter().unwrap().unwrap().people_only);
    }

    #[test]
    fn what_no_user_can_have_finds_nobody() {
        let query = Query { email: Some("a\0".to_owned()), ..Query::default() };
        assert_eq!(query.filter().unwrap(), None);
        let query = Query { search: Some("a ".repeat(200)), ..Query::default() };
        assert!(query.filter().is_err());
    }
}
