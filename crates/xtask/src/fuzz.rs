//! `cargo xtask fuzz`: the fuzz targets, with cargo-fuzz, which needs a nightly compiler. They are outside the
//! workspace, so that nothing else ever builds them.

use std::process::Command;

use anyhow::{Result, bail};

use crate::{process, workspace};

/// The crate whose input comes from strangers.
const CRATE: &str = "crates/protocol-docker-v2";

/// Lists the targets, or runs the one that is named first; the rest goes to cargo-fuzz.
pub fn run(arguments: &[String]) -> Result<()> {
    for (what, missing, install) in [
        ("a nightly compiler", process::read(nightly().arg("--version")).is_err(), "rustup toolchain install nightly"),
        ("cargo-fuzz", process::read(nightly().args(["fuzz", "--version"])).is_err(), "cargo install cargo-fuzz"),
    ] {
        if missing {
            bail!("fuzzing needs {what}: {install}");
        }
    }
    match arguments {
        [] => process::run(nightly().args(["fuzz", "list"])),
        targets => process::run(nightly().args(["fuzz", "run"]).args(targets)),
    }
}

/// The nightly cargo, by way of rustup: the cargo that runs this program is another one.
fn nightly() -> Command {
    let mut command = workspace::command("rustup");
    command.args(["run", "nightly", "cargo"]).env_remove("CARGO").current_dir(workspace::root().join(CRATE));
    command
}
