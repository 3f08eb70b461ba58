//! Password hashing on threads of its own, with a bounded queue, so that a burst of logins starves nothing else.

use std::{
    sync::mpsc::{self, SyncSender, TrySendError},
    thread,
    time::Duration,
};

use credential::{Argon2Parameters, MemoryBlocks};
use tokio::sync::oneshot;

use crate::{Error, Result};

/// When a caller who found the queue full may ask again.
const RETRY_AFTER: Duration = Duration::from_secs(1);

type Work = Box<dyn FnOnce(&mut MemoryBlocks) + Send>;

/// The threads that hash passwords. Each keeps its memory between hashes.
pub struct PasswordHashing {
    queue: SyncSender<Work>,
}

impl PasswordHashing {
    /// Starts `threads` threads; up to `waiting` hashes wait for them, more are refused.
    #[must_use]
    pub fn start(threads: usize, waiting: usize) -> Self {
        let (queue, work) = mpsc::sync_channel::<Work>(waiting);
        let work = std::sync::Arc::new(std::sync::Mutex::new(work));
        for number in 0..threads.max(1) {
            let work = std::sync::Arc::clone(&work);
            let body = move || {
                let Ok(mut memory) = MemoryBlocks::new(&Argon2Parameters::default()) else { return };
                loop {
                    let next = work.lock().unwrap_or_else(std::sync::PoisonError::into_inner).recv();
                    let Ok(job) = next else { return };
                    job(&mut memory);
                }
            };
            if let Err(error) = thread::Builder::new().name(format!("password-{number}")).spawn(body) {
                tracing::error!(%error, "a password thread can't be started");
            }
        }
        Self { queue }
    }

    /// Runs `job` on one of the threads and waits for its result.
    ///
    /// # Errors
    /// [`Error::Busy`] if the queue is full.
    pub async fn run<T: Send + 'static>(&self, job: impl FnOnce(&mut MemoryBlocks) -> T + Send + 'static) -> Result<T> {
        let (done, result) = oneshot::channel();
        let work: Work = Box::new(move |memory| {
            // A caller that went away needs no hash.
            if !done.is_closed() {
                let _ = done.send(job(memory));
            }
        });
        match self.queue.try_send(work) {
            Ok(()) => result.await.or(Err(Error::Busy(RETRY_AFTER))),
            Err(TrySendError::Full(_) | TrySendError::Disconnected(_)) => Err(Error::Busy(RETRY_AFTER)),
        }
    }
}
