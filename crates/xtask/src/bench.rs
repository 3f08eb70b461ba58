//! `cargo xtask bench`: measurements, in a release build.

use anyhow::{Result, bail};

use crate::{metadata, packages, process, workspace};

/// The measurements, each with a program `bench-NAME` of the crate `tests`, which starts the server itself.
const NAMES: [&str; 4] = ["console", "docker", "oidc", "realms"];

/// Runs the measurement of this name; the further arguments are its own.
pub fn run(arguments: &[String]) -> Result<()> {
    let all = NAMES.join(", ");
    match arguments {
        [name, rest @ ..] if NAMES.contains(&name.as_str()) => measure(name, rest),
        [] => bail!("which one? There are: {all}"),
        [name, ..] => bail!("no measurement `{name}`; there are: {all}"),
    }
}

fn measure(name: &str, arguments: &[String]) -> Result<()> {
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
        workspace::command(&folder.join(format!("bench-{name}")).to_string_lossy())
            .env("PORTCULLIS_BINARY", folder.join("portcullis"))
            .args(arguments),
    )
}
