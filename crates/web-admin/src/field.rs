//! Fields of forms: what is asked for, what stands in it, and what is wrong with that.

use std::collections::BTreeMap;

use web::Shown;

use crate::{list::Query, posted::Form};

/// How many empty rows a form offers for names and values, so that it can be filled without scripts.
const EMPTY_ROWS: usize = 2;

/// A field.
#[derive(Clone, Debug)]
pub struct Field {
    /// Its name, as representations have it.
    pub name: String,
    /// What it is called.
    pub label: Shown,
    /// A sentence on what it is for.
    pub help: Shown,
    /// What can be put into it.
    pub kind: Kind,
    /// What stands in it.
    pub value: String,
    /// It must not be empty.
    pub required: bool,
    /// It can't be changed here.
    pub fixed: bool,
    /// What is wrong with it.
    pub error: Option<Shown>,
}

/// What can be put into a field.
#[derive(Clone, Debug)]
pub enum Kind {
    /// A line.
    Text,
    /// A line that nobody should read.
    Secret,
    /// A number.
    Number,
    /// A day.
    Day,
    /// Several lines.
    Lines,
    /// Yes, if the value is not empty, or no.
    Switch,
    /// One of these: value and words.
    Choice(Vec<(String, String)>),
    /// Any of these: value, words, chosen.
    Several(Vec<(String, String, bool)>),
}

impl Field {
    fn new(name: &str, label: &str, kind: Kind, value: &str) -> Self {
        Self {
            name: name.to_owned(),
            label: Shown::name(label),
            help: Shown::default(),
            kind,
            value: value.to_owned(),
            required: false,
            fixed: false,
            error: None,
        }
    }

    /// A line of text.
    #[must_use]
    pub fn text(name: &str, label: &str, value: &str) -> Self {
        Self::new(name, label, Kind::Text, value)
    }

    /// Something secret, never shown.
    #[must_use]
    pub fn secret(name: &str, label: &str) -> Self {
        Self::new(name, label, Kind::Secret, "")
    }

    /// A number.
    #[must_use]
    pub fn number(name: &str, label: &str, value: &str) -> Self {
        Self::new(name, label, Kind::Number, value)
    }

    /// A day.
    #[must_use]
    pub fn day(name: &str, label: &str, value: &str) -> Self {
        Self::new(name, label, Kind::Day, value)
    }

    /// Several lines of text.
    #[must_use]
    pub fn lines(name: &str, label: &str, value: &str) -> Self {
        Self::new(name, label, Kind::Lines, value)
    }

    /// A switch.
    #[must_use]
    pub fn switch(name: &str, label: &str, on: bool) -> Self {
        Self::new(name, label, Kind::Switch, if on { "true" } else { "" })
    }

    /// One of several.
    #[must_use]
    pub fn choice<'a>(
        name: &str,
        label: &str,
        value: &str,
        choices: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Self {
        let choices = choices.into_iter().map(|(value, words)| (value.to_owned(), words.to_owned())).collect();
        Self::new(name, label, Kind::Choice(choices), value)
    }

    /// Any of several: value, words, chosen.
    #[must_use]
    pub fn several(name: &str, label: &str, choices: Vec<(String, String, bool)>) -> Self {
        Self::new(name, label, Kind::Several(choices), "")
    }

    /// With a sentence on what it is for.
    #[must_use]
    pub fn help(self, help: &str) -> Self {
        Self { help: Shown::sentence(help), ..self }
    }

    /// Must not be empty.
    #[must_use]
    pub fn required(self) -> Self {
        Self { required: true, ..self }
    }

    /// Can't be changed here, if `fixed`.
    #[must_use]
    pub fn fixed(self, fixed: bool) -> Self {
        Self { fixed, ..self }
    }

    /// Whether a choice is the one that stands in the field.
    #[must_use]
    pub fn is(&self, value: &str) -> bool {
        self.value == value
    }
}

