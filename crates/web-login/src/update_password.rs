//! A new password in the course of a login, with Keycloak's ids and field names.

use askama::Template;
use web::{FormError, Page, PlainUrl, Policy, RealmShown};

/// The form for a new password.
#[derive(Template)]
#[template(path = "login/update_password.html")]
pub struct UpdatePasswordPage {
    realm: RealmShown,
    action: PlainUrl,
    error: Option<FormError>,
}

impl UpdatePasswordPage {
    /// The page of the realm with this display name, whose form is sent to `action`.
    #[must_use]
    pub fn new(realm: impl Into<RealmShown>, action: PlainUrl) -> Self {
        Self { realm: realm.into(), action, error: None }
    }

    /// Says why the password was not accepted.
    #[must_use]
    pub fn error(self, error: FormError) -> Self {
        Self { error: Some(error), ..self }
    }

    /// As in tests and on pictures of the pages.
    #[must_use]
    pub fn sample() -> Self {
        Self::new("Northwind Observatory", PlainUrl::sample())
    }

    /// The same after a password that broke the policy.
    #[must_use]
    pub fn sample_refused() -> Self {
        let text = "The password must have at least 12 characters.";
        Self::sample().error(FormError::new(text, "0197f3c2a4d87e61b3f0c85d2e9a1b74"))
    }
}

impl Page for UpdatePasswordPage {
    fn policy(&self) -> Policy {
        Policy::default().with_scripts().leading_away()
    }
}
