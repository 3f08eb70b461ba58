//! The handle on a private server.

use crate::{
    cluster::SUPERUSER,
    data_directory::{DataDirectory, PORT},
    error::{Error, io_error},
    session,
    settings::{Lifetime, Settings},
    supervisor::{Origin, Request, Supervisor, at_drop},
    unprivileged,
};
use std::{
    fmt::Write,
    path::PathBuf,
    sync::mpsc::{Sender, channel, sync_channel},
    thread::{self, JoinHandle},
};

/// A private PostgreSQL that is kept running until this is stopped or dropped.
#[derive(Debug)]
pub struct EmbeddedPostgres {
    directory: DataDirectory,
    lifetime: Lifetime,
    origin: Origin,
    requests: Sender<Request>,
    supervisor: Option<JoinHandle<()>>,
}

impl EmbeddedPostgres {
    /// Finds PostgreSQL, makes the cluster at the first time, starts the server or attaches to one that runs already,
    /// and returns when it takes connections.
    ///
    /// It blocks: about half a second the first time, 50 ms later on, longer for recovery after a crash. Call it before
    /// the asynchronous runtime starts or where blocking is allowed. Any thread will do, because a thread of its own
    /// starts the server and stays with it.
    ///
    /// # Errors
    /// Every variant of [`Error`] but [`Error::Refused`].
    pub fn start(settings: &Settings) -> Result<Self, Error> {
        let user = unprivileged::user(&settings.data_dir);
        let directory = DataDirectory::prepare(&settings.data_dir, user)?;
        let (requests, receiver) = channel();
        let (first_sender, first) = sync_channel(1);
        let supervisor =
            Supervisor { directory: directory.clone(), settings: settings.clone(), user, requests: receiver };
        let thread = thread::Builder::new()
            .name("embedded-postgres".to_owned())
            .spawn(move || supervisor.run(first_sender))
            .map_err(io_error("start a thread for", directory.root()))?;
        let lifetime = settings.lifetime;
        let ended = || io_error("hear from the supervisor of", directory.root())(std::io::ErrorKind::BrokenPipe.into());
        let origin = first.recv().map_err(|_ended| ended())??;
        Ok(Self { directory, lifetime, origin, requests, supervisor: Some(thread) })
    }

    /// The URL of a database for sqlx: `postgres://portcullis@localhost:5432/name?host=<directory of the socket>`.
    ///
    /// Port and `sslmode` are spelled out although they are the defaults, because sqlx would otherwise take them from
    /// the environment variables `PGPORT` and `PGSSLMODE` of whoever started us.
    #[must_use]
    pub fn url(&self, database: &str) -> String {
        let database = percent_encode(database, "");
        let host = percent_encode(&self.directory.run().to_string_lossy(), "/");
        format!("postgres://{SUPERUSER}@localhost:{PORT}/{database}?host={host}&sslmode=disable")
    }

    /// Makes a database (UTF-8, locale C) unless it is there.
    ///
    /// # Errors
    /// [`Error::Refused`] for a name PostgreSQL does not take, [`Error::Io`].
    pub fn create_database_if_missing(&self, name: &str) -> Result<(), Error> {
        session::create_database_if_missing(&self.directory, name)
    }

    /// Whether a running server was found at the start, so that stopping this copy does not stop the server.
    #[must_use]
    pub fn is_attached(&self) -> bool {
        self.origin == Origin::Attached
    }

    /// Process id of the server at this moment, as it wrote it down. `None` while there is none.
    #[must_use]
    pub fn server_pid(&self) -> Option<u32> {
        self.directory.postmaster().map(|server| server.pid)
    }

    /// The file PostgreSQL writes its log to.
    #[must_use]
    pub fn log_file(&self) -> PathBuf {
        self.directory.log()
    }

    /// Ends the server if this copy started it: open sessions are cut, committed data is kept. Returns when it is gone.
    pub fn stop(mut self) {
        self.end(Request::Stop);
    }

    fn end(&mut self, request: Request) {
        if let Some(supervisor) = self.supervisor.take() {
            // Sending fails only if the thread has ended already, by giving up.
            let _ = self.requests.send(request);
            if supervisor.join().is_err() {
                tracing::error!("the supervisor of PostgreSQL panicked");
            }
        }
    }
}

impl Drop for EmbeddedPostgres {
    /// As [`EmbeddedPostgres::stop`], but a [`Lifetime::Detached`] server is left running.
    fn drop(&mut self) {
        self.end(at_drop(self.lifetime));
    }
}

/// Percent-encodes everything but the unreserved characters of RFC 3986 section 2.3 and those in `keep`.
fn percent_encode(text: &str, keep: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        let letter = char::from(byte);
        if letter.is_ascii_alphanumeric() || "-._~".contains(letter) || keep.contains(letter) {
            encoded.push(letter);
        } else {
            // Writing to a String cannot fail.
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::percent_encode;

    #[test]
    fn encodes_what_a_url_would_misread() {
        assert_eq!(percent_encode("/tmp/a b+c&d=é/run", "/"), "/tmp/a%20b%2Bc%26d%3D%C3%A9/run");
        assert_eq!(percent_encode("a/b?c", ""), "a%2Fb%3Fc");
    }
}
