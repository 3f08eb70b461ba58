//! The page that people see when something can't be done.

use actix_web::{HttpResponse, http::StatusCode};
use askama::Template;

use crate::{
    address::{Destination, WebAddress},
    page::Page,
    realm_shown::RealmShown,
    refusal_id,
    shown::Shown,
};

/// The error page.
#[derive(Template)]
#[template(path = "error/error.html")]
pub struct ErrorPage {
    realm: Option<RealmShown>,
    title: Shown,
    text: Shown,
    status: StatusCode,
    id: Option<Shown>,
    back: Option<Destination>,
}

impl ErrorPage {
    /// A page with a title of a few words and a sentence that says what to do.
    #[must_use]
    pub fn new(status: StatusCode, title: &str, text: &str) -> Self {
        let (title, text) = (Shown::name(title), Shown::sentence(text));
        Self { realm: None, title, text, status, id: None, back: None }
    }

    /// In the name of this realm.
    #[must_use]
    pub fn realm(self, realm: impl Into<RealmShown>) -> Self {
        Self { realm: Some(realm.into()), ..self }
    }

    /// With the id under which the event of the refusal is found.
    #[must_use]
    pub fn id(self, id: &str) -> Self {
        Self { id: Some(Shown::name(id)), ..self }
    }

    /// With a link to the application.
    #[must_use]
    pub fn back(self, application: Option<Destination>) -> Self {
        Self { back: application, ..self }
    }

    /// The answer with its status.
    #[must_use]
    pub fn respond(&self) -> HttpResponse {
        let mut answer = self.answer(self.status);
        refusal_id::tell(&mut answer, self.id.as_ref().map(Shown::as_str));
        answer
    }

    /// As in tests and on pictures of the pages.
    #[must_use]
    pub fn sample() -> Self {
        Self::new(
            StatusCode::BAD_REQUEST,
            "You can't log in from there",
            "The application sent you here with an address to return to (redirect_uri) that isn't registered for it.",
        )
        .realm("Northwind Observatory")
        .id("0197f3c2a4d87e61b3f0c85d2e9a1b74")
        .back(Some(WebAddress::sample("/").into()))
    }
}

impl Page for ErrorPage {}

/// The page with this status: a title of a few words and a sentence that says what to do.
#[must_use]
pub fn answer(status: StatusCode, title: &str, text: &str) -> HttpResponse {
    ErrorPage::new(status, title, text).respond()
}
