//! Settings as data: what a page of settings asks for is written down once, and both what it shows and what it reads
//! from a form follow from that.
//!
//! A page of settings takes a representation as JSON, as the Admin API has it, and shows the fields that its sections
//! name: [`views`]. What comes back is gathered into the same JSON, with these fields only: [`gather`]. So it can be given
//! to the service that changes the thing, which leaves alone what isn't there.

mod gather;
mod of_kind;
#[cfg(test)]
mod tests;
mod view;

use std::borrow::Cow;

use serde_json::Value;

pub(crate) use gather::gather;
pub(crate) use of_kind::{configured, usual};
pub(crate) use view::{Control, SettingsForm, undoing, views};

/// Settings that belong together.
#[derive(Clone, Debug)]
pub(crate) struct Section {
    /// Its place in the page's address.
    pub(crate) id: &'static str,
    /// Its heading.
    pub(crate) title: &'static str,
    /// What it is about, in a sentence; may be empty.
    pub(crate) help: &'static str,
    /// The settings.
    pub(crate) fields: Vec<Field>,
}

impl Section {
    /// A section.
    pub(crate) fn new(id: &'static str, title: &'static str, help: &'static str, fields: Vec<Field>) -> Self {
        Self { id, title, help, fields }
    }
}

/// What a setting holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A line of text.
    Text,
    /// An address of the web, absolute with `http` or `https`.
    Url,
    /// An e-mail address.
    Email,
    /// A whole number from one to another.
    Number(i64, i64),
    /// A time in seconds, from one to another. People give it in the unit that they like.
    Duration(i64, i64),
    /// On or off.
    Switch,
    /// One of several: what is kept, and what it says.
    Choice(Vec<(String, String)>),
    /// Any of several: what is kept, and what it says.
    Ticks(Vec<(String, String)>),
    /// Any number of texts, one on each line.
    Many,
    /// Any number of names with values.
    Pairs,
    /// A secret: never shown, and kept if nothing is given.
    Secret,
    /// A text of several lines.
    LongText,
}

/// How a value stands in the JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shape {
    /// As JSON has it: numbers are numbers.
    Plain,
    /// As a text, as in attributes and configurations.
    Text,
    /// As a list with one text, as in configurations of components.
    Listed,
    /// As one text in which this stands between several values.
    Joined(&'static str),
}

/// The value that is safe.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Good {
    /// This one.
    Is(Value),
    /// One of these.
    AnyOf(&'static [&'static str]),
    /// This one or less.
    AtMost(i64),
    /// This one or more.
    AtLeast(i64),
}

/// A setting.
#[derive(Clone, Debug)]
pub(crate) struct Field {
    /// Where it stands in the representation: a member, or a member of a member behind a dot (`attributes.x.y` is
    /// `x.y` of the attributes). It is the name in the form too.
    pub(crate) name: Cow<'static, str>,
    /// What it is called.
    pub(crate) label: &'static str,
    /// What it does; may be empty.
    pub(crate) help: &'static str,
    /// What it holds.
    pub(crate) kind: Kind,
    /// The safe value and, in a sentence, why.
    pub(crate) safe: Option<(Good, &'static str)>,
    /// Whether it must not be left empty.
    pub(crate) required: bool,
    /// Whether it is shown only.
    pub(crate) fixed: bool,
    /// What it holds if the representation says nothing, for switches and choices.
    pub(crate) absent: Option<Value>,
    shape: Shape,
}

impl Field {
    /// A setting. Behind a dot values are texts, else they are as JSON has them.
    pub(crate) fn new(name: impl Into<Cow<'static, str>>, label: &'static str, kind: Kind) -> Self {
        let name = name.into();
        let shape = match (name.contains('.'), &kind) {
            (true, Kind::Many | Kind::Ticks(_)) => Shape::Joined("##"),
            (true, _) => Shape::Text,
            (false, _) => Shape::Plain,
        };
        Self { name, label, help: "", kind, safe: None, required: false, fixed: false, absent: None, shape }
    }

    /// A line of text.
    pub(crate) fn text(name: impl Into<Cow<'static, str>>, label: &'static str) -> Self {
        Self::new(name, label, Kind::Text)
    }

    /// On or off.
    pub(crate) fn switch(name: impl Into<Cow<'static, str>>, label: &'static str) -> Self {
        Self::new(name, label, Kind::Switch)
    }

    /// A time from `least` seconds up to ten years.
    pub(crate) fn duration(name: &'static str, label: &'static str, least: i64) -> Self {
        Self::new(name, label, Kind::Duration(least, 315_360_000))
    }

    /// A number.
    pub(crate) fn number(name: &'static str, label: &'static str, least: i64, most: i64) -> Self {
        Self::new(name, label, Kind::Number(least, most))
    }

    /// One of several: what is kept, and what it says.
    pub(crate) fn choice(name: &'static str, label: &'static str, options: &[(&str, &str)]) -> Self {
        Self::new(name, label, Kind::Choice(owned(options)))
    }

    /// Any of several: what is kept, and what it says.
    pub(crate) fn ticks(name: &'static str, label: &'static str, options: &[(&str, &str)]) -> Self {
        Self::new(name, label, Kind::Ticks(owned(options)))
    }

