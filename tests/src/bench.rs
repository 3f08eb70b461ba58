//! What measurements have in common: the server as a process, the load, the limits of the machine, and the report.
//!
//! Server, PostgreSQL and load share the machine, so a rate alone says little: each stands beside its limit, measured in
//! the same run, and beside the processor time that a request takes. Nothing here fails because something is slow.

pub mod arguments;
pub mod database;
pub mod exchange;
pub mod growth;
pub mod limit;
pub mod load;
pub mod machine;
pub mod message;
pub mod report;
pub mod server;
pub mod usage;

use std::{fs::Permissions, os::unix::fs::PermissionsExt};

use tempfile::TempDir;

/// A folder for everything that a measurement writes.
///
/// # Panics
/// If there can be none.
#[must_use]
pub fn folder() -> TempDir {
    // Open to others, because PostgreSQL does not run as root and has to get through.
    let permissions = Permissions::from_mode(0o755);
    tempfile::Builder::new().prefix("bench").permissions(permissions).tempdir().expect("a folder")
}
