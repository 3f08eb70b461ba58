//! The password policy: each rule as a row, and a password that is tried against it.

use askama::Template;
use serde_json::json;
use services::credentials;
use web::Shown;

use super::{CHANGE, tabs};
use crate::{
    Console, Posted,
    form_errors::FormErrors,
    frame::Frame,
    notice::Notice,
    pages::settings::save_realm,
    posted::Form,
    refusal::{Answer, Refusal},
    tabs::Tabs,
};

/// What a rule takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Takes {
    Nothing,
    Number(&'static str),
    Text,
    Lines,
}

/// A rule: its name in the policy, what it is called, why one would want it, and what it takes.
struct Known(&'static str, &'static str, &'static str, Takes);

const RULES: [Known; 16] = [
    Known(
        "length",
        "At least so many characters",
        "The rule that matters most: 8 at least, 15 where passwords are all there is (NIST SP 800-63B).",
        Takes::Number("12"),
    ),
    Known(
        "maxLength",
        "At most so many characters",
        "Only for systems behind that take no more: long passwords are good ones.",
        Takes::Number("64"),
    ),
    Known("notUsername", "Not the user name", "It is what everybody tries first.", Takes::Nothing),
    Known("notContainsUsername", "Does not contain the user name", "As above.", Takes::Nothing),
    Known("notEmail", "Not the e-mail address", "As above.", Takes::Nothing),
    Known(
        "passwordBlacklist",
        "Not in a list",
        "The name of a file of common passwords that the operator of the server has put in place.",
        Takes::Text,
    ),
    Known("passwordHistory", "None of the last so many", "The present one counts.", Takes::Number("3")),
    Known(
        "passwordAge",
        "Not used within so many days",
        "Keeps people from going around the rule above in an afternoon.",
        Takes::Number("30"),
    ),
    Known(
        "digits",
        "At least so many digits",
        "Today's advice is against it: people put them at the end.",
        Takes::Number("1"),
    ),
    Known("lowerCase", "At least so many lower-case letters", "Today's advice is against it.", Takes::Number("1")),
    Known(
        "upperCase",
        "At least so many upper-case letters",
        "Today's advice is against it: people put them at the beginning.",
        Takes::Number("1"),
    ),
    Known("specialChars", "At least so many special characters", "Today's advice is against it.", Takes::Number("1")),
    Known(
        "regexPattern",
        "Matches a pattern",
        "Regular expressions, one on each line; the whole password has to match each.",
        Takes::Lines,
    ),
    Known(
        "forceExpiredPasswordChange",
        "Has to be changed after so many days",
        "Today's advice is against it: people then choose weaker ones.",
        Takes::Number("365"),
    ),
    Known(
        "hashIterations",
        "Cost of storing it",
        "How often Argon2id goes over its memory. Empty is the server's usual cost.",
        Takes::Number("5"),
    ),
    Known(
        "maxAuthAge",
        "Changed within so many seconds of a login",
        "Later the user has to log in again to change it.",
        Takes::Number("300"),
    ),
];

/// What stands between two rules.
const BETWEEN: &str = " and ";

#[derive(Template)]
#[template(path = "admin/authentication/passwords.html")]
struct PasswordsPage {
    frame: Frame,
    tabs: Tabs,
    action: String,
    editable: bool,
    rows: Vec<Row>,
    errors: FormErrors,
    sample: String,
    user: String,
    /// What the sample breaks; none if none was tried.
    broken: Option<Vec<Shown>>,
}

struct Row {
    id: &'static str,
    label: &'static str,
    help: &'static str,
    takes: Takes,
    on: bool,
    value: String,
}

impl Row {
    fn usual(&self) -> &'static str {
        match self.takes {
            Takes::Number(usual) => usual,
            _ => "",
        }
    }
}

/// The rules of a policy as they are written: name and value.
fn parts(policy: &str) -> Vec<(&str, &str)> {
    let written = policy.split(BETWEEN).map(str::trim).filter(|part| !part.is_empty());
    written
        .map(|part| part.split_once('(').map_or((part, ""), |(id, rest)| (id, rest.strip_suffix(')').unwrap_or(rest))))
        .collect()
}

