//! Where data goes that nobody needs after the tests: in memory if the machine has room there.

use std::{
    env,
    ffi::CString,
    fs, io, mem,
    os::unix::ffi::OsStrExt,
    path::{Path, PathBuf},
};

/// The file system in memory that Linux systems usually have.
const SHARED_MEMORY: &str = "/dev/shm";
/// What must be free there to begin a cluster with a few dozen test databases.
const ROOM: u64 = 512 * 1024 * 1024;

/// A directory for disposable data: `/dev/shm/<name>` if 512 MiB are free there and we may write, else `<name>` in the
/// system's directory for temporary files. One that exists in memory is kept, however little room its own data leaves:
/// all processes must come to the same answer. The directory is not made.
#[must_use]
pub fn directory(name: &str) -> PathBuf {
    let in_memory = Path::new(SHARED_MEMORY).join(name);
    let roomy =
        || is_writable(Path::new(SHARED_MEMORY)) && free_bytes(Path::new(SHARED_MEMORY)).is_ok_and(|n| n >= ROOM);
    if in_memory.is_dir() || roomy() {
        in_memory
    } else {
        fs::canonicalize(env::temp_dir()).unwrap_or_else(|_| env::temp_dir()).join(name)
    }
}

#[expect(unsafe_code, reason = "the standard library cannot ask whether a directory is writable")]
fn is_writable(path: &Path) -> bool {
    let Ok(path) = CString::new(path.as_os_str().as_bytes()) else { return false };
    // SAFETY: the pointer is to a NUL-terminated text that lives until the call returns.
    unsafe { libc::access(path.as_ptr(), libc::W_OK | libc::X_OK) == 0 }
}

/// Bytes a normal user may still write to the file system that holds `path`.
#[expect(unsafe_code, reason = "the standard library cannot ask for free space")]
#[cfg_attr(target_os = "linux", expect(clippy::useless_conversion, reason = "the field has 32 bits elsewhere"))]
fn free_bytes(path: &Path) -> io::Result<u64> {
    let path = CString::new(path.as_os_str().as_bytes())?;
    // SAFETY: statvfs is a struct of integers, for which all zeroes is a value; the call only fills it in, and reads a
    // NUL-terminated text that lives until it returns.
    let (result, found) = unsafe {
        let mut found: libc::statvfs = mem::zeroed();
        (libc::statvfs(path.as_ptr(), &raw mut found), found)
    };
    if result == -1 {
        return Err(io::Error::last_os_error());
    }
    Ok(u64::from(found.f_bavail).saturating_mul(found.f_frsize))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_room_and_writability() {
        let folder = tempfile::tempdir().unwrap();
        assert!(free_bytes(folder.path()).unwrap() > 0);
        assert!(is_writable(folder.path()));
        assert!(!is_writable(&folder.path().join("missing")));
        assert!(free_bytes(&folder.path().join("missing")).is_err());
    }

    #[test]
    fn the_directory_is_absolute_and_the_same_each_time() {
        let first = directory("portcullis-volatile-test");
        assert!(first.is_absolute() && first.ends_with("portcullis-volatile-test"));
        assert_eq!(first, directory("portcullis-volatile-test"));
    }
}
