//! Everything that can keep the private server from running, worded for the person at the terminal: each text says what
//! is wrong and what to do next.

use std::{io, path::PathBuf};

/// Why the private PostgreSQL could not be started or used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Neither the usual folders nor `PATH` hold `initdb` and `postgres`.
    #[error(
        "no PostgreSQL server found (`initdb` and `postgres`). Install it with `apt-get install -y \
         --no-install-recommends postgresql`, or name the folder that holds both with `--postgres-binaries`, or use a \
         server of your own with `--database-url`"
    )]
    BinariesNotFound,

    /// The configured folder does not hold a PostgreSQL server.
    #[error(
        "{} does not hold a PostgreSQL server that can be run (`initdb` and `postgres` side by side): correct \
         `--postgres-binaries`, or leave it out to search the usual places", .directory.display()
    )]
    BinariesUnusable {
        /// The folder from the settings.
        directory: PathBuf,
    },

    /// The cluster was made by another major version than the server binaries that were found.
    #[error(
        "the data in {} was made by PostgreSQL {cluster}, but the server found is PostgreSQL {found}. Install the \
         matching one with `apt-get install -y --no-install-recommends postgresql-{cluster}`, name its folder with \
         `--postgres-binaries`, or start with another `--data-dir`", .data_dir.display()
    )]
    WrongVersion {
        /// The cluster's directory.
        data_dir: PathBuf,
        /// Major version that made the cluster.
        cluster: u32,
        /// Major versions that were found, for reading.
        found: String,
    },

    /// The data directory holds files that this crate did not make.
    #[error(
        "{} is not empty and does not hold a database of ours; it is left alone. Choose an empty or new directory with \
         `--data-dir`", .data_dir.display()
    )]
    ForeignDirectory {
        /// The directory from the settings.
        data_dir: PathBuf,
    },

    /// The user that PostgreSQL runs as may not enter one of the directories on the way.
    #[error(
        "PostgreSQL has to run as user id {uid} here, which may not enter {}, so {} is out of its reach. Choose \
         another `--data-dir` (for example /var/lib/portcullis) or `--postgres-binaries`, or use a server of your own \
         with `--database-url`", .blocked_by.display(), .wanted.display()
    )]
    Unreachable {
        /// User id of the server.
        uid: u32,
        /// First directory on the way that is closed to it.
        blocked_by: PathBuf,
        /// What it was to reach.
        wanted: PathBuf,
    },

    /// We are root but may not become another user, as in a container without `CAP_SETUID`, `CAP_SETGID`, `CAP_CHOWN`.
    #[error(
        "PostgreSQL refuses to run as root, and this process may not become user id {uid} (are the capabilities SETUID, \
         SETGID and CHOWN taken away?). Start as a normal user, or use a server of your own with `--database-url`"
    )]
    CannotSwitchUser {
        /// The user id that was refused.
        uid: u32,
    },

    /// The path of the socket does not fit into the operating system's `sockaddr_un`.
    #[error(
        "the path of the database socket {} is {length} bytes long and the system allows {limit}: choose a shorter \
         `--data-dir`", .socket.display()
    )]
    SocketPathTooLong {
        /// The socket's path.
        socket: PathBuf,
        /// Its length in bytes.
        length: usize,
        /// The longest that works everywhere.
        limit: usize,
    },

    /// The path of the data directory is not UTF-8 and so does not fit into a database URL.
    #[error("the path {} is not UTF-8 and cannot be put into a database URL: choose another `--data-dir`", .data_dir.display())]
    PathNotUtf8 {
        /// The directory from the settings.
        data_dir: PathBuf,
    },

    /// `initdb` failed.
    #[error("initdb failed: {output}")]
    InitdbFailed {
        /// What it wrote to standard error.
        output: String,
    },

    /// The server ended instead of becoming ready.
    #[error("PostgreSQL ended while starting ({status}): {log}")]
    Exited {
        /// How the process ended.
        status: String,
        /// What it wrote to its log in this start.
        log: String,
    },

    /// The server did not become ready in time.
    #[error("PostgreSQL was not ready after {seconds} seconds: {log}")]
    NotReady {
        /// The time it was given.
        seconds: u64,
        /// What it wrote to its log in this start.
        log: String,
    },

    /// Another PostgreSQL holds the data directory but does not answer.
    #[error(
        "{} is in use by another PostgreSQL that does not answer. If it is not shutting down, end the `postgres` \
         processes that belong to it", .data_dir.display()
    )]
    InUse {
        /// The directory from the settings.
        data_dir: PathBuf,
    },

    /// The server refused a session or a statement.
    #[error("PostgreSQL refused: {message} (SQLSTATE {sqlstate})")]
    Refused {
        /// Five characters, PostgreSQL documentation appendix A.
        sqlstate: String,
        /// The server's message.
        message: String,
    },

    /// The operating system refused something.
    #[error("cannot {action} {}: {source}", .path.display())]
    Io {
        /// What was tried, an infinitive.
        action: &'static str,
        /// The file, directory or program it was tried on.
        path: PathBuf,
        /// The operating system's answer.
        source: io::Error,
    },
}

/// Gives `map_err` what an [`Error::Io`] needs: what was tried on which path.
pub(crate) fn io_error(action: &'static str, path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Error {
    let path = path.into();
    move |source| Error::Io { action, path, source }
}
