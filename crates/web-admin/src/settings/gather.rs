//! What a form of settings says.

use representation::MASK;
use serde_json::{Map, Value};
use url::Url;

use super::{
    Field, Kind, Section,
    view::{LONGEST_TEXT, kept_name, typed_pairs, unit_name},
};
use crate::{form_errors::FormErrors, posted::Form};

/// The most lines or pairs of a field.
const MOST: usize = 500;

/// The fields of the sections as a form has them, in the JSON of their representation, and what is wrong with them. What
/// the sections don't name is not in it, nor is a secret that nothing was typed for and of which none was kept.
pub(crate) fn gather(sections: &[Section], form: &Form) -> (Value, FormErrors) {
    let (mut gathered, mut errors) = (Map::new(), FormErrors::default());
    for field in sections.iter().flat_map(|section| &section.fields).filter(|field| !field.fixed) {
        match read(field, form) {
            Ok(Some(value)) => put(&mut gathered, field, value),
            Ok(None) => {}
            Err(text) => errors.add(&field.name, &text),
        }
    }
    (Value::Object(gathered), errors)
}

fn put(gathered: &mut Map<String, Value>, field: &Field, value: Value) {
    match field.place() {
        (outer, None) => {
            gathered.insert(outer.to_owned(), value);
        }
        (outer, Some(inner)) => {
            let outer = gathered.entry(outer.to_owned()).or_insert_with(|| Value::Object(Map::new()));
            if let Value::Object(members) = outer {
                members.insert(inner.to_owned(), value);
            }
        }
    }
}

fn read(field: &Field, form: &Form) -> Result<Option<Value>, String> {
    let text = form.text(&field.name);
    if field.required && text.is_empty() && !matches!(field.kind, Kind::Switch | Kind::Pairs | Kind::Secret) {
        return Err("This must not be empty.".to_owned());
    }
    let value = match &field.kind {
        Kind::Text => field.one(Value::from(bounded(text)?)),
        Kind::Url => field.one(Value::from(address(text)?)),
        Kind::Email => field.one(Value::from(mail_address(text)?)),
        Kind::Number(least, most) => return number(field, text, 1, (*least, *most)),
        Kind::Duration(least, most) => {
            let unit = form.text(&unit_name(&field.name)).parse().unwrap_or(1);
            return number(field, text, unit, (*least, *most));
        }
        Kind::Switch => field.one(Value::Bool(form.has(&field.name))),
        Kind::Choice(_) => field.one(Value::from(text)),
        Kind::Ticks(_) => field.many(form.all(&field.name).map(str::to_owned).collect()),
        Kind::Many => field.many(lines(text)?),
        Kind::Pairs => named_values(typed_pairs(&field.name, form))?,
        Kind::Secret => return secret(field, form),
        Kind::LongText => field.one(Value::from(form.raw(&field.name).replace("\r\n", "\n"))),
    };
    Ok(Some(value))
}

fn bounded(text: &str) -> Result<&str, String> {
    match text.chars().count() {
        length if length > LONGEST_TEXT => {
            Err(format!("This is {length} characters long; {LONGEST_TEXT} are the most."))
        }
        _ => Ok(text),
    }
}

fn address(text: &str) -> Result<&str, String> {
    bounded(text)?;
    let of_the_web = |url: &Url| matches!(url.scheme(), "http" | "https") && url.has_host();
    if text.is_empty() || Url::parse(text).is_ok_and(|url| of_the_web(&url)) {
        return Ok(text);
    }
    Err("This is no address of the web. It begins with https:// (or http://) and a host.".to_owned())
}

fn mail_address(text: &str) -> Result<&str, String> {
    bounded(text)?;
    let fits = |(local, host): (&str, &str)| !local.is_empty() && !host.is_empty();
    if text.is_empty() || (text.rsplit_once('@').is_some_and(fits) && !text.contains(char::is_whitespace)) {
        return Ok(text);
    }
    Err("This is no e-mail address. It looks like name@example.com.".to_owned())
}

/// A number of units. Left empty it is not set where that can be said, and zero is not assumed.
fn number(field: &Field, text: &str, unit: i64, (least, most): (i64, i64)) -> Result<Option<Value>, String> {
    if text.is_empty() {
        return match field.shape {
            super::Shape::Plain => Err("A number is needed here.".to_owned()),
            _ => Ok(Some(field.one(Value::from("")))),
        };
    }
    let Ok(count) = text.parse::<i64>() else { return Err("This is no whole number.".to_owned()) };
    let value = count.checked_mul(unit).filter(|value| (least..=most).contains(value));
    match (value, &field.kind) {
        (Some(value), _) => Ok(Some(field.one(Value::from(value)))),
        (None, Kind::Duration(..)) => {
            Err(format!("This must be from {} to {}.", super::said(least), super::said(most)))
        }
        (None, _) => Err(format!("This must be from {least} to {most}.")),
    }
}

fn lines(text: &str) -> Result<Vec<String>, String> {
    let lines: Vec<String> = text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect();
    if lines.len() > MOST {
        return Err(format!("These are {} lines; {MOST} are the most.", lines.len()));
    }
    Ok(lines)
}

fn named_values(rows: Vec<(String, String)>) -> Result<Value, String> {
    if rows.len() > MOST {
        return Err(format!("These are {} rows; {MOST} are the most.", rows.len()));
    }
    let mut members = Map::new();
    for (name, value) in rows {
        if name.is_empty() {
            return Err(format!("The value \u{201c}{value}\u{201d} has no name."));
        }
        if members.insert(name.clone(), Value::from(value)).is_some() {
            return Err(format!("The name \u{201c}{name}\u{201d} is there twice."));
        }
    }
    Ok(Value::Object(members))
}

/// What was typed, or the mask for what is kept.
fn secret(field: &Field, form: &Form) -> Result<Option<Value>, String> {
    let kept = form.has(&kept_name(&field.name));
    if form.has(&format!("{}.remove", field.name)) {
        return Ok(Some(field.one(Value::from(""))));
    }
    match form.raw(&field.name) {
        "" if kept => Ok(Some(field.one(Value::from(MASK)))),
        "" if field.required => Err("This must not be empty.".to_owned()),
        "" => Ok(None),
        text => Ok(Some(field.one(Value::from(text)))),
    }
}
