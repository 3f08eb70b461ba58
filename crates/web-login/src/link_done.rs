//! The end of what a link in a mail was for.

use askama::Template;
use web::{Destination, Page, RealmShown, WebAddress};

/// How it ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkOutcome {
    /// Everything was done.
    Done,
    /// The link was used, is too old, or was never good.
    Stale,
}

/// What became of it.
#[derive(Template)]
#[template(path = "login/link_done.html")]
pub struct LinkDonePage {
    realm: RealmShown,
    outcome: LinkOutcome,
    application: Option<Destination>,
}

impl LinkDonePage {
    /// The page with this outcome, and a link to the application if it is known.
    #[must_use]
    pub fn new(realm: impl Into<RealmShown>, outcome: LinkOutcome, application: Option<Destination>) -> Self {
        Self { realm: realm.into(), outcome, application }
    }

    /// As in tests and on pictures of the pages.
    #[must_use]
    pub fn sample() -> Self {
        Self::new("Northwind Observatory", LinkOutcome::Done, Some(WebAddress::sample("/").into()))
    }

    /// The same for a link that is good no more.
    #[must_use]
    pub fn sample_stale() -> Self {
        Self::new("Northwind Observatory", LinkOutcome::Stale, None)
    }

    fn title(&self) -> &'static str {
        match self.outcome {
            LinkOutcome::Done => "Your account has been updated",
            LinkOutcome::Stale => "This link is good no more",
        }
    }

    fn text(&self) -> &'static str {
        match self.outcome {
            LinkOutcome::Done => "You can close this window.",
            LinkOutcome::Stale => "It was used already, or is too old. Please ask for another mail.",
        }
    }
}

impl Page for LinkDonePage {}
