//! The end of a device's login in the browser. The device goes on by itself.

use askama::Template;
use web::{Page, RealmShown};

/// How it ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeviceOutcome {
    /// The device is logged in.
    Connected,
    /// The user said no.
    Refused,
}

/// What becomes of the device.
#[derive(Template)]
#[template(path = "device/done.html")]
pub struct DeviceDonePage {
    realm: RealmShown,
    outcome: DeviceOutcome,
}

impl DeviceDonePage {
    /// The page with this outcome.
    #[must_use]
    pub fn new(realm: impl Into<RealmShown>, outcome: DeviceOutcome) -> Self {
        Self { realm: realm.into(), outcome }
    }

    /// As in tests and on pictures of the pages.
    #[must_use]
    pub fn sample() -> Self {
        Self::new("Northwind Observatory", DeviceOutcome::Connected)
    }

    /// The same after a no.
    #[must_use]
    pub fn sample_refused() -> Self {
        Self::new("Northwind Observatory", DeviceOutcome::Refused)
    }

    fn title(&self) -> &'static str {
        match self.outcome {
            DeviceOutcome::Connected => "Your device is logged in",
            DeviceOutcome::Refused => "Your device was not logged in",
        }
    }

    fn text(&self) -> &'static str {
        match self.outcome {
            DeviceOutcome::Connected => "Go back to it: it goes on by itself. You can close this window.",
            DeviceOutcome::Refused => "It got no access to your account. You can close this window.",
        }
    }
}

impl Page for DeviceDonePage {}
