//! Makes RSA keys ahead for realms to come, one after the other, so that requests have most of the processors meanwhile.

use std::time::Duration;

use services::Services;

use crate::{Shutdown, stopping, wait};

/// The time before the first key: a server that starts has better things to do.
const QUIET: Duration = Duration::from_secs(5);
/// The pause after each key.
const BREATH: Duration = Duration::from_millis(100);

/// Keeps `number` keys ready until the server stops.
pub(crate) async fn run(services: Services, number: usize, mut shutdown: Shutdown) {
    let mut pause = QUIET;
    while wait(pause, &mut shutdown).await {
        pause = BREATH;
        let made = tokio::select! {
            () = stopping(&mut shutdown) => return,
            made = services.keys_ahead.make_one(number) => made,
        };
        if let Err(error) = made {
            // Whoever needs a key makes one, and hears what is wrong.
            tracing::warn!(error = &error as &dyn std::error::Error, "no key could be made ahead");
            pause = QUIET;
        }
    }
}
