//! Work that requests left for later: taken when it is due, tried, put off if it fails, given up in the end.
//!
//! Every node works. A job that a node has taken is the others' again after [`LEASE`], so that a node that dies over one
//! loses nothing; and so a job may be done twice, which whoever it reaches has to bear. What fails waits three times
//! as long before each further attempt.
//!
//! Each kind of job has workers of its own, and no realm has all of them: a receiver that never answers keeps those of its
//! own realm busy, and no client waits for a notice because of somebody's webhook.

mod attempt;

use std::{collections::HashMap, time::Duration};

use model::id::RealmId;
use services::{
    Services, logout_notices,
    store::jobs::{self, Job, Portion},
    webhooks,
};
use tokio::task::{Id, JoinError, JoinSet};

use crate::{Shutdown, stopping};

/// How often is looked for work.
const EVERY: Duration = Duration::from_secs(1);
/// The same while the database doesn't answer.
const AFTER_FAILURE: Duration = Duration::from_secs(10);
/// For how long a job that was taken is nobody else's. Longer than any attempt may take.
const LEASE: time::Duration = time::Duration::seconds(60);
/// The longest attempt.
const PATIENCE: Duration = Duration::from_secs(30);
/// How many jobs of a kind a node has in hand at most: most of the time of an attempt is waiting for somebody else's server.
const AT_ONCE: usize = 32;
/// How many of them may be of one realm.
const OF_A_REALM: usize = 8;
/// How long the jobs in hand may take once the server is stopping. Those that take longer are tried again, by whoever is
/// there when their lease ends.
const GRACE: Duration = Duration::from_secs(5);

/// The kinds of jobs that this release knows.
pub(crate) const KINDS: [&str; 2] = [logout_notices::KIND, webhooks::KIND];

/// The jobs that are being tried, and whose they are.
#[derive(Default)]
struct InHand {
    attempts: JoinSet<()>,
    realms: HashMap<Id, RealmId>,
}

impl InHand {
    fn try_out(&mut self, services: &Services, job: Job) {
        let (services, realm) = (services.clone(), job.realm);
        let attempt = self.attempts.spawn(async move { attempt::make(&services, &job, PATIENCE).await });
        self.realms.insert(attempt.id(), realm);
    }

    /// Waits for the end of one. None if there is none.
    async fn next(&mut self) -> Option<()> {
        let ended = self.attempts.join_next_with_id().await?;
        self.end(ended);
        Some(())
    }

    /// Takes note of all that have ended.
    fn clear(&mut self) {
        while let Some(ended) = self.attempts.try_join_next_with_id() {
            self.end(ended);
        }
    }

    fn end(&mut self, ended: Result<(Id, ()), JoinError>) {
        let id = match ended {
            Ok((id, ())) => id,
            Err(error) => {
                tracing::error!(%error, "a job failed in a way that it should not");
                error.id()
            }
        };
        self.realms.remove(&id);
    }

    /// The realms that have as many as they may.
    fn busy(&self) -> Vec<RealmId> {
        let mut counts: HashMap<RealmId, usize> = HashMap::new();
        for realm in self.realms.values() {
            *counts.entry(*realm).or_default() += 1;
        }
        counts.into_iter().filter(|(_, count)| *count >= OF_A_REALM).map(|(realm, _)| realm).collect()
    }
}

/// Does the jobs of a kind until the server stops.
pub(crate) async fn run(services: Services, kind: &'static str, mut shutdown: Shutdown) {
    let mut in_hand = InHand::default();
    loop {
        let free = AT_ONCE.saturating_sub(in_hand.attempts.len());
        // Where more may be waiting than could be taken, the end of a job in hand is what to wait for.
        let mut more = free == 0;
        let mut pause = EVERY;
        if free > 0 {
            match take(&services, kind, free, &in_hand.busy()).await {
                Ok(taken) => {
                    more = taken.len() == free || in_hand.attempts.len() + taken.len() >= OF_A_REALM;
                    for job in taken {
                        in_hand.try_out(&services, job);
                    }
                }
                Err(error) => {
                    tracing::warn!(error = &error as &dyn std::error::Error, "no work can be taken from the database");
                    pause = AFTER_FAILURE;
                    more = false;
                }
            }
        }
        tokio::select! {
            () = stopping(&mut shutdown) => break,
            Some(()) = in_hand.next(), if more => {}
            () = tokio::time::sleep(pause), if free > 0 => {}
        }
        in_hand.clear();
    }
    let finished = async { while in_hand.next().await.is_some() {} };
    if tokio::time::timeout(GRACE, finished).await.is_err() {
        tracing::info!("some work did not end in time; it will be tried again");
    }
}

async fn take(services: &Services, kind: &str, limit: usize, except: &[RealmId]) -> services::Result<Vec<Job>> {
    let now = services.now();
    let number = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
    let portion = Portion { limit: number(limit), of_a_realm: number(OF_A_REALM), except };
    Ok(jobs::take(&services.store, kind, now, now.saturating_add(LEASE), portion).await?)
}
