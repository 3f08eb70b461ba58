//! The `q` parameter: attributes to search for, `key:value` pairs with spaces between them. Double quotes keep spaces
//! and colons within a key or value.

use model::MultiAttributes;

/// Reads a `q` parameter. What has no colon is passed over, as Keycloak does.
pub(super) fn read(query: &str) -> MultiAttributes {
    let mut attributes = MultiAttributes::new();
    let (mut key, mut text, mut quoted) = (None::<String>, String::new(), false);
    for letter in query.chars().chain([' ']) {
        match letter {
            '"' => quoted = !quoted,
            ':' if !quoted && key.is_none() => key = Some(std::mem::take(&mut text)),
            letter if letter.is_whitespace() && !quoted => {
                let value = std::mem::take(&mut text);
                if let Some(key) = key.take().filter(|key| !key.is_empty()) {
                    attributes.entry(key).or_default().push(value);
                }
            }
            letter => text.push(letter),
        }
    }
    attributes
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(query: &str) -> Vec<(String, Vec<String>)> {
        read(query).into_iter().collect()
    }

    #[test]
    fn pairs_are_separated_by_spaces_and_may_be_quoted() {
        assert_eq!(pairs("a:1 b:2"), [("a".into(), vec!["1".into()]), ("b".into(), vec!["2".into()])]);
        assert_eq!(pairs(r#""a b":"c d""#), [("a b".into(), vec!["c d".into()])]);
        assert_eq!(pairs("url:http://x"), [("url".into(), vec!["http://x".into()])]);
    }

    #[test]
    fn what_is_no_pair_is_passed_over() {
        assert!(pairs("word").is_empty());
        assert!(pairs(":x  ").is_empty());
    }
}
