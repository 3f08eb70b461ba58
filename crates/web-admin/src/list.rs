//! Lists: what they hold, in which order, and which page of them. All of it stands in the address, so that it can be
//! shared, and so that going back leads to the same place.

use services::listing::{Direction, Listed};
use time::{OffsetDateTime, format_description::well_known::Rfc3339, macros::format_description};
use url::form_urlencoded;
use web::Shown;

/// How many a page shows.
pub const PAGE: i64 = 50;
/// The last page that is given: looking further is what searching is for.
const LAST_PAGE: i64 = services::listing::DEEPEST / PAGE;
/// The parameters that say where in a list one is.
const PLACES: [&str; 3] = ["page", "before", "after"];
/// The longest text that is searched for, in characters.
const LONGEST_SEARCH: usize = 255;

/// What a list's address asks for.
#[derive(Clone, Debug, Default)]
pub struct Query {
    path: String,
    parameters: Vec<(String, String)>,
}

impl Query {
    /// What a request's address asks for. Of a parameter that comes twice, the first counts.
    #[must_use]
    pub fn of(address: &str) -> Self {
        let (path, query) = address.split_once('?').unwrap_or((address, ""));
        let mut parameters: Vec<(String, String)> = Vec::new();
        for (name, value) in form_urlencoded::parse(query.as_bytes()).take(30) {
            if !value.is_empty() && !parameters.iter().any(|(known, _)| *known == name) {
                parameters.push((name.into_owned(), value.chars().take(LONGEST_SEARCH).collect()));
            }
        }
        Self { path: path.to_owned(), parameters }
    }

    /// A parameter without white space around it; empty without it.
    #[must_use]
    pub fn get(&self, name: &str) -> &str {
        self.parameters.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value.trim())
    }

    /// A parameter that isn't empty.
    #[must_use]
    pub fn given(&self, name: &str) -> Option<String> {
        Some(self.get(name)).filter(|value| !value.is_empty()).map(str::to_owned)
    }

    /// The path, without the parameters.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The parameters but for these and the place in the list.
    #[must_use]
    pub fn kept(&self, except: &[&str]) -> Vec<(String, String)> {
        let stays = |name: &str| !except.contains(&name) && !PLACES.contains(&name);
        self.parameters.iter().filter(|(name, _)| stays(name)).cloned().collect()
    }

    /// The address without these parameters, at the beginning of the list.
    #[must_use]
    pub fn without(&self, names: &[&str]) -> String {
        let kept = self.kept(names);
        if kept.is_empty() {
            return self.path.clone();
        }
        let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(kept).finish();
        format!("{}?{query}", self.path)
    }

    /// The page as services take it.
    #[must_use]
    pub fn asked(&self) -> services::listing::Page {
        services::listing::Page::new(self.page() - 1, PAGE)
    }

    /// Which way the list goes.
    #[must_use]
    pub fn direction(&self) -> Direction {
        if self.sort().1 { Direction::Descending } else { Direction::Ascending }
    }

    /// The page, from 1.
    #[must_use]
    pub fn page(&self) -> i64 {
        self.get("page").parse().unwrap_or(1).clamp(1, LAST_PAGE)
    }

    /// How many come before the page.
    #[must_use]
    pub fn first(&self) -> i64 {
        (self.page() - 1) * PAGE
    }

    /// The column to sort by, and whether from the end: `-name` is name from the end.
    #[must_use]
    pub fn sort(&self) -> (&str, bool) {
        let sort = self.get("sort");
        match sort.strip_prefix('-') {
            Some(column) => (column, true),
            None => (sort, false),
        }
    }

    /// The address with this parameter instead; empty takes it away. Any other change leads to the first page.
    #[must_use]
    pub fn with(&self, name: &str, value: &str) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        for (known, kept) in
            self.parameters.iter().filter(|(known, _)| known != name && !PLACES.contains(&known.as_str()))
        {
            query.append_pair(known, kept);
        }
        if !value.is_empty() {
            query.append_pair(name, value);
        }
        let query = query.finish();
        if query.is_empty() { self.path.clone() } else { format!("{}?{query}", self.path) }
    }
}

/// One column.
#[derive(Clone, Debug)]
pub struct Column {
    /// Its head.
    pub label: &'static str,
    /// Where clicking the head leads, if one can sort by it.
    pub href: Option<String>,
    /// How it is sorted by now: `ascending`, `descending` or not at all.
    pub sorted: Option<&'static str>,
}

/// One cell.
#[derive(Clone, Debug)]
pub enum Cell {
    /// A link to the thing.
    Link {
        /// Where to.
        href: String,
        /// Its name.
        text: Shown,
    },
    /// A text.
    Text(Shown),
    /// A text that is read letter by letter, such as an id.
    Code(Shown),
    /// A word that stands out.
    Badge {
        /// The word.
        text: &'static str,
        /// `good`, `warn`, `bad` or `plain`.
        tone: &'static str,
    },
    /// A moment.
    Time(Moment),
    /// A moment that leads to what happened then.
    At {
        /// Where to.
        href: String,
        /// The moment.
        at: Moment,
    },
    /// A button that sends a form to this path, with these fields. For what can be undone; what can't is a link to a
    /// page that asks.
    Button {
        /// Where to.
        action: String,
        /// What it says.
        label: &'static str,
        /// For those who hear the page: what it is about.
        about: Shown,
        /// Names and values.
        fields: Vec<(&'static str, String)>,
    },
}

impl Cell {
    /// A link.
    #[must_use]
    pub fn link(href: String, text: &str) -> Self {
        Self::Link { href, text: Shown::name(text) }
    }

