//! Deletes what is over: events that their realm keeps no longer, sessions and identity tokens that ended.
//!
//! Each statement works on all realms at once, in portions, so that no deletion holds locks for long. Every node does
//! it; they pass over what another one is deleting at the moment.

use std::time::Duration;

use services::{
    Services,
    store::{self, admin_events, change, events, identity_tokens, sessions},
};

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
        if let Err(error) = round(&services, &mut shutdown).await {
            tracing::warn!(error = &error as &dyn std::error::Error, "what is over could not be deleted");
        }
    }
}

async fn round(services: &Services, shutdown: &mut Shutdown) -> store::Result<()> {
    let (store, now) = (&services.store, services.now());
    macro_rules! delete_all {
        ($($what:ident)*) => {$(
            while $what::expire(store, now, PORTION).await? >= PORTION.unsigned_abs() {
                if !wait(BREATH, shutdown).await {
                    return Ok(());
                }
            }
        )*};
    }
    delete_all!(events admin_events sessions identity_tokens change);
    Ok(())
}
