//! `cargo xtask dev`: from a fresh clone to a running Portcullis.

use std::os::unix::process::CommandExt as _;

use anyhow::{Context as _, Result};

use crate::{metadata, packages, process, workspace};

/// Installs what is missing, builds the server, and becomes `portcullis start-dev` with these further options. Only
/// returns when something of that failed.
pub fn run(options: &[String]) -> Result<()> {
    packages::ensure(&[packages::BUILD, packages::DATABASE])?;
    process::run(workspace::cargo().args(["build", "--package", "server", "--bin", "portcullis"]))?;
    let binary = metadata::target_directory()?.join("debug/portcullis");
    // In place of this process, so that Ctrl-C and signals reach the server and nothing in between. In the folder
    // that the person is in, so that file names in the options mean what they say.
    let error = workspace::command(&binary.to_string_lossy())
        .current_dir(std::env::current_dir()?)
        .arg("start-dev")
        .args(options)
        .exec();
    Err(error).with_context(|| format!("cannot start {}", binary.display()))
}
