//! The user PostgreSQL runs as. It refuses to run as root, so root has to pick somebody else.

use crate::error::{Error, io_error};
use std::{
    fs, io,
    os::unix::fs::{MetadataExt, chown},
    path::Path,
};

/// An operating system user that is not root.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct User {
    /// User id.
    pub(crate) uid: u32,
    /// Primary group id.
    pub(crate) gid: u32,
}

/// Who to be if the machine knows neither `postgres` nor `nobody`: the overflow id, which owns nothing.
const OVERFLOW: User = User { uid: 65534, gid: 65534 };

/// The effective user id of this process.
#[must_use]
#[expect(unsafe_code, reason = "the standard library has no call for the effective user id")]
pub fn effective_uid() -> u32 {
    // SAFETY: geteuid takes nothing, touches no memory of ours and cannot fail.
    unsafe { libc::geteuid() }
}

/// The user to become for PostgreSQL: `None` if this process is not root and can run it as itself.
///
/// PostgreSQL insists on owning its data directory, so the owner of an existing cluster stays its user, even if this
/// machine has got a `postgres` user, or another one, since.
pub(crate) fn user(data_dir: &Path) -> Option<User> {
    let owner = || {
        let cluster = fs::symlink_metadata(data_dir.join("pgdata")).ok()?;
        (cluster.uid() != 0).then(|| User { uid: cluster.uid(), gid: cluster.gid() })
    };
    let chosen = || choose(&fs::read_to_string("/etc/passwd").unwrap_or_default());
    (effective_uid() == 0).then(|| owner().unwrap_or_else(chosen))
}

/// Picks from the text of a `passwd(5)` file. An entry that is root under another name does not count.
fn choose(passwd: &str) -> User {
    let find = |wanted: &str| {
        passwd.lines().find_map(|line| {
            let mut fields = line.split(':');
            let name = fields.next()?;
            let uid = fields.nth(1)?.parse().ok()?;
            let gid = fields.next()?.parse().ok()?;
            (name == wanted && uid != 0).then_some(User { uid, gid })
        })
    };
    find("postgres").or_else(|| find("nobody")).unwrap_or(OVERFLOW)
}

impl User {
    /// Makes this user the owner of a file or directory.
    pub(crate) fn own(self, path: &Path) -> Result<(), Error> {
        chown(path, Some(self.uid), Some(self.gid)).map_err(|error| match error.raw_os_error() {
            Some(libc::EPERM) => Error::CannotSwitchUser { uid: self.uid },
            _ => io_error("change the owner of", path)(error),
        })
    }

    /// The first directory on the way to `wanted` (itself included) that this user may not enter.
    pub(crate) fn blocked_by(self, wanted: &Path) -> Option<&Path> {
        let mut way: Vec<_> = wanted.ancestors().collect();
        way.reverse();
        way.into_iter().find(|directory| {
            fs::metadata(directory).is_ok_and(|found| {
                let bit = if found.uid() == self.uid {
                    0o100
                } else if found.gid() == self.gid {
                    0o010
                } else {
                    0o001
                };
                found.mode() & bit == 0
            })
        })
    }
}

/// Turns the failure to run a program of PostgreSQL into the reason behind it: the operating system tells only `EPERM`
/// or `EACCES`, whether the user, the working directory or the program was refused.
pub(crate) fn explain(user: Option<User>, error: io::Error, program: &Path, data_dir: &Path) -> Error {
    if let Some(user) = user {
        match error.raw_os_error() {
            Some(libc::EPERM) => return Error::CannotSwitchUser { uid: user.uid },
            Some(libc::EACCES) => {
                for wanted in [data_dir, program] {
                    if let Some(blocked_by) = user.blocked_by(wanted) {
                        return Error::Unreachable {
                            uid: user.uid,
                            blocked_by: blocked_by.to_owned(),
                            wanted: wanted.to_owned(),
                        };
                    }
                }
            }
            _ => {}
        }
    }
    io_error("run", program)(error)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prefers_postgres_then_nobody_then_the_overflow_id() {
        let nobody = "root:x:0:0:root:/root:/bin/bash\nnobody:x:65533:65532:nobody:/nonexistent:/usr/sbin/nologin\n";
        let both = format!("{nobody}postgres:x:104:111::/var/lib/postgresql:/bin/bash\n");
        assert_eq!(choose(&both), User { uid: 104, gid: 111 });
        assert_eq!(choose(nobody), User { uid: 65533, gid: 65532 });
        assert_eq!(choose("root:x:0:0::/root:/bin/sh\nbroken line\n"), OVERFLOW);
        assert_eq!(choose("postgres:x:0:0::/:/bin/sh\n"), OVERFLOW);
    }
}