    /// A text.
    #[must_use]
    pub fn text(text: &str) -> Self {
        Self::Text(Shown::name(text))
    }

    /// A moment that leads to what happened then.
    #[must_use]
    pub fn at(href: String, at: OffsetDateTime) -> Self {
        Self::At { href, at: Moment::of(at) }
    }

    /// A code.
    #[must_use]
    pub fn code(text: &str) -> Self {
        Self::Code(Shown::name(text))
    }

    /// A moment.
    #[must_use]
    pub fn time(at: OffsetDateTime) -> Self {
        Self::Time(Moment::of(at))
    }
}

/// A moment as people and programs read it, in UTC.
#[derive(Clone, Debug)]
pub struct Moment {
    /// For programs.
    pub exact: String,
    /// For people.
    pub shown: String,
}

impl Moment {
    /// This moment.
    #[must_use]
    pub fn of(at: OffsetDateTime) -> Self {
        let at = at.to_offset(time::UtcOffset::UTC);
        let shown = at.format(format_description!("[year]-[month]-[day] [hour]:[minute]:[second]"));
        Self { exact: at.format(&Rfc3339).unwrap_or_default(), shown: shown.unwrap_or_default() }
    }

    /// The moment so many milliseconds after 1970, as representations have it.
    #[must_use]
    pub fn of_millis(millis: i64) -> Self {
        let at = OffsetDateTime::from_unix_timestamp_nanos(i128::from(millis) * 1_000_000);
        Self::of(at.unwrap_or(OffsetDateTime::UNIX_EPOCH))
    }
}

/// A list of which one page is shown.
#[derive(Clone, Debug)]
pub struct List {
    /// What it is a list of, for those who hear the page.
    pub caption: &'static str,
    /// The columns.
    pub columns: Vec<Column>,
    /// The rows.
    pub rows: Vec<Vec<Cell>>,
    /// Where the search form is sent; none without a search.
    pub search: Option<Search>,
    /// The page before.
    pub previous: Option<String>,
    /// The page after.
    pub next: Option<String>,
    /// The page, from 1; 0 where pages have no numbers.
    pub page: i64,
    /// What to say if there is nothing.
    pub empty: Empty,
}

/// The search of a list.
#[derive(Clone, Debug)]
pub struct Search {
    /// The list's path.
    pub path: String,
    /// What is searched for now.
    pub text: String,
    /// What can be typed.
    pub label: &'static str,
    /// The other parameters, which stay.
    pub kept: Vec<(String, String)>,
}

/// What an empty list says.
#[derive(Clone, Debug, Default)]
pub struct Empty {
    /// A sentence on what would be here.
    pub text: &'static str,
    /// What to do next: where to and what it says.
    pub action: Option<(String, &'static str)>,
}

impl List {
    /// A list of up to [`PAGE`] rows and one more, which tells that there is another page.
    #[must_use]
    pub fn new(query: &Query, caption: &'static str, rows: Vec<Vec<Cell>>, empty: Empty) -> Self {
        Self::of(query, caption, query.asked().of(rows), empty)
    }

    /// A list of the rows of a page.
    #[must_use]
    pub fn of(query: &Query, caption: &'static str, listed: Listed<Vec<Cell>>, empty: Empty) -> Self {
        let page = query.page();
        let Listed { rows, more } = listed;
        let at = |page: i64| query.with("page", &if page == 1 { String::new() } else { page.to_string() });
        Self {
            caption,
            columns: Vec::new(),
            rows,
            search: None,
            previous: (page > 1).then(|| at(page - 1)),
            next: (more && page < LAST_PAGE).then(|| at(page + 1)),
            page,
            empty,
        }
    }

    /// With its columns: head, and the name to sort by if one can.
    #[must_use]
    pub fn columns(mut self, query: &Query, columns: &[(&'static str, Option<&'static str>)]) -> Self {
        let (by, from_end) = query.sort();
        let column = |(label, sort): &(&'static str, Option<&'static str>)| {
            let active = sort.is_some_and(|sort| sort == by);
            let href =
                sort.map(|sort| query.with("sort", &format!("{}{sort}", if active && !from_end { "-" } else { "" })));
            Column { label, href, sorted: active.then_some(if from_end { "descending" } else { "ascending" }) }
        };
        self.columns = columns.iter().map(column).collect();
        self
    }

    /// With a search by the parameter `q`.
    #[must_use]
    pub fn search(mut self, query: &Query, label: &'static str) -> Self {
        let kept = query.kept(&["q"]);
        self.search = Some(Search { path: query.path.clone(), text: query.get("q").to_owned(), label, kept });
        self
    }

    /// What the ways to the pages before and after say.
    #[must_use]
    pub fn turns(&self) -> (&'static str, &'static str) {
        // Without numbers, pages go by time.
        if self.page == 0 { ("Newest", "Older") } else { ("Previous", "Next") }
    }

    /// Whether something is searched for.
    #[must_use]
    pub fn searched(&self) -> bool {
        self.search.as_ref().is_some_and(|search| !search.text.is_empty())
    }
}