/// Names and values that people choose themselves. A name may come with several values.
#[derive(Clone, Debug, Default)]
pub struct Attributes {
    /// What is there, and some empty rows.
    pub rows: Vec<(String, String)>,
    /// What stands above them.
    pub heading: &'static str,
    /// A sentence on what they are for.
    pub help: &'static str,
    /// They can't be changed here.
    pub fixed: bool,
}

/// The fields of names and values.
const NAME: &str = "attribute-name";
const VALUE: &str = "attribute-value";

impl Attributes {
    /// These, with room for more.
    #[must_use]
    pub fn of<'a>(attributes: impl IntoIterator<Item = (&'a String, &'a Vec<String>)>, help: &'static str) -> Self {
        let attributes = attributes.into_iter();
        let rows = attributes.flat_map(|(name, values)| values.iter().map(|value| (name.clone(), value.clone())));
        Self::with_room(rows.collect(), help)
    }

    fn with_room(mut rows: Vec<(String, String)>, help: &'static str) -> Self {
        rows.extend(std::iter::repeat_n((String::new(), String::new()), EMPTY_ROWS));
        Self { rows, heading: "Attributes", help, fixed: false }
    }

    /// What was typed, with room for more.
    #[must_use]
    pub fn typed(form: &Form, help: &'static str) -> Self {
        Self::with_room(pairs(form).collect(), help)
    }

    /// What was typed, by name.
    #[must_use]
    pub fn read(form: &Form) -> BTreeMap<String, Vec<String>> {
        let mut attributes = BTreeMap::<String, Vec<String>>::new();
        for (name, value) in pairs(form) {
            attributes.entry(name).or_default().push(value);
        }
        attributes
    }
}

/// Names with their values; what has no name is left out.
fn pairs(form: &Form) -> impl Iterator<Item = (String, String)> {
    let of = |wanted: &'static str| {
        form.fields().filter(move |(name, _)| *name == wanted).map(|(_, value)| value.trim().to_owned())
    };
    of(NAME).zip(of(VALUE)).filter(|(name, _)| !name.is_empty())
}

/// What narrows a list.
#[derive(Clone, Debug)]
pub struct Filters {
    /// With what the ids of the fields begin.
    pub id: &'static str,
    /// The list's path.
    pub path: String,
    /// The other parameters, which stay.
    pub kept: Vec<(String, String)>,
    /// What can be chosen.
    pub fields: Vec<Field>,
    /// The list without any of them; none if none is chosen.
    pub all: Option<String>,
}

impl Filters {
    /// These fields for the list that an address asks for. Each has the value of its parameter.
    #[must_use]
    pub fn of(query: &Query, fields: Vec<Field>) -> Self {
        let fields: Vec<_> =
            fields.into_iter().map(|field| Field { value: query.get(&field.name).to_owned(), ..field }).collect();
        let names: Vec<&str> = fields.iter().map(|field| field.name.as_str()).collect();
        let chosen = fields.iter().any(|field| !field.value.is_empty());
        let all = chosen.then(|| query.without(&names));
        Self { id: "filter", path: query.path().to_owned(), kept: query.kept(&names), fields, all }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attributes_are_pairs_of_fields() {
        let form = Form::parse(
            b"csrf=x&attribute-name=a&attribute-value=1&attribute-name=&attribute-value=2\
            &attribute-name=a&attribute-value=3&attribute-name=b&attribute-value=",
        )
        .unwrap();
        let read = Attributes::read(&form);
        assert_eq!(read["a"], ["1", "3"]);
        assert_eq!(read["b"], [""]);
        assert_eq!(Attributes::typed(&form, "").rows.len(), 3 + EMPTY_ROWS);
    }

    #[test]
    fn filters_have_what_the_address_says_and_keep_the_rest() {
        let query = Query::of("/list?q=x&state=on&page=3&before=1");
        let filters = Filters::of(&query, vec![Field::choice("state", "State", "", [("on", "On")])]);
        assert_eq!(filters.fields[0].value, "on");
        assert_eq!(filters.kept, [("q".to_owned(), "x".to_owned())]);
        assert_eq!(filters.all.as_deref(), Some("/list?q=x"));
    }
}
