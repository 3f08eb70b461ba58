//! Which letters may stand in names.

use std::sync::LazyLock;

use regex::Regex;

/// Letters of the scripts Latin and Common: of no other script can a name then mix in what looks the same.
static LATIN: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"^[\p{Latin}\p{Common}\p{Inherited}]+$").ok());

/// Whether no letter is one that can't stand in a person's name.
pub(super) fn fit_person_name(text: &str) -> bool {
    !text.chars().any(|letter| letter.is_control() || "<>&\"$%!#?§;*~/\\|^=[]{}()".contains(letter))
}

/// Whether no letter is one that can't stand in a login name: a name stands in front of a colon in HTTP Basic
/// authentication, in paths and in logs.
pub(super) fn fit_username(text: &str) -> bool {
    !text.chars().any(|letter| {
        letter.is_control() || letter.is_whitespace() || "<>&\"'$%!#?§,;:*~/\\|^=[]{}()`".contains(letter)
    })
}

/// Whether all letters are Latin or of no script.
pub(super) fn are_no_homographs(text: &str) -> bool {
    LATIN.as_ref().is_some_and(|latin| latin.is_match(text))
}