    /// What it does.
    pub(crate) fn help(self, help: &'static str) -> Self {
        Self { help, ..self }
    }

    /// The safe value, and why.
    pub(crate) fn safe(self, value: impl Into<Value>, why: &'static str) -> Self {
        Self { safe: Some((Good::Is(value.into()), why)), ..self }
    }

    /// The safe values, the best first, and why.
    pub(crate) fn any_of(self, values: &'static [&'static str], why: &'static str) -> Self {
        Self { safe: Some((Good::AnyOf(values), why)), ..self }
    }

    /// The most that is safe, and why.
    pub(crate) fn at_most(self, value: i64, why: &'static str) -> Self {
        Self { safe: Some((Good::AtMost(value), why)), ..self }
    }

    /// The least that is safe, and why.
    pub(crate) fn at_least(self, value: i64, why: &'static str) -> Self {
        Self { safe: Some((Good::AtLeast(value), why)), ..self }
    }

    /// It must not be left empty.
    pub(crate) fn required(self) -> Self {
        Self { required: true, ..self }
    }

    /// It is shown only.
    pub(crate) fn fixed(self, fixed: bool) -> Self {
        Self { fixed, ..self }
    }

    /// What it holds if the representation says nothing.
    pub(crate) fn absent(self, value: impl Into<Value>) -> Self {
        Self { absent: Some(value.into()), ..self }
    }

    /// The value is a list of texts, as in the configurations of components.
    pub(crate) fn listed(self) -> Self {
        Self { shape: Shape::Listed, ..self }
    }

    /// Several values are one text with this between them.
    pub(crate) fn joined(self, between: &'static str) -> Self {
        Self { shape: Shape::Joined(between), ..self }
    }

    /// Where it stands: a member, and a member of that.
    fn place(&self) -> (&str, Option<&str>) {
        match self.name.split_once('.') {
            Some((outer, inner)) => (outer, Some(inner)),
            None => (&self.name, None),
        }
    }

    /// What the representation says of it.
    fn of<'a>(&'a self, representation: &'a Value) -> Option<&'a Value> {
        let (outer, inner) = self.place();
        let value = representation.get(outer);
        let value = match inner {
            Some(inner) => value.and_then(|outer| outer.get(inner)),
            None => value,
        };
        value.filter(|value| !value.is_null()).or(self.absent.as_ref())
    }

    /// The texts of a value, whichever form it has.
    fn texts(&self, value: &Value) -> Vec<String> {
        match (value, self.shape) {
            (Value::Array(items), _) => items.iter().map(text).collect(),
            (Value::String(joined), Shape::Joined(between)) => {
                joined.split(between).map(str::trim).filter(|item| !item.is_empty()).map(str::to_owned).collect()
            }
            (other, _) => vec![text(other)],
        }
    }

    /// The text of a value of which there is one.
    fn single(&self, value: &Value) -> String {
        match value {
            Value::Array(items) => items.first().map(text).unwrap_or_default(),
            other => text(other),
        }
    }

    /// The value that these texts stand for, as this field has it in the JSON.
    fn many(&self, texts: Vec<String>) -> Value {
        match self.shape {
            Shape::Joined(between) => Value::from(texts.join(between)),
            Shape::Plain | Shape::Text | Shape::Listed => Value::from(texts),
        }
    }

    /// The value that a text stands for, as this field has it in the JSON. `plain` is it as JSON has it.
    fn one(&self, plain: Value) -> Value {
        match self.shape {
            Shape::Plain => plain,
            Shape::Text | Shape::Joined(_) => Value::from(text(&plain)),
            Shape::Listed => match text(&plain) {
                empty if empty.is_empty() => Value::Array(Vec::new()),
                text => Value::from(vec![text]),
            },
        }
    }
}

fn owned(options: &[(&str, &str)]) -> Vec<(String, String)> {
    options.iter().map(|(value, label)| ((*value).to_owned(), (*label).to_owned())).collect()
}

fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

/// The units of a time, the longest first.
const UNITS: [(i64, &str); 4] = [(86_400, "days"), (3_600, "hours"), (60, "minutes"), (1, "seconds")];

/// A time in the longest unit in which it is a whole number: how many, and how long the unit is.
fn in_units(seconds: i64) -> (i64, i64) {
    if seconds == 0 {
        return (0, 60);
    }
    let unit = UNITS.iter().map(|(unit, _)| *unit).find(|unit| seconds % unit == 0).unwrap_or(1);
    (seconds / unit, unit)
}

/// A time as people say it.
pub(crate) fn said(seconds: i64) -> String {
    let (count, unit) = in_units(seconds);
    let name = UNITS.iter().find(|(known, _)| *known == unit).map_or("seconds", |(_, name)| *name);
    let name = if count == 1 { name.trim_end_matches('s') } else { name };
    format!("{count} {name}")
}

/// One thing with the settings of another over its own.
pub(crate) fn overlaid(mut under: Value, over: &Value) -> Value {
    let (Some(below), Some(above)) = (under.as_object_mut(), over.as_object()) else { return over.clone() };
    for (name, value) in above {
        match (below.get_mut(name), value) {
            (Some(Value::Object(kept)), Value::Object(given)) => kept.extend(given.clone()),
            _ => {
                below.insert(name.clone(), value.clone());
            }
        }
    }
    under
}
