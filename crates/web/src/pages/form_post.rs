//! The authorization response as a form that the browser sends by itself (OAuth 2.0 Form Post Response Mode).

use askama::Template;

use crate::{
    address::WebAddress,
    page::{Page, Policy},
    realm_shown::RealmShown,
};

/// The page of `response_mode=form_post`. Without scripts it has a button.
#[derive(Template)]
#[template(path = "protocol/form_post.html")]
pub struct FormPostPage {
    realm: RealmShown,
    redirect_uri: WebAddress,
    parameters: Vec<(String, String)>,
}

impl FormPostPage {
    /// Sends `parameters` to the client's redirect URI.
    #[must_use]
    pub fn new(realm: impl Into<RealmShown>, redirect_uri: WebAddress, parameters: Vec<(String, String)>) -> Self {
        Self { realm: realm.into(), redirect_uri, parameters }
    }

    /// As in tests and on pictures of the pages.
    #[must_use]
    pub fn sample() -> Self {
        let parameters =
            [("code", "4f1c.8a2b.77d0"), ("state", "af0ifjsldkj"), ("iss", "https://login.example/realms/a")];
        let parameters = parameters.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
        Self::new("Northwind Observatory", WebAddress::sample("/callback"), parameters)
    }
}

impl Page for FormPostPage {
    fn policy(&self) -> Policy {
        Policy::default().with_scripts().leading_away()
    }
}
