//! Pages that are made of sheets: forms, tables, facts. What such a page holds is said in Rust, how it looks in one
//! template, so that all of them look and behave alike.

use askama::Template;
use services::listing::Listed;
use web::Shown;

use crate::{
    Console,
    field::{Attributes, Field, Filters, Kind},
    form_errors::FormErrors,
    frame::Frame,
    list::{Cell, Empty, List, Query},
    refusal::Answer,
    tabs::Tabs,
};

/// A page of sheets.
#[derive(Template)]
#[template(path = "admin/sheets.html")]
pub struct Sheets {
    frame: Frame,
    crumbs: Vec<Way>,
    tabs: Option<Tabs>,
    actions: Vec<Way>,
    sheets: Vec<Sheet>,
    /// The address from which what is live is asked for again.
    live: Option<String>,
}

/// A link.
#[derive(Clone, Debug)]
pub struct Way {
    /// Where to.
    pub href: String,
    /// What it says.
    pub label: Shown,
    /// How it looks: as nothing else, `second`, or `danger`.
    pub look: &'static str,
}

/// What stands on a page.
#[derive(Clone, Debug)]
pub enum Sheet {
    /// A form.
    Form(FormSheet),
    /// A list with its search and its pages; one on a page, and live where the page is.
    List(List),
    /// A list without a search of its own.
    Table(Table),
    /// What narrows the list below.
    Filters(Filters),
    /// Names with what they stand for.
    Facts(Facts),
    /// Something that has to be said.
    Note(Note),
    /// A text to be read letter by letter.
    Code(Code),
    /// Links and buttons side by side.
    Buttons(Buttons),
}

/// A list without a search of its own.
#[derive(Clone, Debug)]
pub struct Table {
    /// What stands above it.
    pub heading: &'static str,
    /// A sentence on what it is.
    pub help: &'static str,
    /// The list.
    pub list: List,
    /// The search that fills it: its field stands above it.
    pub finder: Option<Finder>,
}

/// A search beside a form, such as for what can be added.
#[derive(Clone, Debug)]
pub struct Finder {
    /// Where it is sent.
    pub path: String,
    /// The name of its parameter, which also names the parts of the page.
    pub name: &'static str,
    /// What is searched for now.
    pub text: String,
    /// What can be typed.
    pub label: &'static str,
}

/// Names with what they stand for.
#[derive(Clone, Debug)]
pub struct Facts {
    /// What stands above them.
    pub heading: &'static str,
    /// The facts.
    pub rows: Vec<(Shown, Cell)>,
}

/// Something that has to be said.
#[derive(Clone, Debug)]
pub struct Note {
    /// `good`, `warn` or `bad`.
    pub tone: &'static str,
    /// The sentence.
    pub text: Shown,
    /// A secret or an address to copy.
    pub code: Option<Shown>,
}

/// A text to be read letter by letter.
#[derive(Clone, Debug)]
pub struct Code {
    /// What stands above it.
    pub heading: &'static str,
    /// The text.
    pub text: Shown,
}

/// Links and buttons side by side.
#[derive(Clone, Debug, Default)]
pub struct Buttons {
    /// What stands above them.
    pub heading: &'static str,
    /// A sentence on what they do.
    pub help: &'static str,
    /// The links.
    pub ways: Vec<Way>,
    /// The buttons.
    pub sends: Vec<Send>,
}

