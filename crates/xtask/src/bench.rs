//! `cargo xtask bench`: measurements, in a release build.

use anyhow::{Result, bail};

use crate::{metadata, packages, process, workspace};

/// Runs the measurement of this name; the further arguments are its own.
pub fn run(arguments: &[String]) -> Result<()> {
    match arguments {
        [name, rest @ ..] if name == "docker" => docker(rest),
        [] => bail!("which one? There is: docker"),
        [name, ..] => bail!("no measurement `{name}`; there is: docker"),
    }
}

/// Tokens per second at the docker-v2 endpoint, with the server as a process of its own.
fn docker(arguments: &[String]) -> Result<()> {
    packages::ensure(&[packages::BUILD, packages::DATABASE, packages::PEERS])?;
    process::run(workspace::cargo().args([
        "build",
        "--release",
        "--package",
        "server",
        "--package",
        "tests",
        "--bins",
    ]))?;
    let folder = metadata::target_directory()?.join("release");
    process::run(
        workspace::command(&folder.join("bench-docker").to_string_lossy())
            .env("PORTCULLIS_BINARY", folder.join("portcullis"))
            .args(arguments),
    )
}
