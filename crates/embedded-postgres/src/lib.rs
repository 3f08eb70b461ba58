//! A private PostgreSQL child process: found, initialised, started, watched, stopped.
//!
//! It exists so that `portcullis start-dev` and the tests need nothing but the distribution's PostgreSQL package: no
//! server to configure, no password, no port. The cluster lives in a directory of its own and listens on a unix socket
//! only, so a PostgreSQL that already runs on the machine is neither used nor in the way.
//!
//! What lies in the data directory, which belongs to this crate alone:
//!
//! | path | what |
//! |---|---|
//! | `pgdata/` | the cluster that `initdb` made |
//! | `run/` | the unix socket, in a directory only the server's user (and root) may enter; that is the authentication |
//! | `lock` | a lock file that PostgreSQL inherits: locked exactly as long as one of its processes lives |
//! | `postgres.log` | what PostgreSQL writes; moved to `postgres.log.1` when it has grown beyond 10 MiB |
//!
//! PostgreSQL refuses to run as root, so as root it is run as `postgres`, else `nobody`, else user id 65534; an existing
//! cluster keeps the user that owns it.
//!
//! # Who starts, who attaches, who stops
//!
//! The first copy on a data directory starts the server. A second copy finds the lock taken and a server that answers,
//! and attaches to it; stopping or dropping an attached copy leaves the server alone. When the server ends for whatever
//! reason (it crashed, or the copy that had started it was stopped), one of the copies that are left starts it again.
//!
//! # Crashes
//!
//! * PostgreSQL is killed: the supervisor thread starts it again, with growing pauses, and gives up when it has ended
//!   ten times within a minute.
//! * This process is killed: on Linux the kernel tells PostgreSQL to shut down (`PR_SET_PDEATHSIG`). That promise is
//!   bound to the *thread* that started the server, which is why one thread does all starting and lives until the stop.
//!   Elsewhere the server stays and the next start attaches to it.
//! * Both are killed, or the power fails: the files left behind are known to be stale because the lock is free, and
//!   PostgreSQL recovers from its log.
//!
//! ```no_run
//! # fn main() -> Result<(), embedded_postgres::Error> {
//! use embedded_postgres::{EmbeddedPostgres, Settings};
//!
//! let postgres = EmbeddedPostgres::start(&Settings::durable("/var/lib/portcullis/postgres"))?;
//! postgres.create_database_if_missing("portcullis")?;
//! let url = postgres.url("portcullis");
//! # let _ = url;
//! postgres.stop();
//! # Ok(())
//! # }
//! ```

mod backoff;
mod binaries;
mod cluster;
mod command;
mod data_directory;
mod embedded;
mod error;
mod process;
mod session;
mod settings;
mod supervisor;
mod unprivileged;
mod volatile;

#[cfg(test)]
mod tests;

pub use cluster::{exists as cluster_exists, remove as remove_cluster};
pub use embedded::EmbeddedPostgres;
pub use error::Error;
pub use settings::{Durability, Lifetime, Settings};
pub use unprivileged::effective_uid;
pub use volatile::directory as volatile_directory;
