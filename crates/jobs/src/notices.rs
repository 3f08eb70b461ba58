//! Keeps the caches right: passes on what other nodes changed, and asks from time to time in case a notice was lost.

use std::time::Duration;

use services::{
    Result, Services, cache,
    store::{
        self,
        change::{Notice, Notices},
    },
};

use crate::{Shutdown, stopping, wait};

/// How often the generations of known realms are asked for.
const REFRESH: Duration = Duration::from_secs(30);
/// The first wait before another try to listen; it doubles up to [`LONGEST_WAIT`].
const FIRST_WAIT: Duration = Duration::from_millis(100);
/// The longest wait before another try to listen.
const LONGEST_WAIT: Duration = Duration::from_secs(10);

/// Starts listening.
///
/// # Errors
/// If the database can't be reached.
pub(crate) async fn listen(services: &Services) -> Result<Notices> {
    Ok(Notices::listen(&services.store).await?)
}

/// Passes notices on to the caches until the server stops.
pub(crate) async fn run(services: Services, mut notices: Notices, mut shutdown: Shutdown) {
    loop {
        let heard = tokio::select! {
            () = stopping(&mut shutdown) => return,
            heard = notices.next() => heard,
        };
        match heard {
            Ok(Notice::Changed(realm, generation)) => services.cache.heard(realm, generation),
            Ok(Notice::Lost) => services.cache.forget(),
            Err(error) => {
                tracing::warn!(error = &error as &dyn std::error::Error, "the connection for change notices was lost");
                services.cache.forget();
                match listen_again(&services, &mut shutdown).await {
                    Some(again) => notices = again,
                    None => return,
                }
                // What was read while nobody listened may have changed unheard.
                services.cache.forget();
            }
        }
    }
}

/// Tries to listen until it works. None if the server stops before.
async fn listen_again(services: &Services, shutdown: &mut Shutdown) -> Option<Notices> {
    let mut pause = FIRST_WAIT;
    while wait(pause, shutdown).await {
        match Notices::listen(&services.store).await {
            Ok(notices) => return Some(notices),
            Err(error) => {
                // As long as nobody listens, nothing that is in a cache can be trusted.
                services.cache.forget();
                report(&error);
            }
        }
        pause = (pause * 2).min(LONGEST_WAIT);
    }
    None
}

fn report(error: &store::Error) {
    tracing::warn!(error = error as &dyn std::error::Error, "still no connection for change notices");
}

/// Asks for the newest generations of the realms that something is held of, again and again until the server stops.
pub(crate) async fn refresh(services: Services, mut shutdown: Shutdown) {
    while wait(REFRESH, &mut shutdown).await {
        if let Err(error) = cache::refresh(&services).await {
            tracing::warn!(error = &error as &dyn std::error::Error, "the caches could not be compared");
            services.cache.forget();
        }
    }
}
