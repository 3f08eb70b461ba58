//! The looks of a realm's pages, each at an address that holds a hash of it: browsers may keep it for ever.

use actix_web::{
    HttpResponse,
    http::{StatusCode, header::CACHE_CONTROL},
    web::Path,
};
use services::{realms, themes};
use web::{Hosted, RealmShown, door::Door, refusal};

/// The style sheet, or the logo, that a page of the realm refers to by now.
pub(crate) async fn file(services: Hosted, names: Path<(String, String)>) -> HttpResponse {
    let (name, file) = names.into_inner();
    let realm = match realms::enabled(&services, &name).await {
        Ok(Some(realm)) => realm,
        Ok(None) => return gone(),
        Err(error) => {
            tracing::error!(error = &error as &dyn std::error::Error, "the looks of a realm can't be read");
            return HttpResponse::InternalServerError().finish();
        }
    };
    let shown = RealmShown::of(&realm);
    let is = |address: Option<&str>| address.and_then(|address| address.rsplit('/').next()) == Some(&*file);
    let mut answer = HttpResponse::Ok();
    answer.insert_header((CACHE_CONTROL, "public, max-age=31536000, immutable"));
    if is(shown.style())
        && let Some(colours) = themes::colours(&realm)
    {
        return answer.content_type("text/css; charset=utf-8").body(colours.style_sheet());
    }
    match themes::logo(&realm) {
        Some((media_type, bytes)) if is(shown.logo()) => answer.content_type(media_type).body(bytes),
        _ => gone(),
    }
}

fn gone() -> HttpResponse {
    refusal::answer(Door::Page, StatusCode::NOT_FOUND, "The realm looks otherwise by now.")
}
