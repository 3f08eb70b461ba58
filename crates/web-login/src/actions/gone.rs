//! A login whose application was taken away meanwhile.

use actix_web::{HttpRequest, HttpResponse, http::StatusCode, web::Path};
use web::{Hosted, Page, RealmShown, pages::PageExpiredPage};

use super::state;

/// `GET …/expired`.
pub async fn expired(request: HttpRequest, services: Hosted, realm: Path<String>) -> HttpResponse {
    match state::realm(&services, &request, &realm).await {
        Ok(realm) => PageExpiredPage::new(RealmShown::of(&realm), None).answer(StatusCode::BAD_REQUEST),
        Err(page) => page,
    }
}
