//! Work that requests left for later: taken when it is due, tried, put off if it fails, given up in the end.
//!
//! Every node works. A job that a node has taken is the others' again after [`LEASE`], so that a node that dies over one
//! loses nothing; and so a job may be done twice, which whoever it reaches has to bear. What fails waits three times
//! as long before each further attempt.

mod attempt;

use std::time::Duration;

use services::{
    Services, logout_notices,
    store::jobs::{self, Job},
};
use tokio::task::JoinSet;

use crate::{Shutdown, stopping};

/// How often is looked for work.
const EVERY: Duration = Duration::from_secs(1);
/// The same while the database doesn't answer.
const AFTER_FAILURE: Duration = Duration::from_secs(10);
/// For how long a job that was taken is nobody else's. Longer than any attempt may take.
const LEASE: time::Duration = time::Duration::seconds(60);
/// The longest attempt.
const PATIENCE: Duration = Duration::from_secs(30);
/// How many jobs a node has in hand at most: most of the time of an attempt is waiting for somebody else's server.
const AT_ONCE: usize = 32;
/// How long the jobs in hand may take once the server is stopping. Those that take longer are tried again, by whoever is
/// there when their lease ends.
const GRACE: Duration = Duration::from_secs(5);

/// The kinds of jobs that this release knows.
const KINDS: [&str; 1] = [logout_notices::KIND];

/// Works until the server stops.
pub(crate) async fn run(services: Services, mut shutdown: Shutdown) {
    let mut in_hand = JoinSet::new();
    loop {
        let free = AT_ONCE.saturating_sub(in_hand.len());
        // Where more may be waiting than could be taken, the end of a job in hand is what to wait for.
        let mut more = free == 0;
        let mut pause = EVERY;
        if free > 0 {
            match take(&services, free).await {
                Ok(taken) => {
                    more = taken.len() == free;
                    for job in taken {
                        let services = services.clone();
                        in_hand.spawn(async move { attempt::make(&services, &job, PATIENCE).await });
                    }
                }
                Err(error) => {
                    tracing::warn!(error = &error as &dyn std::error::Error, "no work can be taken from the database");
                    pause = AFTER_FAILURE;
                }
            }
        }
        tokio::select! {
            () = stopping(&mut shutdown) => break,
            Some(ended) = in_hand.join_next(), if more => report(ended),
            () = tokio::time::sleep(pause), if !more => {}
        }
        while let Some(ended) = in_hand.try_join_next() {
            report(ended);
        }
    }
    let finished = async {
        while let Some(ended) = in_hand.join_next().await {
            report(ended);
        }
    };
    if tokio::time::timeout(GRACE, finished).await.is_err() {
        tracing::info!("some work did not end in time; it will be tried again");
    }
}

async fn take(services: &Services, limit: usize) -> services::Result<Vec<Job>> {
    let now = services.now();
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    Ok(jobs::take(&services.store, &KINDS, now, now.saturating_add(LEASE), limit).await?)
}

fn report(ended: Result<(), tokio::task::JoinError>) {
    if let Err(error) = ended {
        tracing::error!(%error, "a job failed in a way that it should not");
    }
}
