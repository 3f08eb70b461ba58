//! The question before something is destroyed.

use askama::Template;
use web::Shown;

use crate::{Console, form_errors::FormErrors, frame::Frame, posted::Form, refusal::Answer};

/// The field in which a name is typed to confirm.
const TYPED: &str = "typed";
/// What is said if it is another one.
const NOT_THE_NAME: &str = "That is not the name. Type it exactly as it stands above.";

/// What is asked.
#[derive(Clone, Debug)]
pub struct Question<'a> {
    /// The page's title, a question: "Delete the role x?"
    pub title: &'a str,
    /// What will be gone, in a sentence or two.
    pub consequence: &'a str,
    /// Where the answer is sent.
    pub action: String,
    /// What the button says: a verb.
    pub verb: &'static str,
    /// Where else one can go.
    pub back: String,
    /// Names and values to send along.
    pub fields: Vec<(&'static str, String)>,
    /// The name that has to be typed, for what can't be had back.
    pub name: Option<&'a str>,
}

#[derive(Template)]
#[template(path = "admin/confirm.html")]
struct ConfirmPage {
    frame: Frame,
    consequence: Shown,
    action: String,
    verb: &'static str,
    back: String,
    fields: Vec<(&'static str, String)>,
    name: Option<Shown>,
    errors: FormErrors,
}

impl Console {
    /// The page that asks.
    ///
    /// # Errors
    /// As [`Console::show`].
    pub fn ask(&self, question: Question<'_>) -> Answer {
        self.show(&self.question(question, FormErrors::default()))
    }

    /// Asks once more, since another name was typed than [`Question::name`]. None if it is the right one, or none is
    /// asked for.
    #[must_use]
    pub fn ask_again(&self, question: Question<'_>, form: &Form) -> Option<Answer> {
        if question.name.is_none_or(|name| name == form.text(TYPED)) {
            return None;
        }
        let mut errors = FormErrors::default();
        errors.add(TYPED, NOT_THE_NAME);
        Some(self.show_again(&self.question(question, errors)))
    }

    fn question(&self, question: Question<'_>, errors: FormErrors) -> ConfirmPage {
        ConfirmPage {
            frame: self.frame(question.title),
            consequence: Shown::sentence(question.consequence),
            action: question.action,
            verb: question.verb,
            back: question.back,
            fields: question.fields,
            name: question.name.map(Shown::name),
            errors,
        }
    }
}
