//! The page at `/`: says that the server runs and what to do next.

use actix_web::{HttpResponse, http::StatusCode};
use askama::Template;

use crate::{Hosted, page::Page};

/// The page.
#[derive(Template)]
#[template(path = "welcome/welcome.html")]
pub struct Welcome<'a> {
    public_url: &'a str,
}

impl Welcome<'_> {
    /// As in tests and on pictures of the pages.
    #[must_use]
    pub fn sample() -> Self {
        Self { public_url: "https://login.example" }
    }
}

impl Page for Welcome<'_> {}

/// `GET /`.
pub async fn page(services: Hosted) -> HttpResponse {
    Welcome { public_url: services.public_url() }.answer(StatusCode::OK)
}
