//! The end of a login as an HTTP answer.

use actix_web::{
    HttpResponse,
    http::{
        StatusCode,
        header::{CACHE_CONTROL, LOCATION},
    },
};
use login::browser::BrowserReply;
use model::realm::Realm;

use crate::{Page, RealmShown, WebAddress, error_page, pages::FormPostPage};

/// Tells a browser to go somewhere else, or to post something there.
#[must_use]
pub fn answer(realm: &Realm, reply: &BrowserReply) -> HttpResponse {
    match reply {
        BrowserReply::Redirect(url) => HttpResponse::Found()
            .insert_header((LOCATION, url.as_str()))
            .insert_header((CACHE_CONTROL, "no-store"))
            .finish(),
        BrowserReply::PostForm { action, fields } => match WebAddress::parse(action) {
            Some(address) => FormPostPage::new(RealmShown::of(realm), address, fields.clone()).answer(StatusCode::OK),
            None => {
                let text = "The application asked for its answer as a form, at an address that takes none.";
                error_page::answer(StatusCode::BAD_REQUEST, "We are sorry...", text)
            }
        },
    }
}

/// What people know a realm by.
#[must_use]
pub fn shown_name(realm: &Realm) -> &str {
    realm.settings.display_name.as_deref().filter(|name| !name.is_empty()).unwrap_or(&realm.name)
}
