//! Deletes what is over: events and refusals that their realm keeps no longer, old counts of events, sessions and tokens that ended, requests and codes that
//! nobody came back for, what webhooks were told. Also adds up the numbers of users.
//!
//! Each statement works on all realms at once, in portions, so that no deletion holds locks for long. Every node does
//! it; they pass over what another one is deleting at the moment.

use std::time::Duration;

use services::{
    Services,
    store::{
        self, Store, admin_events, change, event_counts, events, expired, identity_tokens, refusals, sessions,
        users::counts, webhooks::deliveries,
    },
};

use time::OffsetDateTime;

use crate::{Shutdown, wait};

/// The time between two rounds.
const EVERY: Duration = Duration::from_secs(60);
/// How much one statement deletes.
const PORTION: i64 = 1_000;
/// The pause between two portions, for everybody else who uses the database.
const BREATH: Duration = Duration::from_millis(20);

/// Deletes what is over, every minute until the server stops.
pub(crate) async fn run(services: Services, mut shutdown: Shutdown) {
    while wait(EVERY, &mut shutdown).await {
        if let Err(error) = round(&services.store, services.now(), PORTION, &mut shutdown).await {
            tracing::warn!(error = &error as &dyn std::error::Error, "what is over could not be deleted");
        }
    }
}

async fn round(store: &Store, now: OffsetDateTime, portion: i64, shutdown: &mut Shutdown) -> store::Result<()> {
    macro_rules! delete_all {
        ($($delete:path),*) => {$(
            while $delete(store, now, portion).await? >= portion.unsigned_abs() {
                if !wait(BREATH, shutdown).await {
                    return Ok(());
                }
            }
        )*};
    }
    delete_all!(
        events::expire,
        admin_events::expire,
        refusals::expire,
        event_counts::expire,
        sessions::expire,
        identity_tokens::expire,
        change::expire,
        expired::revoked_tokens,
        expired::used_assertions,
        expired::pushed_requests,
        expired::device_codes,
        expired::initial_access_tokens,
        deliveries::expire,
        counts::add_up
    );
    Ok(())
}

#[cfg(test)]
mod tests;
