//! The question whether an application may have what it asks for.

use askama::Template;
use web::{ClientShown, Page, PlainUrl, Policy, RealmShown, Shown};

use crate::AskedScope;

/// Consent to the scopes that an application asks for.
#[derive(Template)]
#[template(path = "login/consent.html")]
pub struct ConsentPage {
    realm: RealmShown,
    action: PlainUrl,
    client: ClientShown,
    scopes: Vec<AskedScope>,
    username: Option<Shown>,
}

impl ConsentPage {
    /// The page whose form is sent to `action`, with `accept` or `cancel`.
    #[must_use]
    pub fn new(realm: impl Into<RealmShown>, action: PlainUrl, client: ClientShown, scopes: Vec<AskedScope>) -> Self {
        Self { realm: realm.into(), action, client, scopes, username: None }
    }

    /// Says whose data it is about.
    #[must_use]
    pub fn username(self, username: &str) -> Self {
        Self { username: Some(Shown::name(username)), ..self }
    }

    /// As in tests and on pictures of the pages.
    #[must_use]
    pub fn sample() -> Self {
        let scopes = ["profile", "email", "offlineAccess"];
        let scopes = scopes.map(|name| AskedScope::in_words(name, Some(&format!("${{{name}ScopeConsentText}}"))));
        Self::new("Northwind Observatory", PlainUrl::sample(), ClientShown::sample(), scopes.into())
            .username("anna.berg")
    }
}

impl Page for ConsentPage {
    fn policy(&self) -> Policy {
        Policy::default().with_picture(self.client.logo.as_ref()).leading_away()
    }
}
