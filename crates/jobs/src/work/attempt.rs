//! One attempt at a job, and what follows from how it ends.

use std::time::Duration;

use services::{
    Services, logout_notices,
    store::jobs::{self, Job},
    webhooks,
    work::Outcome,
};

/// How often a job is tried.
const MOST_ATTEMPTS: i32 = 12;
/// How old a job may become.
const OLDEST: time::Duration = time::Duration::hours(24);
/// The wait after the first attempt, seconds; three times as long after each further one, up to [`LONGEST_WAIT`].
const FIRST_WAIT: i64 = 1;
const LONGEST_WAIT: i64 = 3_600;

/// Tries a job, and removes it or puts it off.
pub(super) async fn make(services: &Services, job: &Job, patience: Duration) {
    let outcome = match tokio::time::timeout(patience, attempt(services, job)).await {
        Ok(Ok(outcome)) => outcome,
        // What failed here and not at the other side is tried again all the same: the database may come back.
        Ok(Err(error)) => Outcome::Failed(format!("the notice can't be made: {error}")),
        Err(_) => Outcome::Failed("it took too long".to_owned()),
    };
    if let Err(error) = settle(services, job, outcome).await {
        // The lease ends by itself, and the job is tried again.
        tracing::warn!(error = &error as &dyn std::error::Error, job = job.id, "what became of a job can't be noted");
    }
}

fn is_webhook(job: &Job) -> bool {
    job.kind == webhooks::KIND
}

async fn attempt(services: &Services, job: &Job) -> services::Result<Outcome> {
    match is_webhook(job) {
        true => webhooks::deliver(services, job).await,
        false => logout_notices::tell(services, job).await,
    }
}

async fn settle(services: &Services, job: &Job, outcome: Outcome) -> services::Result<()> {
    let reason = match outcome {
        Outcome::Told if is_webhook(job) => return webhooks::delivered(services, job).await,
        Outcome::Told | Outcome::Nobody => return Ok(jobs::remove(&services.store, job).await?),
        Outcome::Failed(reason) => reason,
    };
    let now = services.now();
    let Some(wait) = wait_after(job.attempts, now - job.created) else {
        if is_webhook(job) {
            return webhooks::gave_up(services, job, &reason).await;
        }
        logout_notices::gave_up(services, job, &reason).await?;
        return Ok(jobs::remove(&services.store, job).await?);
    };
    let until = now.saturating_add(wait);
    match is_webhook(job) {
        true => webhooks::failed(services, job, &reason, until).await?,
        false => jobs::postpone(&services.store, job, until).await?,
    }
    tracing::warn!(realm = job.realm_name, job = job.id, attempts = job.attempts, reason, "a job was put off");
    Ok(())
}

/// How long to wait after so many attempts at a job of this age. None if it is given up.
fn wait_after(attempts: i32, age: time::Duration) -> Option<time::Duration> {
    if attempts >= MOST_ATTEMPTS || age >= OLDEST {
        return None;
    }
    let further = u32::try_from(attempts.saturating_sub(1)).unwrap_or(0);
    let seconds = 3_i64.checked_pow(further).unwrap_or(LONGEST_WAIT).saturating_mul(FIRST_WAIT).min(LONGEST_WAIT);
    Some(time::Duration::seconds(seconds))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_wait_is_longer_until_it_is_given_up() {
        let waits = (1..).map_while(|attempts| wait_after(attempts, time::Duration::ZERO));
        let waits: Vec<_> = waits.map(time::Duration::whole_seconds).collect();
        assert_eq!(waits, [1, 3, 9, 27, 81, 243, 729, 2_187, 3_600, 3_600, 3_600]);
        assert_eq!(wait_after(1, OLDEST), None);
        assert_eq!(wait_after(i32::MAX, time::Duration::ZERO), None);
        assert_eq!(wait_after(0, time::Duration::ZERO), Some(time::Duration::seconds(1)));
    }
}
