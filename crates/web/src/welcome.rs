//! The page at `/`: says that the server runs and what to do next.

use actix_web::{HttpResponse, http::StatusCode};
use askama::Template;

use crate::{Hosted, assets, error_page};

#[derive(Template)]
#[template(path = "welcome/welcome.html")]
struct Welcome<'a> {
    public_url: &'a str,
    style: &'a str,
    icon: &'a str,
}

/// `GET /`.
pub async fn page(services: Hosted) -> HttpResponse {
    let public_url = services.public_url();
    let page = Welcome { public_url, style: assets::STYLE.url(), icon: assets::ICON.url() };
    error_page::page_answer(StatusCode::OK, &page)
}
