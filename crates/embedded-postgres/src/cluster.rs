//! The cluster, that is PostgreSQL's data directory: made once, checked at each start, removed on demand.

use crate::{
    binaries::{Binaries, Search, leading_number},
    command::command,
    data_directory::{DataDirectory, PGDATA},
    error::{Error, io_error},
    settings::Settings,
    unprivileged::{User, explain},
};
use std::{
    fs::{self, File},
    io,
    os::unix::fs::DirBuilderExt,
    path::Path,
};

/// The database superuser every cluster is made with.
pub(crate) const SUPERUSER: &str = "portcullis";

/// Finds the server programs that fit the cluster, and makes the cluster if there is none. Only for the holder of the
/// lock.
///
/// # Errors
/// [`Error::BinariesNotFound`], [`Error::BinariesUnusable`], [`Error::WrongVersion`], [`Error::InitdbFailed`],
/// [`Error::Unreachable`], [`Error::CannotSwitchUser`], [`Error::Io`].
pub(crate) fn open(
    directory: &DataDirectory,
    settings: &Settings,
    user: Option<User>,
    lock: &File,
) -> Result<Binaries, Error> {
    let pgdata = directory.pgdata();
    let cluster = version(&pgdata)?;
    let binaries = match &settings.binaries {
        Some(folder) => Binaries::configured(folder, cluster, directory.root())?,
        None => Search::usual_places().find(cluster, directory.root())?,
    };
    if cluster.is_none() {
        initialise(directory, &binaries, user, lock)?;
    }
    Ok(binaries)
}

/// Whether an earlier start made a cluster in this data directory.
#[must_use]
pub fn exists(data_dir: &Path) -> bool {
    data_dir.join(PGDATA).join("PG_VERSION").is_file()
}

/// The major version that made the cluster, or `None` if there is no cluster.
fn version(pgdata: &Path) -> Result<Option<u32>, Error> {
    let path = pgdata.join("PG_VERSION");
    match fs::read_to_string(&path) {
        Ok(text) => match leading_number(text.trim()) {
            Some(major) => Ok(Some(major)),
            None => Err(io_error("understand the version in", path)(io::ErrorKind::InvalidData.into())),
        },
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(io_error("read", path)(error)),
    }
}

/// Runs `initdb` in a directory beside the final one and renames it when it is complete: a start that is interrupted
/// never leaves half a cluster.
fn initialise(directory: &DataDirectory, binaries: &Binaries, user: Option<User>, lock: &File) -> Result<(), Error> {
    let unfinished = directory.unfinished_pgdata();
    remove_tree(&unfinished)?;
    fs::DirBuilder::new().mode(0o700).create(&unfinished).map_err(io_error("make the directory", &unfinished))?;
    if let Some(user) = user {
        user.own(&unfinished)?;
    }
    let program = binaries.initdb();
    // Who reaches the socket is decided by the mode of its directory, so local sessions are trusted: the client is
    // another user than the server when we are root, which rules `peer` out.
    let output = command(&program, directory.root(), user, lock, true)
        .args(["--username", SUPERUSER, "--encoding=UTF8", "--locale=C", "--auth-local=trust", "--auth-host=reject"])
        .args(["--no-sync", "--no-instructions", "--pgdata"])
        .arg(&unfinished)
        .output()
        .map_err(|error| explain(user, error, &program, directory.root()))?;
    if !output.status.success() {
        return Err(Error::InitdbFailed { output: String::from_utf8_lossy(&output.stderr).trim().to_owned() });
    }
    fs::rename(&unfinished, directory.pgdata()).map_err(io_error("rename", &unfinished))?;
    tracing::info!(data_dir = %directory.root().display(), version = binaries.major, "made a new database cluster");
    Ok(())
}

/// Removes the cluster in `data_dir` so that the next start makes a new one. Gives `false`, and removes nothing, if a
/// server lives in it.
///
/// # Errors
/// [`Error::ForeignDirectory`] if the directory is not ours, [`Error::Io`].
pub fn remove(data_dir: &Path) -> Result<bool, Error> {
    let directory = DataDirectory::prepare(data_dir, crate::unprivileged::user(data_dir))?;
    let Some(lock) = directory.try_lock()? else { return Ok(false) };
    remove_tree(&directory.unfinished_pgdata())?;
    remove_tree(&directory.pgdata())?;
    directory.remove_stale_files(&lock);
    Ok(true)
}

fn remove_tree(path: &Path) -> Result<(), Error> {
    match fs::remove_dir_all(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(io_error("remove", path)(error)),
        _ => Ok(()),
    }
}
