//! The directory that holds one private server: its parts, who may touch them, and the lock that tells whether a server
//! lives in it.

use crate::{
    error::{Error, io_error},
    unprivileged::User,
};
use std::{
    fs::{self, File, Permissions, TryLockError},
    io,
    os::unix::{
        fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt},
        net::UnixStream,
    },
    path::{Path, PathBuf},
};

/// The port in the socket's name. No TCP port is opened, and two clusters never share a socket directory.
pub(crate) const PORT: u16 = 5432;

/// Longest socket path in bytes that works everywhere: `sun_path` has 104 bytes on macOS and 108 on Linux, with a NUL.
const LONGEST_SOCKET_PATH: usize = 103;

/// The folder of the cluster.
pub(crate) const PGDATA: &str = "pgdata";

/// The log is moved aside at a start when it has grown beyond this.
const LARGEST_LOG: u64 = 10 * 1024 * 1024;

/// A directory that is ours, with an absolute path free of links.
#[derive(Clone, Debug)]
pub(crate) struct DataDirectory {
    root: PathBuf,
}

/// What `postmaster.pid` says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Postmaster {
    /// Process id of the server, line 1.
    pub(crate) pid: u32,
    /// Whether it takes connections, line 8.
    pub(crate) ready: bool,
}

impl DataDirectory {
    /// Makes the directory or checks the one that is there.
    ///
    /// Root keeps the directory itself (mode 0711: the server's user may pass) and only `run` and `pgdata` belong to
    /// the server's user. So that user cannot swap `lock` or `postgres.log` for a link to a file that root would then
    /// write to.
    ///
    /// # Errors
    /// [`Error::ForeignDirectory`], [`Error::SocketPathTooLong`], [`Error::PathNotUtf8`], [`Error::CannotSwitchUser`],
    /// [`Error::Io`].
    pub(crate) fn prepare(path: &Path, user: Option<User>) -> Result<Self, Error> {
        fs::DirBuilder::new()
            .recursive(true)
            .mode(0o755)
            .create(path)
            .map_err(io_error("make the data directory", path))?;
        let root = fs::canonicalize(path).map_err(io_error("find", path))?;
        let directory = Self { root };
        directory.check_socket_path()?;
        // The mode is changed below: never do that to somebody's home or to /tmp because of a mistyped option.
        // In this order: the lock is the first file that any copy makes, so where another copy is making its files at this
        // moment, a directory that was seen to hold something has the lock by now.
        if !directory.is_empty()? && !directory.lock_path().exists() {
            return Err(Error::ForeignDirectory { data_dir: directory.root });
        }
        set_mode(&directory.root, if user.is_some() { 0o711 } else { 0o700 })?;
        drop(directory.open_lock()?);
        let run = directory.run();
        match fs::DirBuilder::new().mode(0o700).create(&run) {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {
                return Err(io_error("make the directory", run)(error));
            }
            _ => set_mode(&run, 0o700)?,
        }
        if let Some(user) = user {
            user.own(&run)?;
        }
        Ok(directory)
    }

    fn check_socket_path(&self) -> Result<(), Error> {
        let socket = self.socket();
        let length = socket.as_os_str().len();
        if length > LONGEST_SOCKET_PATH {
            return Err(Error::SocketPathTooLong { socket, length, limit: LONGEST_SOCKET_PATH });
        }
        if socket.to_str().is_none() {
            return Err(Error::PathNotUtf8 { data_dir: self.root.clone() });
        }
        Ok(())
    }

    fn is_empty(&self) -> Result<bool, Error> {
        let mut entries = fs::read_dir(&self.root).map_err(io_error("read the directory", &self.root))?;
        Ok(entries.next().is_none())
    }

    /// The directory itself.
    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// The cluster.
    pub(crate) fn pgdata(&self) -> PathBuf {
        self.root.join(PGDATA)
    }

    /// Where a cluster is made; it gets its right name only when it is complete.
    pub(crate) fn unfinished_pgdata(&self) -> PathBuf {
        self.root.join("pgdata.new")
    }

    /// The directory of the socket.
    pub(crate) fn run(&self) -> PathBuf {
        self.root.join("run")
    }

    /// The socket.
    pub(crate) fn socket(&self) -> PathBuf {
        self.run().join(format!(".s.PGSQL.{PORT}"))
    }

    /// PostgreSQL's log.
    pub(crate) fn log(&self) -> PathBuf {
        self.root.join("postgres.log")
    }

    fn lock_path(&self) -> PathBuf {
        self.root.join("lock")
    }

    fn pid_file(&self) -> PathBuf {
        self.pgdata().join("postmaster.pid")
    }

    fn open_lock(&self) -> Result<File, Error> {
        let path = self.lock_path();
        // Not truncated: the file's content is never used, only its lock.
        File::options()
            .create(true)
            .truncate(false)
            .write(true)
            .mode(0o600)
            .open(&path)
            .map_err(io_error("open the lock file", path))
    }

