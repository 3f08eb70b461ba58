//! The thread that starts the server, watches it and starts it again.
//!
//! It has to be one thread, and one that lives until the stop: the kernel's promise to end PostgreSQL with its parent is
//! bound to the thread that forked it, so a server started from a thread that ends would be shut down at once.

use crate::{
    backoff::Backoff,
    cluster,
    data_directory::DataDirectory,
    error::Error,
    process::Process,
    settings::{Lifetime, Settings},
    unprivileged::User,
};
use std::{
    fs::File,
    sync::mpsc::{Receiver, RecvTimeoutError, SyncSender},
    time::{Duration, Instant},
};

/// How often a running server is looked at, and one that is about to run.
const WATCH: Duration = Duration::from_millis(100);
const AWAIT: Duration = Duration::from_millis(5);

/// What the owner of the thread may ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Request {
    /// End the thread, and the server if this thread started it.
    Stop,
    /// End the thread and leave the server running.
    Leave,
}

/// How this copy came to its server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    /// We started it.
    Started,
    /// It was running already.
    Attached,
}

/// Everything the thread needs.
pub(crate) struct Supervisor {
    pub(crate) directory: DataDirectory,
    pub(crate) settings: Settings,
    pub(crate) user: Option<User>,
    pub(crate) requests: Receiver<Request>,
}

/// Why one round of starting and watching is over.
enum Over {
    /// The owner asked for it.
    Asked,
    /// The server is gone.
    Ended(String),
}

/// Who may start the server.
enum Claim {
    /// We may: nobody holds the lock.
    Ours(File),
    /// A server runs already.
    Answers,
    /// The owner asked to stop meanwhile.
    Asked,
}

impl Supervisor {
    /// The thread's body. Reports the outcome of the first start through `first`; if that failed, the thread ends.
    pub(crate) fn run(self, first: SyncSender<Result<Origin, Error>>) {
        let mut first = Some(first);
        let mut backoff = Backoff::default();
        loop {
            match self.round(&mut first) {
                Ok(Over::Asked) => return,
                Ok(Over::Ended(how)) => tracing::warn!(how, "PostgreSQL is gone and is started again"),
                Err(error) => match first.take() {
                    Some(first) => {
                        // Nobody left to tell means nobody left to serve either.
                        let _ = first.send(Err(error));
                        return;
                    }
                    None => tracing::error!(%error, "PostgreSQL cannot be started again"),
                },
            }
            let Some(pause) = backoff.failed(Instant::now()) else {
                tracing::error!(log = %self.directory.log().display(), "PostgreSQL ends again and again; giving up");
                return;
            };
            if !pause.is_zero() && self.request_within(pause).is_some() {
                return;
            }
        }
    }

    /// Starts the server or attaches to it, and watches it until it is gone.
    fn round(&self, first: &mut Option<SyncSender<Result<Origin, Error>>>) -> Result<Over, Error> {
        let mut announce = |origin| {
            if let Some(first) = first.take() {
                let _ = first.send(Ok(origin));
            }
        };
        match self.claim()? {
            Claim::Asked => Ok(Over::Asked),
            Claim::Answers => {
                announce(Origin::Attached);
                self.watch_foreign()
            }
            Claim::Ours(lock) => match self.start(lock)? {
                None => Ok(Over::Asked),
                Some(process) => {
                    tracing::info!(pid = process.id(), data_dir = %self.directory.root().display(), "PostgreSQL is ready");
                    announce(Origin::Started);
                    self.watch_own(process)
                }
            },
        }
    }

    /// Waits until either the lock is free or the server that holds it answers. In between lie a start by another copy,
    /// a shutdown, and the last moments of sessions whose server was killed.
    fn claim(&self) -> Result<Claim, Error> {
        let deadline = Instant::now() + self.settings.start_timeout;
        loop {
            if let Some(lock) = self.directory.try_lock()? {
                return Ok(Claim::Ours(lock));
            }
            if self.directory.answers() {
                return Ok(Claim::Answers);
            }
            if Instant::now() > deadline {
                return Err(Error::InUse { data_dir: self.directory.root().to_owned() });
            }
            if self.request_within(AWAIT).is_some() {
                return Ok(Claim::Asked);
            }
        }
    }

    /// Starts the server and waits until it is ready. `None` if the owner asked to stop meanwhile.
    fn start(&self, lock: File) -> Result<Option<Process>, Error> {
        let deadline = Instant::now() + self.settings.start_timeout;
        let binaries = cluster::open(&self.directory, &self.settings, self.user, &lock)?;
        self.directory.remove_stale_files(&lock);
        let mut process = Process::spawn(&self.directory, &binaries, &self.settings, self.user, lock)?;
        loop {
            if let Some(status) = process.ended()? {
                return Err(Error::Exited { status: status.to_string(), log: process.log(&self.directory) });
            }
            if process.is_ready(&self.directory) {
                return Ok(Some(process));
            }
            if Instant::now() > deadline {
                let log = process.log(&self.directory);
                process.stop();
                return Err(Error::NotReady { seconds: self.settings.start_timeout.as_secs(), log });
            }
            if self.request_within(AWAIT).is_some() {
                process.stop();
                return Ok(None);
            }
        }
    }

    /// Watches a server that is our child.
    fn watch_own(&self, mut process: Process) -> Result<Over, Error> {
        loop {
            match self.request_within(WATCH) {
                Some(Request::Stop) => {
                    process.stop();
                    return Ok(Over::Asked);
                }
                Some(Request::Leave) => return Ok(Over::Asked),
                None => {}
            }
            if let Some(status) = process.ended()? {
                return Ok(Over::Ended(status.to_string()));
            }
        }
    }

    /// Watches a server that another process started. Its end is seen by the lock.
    fn watch_foreign(&self) -> Result<Over, Error> {
        loop {
            if self.request_within(WATCH).is_some() {
                return Ok(Over::Asked);
            }
            if self.directory.try_lock()?.is_some() {
                return Ok(Over::Ended("the process that had started it is gone".to_owned()));
            }
        }
    }

    /// Waits for a request, at most so long. An owner that vanished without one counts as its `Drop`.
    fn request_within(&self, time: Duration) -> Option<Request> {
        match self.requests.recv_timeout(time) {
            Ok(request) => Some(request),
            Err(RecvTimeoutError::Timeout) => None,
            Err(RecvTimeoutError::Disconnected) => Some(at_drop(self.settings.lifetime)),
        }
    }
}

/// What dropping the owner means.
pub(crate) fn at_drop(lifetime: Lifetime) -> Request {
    match lifetime {
        Lifetime::WithParent => Request::Stop,
        Lifetime::Detached => Request::Leave,
    }
}
