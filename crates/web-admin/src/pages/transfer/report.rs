//! What an import did, or would do.

use services::{
    import_report::ImportReport,
    realms::partial_import::{Action, Entry, Kind},
};
use web::Shown;

use super::Counted;
use crate::list::{Cell, Column, Empty, List};

/// How many lines of a kind are shown: a file may hold a hundred thousand things.
const MOST: usize = 500;

/// What is told of an import; `admin/transfer/report.html` shows it.
pub(crate) struct Report {
    /// Nothing was done, this is what would be.
    pub(crate) plan: bool,
    /// It can't be done, and why.
    pub(crate) refused: Option<Vec<Shown>>,
    /// How many were, or would be: what it says, and how many.
    pub(crate) counts: Vec<(&'static str, usize)>,
    /// What became of each thing.
    pub(crate) list: Option<List>,
    /// There are more than are shown.
    pub(crate) more: usize,
    /// What is not taken over as it was given: where it stands, and why.
    pub(crate) remarks: Vec<(Shown, Shown)>,
    /// There are more remarks than are shown.
    pub(crate) more_remarks: usize,
}

fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Client => "Client",
        Kind::RealmRole => "Role",
        Kind::ClientRole => "Role of a client",
        Kind::IdentityProvider => "Identity provider",
        Kind::IdentityProviderMapper => "Mapper of an identity provider",
        Kind::Group => "Group",
        Kind::User => "User",
    }
}

impl Report {
    /// Of things that were imported into a realm.
    pub(crate) fn of_parts(entries: &[Entry], remarks: &ImportReport, plan: bool) -> Self {
        let count = |action| entries.iter().filter(|entry| entry.action == action).count();
        let row = |entry: &Entry| {
            let (text, tone) = match entry.action {
                Action::Added => ("New", "good"),
                Action::Skipped => ("Left as it is", "plain"),
                Action::Overwritten => ("Replaced", "warn"),
            };
            vec![Cell::Badge { text, tone }, Cell::text(kind(entry.kind)), Cell::text(&entry.name)]
        };
        let column = |label| Column { label, href: None, sorted: None };
        let list = List {
            caption: "What becomes of each thing",
            columns: ["What", "Kind", "Name"].map(column).to_vec(),
            rows: entries.iter().take(MOST).map(row).collect(),
            search: None,
            previous: None,
            next: None,
            page: 1,
            empty: Empty { text: "The file holds nothing of what was asked for.", action: None },
        };
        let counts = vec![
            ("new", count(Action::Added)),
            ("replaced", count(Action::Overwritten)),
            ("left as they are", count(Action::Skipped)),
        ];
        Self { plan, counts, list: Some(list), more: entries.len().saturating_sub(MOST), ..Self::with_remarks(remarks) }
    }

    /// Of a realm that would be made from a file.
    pub(crate) fn of_realm(counted: Counted, remarks: &ImportReport) -> Self {
        Self { plan: true, counts: counted.0, ..Self::with_remarks(remarks) }
    }

    /// Of what can't be done.
    pub(crate) fn refused(why: Vec<Shown>) -> Self {
        Self { plan: true, refused: Some(why), ..Self::with_remarks(&ImportReport::default()) }
    }

    fn with_remarks(report: &ImportReport) -> Self {
        let remarks = report.remarks();
        let shown = remarks.iter().take(MOST);
        Self {
            plan: false,
            refused: None,
            counts: Vec::new(),
            list: None,
            more: 0,
            remarks: shown.map(|one| (Shown::sentence(&one.path), Shown::sentence(&one.reason))).collect(),
            more_remarks: remarks.len().saturating_sub(MOST),
        }
    }
}
