//! What a rule is, and what it finds.

use std::fmt;

/// How much a finding matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Worth knowing; often what is wanted.
    Note,
    /// Less safe than what is recommended.
    Warning,
    /// Against a requirement: RFC 9700, or ASVS 5.0 up to level 2.
    Violation,
}

impl Severity {
    /// All of them, the worst first.
    pub const ALL: [Self; 3] = [Self::Violation, Self::Warning, Self::Note];

    /// In one word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Violation => "violation",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// Something that can be set in an unsafe way.
#[derive(Debug, PartialEq, Eq)]
pub struct Rule {
    /// Its name, which never changes.
    pub id: &'static str,
    /// How much it matters.
    pub severity: Severity,
    /// What can go wrong.
    pub risk: &'static str,
    /// What to change, with Keycloak's name of the setting.
    pub remedy: &'static str,
    /// Who says so.
    pub reference: &'static str,
}

/// What a rule found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The rule.
    pub rule: &'static Rule,
    /// The realm.
    pub realm: String,
    /// The `clientId` of the client that it is about; none if it is about the realm itself.
    pub client: Option<String>,
    /// What is there, in one sentence.
    pub found: String,
}

/// What the rules about one realm or client have found so far.
pub(super) struct Findings<'a> {
    realm: &'a str,
    client: Option<&'a str>,
    found: Vec<Finding>,
}

impl<'a> Findings<'a> {
    pub fn about(realm: &'a str, client: Option<&'a str>) -> Self {
        Self { realm, client, found: Vec::new() }
    }

    pub fn add(&mut self, rule: &'static Rule, found: impl Into<String>) {
        self.found.push(Finding {
            rule,
            realm: self.realm.to_owned(),
            client: self.client.map(str::to_owned),
            found: found.into(),
        });
    }

    /// The worst first; those of one severity in the order of the rules.
    pub fn done(mut self) -> Vec<Finding> {
        self.found.sort_by_key(|finding| std::cmp::Reverse(finding.rule.severity));
        self.found
    }
}

/// A text of a setting for a sentence: without control characters, and not too long.
pub(super) fn shown(text: &str) -> String {
    const LONGEST: usize = 120;
    let mut shown: String = text.chars().filter(|letter| !letter.is_control()).take(LONGEST).collect();
    if shown.len() < text.len() {
        shown.push('…');
    }
    format!("'{shown}'")
}
