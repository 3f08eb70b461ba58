//! Adds what this node counted of events to the database, every few seconds.

use std::time::Duration;

use services::Services;

use crate::{Shutdown, wait};

/// The time between two writes, and so how far charts are behind.
const EVERY: Duration = Duration::from_secs(5);

/// Writes until the server stops, and a last time then.
pub(crate) async fn run(services: Services, mut shutdown: Shutdown) {
    loop {
        let goes_on = wait(EVERY, &mut shutdown).await;
        if let Err(error) = services.event_counts.write(&services.store).await {
            tracing::warn!(error = &error as &dyn std::error::Error, "counts of events could not be written");
        }
        if !goes_on {
            return;
        }
    }
}
