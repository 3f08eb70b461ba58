//! Password policy in Keycloak's grammar: `length(8) and notUsername and regexPattern(...)`.
//!
//! A realm stores the policy as one text. Here it becomes typed rules, so that a mistake is found when the policy is
//! saved and not at somebody's login.

mod check;
mod rule;

use std::{fmt, str::FromStr};

pub use self::{
    check::PolicyViolation,
    rule::{Pattern, Rule},
};
use crate::password::{Argon2Parameters, HashAlgorithm};

/// The longest policy, in bytes.
const MAX_LENGTH: usize = 16 * 1024;

/// What stands between two rules.
const SEPARATOR: &str = " and ";

/// Days to seconds.
const DAY: u64 = 86_400;

/// A part of a policy that isn't understood.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the part {part:?} of the password policy isn't understood: {reason}")]
pub struct PolicyError {
    /// The part as it was written.
    pub part: String,
    /// What is wrong with it.
    pub reason: &'static str,
}

/// A password policy; without rules by default.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PasswordPolicy {
    entries: Vec<Entry>,
}

/// A rule and its value as it was written, which is how it goes back into a representation.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Entry {
    rule: Rule,
    value: String,
}

impl PasswordPolicy {
    /// The rules, in the order they were written.
    pub fn rules(&self) -> impl Iterator<Item = &Rule> {
        self.entries.iter().map(|entry| &entry.rule)
    }

    /// The cost of new hashes. `hashIterations` counts for Argon2 as far as it is within Argon2's bounds; a number that
    /// was meant for PBKDF2 leaves the default, as does `hashAlgorithm` with a PBKDF2 name: new hashes are always
    /// Argon2id.
    #[must_use]
    pub fn argon2_parameters(&self) -> Argon2Parameters {
        let default = Argon2Parameters::default();
        let other = |rule: &Rule| matches!(rule, Rule::HashAlgorithm(algorithm) if *algorithm != HashAlgorithm::Argon2);
        if self.rules().any(other) {
            return default;
        }
        let iterations = self.find(|rule| if let Rule::HashIterations(number) = rule { *number } else { None });
        let wanted = Argon2Parameters { iterations: iterations.unwrap_or(default.iterations), ..default };
        if wanted.check().is_ok() { wanted } else { default }
    }

    /// How many passwords, the present one included, may not be used again.
    #[must_use]
    pub fn password_history(&self) -> Option<u32> {
        self.find(|rule| if let Rule::PasswordHistory(number) = rule { Some(*number) } else { None })
    }

    /// For how many seconds a password may not be used again.
    #[must_use]
    pub fn password_age(&self) -> Option<u64> {
        self.find(|rule| if let Rule::PasswordAge(days) = rule { Some(u64::from(*days) * DAY) } else { None })
    }

    /// After how many seconds a password must be changed.
    #[must_use]
    pub fn password_lifetime(&self) -> Option<u64> {
        self.find(
            |rule| {
                if let Rule::ForceExpiredPasswordChange(days) = rule { Some(u64::from(*days) * DAY) } else { None }
            },
        )
    }

    /// The file of passwords that may not be used.
    #[must_use]
    pub fn password_blacklist(&self) -> Option<&str> {
        self.find(|rule| if let Rule::PasswordBlacklist(file) = rule { Some(file.as_str()) } else { None })
    }

    /// How many seconds after a login sensitive actions may still be done.
    #[must_use]
    pub fn max_auth_age(&self) -> Option<u32> {
        self.find(|rule| if let Rule::MaxAuthAge(seconds) = rule { Some(*seconds) } else { None })
    }

    fn find<'policy, T>(&'policy self, select: impl FnMut(&'policy Rule) -> Option<T>) -> Option<T> {
        self.rules().find_map(select)
    }
}

impl FromStr for PasswordPolicy {
    type Err = PolicyError;

    /// Reads a policy. A blank text is the policy without rules. Only `regexPattern` may be there more than once.
    fn from_str(text: &str) -> Result<Self, PolicyError> {
        if text.len() > MAX_LENGTH {
            let part = text.chars().take(40).collect();
            return Err(PolicyError { part, reason: "the policy is too long" });
        }
        let mut policy = Self::default();
        if text.trim().is_empty() {
            return Ok(policy);
        }
        for part in text.trim().split(SEPARATOR) {
            let part = part.trim();
            let error = |reason| PolicyError { part: part.to_owned(), reason };
            let (id, value) = match part.split_once('(') {
                None => (part, ""),
                Some((id, rest)) => (id, rest.strip_suffix(')').ok_or_else(|| error("the bracket isn't closed"))?),
            };
            let rule = Rule::parse(id, value).map_err(error)?;
            let repeated = policy.rules().any(|other| other.id() == rule.id());
            if repeated && !matches!(rule, Rule::RegexPattern(_)) {
                return Err(error("it's there twice"));
            }
            policy.entries.push(Entry { rule, value: value.to_owned() });
        }
        Ok(policy)
    }
}

impl fmt::Display for PasswordPolicy {
    /// Writes the policy in the grammar it's read in; empty values are left out.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, Entry { rule, value }) in self.entries.iter().enumerate() {
            if index > 0 {
                formatter.write_str(SEPARATOR)?;
            }
            formatter.write_str(rule.id())?;
            if !value.is_empty() {
                write!(formatter, "({value})")?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
