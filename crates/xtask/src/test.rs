//! `cargo xtask test`: every test there is, with everything it needs, and a word about what could not be run.

use std::process::Command;

use anyhow::Result;

use crate::{doc_tests, docker_cli, metadata, packages, process, relying_parties, workspace};

/// Tells the tests where the server's binary is: cargo tells a test only about binaries of its own package.
const BINARY: &str = "PORTCULLIS_BINARY";

/// Tells the tests which peers this command has found missing, by name and comma. A test may pass over only what is
/// named here; whatever else it does not find is its failure.
const WITHOUT: &str = "TESTS_WITHOUT";

/// Tells the tests where the applications from npm and PyPI are.
const RELYING_PARTIES: &str = "TESTS_RELYING_PARTIES";

/// Installs what is missing, builds, and runs the tests; `options` go to cargo nextest, or to cargo test where there
/// is no nextest. Fails when a test does.
pub fn run(options: &[String]) -> Result<()> {
    packages::ensure(&[packages::BUILD, packages::DATABASE, packages::PEERS, packages::RELYING_PARTIES])?;
    let not_run = not_run();
    let without: Vec<&str> = not_run.iter().map(|(name, _)| *name).collect();
    let target = metadata::target_directory()?;
    relying_parties::ensure(&target, &without)?;

    // Tests and binaries in one build: dependencies of tests then add their features once, and nothing is compiled
    // a second time for the tests.
    process::run(workspace::cargo().args(["build", "--workspace", "--bins", "--tests"]))?;

    // nextest does not run examples in documentation. With options somebody is looking for something particular. They
    // come first, so that what stands at the end is the summary of all others.
    let mut outcome = Ok(());
    if options.is_empty() && doc_tests::exist()? {
        outcome = process::run(workspace::cargo().args(["test", "--workspace", "--doc"]));
    }

    let mut tests = runner(options);
    tests.env(BINARY, target.join("debug/portcullis"));
    tests.env(RELYING_PARTIES, relying_parties::folder(&target));
    tests.env(WITHOUT, without.join(","));
    outcome = outcome.and(process::run(&mut tests));

    for (name, reason) in &not_run {
        println!("NOT RUN: the tests with {name}: {reason}");
    }
    outcome
}

/// Peers that cannot be had here, each with the reason.
fn not_run() -> Vec<(&'static str, String)> {
    docker_cli::why_not().map(|reason| ("docker", reason)).into_iter().chain(relying_parties::not_run()).collect()
}

fn runner(options: &[String]) -> Command {
    let mut command = workspace::cargo();
    if has_nextest() {
        command.args(["nextest", "run"]);
    } else {
        println!("cargo-nextest is not on this machine: cargo test runs the tests, one binary after the other.");
        command.args(["test", "--lib", "--bins", "--tests", "--no-fail-fast"]);
    }
    if !selects_packages(options) {
        command.arg("--workspace");
    }
    command.args(options);
    command
}

fn has_nextest() -> bool {
    process::read(workspace::cargo().args(["nextest", "--version"])).is_ok()
}

/// Whether the options name packages; cargo would ignore that beside `--workspace`.
fn selects_packages(options: &[String]) -> bool {
    options
        .iter()
        .take_while(|option| *option != "--")
        .any(|option| option.starts_with("-p") || option == "--package" || option.starts_with("--package="))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn selects(options: &[&str]) -> bool {
        selects_packages(&options.iter().map(|option| (*option).to_owned()).collect::<Vec<_>>())
    }

    #[test]
    fn named_packages_replace_the_whole_workspace() {
        assert!(selects(&["-p", "store"]));
        assert!(selects(&["--package=store"]));
        assert!(!selects(&["scope"]));
        assert!(!selects(&["--", "-p"]));
    }
}
