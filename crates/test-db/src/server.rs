//! The server that all test processes of a run share.

use crate::error::Error;
use embedded_postgres::{EmbeddedPostgres, Lifetime, Settings};
use std::{env, fs, os::unix::fs::MetadataExt, path::Path, sync::OnceLock};

/// Every test may hold a pool; dozens of tests may run at once.
const MAX_CONNECTIONS: u16 = 300;

/// The private server of this process, kept until the process ends: it restarts the server should that be killed.
static PRIVATE: OnceLock<Result<EmbeddedPostgres, String>> = OnceLock::new();

/// The URL of the administration database of the server that the tests use. Starts the private server if it is needed
/// and does not run.
///
/// # Errors
/// [`Error::Server`] if there is none and none can be started.
pub async fn server_url() -> Result<String, Error> {
    if let Some(url) = env::var("TEST_DATABASE_URL").ok().filter(|url| !url.is_empty()) {
        return Ok(url);
    }
    // Starting blocks, and other tests of this process may wait for the same start.
    let started = tokio::task::spawn_blocking(|| PRIVATE.get_or_init(start_usual).as_ref()).await;
    match started {
        Ok(Ok(server)) => Ok(server.url("postgres")),
        Ok(Err(text)) => Err(Error::Server(text.clone())),
        Err(error) => Err(Error::Server(error.to_string())),
    }
}

/// Starts the server in its usual place.
fn start_usual() -> Result<EmbeddedPostgres, String> {
    let name = format!("portcullis-test-{}", embedded_postgres::effective_uid());
    start(&embedded_postgres::volatile_directory(&name))
}

/// Starts the server or attaches to it. If the cluster that is there does not work (another major version made it, or
/// the machine went down and it was never flushed), it is replaced by a new one: it holds nothing of value.
fn start(data_dir: &Path) -> Result<EmbeddedPostgres, String> {
    check_owner(data_dir)?;
    let settings = Settings {
        lifetime: Lifetime::Detached,
        max_connections: MAX_CONNECTIONS,
        extra: [
            // Databases live for seconds: statistics and clean-up would only get in the way of copying them.
            ("autovacuum", "off"),
            ("log_min_messages", "fatal"),
            ("log_min_error_statement", "panic"),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .into(),
        ..Settings::disposable(data_dir)
    };
    EmbeddedPostgres::start(&settings).or_else(|first| {
        // `false` means that another process has a server running by now: then starting attaches to it.
        embedded_postgres::remove_cluster(data_dir).map_err(|error| format!("{first}; {error}"))?;
        EmbeddedPostgres::start(&settings).map_err(|error| error.to_string())
    })
}

/// The directory has a name that anyone can guess, in a place where anyone may make it.
fn check_owner(data_dir: &Path) -> Result<(), String> {
    match fs::symlink_metadata(data_dir) {
        Ok(found) if !found.is_dir() || found.uid() != embedded_postgres::effective_uid() => {
            Err(format!("{} belongs to somebody else", data_dir.display()))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::{PermissionsExt, symlink};

    #[test]
    fn a_cluster_that_does_not_start_is_replaced() {
        let folder =
            tempfile::Builder::new().permissions(fs::Permissions::from_mode(0o755)).tempdir_in("/tmp").unwrap();
        let data_dir = folder.path().join("d");
        start(&data_dir).unwrap().stop();
        for (file, damage) in [("PG_VERSION", "11\n"), ("global/pg_control", "garbage")] {
            fs::write(data_dir.join("pgdata").join(file), damage).unwrap();
            start(&data_dir).unwrap().stop();
        }
    }

    #[test]
    fn a_directory_put_there_by_somebody_else_is_not_used() {
        let folder = tempfile::tempdir().unwrap();
        let link = folder.path().join("link");
        symlink(folder.path(), &link).unwrap();
        assert!(start(&link).unwrap_err().contains("somebody else"));
    }
}
