//! Pages that belong together, as tabs.

use crate::Console;

/// Pages that belong together; `admin/parts/tabs.html` shows them.
#[derive(Clone, Debug)]
pub struct Tabs {
    /// What they are about, for those who hear the page.
    pub label: &'static str,
    /// The pages.
    pub entries: Vec<Tab>,
}

/// One of them.
#[derive(Clone, Debug)]
pub struct Tab {
    /// What it says.
    pub label: &'static str,
    /// Where it leads.
    pub href: String,
    /// It is the page in front, or that one is below it.
    pub current: bool,
}

impl Tabs {
    /// Pages of the realm in front: what they say, and their paths below it.
    #[must_use]
    pub fn new(console: &Console, label: &'static str, pages: &[(&'static str, &str)]) -> Self {
        let here = console.here();
        let hrefs: Vec<_> = pages.iter().map(|(label, path)| (*label, console.path(path))).collect();
        let leads_here = |href: &str| here == href || here.strip_prefix(href).is_some_and(|rest| rest.starts_with('/'));
        let longest = hrefs.iter().filter(|(_, href)| leads_here(href)).map(|(_, href)| href.len()).max();
        let tab = |(label, href): (&'static str, String)| Tab {
            label,
            current: Some(href.len()) == longest && leads_here(&href),
            href,
        };
        Self { label, entries: hrefs.into_iter().map(tab).collect() }
    }
}
