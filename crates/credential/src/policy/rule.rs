//! The rules of a password policy, by Keycloak's ids.

use regex::{Regex, RegexBuilder};

use crate::password::HashAlgorithm;

/// How large a compiled pattern may be, in bytes. Matching takes time linear in the password whatever the pattern.
const PATTERN_SIZE_LIMIT: usize = 1024 * 1024;

/// One rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rule {
    /// `length`: at least so many characters.
    Length(u32),
    /// `maxLength`: at most so many characters.
    MaxLength(u32),
    /// `digits`: at least so many digits.
    Digits(u32),
    /// `lowerCase`: at least so many lower-case letters.
    LowerCase(u32),
    /// `upperCase`: at least so many upper-case letters.
    UpperCase(u32),
    /// `specialChars`: at least so many characters that are neither letters nor digits.
    SpecialChars(u32),
    /// `notUsername`: not the username, in any case of letters.
    NotUsername,
    /// `notContainsUsername`: the username isn't part of it, in any case of letters.
    NotContainsUsername,
    /// `notEmail`: not the email address, in any case of letters.
    NotEmail,
    /// `regexPattern`: the whole password matches.
    RegexPattern(Pattern),
    /// `passwordHistory`: none of the last so many passwords.
    PasswordHistory(u32),
    /// `passwordAge`: not used within so many days.
    PasswordAge(u32),
    /// `forceExpiredPasswordChange`: to be changed after so many days.
    ForceExpiredPasswordChange(u32),
    /// `passwordBlacklist`: not in the file of this name.
    PasswordBlacklist(String),
    /// `hashAlgorithm`: how passwords are to be hashed.
    HashAlgorithm(HashAlgorithm),
    /// `hashIterations`: the cost of a hash; none for the algorithm's default, written -1.
    HashIterations(Option<u32>),
    /// `maxAuthAge`: seconds.
    MaxAuthAge(u32),
    /// `recoveryCodesWarningThreshold`: kept for Keycloak, which deprecated it.
    RecoveryCodesWarningThreshold(u32),
}

impl Rule {
    /// Reads a rule; an empty value stands for the default.
    pub(super) fn parse(id: &str, value: &str) -> Result<Self, &'static str> {
        Ok(match id {
            "length" => Self::Length(number(value, 8)?),
            "maxLength" => Self::MaxLength(number(value, 64)?),
            "digits" => Self::Digits(number(value, 1)?),
            "lowerCase" => Self::LowerCase(number(value, 1)?),
            "upperCase" => Self::UpperCase(number(value, 1)?),
            "specialChars" => Self::SpecialChars(number(value, 1)?),
            // The admin console writes `undefined` as the value of these three.
            "notUsername" => Self::NotUsername,
            "notContainsUsername" => Self::NotContainsUsername,
            "notEmail" => Self::NotEmail,
            "regexPattern" => Self::RegexPattern(Pattern::new(value)?),
            "passwordHistory" => Self::PasswordHistory(number(value, 3)?),
            "passwordAge" => Self::PasswordAge(number(value, 30)?),
            "forceExpiredPasswordChange" => Self::ForceExpiredPasswordChange(number(value, 365)?),
            "passwordBlacklist" => Self::PasswordBlacklist(file_name(value)?),
            "hashAlgorithm" if value.is_empty() => Self::HashAlgorithm(HashAlgorithm::Argon2),
            "hashAlgorithm" => Self::HashAlgorithm(HashAlgorithm::parse(value).ok_or("unknown hash algorithm")?),
            "hashIterations" if matches!(value.trim(), "" | "-1") => Self::HashIterations(None),
            "hashIterations" => Self::HashIterations(Some(number(value, 0)?)),
            "maxAuthAge" => Self::MaxAuthAge(number(value, 300)?),
            "recoveryCodesWarningThreshold" => Self::RecoveryCodesWarningThreshold(number(value, 4)?),
            _ => return Err("no such rule"),
        })
    }

    /// Its id in the grammar.
    #[must_use]
    pub fn id(&self) -> &'static str {
        match self {
            Self::Length(_) => "length",
            Self::MaxLength(_) => "maxLength",
            Self::Digits(_) => "digits",
            Self::LowerCase(_) => "lowerCase",
            Self::UpperCase(_) => "upperCase",
            Self::SpecialChars(_) => "specialChars",
            Self::NotUsername => "notUsername",
            Self::NotContainsUsername => "notContainsUsername",
            Self::NotEmail => "notEmail",
            Self::RegexPattern(_) => "regexPattern",
            Self::PasswordHistory(_) => "passwordHistory",
            Self::PasswordAge(_) => "passwordAge",
            Self::ForceExpiredPasswordChange(_) => "forceExpiredPasswordChange",
            Self::PasswordBlacklist(_) => "passwordBlacklist",
            Self::HashAlgorithm(_) => "hashAlgorithm",
            Self::HashIterations(_) => "hashIterations",
            Self::MaxAuthAge(_) => "maxAuthAge",
            Self::RecoveryCodesWarningThreshold(_) => "recoveryCodesWarningThreshold",
        }
    }
}

/// A regular expression that the whole password must match.
#[derive(Clone, Debug)]
pub struct Pattern {
    text: String,
    whole: Regex,
}

impl Pattern {
    fn new(text: &str) -> Result<Self, &'static str> {
        if text.is_empty() {
            return Err("the regular expression is missing");
        }
        // Compiled as it is first: the wrapped form alone would take `a)|(?:b` for correct.
        let compile = |text: &str| RegexBuilder::new(text).size_limit(PATTERN_SIZE_LIMIT).build();
        let whole = compile(text).and_then(|_| compile(&format!(r"\A(?:{text})\z")));
        let whole =
            whole.or(Err("not a regular expression that is supported (look-around and back-references aren't)"))?;
        Ok(Self { text: text.to_owned(), whole })
    }

    /// The expression as it was written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    pub(super) fn matches(&self, password: &str) -> bool {
        self.whole.is_match(password)
    }
}

impl PartialEq for Pattern {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for Pattern {}

fn number(value: &str, default: u32) -> Result<u32, &'static str> {
    let value = value.trim();
    if value.is_empty() {
        return Ok(default);
    }
    // Keycloak's numbers are Java's int.
    let number = value.parse::<u32>().ok().filter(|number| i32::try_from(*number).is_ok());
    number.ok_or("the value isn't a whole number from 0 to 2147483647")
}

fn file_name(value: &str) -> Result<String, &'static str> {
    if value.is_empty() {
        return Err("the name of the file is missing");
    }
    if value.contains(['/', '\\', '\0']) || value == ".." || value == "." {
        return Err("the name of the file may not lead into another directory");
    }
    Ok(value.to_owned())
}
