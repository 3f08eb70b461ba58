//! Checking a new password against the policy.

use super::{PasswordPolicy, Rule};

/// Why a password is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyViolation {
    /// Keycloak's message key, for translation and for the Admin REST API.
    pub key: &'static str,
    /// What goes into the message.
    pub params: Vec<String>,
    /// The reason in English.
    pub text: String,
}

impl PolicyViolation {
    /// The password is one of the last `number`.
    #[must_use]
    pub fn history(number: u32) -> Self {
        let text = match number {
            1 => "The password must not be the last one.".to_owned(),
            _ => format!("The password must not be one of the last {number}."),
        };
        Self { key: "invalidPasswordHistoryMessage", params: vec![number.to_string()], text }
    }

    /// The password was used within so many days. Keycloak has no message of its own for it.
    #[must_use]
    pub fn recently_used(days: u32) -> Self {
        let text = format!("The password must not have been used within the last {days} {}.", plural(days, "day"));
        Self { key: "invalidPasswordGenericMessage", params: vec![days.to_string()], text }
    }

    /// The password is in the file of passwords that may not be used.
    #[must_use]
    pub fn blacklisted() -> Self {
        let text = "The password is too common and may not be used.".to_owned();
        Self { key: "invalidPasswordBlacklistedMessage", params: Vec::new(), text }
    }
}

impl PasswordPolicy {
    /// Every rule that a password breaks, of those that [`PasswordPolicy::check`] looks at.
    #[must_use]
    pub fn violations(&self, password: &str, username: &str, email: Option<&str>) -> Vec<PolicyViolation> {
        self.rules().filter_map(|rule| violation(rule, password, username, email)).collect()
    }

    /// Checks a new password against the rules that need nothing but the password and its user. History, age and the
    /// list of refused passwords need records, which the caller has: see [`PasswordPolicy::password_history`],
    /// [`PasswordPolicy::password_age`] and [`PasswordPolicy::password_blacklist`]. Characters are Unicode's.
    ///
    /// # Errors
    /// The first rule that is broken, in the order of the policy.
    pub fn check(&self, password: &str, username: &str, email: Option<&str>) -> Result<(), PolicyViolation> {
        self.rules().find_map(|rule| violation(rule, password, username, email)).map_or(Ok(()), Err)
    }
}

fn violation(rule: &Rule, password: &str, username: &str, email: Option<&str>) -> Option<PolicyViolation> {
    let at_least = |wanted: u32, counts: fn(char) -> bool, key, what: &str| {
        let found = password.chars().filter(|character| counts(*character)).count();
        let text = || format!("The password must have at least {wanted} {}.", plural(wanted, what));
        broken(!is_at_least(found, wanted), key, vec![wanted.to_string()], text)
    };
    let lower = password.to_lowercase();
    match rule {
        Rule::Length(wanted) => at_least(*wanted, |_| true, "invalidPasswordMinLengthMessage", "character"),
        Rule::MaxLength(most) => {
            let too_long = !is_at_least(usize::try_from(*most).unwrap_or(usize::MAX), length(password));
            let text = || format!("The password must have at most {most} {}.", plural(*most, "character"));
            broken(too_long, "invalidPasswordMaxLengthMessage", vec![most.to_string()], text)
        }
        Rule::Digits(wanted) => at_least(*wanted, char::is_numeric, "invalidPasswordMinDigitsMessage", "digit"),
        Rule::LowerCase(wanted) => {
            at_least(*wanted, char::is_lowercase, "invalidPasswordMinLowerCaseCharsMessage", "lower-case letter")
        }
        Rule::UpperCase(wanted) => {
            at_least(*wanted, char::is_uppercase, "invalidPasswordMinUpperCaseCharsMessage", "upper-case letter")
        }
        Rule::SpecialChars(wanted) => {
            let special = |character: char| !character.is_alphanumeric();
            at_least(*wanted, special, "invalidPasswordMinSpecialCharsMessage", "special character")
        }
        Rule::NotUsername => {
            let same = !username.is_empty() && lower == username.to_lowercase();
            let text = || "The password must not be the username.".to_owned();
            broken(same, "invalidPasswordNotUsernameMessage", Vec::new(), text)
        }
        Rule::NotContainsUsername => {
            let contained = !username.is_empty() && lower.contains(&username.to_lowercase());
            let text = || "The password must not contain the username.".to_owned();
            broken(contained, "invalidPasswordNotContainsUsernameMessage", Vec::new(), text)
        }
        Rule::NotEmail => {
            let same = email.is_some_and(|email| !email.is_empty() && lower == email.to_lowercase());
            let text = || "The password must not be the email address.".to_owned();
            broken(same, "invalidPasswordNotEmailMessage", Vec::new(), text)
        }
        Rule::RegexPattern(pattern) => {
            let text = || format!("The password must match the pattern {}.", pattern.as_str());
            let params = vec![pattern.as_str().to_owned()];
            broken(!pattern.matches(password), "invalidPasswordRegexPatternMessage", params, text)
        }
        Rule::PasswordHistory(_)
        | Rule::PasswordAge(_)
        | Rule::ForceExpiredPasswordChange(_)
        | Rule::PasswordBlacklist(_)
        | Rule::HashAlgorithm(_)
        | Rule::HashIterations(_)
        | Rule::MaxAuthAge(_)
        | Rule::RecoveryCodesWarningThreshold(_) => None,
    }
}

fn broken(
    is_broken: bool,
    key: &'static str,
    params: Vec<String>,
    text: impl FnOnce() -> String,
) -> Option<PolicyViolation> {
    is_broken.then(|| PolicyViolation { key, params, text: text() })
}

fn length(password: &str) -> u32 {
    u32::try_from(password.chars().count()).unwrap_or(u32::MAX)
}

fn is_at_least(found: usize, wanted: u32) -> bool {
    u32::try_from(found).unwrap_or(u32::MAX) >= wanted
}

fn plural(number: u32, noun: &str) -> String {
    if number == 1 { noun.to_owned() } else { format!("{noun}s") }
}
