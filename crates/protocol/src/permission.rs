//! "Who may do what" as rows of a table: how a protocol whose rules are protocol mappers lets administrators read and write
//! them without knowing the mappers' settings.

use std::collections::BTreeMap;

use crate::RuleSubject;

/// A rule as a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PermissionRow {
    /// Whom it is about.
    pub subject: RuleSubject,
    /// The resources that it is about.
    pub patterns: Vec<String>,
    /// What may be done with them.
    pub actions: Vec<String>,
    /// It is also about the list of all resources.
    pub catalog: bool,
    /// It allows; otherwise it denies.
    pub allows: bool,
    /// It is about everything, whatever the patterns and actions say. Such rules come from imports and are not written.
    pub everything: bool,
}

/// A row as a mapper: its kind, and the settings that it needs. A setting of none is to be taken away.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PermissionMapperSettings {
    /// The kind of mapper.
    pub kind: &'static str,
    /// Settings by name.
    pub settings: BTreeMap<&'static str, Option<String>>,
}

/// What a pattern stands for, by examples. Each was tried.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PatternExamples {
    /// Names that it matches.
    pub matching: Vec<String>,
    /// Names that are close, and that it doesn't match.
    pub others: Vec<String>,
    /// It depends on who asks.
    pub personal: bool,
}
