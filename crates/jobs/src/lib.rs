//! Background work: event writing, retention, cache notices, and what requests left to be done later.
//!
//! Every task ends when the server says so. The event writer ends last: it takes no new events then, but writes those
//! that wait, because requests wait for them.

mod event_counts;
mod event_writer;
mod keys_ahead;
mod notices;
mod retention;
mod work;

use services::{Services, events::Receiver};
use tokio::{sync::watch, task::JoinHandle};

/// The signal to stop: true once the server is stopping, or gone.
pub type Shutdown = watch::Receiver<bool>;

/// The tasks that run.
#[derive(Debug)]
pub struct Running {
    tasks: Vec<(&'static str, JoinHandle<()>)>,
}

impl Running {
    /// Waits until every task has ended, which they do after the signal to stop.
    pub async fn join(self) {
        for (name, task) in self.tasks {
            if let Err(error) = task.await {
                tracing::error!(task = name, %error, "a background task failed");
            }
        }
    }
}

/// Starts all background work; `keys_ahead` is how many RSA keys are kept ready. When this returns, the node hears of every change of configuration, so that nothing that
/// it reads from now on stays in a cache unnoticed.
///
/// # Errors
/// If the database can't be reached to listen for changes.
pub async fn start(
    services: &Services,
    events: Receiver,
    keys_ahead: usize,
    shutdown: Shutdown,
) -> services::Result<Running> {
    let (notices, moment) = notices::listen(services).await?;
    let mut tasks = vec![
        ("notices", spawn(notices::run(services.clone(), notices, shutdown.clone()))),
        ("look", spawn(notices::look(services.clone(), moment, shutdown.clone()))),
        ("event counts", spawn(event_counts::run(services.clone(), shutdown.clone()))),
        ("retention", spawn(retention::run(services.clone(), shutdown.clone()))),
    ];
    if keys_ahead > 0 {
        tasks.push(("keys ahead", spawn(keys_ahead::run(services.clone(), keys_ahead, shutdown.clone()))));
    }
    for kind in work::KINDS {
        tasks.push((kind, spawn(work::run(services.clone(), kind, shutdown.clone()))));
    }
    tasks.push(("events", spawn(event_writer::run(services.store.clone(), events, shutdown))));
    Ok(Running { tasks })
}

#[expect(clippy::disallowed_methods, reason = "this crate is the place of background work")]
fn spawn(task: impl Future<Output = ()> + Send + 'static) -> JoinHandle<()> {
    tokio::spawn(task)
}

/// Returns once the server is stopping.
async fn stopping(shutdown: &mut Shutdown) {
    // An error means that the sender is gone, and the server with it.
    let _ = shutdown.wait_for(|stop| *stop).await;
}

/// Waits for a time, or until the server stops: then it is false.
async fn wait(time: std::time::Duration, shutdown: &mut Shutdown) -> bool {
    tokio::select! {
        () = stopping(shutdown) => false,
        () = tokio::time::sleep(time) => true,
    }
}