/// The policy that a form stands for. Rules that the page doesn't know stay.
fn policy_of(form: &Form, present: &str) -> String {
    let mut written = Vec::new();
    for Known(id, _, _, takes) in RULES.iter().filter(|Known(id, ..)| form.has(&format!("use.{id}"))) {
        let value = form.text(&format!("value.{id}"));
        match takes {
            Takes::Nothing => written.push((*id).to_owned()),
            Takes::Number(usual) => {
                written.push(format!("{id}({})", if value.is_empty() { usual } else { value }));
            }
            Takes::Text => written.push(format!("{id}({value})")),
            Takes::Lines => {
                let lines = value.lines().map(str::trim).filter(|line| !line.is_empty());
                written.extend(lines.map(|line| format!("{id}({line})")));
            }
        }
    }
    let unknown = parts(present).into_iter().filter(|(id, _)| !RULES.iter().any(|Known(known, ..)| known == id));
    written.extend(unknown.map(|(id, value)| if value.is_empty() { id.to_owned() } else { format!("{id}({value})") }));
    written.join(BETWEEN)
}

fn stored(policy: &str) -> Vec<Row> {
    let parts = parts(policy);
    let row = |Known(id, label, help, takes): &Known| {
        let values: Vec<_> = parts.iter().filter(|(known, _)| known == id).map(|(_, value)| *value).collect();
        Row { id, label, help, takes: *takes, on: !values.is_empty(), value: values.join("\n") }
    };
    RULES.iter().map(row).collect()
}

fn typed(form: &Form) -> Vec<Row> {
    let row = |Known(id, label, help, takes): &Known| Row {
        id,
        label,
        help,
        takes: *takes,
        on: form.has(&format!("use.{id}")),
        value: form.raw(&format!("value.{id}")).to_owned(),
    };
    RULES.iter().map(row).collect()
}

fn page(console: &Console, rows: Vec<Row>, form: Option<&Form>, errors: FormErrors) -> PasswordsPage {
    let text = |name: &str| form.map(|form| form.raw(name).to_owned()).unwrap_or_default();
    PasswordsPage {
        frame: console.frame("Password policy"),
        tabs: tabs(console),
        action: console.path("/authentication/passwords"),
        editable: console.may(CHANGE),
        rows,
        errors,
        sample: text("sample"),
        user: text("sampleUser"),
        broken: None,
    }
}

fn present(console: &Console) -> Result<&str, Refusal> {
    Ok(console.realm()?.settings.password_policy.as_deref().unwrap_or_default())
}

pub(super) async fn show(console: Console) -> Answer {
    let rows = stored(present(&console)?);
    console.show(&page(&console, rows, None, FormErrors::default()))
}

pub(super) async fn save(posted: Posted) -> Answer {
    let Posted { console, form } = posted;
    let before = present(&console)?.to_owned();
    let policy = policy_of(&form, &before);
    if form.has("try") {
        let tried = credentials::broken_rules(&console.caller, &policy, form.raw("sample"), form.text("sampleUser"));
        return match tried {
            Ok(broken) => {
                let mut page = page(&console, typed(&form), Some(&form), FormErrors::default());
                page.broken = Some(broken.iter().map(|text| Shown::sentence(text)).collect());
                console.show(&page)
            }
            Err(error) => console.show(&page(&console, typed(&form), Some(&form), FormErrors::of(error)?)),
        };
    }
    match save_realm(&console, json!({"passwordPolicy": policy})).await? {
        Ok(_) => {
            let notice =
                Notice::new("The password policy was saved. It is asked for whenever a password is set from now on.");
            let undo = as_form(&before);
            let path = console.path("/authentication/passwords");
            console.lead_to(&path, notice.undo(path.clone(), undo))
        }
        Err(errors) => console.show_again(&page(&console, typed(&form), Some(&form), errors)),
    }
}

/// The form that stands for a policy.
fn as_form(policy: &str) -> Vec<(String, String)> {
    let rows = stored(policy).into_iter().filter(|row| row.on);
    rows.flat_map(|row| [(format!("use.{}", row.id), "on".to_owned()), (format!("value.{}", row.id), row.value)])
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_policy_becomes_a_form_and_comes_back() {
        let policy = "length(12) and notUsername and regexPattern(a|b) and regexPattern(c.*) and hashAlgorithm(argon2)";
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(as_form(policy)).finish();
        let form = Form::parse(body.as_bytes()).unwrap();
        assert_eq!(policy_of(&form, policy), policy);
        assert_eq!(policy_of(&Form::default(), "length(8)"), "");
    }

    #[test]
    fn what_is_left_empty_has_its_usual_value() {
        let form = Form::parse(b"use.digits=on&value.digits=&use.notEmail=on&value.length=9").unwrap();
        assert_eq!(policy_of(&form, ""), "notEmail and digits(1)");
    }
}