    /// Takes the lock if nobody has it. It is held until the file and all copies that child processes inherited are
    /// closed, that is until the last process of the server is gone. Free therefore means: no server lives here,
    /// whatever `postmaster.pid` says.
    ///
    /// # Errors
    /// [`Error::Io`].
    pub(crate) fn try_lock(&self) -> Result<Option<File>, Error> {
        let lock = self.open_lock()?;
        match lock.try_lock() {
            Ok(()) => Ok(Some(lock)),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(io_error("lock", self.lock_path())(error)),
        }
    }

    /// What the server's own file says about it. Alone it proves nothing, because it may be left over from a crash.
    pub(crate) fn postmaster(&self) -> Option<Postmaster> {
        parse_pid_file(&fs::read_to_string(self.pid_file()).ok()?)
    }

    /// Whether somebody listens on the socket and calls itself ready.
    pub(crate) fn answers(&self) -> bool {
        self.postmaster().is_some_and(|server| server.ready) && UnixStream::connect(self.socket()).is_ok()
    }

    /// Removes what a crash left behind. PostgreSQL would refuse to start as long as any process at all has the id that
    /// is written in these files. Only for the holder of the lock.
    pub(crate) fn remove_stale_files(&self, _lock: &File) {
        let socket = self.socket();
        let socket_lock = self.run().join(format!(".s.PGSQL.{PORT}.lock"));
        for path in [self.pid_file(), socket_lock, socket] {
            if fs::remove_file(&path).is_ok() {
                tracing::info!(path = %path.display(), "removed a file that a crashed PostgreSQL left behind");
            }
        }
    }

    /// Opens the log for writing at its end. Gives the length it had as well.
    ///
    /// # Errors
    /// [`Error::Io`].
    pub(crate) fn open_log(&self) -> Result<(File, u64), Error> {
        let path = self.log();
        if fs::metadata(&path).is_ok_and(|found| found.len() > LARGEST_LOG) {
            fs::rename(&path, self.root.join("postgres.log.1")).map_err(io_error("move aside", &path))?;
        }
        let log = File::options()
            .create(true)
            .append(true)
            .mode(0o600)
            .open(&path)
            .map_err(io_error("open the log file", &path))?;
        let length = log.metadata().map_err(io_error("read the length of", path))?.len();
        Ok((log, length))
    }
}

fn set_mode(path: &Path, mode: u32) -> Result<(), Error> {
    fs::set_permissions(path, Permissions::from_mode(mode)).map_err(io_error("set the permissions of", path))
}

fn parse_pid_file(text: &str) -> Option<Postmaster> {
    let mut lines = text.lines();
    // The pid is negative while a single-user server runs.
    let pid = lines.next()?.trim().parse().ok()?;
    let ready = lines.nth(6).is_some_and(|status| status.trim() == "ready");
    Some(Postmaster { pid, ready })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_pid_and_status() {
        let file = "4711\n/d/pgdata\n1700000000\n5432\n/d/run\n\n   123456    7\nready   \n";
        assert_eq!(parse_pid_file(file), Some(Postmaster { pid: 4711, ready: true }));
        assert_eq!(parse_pid_file(&file.replace("ready", "starting")), Some(Postmaster { pid: 4711, ready: false }));
        assert_eq!(parse_pid_file("4711\n/d/pgdata\n"), Some(Postmaster { pid: 4711, ready: false }));
        assert_eq!(parse_pid_file("-4711\n"), None);
        assert_eq!(parse_pid_file(""), None);
    }

    #[test]
    fn refuses_a_directory_with_other_peoples_files_and_leaves_its_mode() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("thesis.txt"), "precious").unwrap();
        set_mode(folder.path(), 0o755).unwrap();
        assert!(matches!(DataDirectory::prepare(folder.path(), None), Err(Error::ForeignDirectory { .. })));
        assert_eq!(fs::metadata(folder.path()).unwrap().permissions().mode() & 0o777, 0o755);
    }

    #[test]
    fn refuses_a_path_too_long_for_a_socket() {
        let folder = tempfile::tempdir().unwrap();
        let text = DataDirectory::prepare(&folder.path().join("d".repeat(100)), None).unwrap_err().to_string();
        assert!(text.contains("choose a shorter `--data-dir`"), "{text}");
    }

    #[test]
    fn the_lock_is_exclusive_and_returned_on_close() {
        let folder = tempfile::tempdir().unwrap();
        let directory = DataDirectory::prepare(folder.path(), None).unwrap();
        let first = directory.try_lock().unwrap();
        assert!(first.is_some());
        assert!(directory.try_lock().unwrap().is_none());
        drop(first);
        assert!(directory.try_lock().unwrap().is_some());
    }
}
