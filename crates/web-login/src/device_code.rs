//! Where people type the code that a device shows them (RFC 8628 section 3.3).

use askama::Template;
use web::{FormError, Page, PlainUrl, RealmShown, Shown};

/// Entry of a user code.
#[derive(Template)]
#[template(path = "device/code.html")]
pub struct DeviceCodePage {
    realm: RealmShown,
    action: PlainUrl,
    user_code: Shown,
    error: Option<FormError>,
}

impl DeviceCodePage {
    /// The page whose form is sent to `action`.
    #[must_use]
    pub fn new(realm: impl Into<RealmShown>, action: PlainUrl) -> Self {
        Self { realm: realm.into(), action, user_code: Shown::default(), error: None }
    }

    /// Fills in the code, from the address that the device showed or as it was typed.
    #[must_use]
    pub fn user_code(self, user_code: &str) -> Self {
        Self { user_code: Shown::name(user_code), ..self }
    }

    /// Says why the code was refused.
    #[must_use]
    pub fn error(self, error: FormError) -> Self {
        Self { error: Some(error), ..self }
    }

    /// As in tests and on pictures of the pages.
    #[must_use]
    pub fn sample() -> Self {
        Self::new("Northwind Observatory", PlainUrl::sample())
    }

    /// The same after a wrong code.
    #[must_use]
    pub fn sample_refused() -> Self {
        let text =
            "No device is waiting with this code. Look at the device again: codes are valid for a few minutes only.";
        Self::sample().user_code("WDJB-MJHT").error(FormError::new(text, "0197f3c2a4d87e61b3f0c85d2e9a1b74"))
    }
}

impl Page for DeviceCodePage {}
