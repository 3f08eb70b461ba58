//! Keeps the caches right: passes on what other nodes changed, and looks twice a second in case a notice was lost.
//!
//! A notice arrives at once or never: a proxy between server and database may drop it, a connection may be dead without
//! anybody having noticed. So every node also looks at what changed since its last look: one statement that reads a few
//! entries of an index, whatever the number of realms.

use std::time::Duration;

use services::{
    Result, Services, cache,
    store::{
        self,
        change::{Moment, Notice, Notices},
    },
};

use crate::{Shutdown, stopping, wait};

/// The time between two looks: what changed is to be known everywhere within a second.
const LOOK: Duration = Duration::from_millis(500);
/// How long a look may take. Whoever hears nothing for longer knows nothing.
const PATIENCE: Duration = Duration::from_secs(5);
/// The first wait before another try to listen; it doubles up to [`LONGEST_WAIT`].
const FIRST_WAIT: Duration = Duration::from_millis(100);
/// The longest wait before another try to listen.
const LONGEST_WAIT: Duration = Duration::from_secs(10);

/// Starts listening, and gives the moment from which on there is something to look for.
///
/// # Errors
/// If the database can't be reached.
pub(crate) async fn listen(services: &Services) -> Result<(Notices, Moment)> {
    let notices = Notices::listen(&services.store).await?;
    let moment = store::change::moment(&mut *services.store.read().await?).await?;
    Ok((notices, moment))
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

/// Looks for changes since `seen`, again and again until the server stops.
pub(crate) async fn look(services: Services, mut seen: Moment, mut shutdown: Shutdown) {
    let mut failing = false;
    while wait(LOOK, &mut shutdown).await {
        let looked = tokio::time::timeout(PATIENCE, cache::look(&services, &seen)).await;
        let failure = match looked {
            Ok(Ok(moment)) => {
                seen = moment;
                failing = false;
                continue;
            }
            Ok(Err(error)) => error.to_string(),
            Err(elapsed) => elapsed.to_string(),
        };
        services.cache.forget();
        // Said once: it is tried again very often.
        if !std::mem::replace(&mut failing, true) {
            tracing::warn!(error = failure, "it can't be told whether the configuration changed");
        }
    }
}
