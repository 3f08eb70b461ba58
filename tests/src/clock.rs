//! A clock that stands still until the test moves it.

use std::{sync::Mutex, time::Duration};

use model::clock::Clock;
use time::OffsetDateTime;

/// Begins at the real time, because registries and clients that look at tokens have the real time.
#[derive(Debug)]
pub struct ManualClock(Mutex<OffsetDateTime>);

impl ManualClock {
    /// A clock that stands at the present moment.
    #[must_use]
    pub fn at_present() -> Self {
        Self(Mutex::new(OffsetDateTime::now_utc()))
    }

    /// Moves the clock on.
    pub fn advance(&self, by: Duration) {
        *self.0.lock().unwrap() += by;
    }
}

impl Clock for ManualClock {
    fn now(&self) -> OffsetDateTime {
        *self.0.lock().unwrap()
    }
}
