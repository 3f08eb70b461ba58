//! The page that people see when something can't be done.

use actix_web::{HttpResponse, http::StatusCode, http::header::ContentType};
use askama::Template;

use crate::assets;

#[derive(Template)]
#[template(path = "error/error.html")]
struct ErrorPage<'a> {
    title: &'a str,
    text: &'a str,
    status: u16,
    style: &'a str,
    icon: &'a str,
}

/// The page with this status: a title of a few words and a sentence that says what to do.
#[must_use]
pub fn answer(status: StatusCode, title: &str, text: &str) -> HttpResponse {
    let page = ErrorPage { title, text, status: status.as_u16(), style: assets::STYLE.url(), icon: assets::ICON.url() };
    page_answer(status, &page)
}

/// A rendered page. If it can't be rendered, which only a broken template can cause, its status stands alone.
pub(crate) fn page_answer(status: StatusCode, page: &impl Template) -> HttpResponse {
    match page.render() {
        Ok(html) => HttpResponse::build(status).content_type(ContentType::html()).body(html),
        Err(error) => {
            tracing::error!(%error, "a page can't be rendered");
            HttpResponse::build(status).finish()
        }
    }
}
