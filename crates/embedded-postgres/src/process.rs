//! One run of the program `postgres`: started, waited for, ended.

use crate::{
    binaries::Binaries,
    command::{command, signal},
    data_directory::{DataDirectory, PORT, Postmaster},
    error::{Error, io_error},
    settings::{Lifetime, Settings},
    unprivileged::{User, explain},
};
use std::{
    fs::File,
    io::{Read, Seek, SeekFrom},
    process::{Child, ExitStatus},
    thread,
    time::{Duration, Instant},
};

/// How long a fast shutdown may take, and then an immediate one.
const FAST_SHUTDOWN: Duration = Duration::from_secs(30);
const IMMEDIATE_SHUTDOWN: Duration = Duration::from_secs(5);
const POLL: Duration = Duration::from_millis(5);

/// As much of the log as an error message shows.
const LOG_IN_MESSAGE: u64 = 4096;

/// A `postgres` that is our child.
#[derive(Debug)]
pub(crate) struct Process {
    child: Child,
    /// Length of the log before this run.
    log_start: u64,
}

impl Process {
    /// Starts the server, which inherits the lock. The lock is given up here, so that from now on it tells whether the
    /// server lives and not whether we do.
    ///
    /// # Errors
    /// [`Error::Unreachable`], [`Error::CannotSwitchUser`], [`Error::Io`].
    pub(crate) fn spawn(
        directory: &DataDirectory,
        binaries: &Binaries,
        settings: &Settings,
        user: Option<User>,
        lock: File,
    ) -> Result<Self, Error> {
        let (log, log_start) = directory.open_log()?;
        let log_copy = log.try_clone().map_err(io_error("copy the handle of", directory.log()))?;
        let program = binaries.postgres();
        let mut command = command(&program, directory.root(), user, &lock, settings.lifetime == Lifetime::WithParent);
        command.arg("-D").arg(directory.pgdata()).arg("-k").arg(directory.run());
        for (name, value) in parameters(settings) {
            command.arg("-c").arg(format!("{name}={value}"));
        }
        let child = command
            .stdout(log_copy)
            .stderr(log)
            .spawn()
            .map_err(|error| explain(user, error, &program, directory.root()))?;
        Ok(Self { child, log_start })
    }

    /// How it ended, if it has.
    ///
    /// # Errors
    /// [`Error::Io`].
    pub(crate) fn ended(&mut self) -> Result<Option<ExitStatus>, Error> {
        self.child.try_wait().map_err(io_error("watch the process", "postgres"))
    }

    /// Process id.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Whether it takes connections. The process id is compared too: the file may be left over from another run.
    pub(crate) fn is_ready(&self, directory: &DataDirectory) -> bool {
        directory.postmaster() == Some(Postmaster { pid: self.child.id(), ready: true })
    }

    /// What this run wrote to the log, shortened to its end.
    pub(crate) fn log(&self, directory: &DataDirectory) -> String {
        let read = || {
            let mut log = File::open(directory.log()).ok()?;
            let length = log.metadata().ok()?.len();
            log.seek(SeekFrom::Start(self.log_start.max(length.saturating_sub(LOG_IN_MESSAGE)))).ok()?;
            let mut text = Vec::new();
            log.take(LOG_IN_MESSAGE).read_to_end(&mut text).ok()?;
            Some(String::from_utf8_lossy(&text).trim().to_owned())
        };
        read().unwrap_or_default()
    }

    /// Ends the server and waits until it is gone: open sessions are cut (SIGINT, PostgreSQL's fast shutdown). If that
    /// takes too long it is told to drop everything (SIGQUIT) and at last killed; the next start then recovers.
    pub(crate) fn stop(mut self) {
        for (number, patience) in [(libc::SIGINT, FAST_SHUTDOWN), (libc::SIGQUIT, IMMEDIATE_SHUTDOWN)] {
            signal(&self.child, number);
            let deadline = Instant::now() + patience;
            while Instant::now() < deadline {
                if !matches!(self.child.try_wait(), Ok(None)) {
                    return;
                }
                thread::sleep(POLL);
            }
            tracing::warn!(pid = self.child.id(), signal = number, "PostgreSQL does not stop");
        }
        if let Err(error) = self.child.kill().and_then(|()| self.child.wait()) {
            tracing::error!(pid = self.child.id(), %error, "PostgreSQL could not be killed");
        }
    }
}

/// The configuration, given on the command line: it wins over the files in the cluster, and the later over the earlier.
fn parameters(settings: &Settings) -> Vec<(String, String)> {
    let port = PORT.to_string();
    let max_connections = settings.max_connections.to_string();
    let always = [
        ("listen_addresses", ""),
        ("port", port.as_str()),
        ("unix_socket_permissions", "0700"),
        ("max_connections", max_connections.as_str()),
        ("shared_buffers", "64MB"),
        // /dev/shm may be missing, closed or tiny (64 MB in a Docker container); files in the cluster always work.
        ("dynamic_shared_memory_type", "mmap"),
        // A table that fills quickly is known to the planner within seconds: until then a look-up by the whole key may
        // cost as much as the table is long.
        ("autovacuum_naptime", "5s"),
        ("logging_collector", "off"),
        ("log_destination", "stderr"),
        ("timezone", "UTC"),
    ];
    let own = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    let mut parameters: Vec<_> = always.iter().chain(settings.durability.parameters()).map(own).collect();
    parameters.extend(settings.extra.iter().cloned());
    parameters
}
