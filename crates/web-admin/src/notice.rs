//! What a page says once about what was done on the page before, with a way to undo it where there is one.
//!
//! It travels in a cookie that only this server sets, is shown as text, and goes as soon as it was shown.

use actix_web::{
    HttpRequest, HttpResponse,
    cookie::{Cookie, SameSite, time::Duration},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};
use web::{Shown, cookies};

use crate::session::put;

/// The cookie.
const NAME: &str = "PORTCULLIS_CONSOLE_NOTICE";
/// A browser keeps about 4 KiB of one cookie; what is longer goes without its undoing.
const LONGEST: usize = 3_500;

/// What was done.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Notice {
    /// A sentence.
    text: String,
    /// How to undo it.
    undo: Option<Undo>,
}

/// A form that undoes what was done.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Undo {
    /// Where it is sent: a path of the console.
    pub action: String,
    /// Names and values.
    pub fields: Vec<(String, String)>,
}

impl Notice {
    /// A sentence on what was done.
    pub fn new(text: impl Into<String>) -> Self {
        Self { text: text.into(), undo: None }
    }

    /// With a button that undoes it.
    #[must_use]
    pub fn undo(self, action: String, fields: Vec<(String, String)>) -> Self {
        Self { undo: Some(Undo { action, fields }), ..self }
    }

    /// The sentence.
    #[must_use]
    pub fn text(&self) -> Shown {
        Shown::sentence(&self.text)
    }

    /// How to undo it.
    #[must_use]
    pub fn undoing(&self) -> Option<&Undo> {
        self.undo.as_ref()
    }

    /// The notice that a request brings.
    pub(crate) fn of(request: &HttpRequest) -> Option<Self> {
        let text = URL_SAFE_NO_PAD.decode(cookies::get(request, NAME)?).ok()?;
        serde_json::from_slice(&text).ok()
    }

    /// Sends it along, for the next page below `base`.
    pub(crate) fn send(&self, answer: &mut HttpResponse, base: &str) {
        let written = |notice: &Self| URL_SAFE_NO_PAD.encode(serde_json::to_vec(notice).unwrap_or_default());
        let mut value = written(self);
        if value.len() > LONGEST {
            value = written(&Self::new(self.text().as_str()));
        }
        put(answer, &cookie(value, base));
    }

    /// Takes it away.
    pub(crate) fn forget(answer: &mut HttpResponse, base: &str) {
        let mut cookie = cookie(String::new(), base);
        cookie.set_max_age(Duration::ZERO);
        put(answer, &cookie);
    }
}

fn cookie(value: String, base: &str) -> Cookie<'static> {
    Cookie::build(NAME, value).path(format!("{base}/")).http_only(true).same_site(SameSite::Lax).finish()
}
