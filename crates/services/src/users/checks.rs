//! What may stand in a user's fields. The texts are the message keys that Keycloak's user profile gives.

use model::{MultiAttributes, problem::Problem, user::User};

use crate::{Error, Result};

/// The longest name, address, given name and family name, in characters.
const MAX_LENGTH: usize = 255;
/// The longest value of an attribute, in bytes.
const MAX_VALUE: usize = 4_096;
/// The most attributes, the most values of one, and the most required actions.
const MAX_COUNT: usize = 200;

/// The fields of a user that are kept elsewhere and so are no attributes.
const FIELDS: [&str; 5] = ["username", "email", "emailVerified", "firstName", "lastName"];

/// A name or an address as it is stored and compared: without spaces around it, in lower case by Unicode's rules, which
/// depend on no language.
pub(super) fn folded(text: &str) -> String {
    text.trim().to_lowercase()
}

/// Checks what a change made of a user. Fields that stayed as they were are not checked: an import may have brought
/// what would be refused today.
pub(super) fn check(before: Option<&User>, user: &User) -> Result<()> {
    let mut problems = Vec::new();
    if before.is_none_or(|before| before.username != user.username) {
        check_username(&user.username, &mut problems);
    }
    if let Some(email) = &user.email
        && before.is_none_or(|before| before.email.as_ref() != Some(email))
    {
        check_email(email, &mut problems);
    }
    for (field, value, old) in [
        ("firstName", &user.first_name, before.map(|before| &before.first_name)),
        ("lastName", &user.last_name, before.map(|before| &before.last_name)),
    ] {
        if let Some(value) = value
            && old != Some(&Some(value.clone()))
        {
            check_person_name(field, value, &mut problems);
        }
    }
    check_attributes(&user.attributes, &mut problems);
    check_actions(&user.required_actions, &mut problems);
    if problems.is_empty() { Ok(()) } else { Err(Error::Invalid(problems)) }
}

/// Checks the bounds of what an import brings. What the rules of today would refuse beyond that is taken as it is.
pub(super) fn check_bounds(user: &User) -> Result<()> {
    let mut problems = Vec::new();
    let texts = [
        ("username", Some(&user.username)),
        ("email", user.email.as_ref()),
        ("firstName", user.first_name.as_ref()),
        ("lastName", user.last_name.as_ref()),
    ];
    for (field, text) in texts {
        let Some(text) = text else { continue };
        check_length(field, text, &mut problems);
        if has_control(text) {
            problems.push(Problem::new(field, "error-invalid-value"));
        }
    }
    check_attributes(&user.attributes, &mut problems);
    check_actions(&user.required_actions, &mut problems);
    if problems.is_empty() { Ok(()) } else { Err(Error::Invalid(problems)) }
}

fn check_actions(actions: &[String], problems: &mut Vec<Problem>) {
    let fits = |action: &String| !action.is_empty() && action.len() <= MAX_LENGTH && !has_control(action);
    if actions.len() > MAX_COUNT || !actions.iter().all(fits) {
        problems.push(Problem::new("requiredActions", "error-invalid-value"));
    }
}

fn has_control(text: &str) -> bool {
    text.chars().any(char::is_control)
}

fn check_length(field: &str, text: &str, problems: &mut Vec<Problem>) {
    if text.chars().count() > MAX_LENGTH {
        problems.push(Problem::new(field, "error-invalid-length-too-long"));
    }
}

/// A name stands in front of a colon in HTTP Basic authentication, in paths and in logs.
fn check_username(name: &str, problems: &mut Vec<Problem>) {
    check_length("username", name, problems);
    let prohibited = |letter: char| {
        letter.is_control() || letter.is_whitespace() || "<>&\"'$%!#?§,;:*~/\\|^=[]{}()`".contains(letter)
    };
    if name.chars().any(prohibited) {
        problems.push(Problem::new("username", "error-username-invalid-character"));
    }
}

fn check_person_name(field: &str, name: &str, problems: &mut Vec<Problem>) {
    check_length(field, name, problems);
    if name.chars().any(|letter| letter.is_control() || "<>&\"$%!#?§;*~/\\|^=[]{}()".contains(letter)) {
        problems.push(Problem::new(field, "error-person-name-invalid-character"));
    }
}

/// One `@` with something before it and a domain after it (RFC 5321 section 4.1.2, without quoted local parts).
fn check_email(email: &str, problems: &mut Vec<Problem>) {
    let local = |text: &str| {
        (1..=64).contains(&text.len())
            && text
                .chars()
                .all(|letter| !letter.is_control() && !letter.is_whitespace() && !"<>()[],;:\\\"".contains(letter))
    };
    let label = |text: &str| {
        (1..=63).contains(&text.len())
            && text.chars().all(|letter| letter.is_alphanumeric() || letter == '-')
            && !text.starts_with('-')
            && !text.ends_with('-')
    };
    let good = email.len() <= MAX_LENGTH
        && email.split_once('@').is_some_and(|(name, domain)| local(name) && domain.split('.').all(label));
    if !good {
        problems.push(Problem::new("email", "error-invalid-email"));
    }
}

fn check_attributes(attributes: &MultiAttributes, problems: &mut Vec<Problem>) {
    if attributes.len() > MAX_COUNT {
        problems.push(Problem::new("attributes", "error-too-many-attributes"));
    }
    for (name, values) in attributes {
        if name.is_empty() || name.len() > MAX_LENGTH || has_control(name) {
            problems.push(Problem::new("attributes", "error-invalid-attribute-name"));
        } else if values.len() > MAX_COUNT || values.iter().any(|value| value.len() > MAX_VALUE) {
            problems.push(Problem::new(name.clone(), "error-invalid-length-too-long"));
        } else if values.iter().any(|value| value.contains('\0')) {
            problems.push(Problem::new(name.clone(), "error-invalid-value"));
        }
    }
    // Many wrong attributes are as wrong as a few.
    problems.truncate(MAX_COUNT);
}

/// Attributes as they are stored: without those that are fields, and without those that have no value.
pub(super) fn stored_attributes(given: MultiAttributes) -> MultiAttributes {
    given.into_iter().filter(|(name, values)| !FIELDS.contains(&name.as_str()) && !values.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(check: fn(&str, &mut Vec<Problem>), text: &str) -> bool {
        let mut problems = Vec::new();
        check(text, &mut problems);
        !problems.is_empty()
    }

    #[test]
    fn usernames() {
        for good in ["alice", "a", "alice@example.org", "jörg", "a.b-c_d+e", "service-account-x"] {
            assert!(!refused(check_username, good), "{good}");
        }
        for bad in ["a b", "a:b", "a/b", "a\nb", "<a>", "a\0", "a%", &"a".repeat(256)] {
            assert!(refused(check_username, bad), "{bad}");
        }
    }

    #[test]
    fn addresses() {
        for good in ["a@b", "alice@example.org", "o'neil+tag@ex-ample.org", "jörg@müller.de"] {
            assert!(!refused(check_email, good), "{good}");
        }
        for bad in ["a", "@b", "a@", "a@b@c", "a b@c", "a@b..c", "a@-b", "a@b\r\nBcc: x", "a@b.", "<a@b>"] {
            assert!(refused(check_email, bad), "{bad}");
        }
    }

    #[test]
    fn folding_depends_on_no_language() {
        assert_eq!(folded(" ISTANBUL "), "istanbul");
        assert_eq!(folded("İ"), "i\u{307}");
        assert_ne!(folded("ISTANBUL"), folded("ıstanbul"));
    }
}