/// A button that sends something.
#[derive(Clone, Debug)]
pub struct Send {
    /// Where to.
    pub action: String,
    /// What it says.
    pub label: &'static str,
    /// Names and values.
    pub fields: Vec<(&'static str, String)>,
}

/// A form.
#[derive(Clone, Debug, Default)]
pub struct FormSheet {
    /// Its name on the page, with which the ids of its fields begin.
    pub id: &'static str,
    /// What stands above it.
    pub heading: &'static str,
    /// A sentence on what it does.
    pub help: &'static str,
    /// Where it is sent.
    pub action: String,
    /// Names and values that are sent along.
    pub hidden: Vec<(&'static str, String)>,
    /// Its fields.
    pub fields: Vec<Field>,
    /// Names and values that people choose themselves.
    pub attributes: Option<Attributes>,
    /// What the button says.
    pub submit: &'static str,
    /// Nothing can be changed here by this person.
    pub fixed: bool,
    /// Where else one can go.
    pub cancel: Option<String>,
    /// What is wrong with it as a whole.
    pub problems: Vec<Shown>,
}

impl FormSheet {
    /// With what is wrong beside its fields, and above it what is wrong with it as a whole.
    #[must_use]
    pub fn with(mut self, errors: &FormErrors) -> Self {
        for field in &mut self.fields {
            field.error = errors.about(field.name.as_str()).cloned();
        }
        let names: Vec<&str> = self.fields.iter().map(|field| field.name.as_str()).collect();
        self.problems = errors.beyond(&names).cloned().collect();
        self
    }
}

impl Way {
    /// A link.
    #[must_use]
    pub fn to(href: String, label: &str) -> Self {
        Self { href, label: Shown::name(label), look: "" }
    }

    /// A link that looks so.
    #[must_use]
    pub fn looking(self, look: &'static str) -> Self {
        Self { look, ..self }
    }
}

impl Note {
    /// Something that has to be said.
    #[must_use]
    pub fn sheet(tone: &'static str, text: &str) -> Sheet {
        Sheet::Note(Self { tone, text: Shown::sentence(text), code: None })
    }
}

impl Table {
    /// A table of all rows.
    #[must_use]
    pub fn of(
        heading: &'static str,
        help: &'static str,
        columns: &[&'static str],
        rows: Vec<Vec<Cell>>,
        empty: &'static str,
    ) -> Self {
        let query = Query::default();
        let columns: Vec<_> = columns.iter().map(|&label| (label, None)).collect();
        let empty = Empty { text: empty, action: None };
        let list = List::of(&query, heading, Listed { rows, more: false }, empty).columns(&query, &columns);
        Self { heading, help, list, finder: None }
    }

    /// A table whose rows a search finds.
    #[must_use]
    pub fn found_by(self, finder: Finder) -> Self {
        Self { finder: Some(finder), ..self }
    }
}

impl Sheets {
    /// An empty page.
    #[must_use]
    pub fn new(console: &Console, title: &str) -> Self {
        Self {
            frame: console.frame(title),
            crumbs: Vec::new(),
            tabs: None,
            actions: Vec::new(),
            sheets: Vec::new(),
            live: None,
        }
    }

    /// With the way that led here.
    #[must_use]
    pub fn below(mut self, href: String, label: &str) -> Self {
        self.crumbs.push(Way::to(href, label));
        self
    }

    /// With the other pages about the same thing.
    #[must_use]
    pub fn tabs(mut self, tabs: Tabs) -> Self {
        self.tabs = Some(tabs);
        self
    }

    /// With a button beside the heading, if `may`.
    #[must_use]
    pub fn action(mut self, may: bool, way: Way) -> Self {
        self.actions.extend(may.then_some(way));
        self
    }

    /// With one more sheet.
    #[must_use]
    pub fn sheet(mut self, sheet: Sheet) -> Self {
        self.sheets.push(sheet);
        self
    }

    /// With one more sheet, if there is one.
    #[must_use]
    pub fn sheet_if(mut self, sheet: Option<Sheet>) -> Self {
        self.sheets.extend(sheet);
        self
    }

    /// With a form.
    #[must_use]
    pub fn form(self, form: FormSheet) -> Self {
        self.sheet(Sheet::Form(form))
    }

    /// With a table.
    #[must_use]
    pub fn table(self, table: Table) -> Self {
        self.sheet(Sheet::Table(table))
    }

    /// With its list asked for again every few seconds, at this address.
    #[must_use]
    pub fn live(mut self, address: Option<String>) -> Self {
        self.live = address;
        self
    }

    /// The answer with this page.
    ///
    /// # Errors
    /// As [`Console::show`].
    pub fn show(&self, console: &Console) -> Answer {
        console.show(self)
    }

    /// The answer with this page, whose form was refused.
    ///
    /// # Errors
    /// As [`Console::show_again`].
    pub fn show_again(&self, console: &Console) -> Answer {
        console.show_again(self)
    }
}
