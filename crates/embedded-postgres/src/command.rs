//! How PostgreSQL's programs are run: as whom, where, with which environment, and what they inherit.

use crate::unprivileged::User;
use std::{
    fs::File,
    io,
    os::{
        fd::{AsRawFd, RawFd},
        unix::process::CommandExt,
    },
    path::Path,
    process::{Command, Stdio},
};

/// A command for one of PostgreSQL's programs.
///
/// * It starts in `directory`, which the user must be able to enter.
/// * Its environment is empty but for what it needs: `PGDATA`, `PGOPTIONS` and the like of whoever started us, and our
///   own secrets, must not leak in.
/// * It is the leader of a session of its own, so Ctrl-C on the terminal does not reach it before our own shutdown does.
/// * It inherits `lock`, which therefore stays locked as long as it or a child of it lives.
/// * With `end_with_thread`, the kernel sends it SIGINT when the *thread* that started it is gone (Linux only).
pub(crate) fn command(
    program: &Path,
    directory: &Path,
    user: Option<User>,
    lock: &File,
    end_with_thread: bool,
) -> Command {
    let mut command = Command::new(program);
    command.current_dir(directory).env_clear().stdin(Stdio::null());
    command.envs([("PATH", "/usr/local/bin:/usr/bin:/bin"), ("LC_ALL", "C"), ("TZ", "UTC")]);
    if let Some(user) = user {
        // The standard library then drops the supplementary groups as well.
        command.uid(user.uid).gid(user.gid);
    }
    before_exec(&mut command, lock.as_raw_fd(), end_with_thread);
    command
}

#[expect(unsafe_code, reason = "what happens between fork and exec can only be said through pre_exec")]
fn before_exec(command: &mut Command, lock: RawFd, end_with_thread: bool) {
    let parent = std::process::id();
    let closure = move || {
        // SAFETY: after fork in a threaded program only async-signal-safe functions may be called, and nothing may be
        // allocated. setsid and fcntl are on POSIX' list and prctl and getppid are plain system calls. None of them
        // touches memory of ours; `lock` is an open descriptor because the caller holds the file until spawn returns.
        unsafe {
            if libc::setsid() == -1 || libc::fcntl(lock, libc::F_SETFD, 0) == -1 {
                return Err(io::Error::last_os_error());
            }
            if end_with_thread {
                end_with_parent(parent)?;
            }
        }
        Ok(())
    };
    // SAFETY: see above; the closure keeps to what is allowed between fork and exec.
    unsafe {
        command.pre_exec(closure);
    }
}

/// Asks for SIGINT, PostgreSQL's fast shutdown, at the death of the thread that forked us. A change of the user id would
/// erase the request; the standard library changes it before this runs.
#[cfg(target_os = "linux")]
#[expect(unsafe_code, reason = "the standard library has no call for prctl")]
unsafe fn end_with_parent(parent: u32) -> io::Result<()> {
    // SAFETY: two system calls without pointers.
    let (asked, parent_now) = unsafe { (libc::prctl(libc::PR_SET_PDEATHSIG, libc::SIGINT), libc::getppid()) };
    if asked == -1 {
        return Err(io::Error::last_os_error());
    }
    // It died before we could ask: then nobody would ever end us.
    if u32::try_from(parent_now).is_ok_and(|now| now != parent) {
        return Err(io::Error::from_raw_os_error(libc::ESRCH));
    }
    Ok(())
}

#[cfg(not(target_os = "linux"))]
#[expect(unsafe_code, reason = "same signature as on Linux")]
unsafe fn end_with_parent(_parent: u32) -> io::Result<()> {
    Ok(())
}

/// Sends a signal to a child that has not been waited for yet, so that its id cannot mean another process.
#[expect(unsafe_code, reason = "the standard library can only send SIGKILL")]
pub(crate) fn signal(child: &std::process::Child, signal: libc::c_int) {
    let Ok(pid) = libc::pid_t::try_from(child.id()) else { return };
    // SAFETY: kill takes two integers. It fails only if the process is gone, which is what the signal is for.
    unsafe {
        libc::kill(pid, signal);
    }
}
