//! `cargo xtask fuzz`: the fuzz targets, with cargo-fuzz, which needs a nightly compiler. They are outside the
//! workspace, so that nothing else ever builds them. Every crate whose input comes from strangers may have a folder
//! `fuzz` with some.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context as _, Result, bail};

use crate::{process, workspace};

/// Lists the targets, or runs the one that is named first; the rest goes to cargo-fuzz.
pub fn run(arguments: &[String]) -> Result<()> {
    let root = workspace::root();
    for (what, missing, install) in [
        (
            "a nightly compiler",
            process::read(nightly(&root).arg("--version")).is_err(),
            "rustup toolchain install nightly",
        ),
        ("cargo-fuzz", process::read(nightly(&root).args(["fuzz", "--version"])).is_err(), "cargo install cargo-fuzz"),
    ] {
        if missing {
            bail!("fuzzing needs {what}: {install}");
        }
    }
    let crates = fuzzed(&root.join("crates"))?;
    let Some(target) = arguments.first() else {
        for folder in crates {
            println!("# {}", folder.strip_prefix(&root).unwrap_or(&folder).display());
            process::run(nightly(&folder).args(["fuzz", "list"]))?;
        }
        return Ok(());
    };
    process::run(nightly(&home(&crates, target)?).args(["fuzz", "run"]).args(arguments))
}

/// The folders of the crates that have fuzz targets, sorted.
fn fuzzed(crates: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(crates).with_context(|| format!("cannot read {}", crates.display()))? {
        let folder = entry?.path();
        if folder.join("fuzz/Cargo.toml").is_file() {
            found.push(folder);
        }
    }
    found.sort();
    Ok(found)
}

/// The one crate among `crates` that has this target.
fn home(crates: &[PathBuf], target: &str) -> Result<PathBuf> {
    let file = format!("fuzz/fuzz_targets/{target}.rs");
    let homes: Vec<_> = crates.iter().filter(|folder| folder.join(&file).is_file()).collect();
    match homes.as_slice() {
        [one] => Ok((*one).clone()),
        [] => bail!("no crate has a fuzz target `{target}`; `cargo xtask fuzz` lists them"),
        several => bail!("{} crates have a fuzz target `{target}`; one of them needs another name", several.len()),
    }
}

/// The nightly cargo in a folder, by way of rustup: the cargo that runs this program is another one.
fn nightly(folder: &Path) -> Command {
    let mut command = workspace::command("rustup");
    command.args(["run", "nightly", "cargo"]).env_remove("CARGO").current_dir(folder);
    command
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_target_is_found_by_its_name() {
        let crates = fuzzed(&workspace::root().join("crates")).unwrap();
        assert!(!crates.is_empty());
        for folder in &crates {
            for file in workspace::files(&folder.join("fuzz/fuzz_targets"), "rs").unwrap() {
                let target = file.file_stem().and_then(|name| name.to_str()).unwrap();
                assert_eq!(&home(&crates, target).unwrap(), folder);
            }
        }
        assert!(home(&crates, "nothing").is_err());
    }
}
