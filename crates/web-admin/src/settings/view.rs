//! What a page of settings shows.

use std::borrow::Cow;

use serde_json::Value;
use web::Shown;

use super::{Field, Good, Kind, Section, UNITS, in_units, said, text};
use crate::{form_errors::FormErrors, posted::Form};

/// Empty rows at the end of pairs, so that some can be added without scripts.
const SPARE_ROWS: usize = 2;
/// The longest line of text, in characters.
pub(super) const LONGEST_TEXT: usize = 2_000;

/// Sections as they are shown.
#[derive(Clone, Debug)]
pub(crate) struct SettingsView {
    /// The sections.
    pub(crate) sections: Vec<SectionView>,
    /// What is wrong with the form beyond its fields.
    pub(crate) problems: Vec<Shown>,
    /// There is something wrong with a field or the form.
    pub(crate) wrong: bool,
    /// The person may change them.
    pub(crate) editable: bool,
}

/// A form of settings, which `admin/parts/settings_form.html` shows.
#[derive(Clone, Debug)]
pub(crate) struct SettingsForm {
    /// What it asks for.
    pub(crate) settings: SettingsView,
    /// Where it is sent.
    pub(crate) action: String,
    /// What the button says.
    pub(crate) save: &'static str,
    /// Further buttons: name and what it says.
    pub(crate) buttons: Vec<(&'static str, &'static str)>,
    /// Names and values to send along.
    pub(crate) hidden: Vec<(&'static str, String)>,
    /// Where to go instead.
    pub(crate) back: Option<String>,
}

impl SettingsForm {
    /// A form that is sent to `action`.
    pub(crate) fn new(settings: SettingsView, action: String) -> Self {
        Self { settings, action, save: "Save", buttons: Vec::new(), hidden: Vec::new(), back: None }
    }
}

/// A section as it is shown.
#[derive(Clone, Debug)]
pub(crate) struct SectionView {
    /// Its place in the page's address.
    pub(crate) id: &'static str,
    /// Its heading.
    pub(crate) title: &'static str,
    /// What it is about.
    pub(crate) help: &'static str,
    /// Its fields.
    pub(crate) fields: Vec<FieldView>,
}

/// A field as it is shown.
#[derive(Clone, Debug)]
pub(crate) struct FieldView {
    /// Its place in the page.
    pub(crate) id: String,
    /// Its name in the form.
    pub(crate) name: Cow<'static, str>,
    /// What it is called.
    pub(crate) label: &'static str,
    /// What it does.
    pub(crate) help: &'static str,
    /// What it is given in.
    pub(crate) control: Control,
    /// It must not be left empty.
    pub(crate) required: bool,
    /// It is shown only.
    pub(crate) fixed: bool,
    /// What is wrong with it.
    pub(crate) error: Option<Shown>,
    /// The safe value.
    pub(crate) safe: Option<SafeView>,
}

impl FieldView {
    /// Which sentences describe it, for those who hear the page.
    pub(crate) fn described_by(&self) -> String {
        let parts = [
            (!self.help.is_empty(), "help"),
            (self.safe.is_some(), "safe"),
            (self.error.is_some(), "error"),
            (matches!(&self.control, Control::Secret { kept: true }), "kept"),
        ];
        let parts = parts.iter().filter(|(there, _)| *there).map(|(_, part)| format!("{}-{part}", self.id));
        parts.collect::<Vec<_>>().join(" ")
    }
}

/// What a field is given in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Control {
    /// A line: the input's type, and its value.
    Line { kind: &'static str, value: String, longest: usize },
    /// A number.
    Number { value: String, least: i64, most: i64 },
    /// A number with a unit: seconds, name, and whether it is this one.
    Duration { value: String, units: Vec<(i64, &'static str, bool)> },
    /// A box.
    Switch { on: bool },
    /// One of several: value, label, and whether it is this one.
    Choice { options: Vec<(String, String, bool)> },
    /// Any of several: value, label, and whether it is among them.
    Ticks { options: Vec<(String, String, bool)> },
    /// Lines.
    Many { text: String, rows: usize },
    /// Names with values.
    Pairs { rows: Vec<(String, String)> },
    /// A secret.
    Secret { kept: bool },
    /// A long text.
    LongText { text: String },
}

/// The safe value as it is shown.
#[derive(Clone, Debug)]
pub(crate) struct SafeView {
    /// The value, for people.
    pub(crate) value: String,
    /// Why.
    pub(crate) why: &'static str,
    /// The field holds another value.
    pub(crate) differs: bool,
}

/// What sections show of a representation, or of a form that was refused: nothing that was typed is lost.
pub(crate) fn views(
    sections: &[Section],
    representation: &Value,
    form: Option<&Form>,
    errors: &FormErrors,
    editable: bool,
) -> SettingsView {
    let names: Vec<&str> = sections.iter().flat_map(|section| &section.fields).map(|field| &*field.name).collect();
    let shown = |section: &Section| SectionView {
        id: section.id,
        title: section.title,
        help: section.help,
        fields: section.fields.iter().map(|field| view(field, representation, form, errors)).collect(),
    };
    SettingsView {
        sections: sections.iter().map(shown).collect(),
        problems: errors.beyond(&names).cloned().collect(),
        wrong: !errors.is_empty(),
        editable,
    }
}

fn view(field: &Field, representation: &Value, form: Option<&Form>, errors: &FormErrors) -> FieldView {
    let kept = field.of(representation);
    let control = match form.filter(|_| !field.fixed) {
        Some(form) => typed(field, form),
        None => stored(field, kept),
    };
    FieldView {
        id: format!("f-{}", field.name.replace(|letter: char| !letter.is_ascii_alphanumeric(), "-")),
        name: field.name.clone(),
        label: field.label,
        help: field.help,
        control,
        required: field.required,
        fixed: field.fixed,
        error: errors.about(&field.name).cloned(),
        safe: field.safe.as_ref().map(|(good, why)| safe(field, good, why, kept)),
    }
}

/// The control with what is stored.
fn stored(field: &Field, value: Option<&Value>) -> Control {
    let single = || value.map(|value| field.single(value)).unwrap_or_default();
    let several = || value.map(|value| field.texts(value)).unwrap_or_default();
    match &field.kind {
        Kind::Text | Kind::Url | Kind::Email => line(&field.kind, single()),
        Kind::Number(least, most) => Control::Number { value: single(), least: *least, most: *most },
        Kind::Duration(..) => match single().parse().map(in_units) {
            Ok((count, unit)) => duration(count.to_string(), unit),
            Err(_) => duration(single(), 60),
        },
        Kind::Switch => Control::Switch { on: single() == "true" },
        Kind::Choice(options) => choice(options, &single()),
        Kind::Ticks(options) => Control::Ticks { options: ticked(options, several()) },
        Kind::Many => many(several().join("\n")),
        Kind::Pairs => {
            let members = value.and_then(Value::as_object).into_iter().flatten();
            pairs(members.map(|(name, value)| (name.clone(), field.single(value))).collect())
        }
        Kind::Secret => Control::Secret { kept: !single().is_empty() },
        Kind::LongText => Control::LongText { text: single() },
    }
}

/// The control with what was typed.
fn typed(field: &Field, form: &Form) -> Control {
    let name = &*field.name;
    let raw = || form.raw(name).to_owned();
    match &field.kind {
        Kind::Text | Kind::Url | Kind::Email => line(&field.kind, raw()),
        Kind::Number(least, most) => Control::Number { value: raw(), least: *least, most: *most },
        Kind::Duration(..) => duration(raw(), form.text(&unit_name(name)).parse().unwrap_or(1)),
        Kind::Switch => Control::Switch { on: form.has(name) },
        Kind::Choice(options) => choice(options, form.text(name)),
        Kind::Ticks(options) => {
            Control::Ticks { options: ticked(options, form.all(name).map(str::to_owned).collect()) }
        }
        Kind::Many => many(raw()),
        Kind::Pairs => pairs(typed_pairs(name, form)),
        Kind::Secret => Control::Secret { kept: form.has(&kept_name(name)) },
        Kind::LongText => Control::LongText { text: raw() },
    }
}

fn line(kind: &Kind, value: String) -> Control {
    let kind = match kind {
        Kind::Url => "url",
        Kind::Email => "email",
        _ => "text",
    };
    Control::Line { kind, value, longest: LONGEST_TEXT }
}

fn duration(value: String, chosen: i64) -> Control {
    let units = UNITS.iter().rev().map(|(unit, name)| (*unit, *name, *unit == chosen)).collect();
    Control::Duration { value, units }
}

/// The options, and what is chosen by now even if it is none of them.
fn choice(options: &[(String, String)], chosen: &str) -> Control {
    let mut shown: Vec<_> =
        options.iter().map(|(value, label)| (value.clone(), label.clone(), value == chosen)).collect();
    if !shown.iter().any(|(_, _, this)| *this) {
        let label = if chosen.is_empty() { "Not set" } else { chosen };
        shown.insert(0, (chosen.to_owned(), label.to_owned(), true));
    }
    Control::Choice { options: shown }
}

fn ticked(options: &[(String, String)], chosen: Vec<String>) -> Vec<(String, String, bool)> {
    let known = options.iter().map(|(value, label)| (value.clone(), label.clone(), chosen.contains(value)));
    let mut shown: Vec<_> = known.collect();
    let others = chosen.into_iter().filter(|value| !options.iter().any(|(known, _)| known == value));
    shown.extend(others.map(|value| (value.clone(), value, true)));
    shown
}

fn many(text: String) -> Control {
    let rows = text.lines().count().clamp(2, 12) + 1;
    Control::Many { text, rows }
}

fn pairs(mut rows: Vec<(String, String)>) -> Control {
    rows.extend(std::iter::repeat_n((String::new(), String::new()), SPARE_ROWS));
    Control::Pairs { rows }
}

/// The rows of names and values in a form, without the empty ones.
pub(super) fn typed_pairs(name: &str, form: &Form) -> Vec<(String, String)> {
    let (of_key, of_value) = (format!("{name}.key"), format!("{name}.value"));
    let named = |wanted: &str| {
        let fields: Vec<String> =
            form.fields().filter(|(field, _)| *field == wanted).map(|(_, value)| value.trim().to_owned()).collect();
        fields
    };
    let rows = named(&of_key).into_iter().zip(named(&of_value));
    rows.filter(|(key, value)| !key.is_empty() || !value.is_empty()).collect()
}

/// The fields of a form that would set everything as a representation has it: what undoes a change.
pub(crate) fn undoing(sections: &[Section], representation: &Value) -> Vec<(String, String)> {
    let mut sent = Vec::new();
    for field in sections.iter().flat_map(|section| &section.fields).filter(|field| !field.fixed) {
        let name = field.name.clone().into_owned();
        match stored(field, field.of(representation)) {
            Control::Line { value, .. } | Control::Number { value, .. } => sent.push((name, value)),
            Control::Many { text, .. } | Control::LongText { text } => sent.push((name, text)),
            Control::Duration { value, units } => {
                let unit = units.iter().find(|(_, _, chosen)| *chosen).map_or(1, |(unit, ..)| *unit);
                sent.extend([(unit_name(&name), unit.to_string()), (name, value)]);
            }
            Control::Switch { on } => sent.extend(on.then(|| (name, "on".to_owned()))),
            Control::Choice { options } | Control::Ticks { options } => {
                let chosen = options.into_iter().filter(|(.., chosen)| *chosen);
                sent.extend(chosen.map(|(value, ..)| (name.clone(), value)));
            }
            Control::Pairs { rows } => {
                for (key, value) in rows.into_iter().filter(|(key, _)| !key.is_empty()) {
                    sent.extend([(format!("{name}.key"), key), (format!("{name}.value"), value)]);
                }
            }
            Control::Secret { kept } => sent.extend(kept.then(|| (kept_name(&name), "1".to_owned()))),
        }
    }
    sent
}

/// The name of a time's unit in a form.
pub(super) fn unit_name(name: &str) -> String {
    format!("{name}.unit")
}

/// The name of what says that a secret is kept, in a form.
pub(super) fn kept_name(name: &str) -> String {
    format!("{name}.kept")
}

fn safe(field: &Field, good: &Good, why: &'static str, value: Option<&Value>) -> SafeView {
    let single = value.map(|value| field.single(value)).unwrap_or_default();
    let number = single.parse::<i64>().ok();
    let differs = match good {
        Good::Is(Value::Bool(on)) => (single == "true") != *on,
        Good::Is(Value::Array(wanted)) => {
            let mut wanted: Vec<String> = wanted.iter().map(text).collect();
            let mut held = value.map(|value| field.texts(value)).unwrap_or_default();
            wanted.sort_unstable();
            held.sort_unstable();
            wanted != held
        }
        Good::Is(wanted) => single != text(wanted),
        Good::AnyOf(values) => !values.iter().any(|value| single.eq_ignore_ascii_case(value)),
        Good::AtMost(most) => number.is_none_or(|number| number > *most),
        Good::AtLeast(least) => number.is_none_or(|number| number < *least),
    };
    let number = |number: i64| match field.kind {
        Kind::Duration(..) => said(number),
        _ => number.to_string(),
    };
    let value = match good {
        Good::Is(Value::Bool(on)) => if *on { "on" } else { "off" }.to_owned(),
        Good::Is(Value::Number(wanted)) => number(wanted.as_i64().unwrap_or_default()),
        Good::Is(Value::Array(wanted)) => match wanted.as_slice() {
            [] => "none".to_owned(),
            some => some.iter().map(|value| label(&field.kind, &text(value))).collect::<Vec<_>>().join(", "),
        },
        Good::Is(other) => match text(other) {
            empty if empty.is_empty() => "empty".to_owned(),
            text => label(&field.kind, &text),
        },
        Good::AnyOf(values) => values.iter().map(|value| label(&field.kind, value)).collect::<Vec<_>>().join(" or "),
        Good::AtMost(most) => format!("at most {}", number(*most)),
        Good::AtLeast(least) => format!("at least {}", number(*least)),
    };
    SafeView { value, why, differs }
}

fn label(kind: &Kind, value: &str) -> String {
    let (Kind::Choice(options) | Kind::Ticks(options)) = kind else { return value.to_owned() };
    options.iter().find(|(known, _)| known == value).map_or(value, |(_, label)| label).to_owned()
}
