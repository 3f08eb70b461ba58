//! All automation of this repository, as `cargo xtask <command>`: one program in the language that everybody here has,
//! instead of shell scripts. It must build on a machine that has nothing but Rust and a linker, because it is what
//! installs the rest: so no dependency of this crate may need a system library.

#![expect(clippy::print_stdout, reason = "what a command line program has to say goes to standard output")]

mod advisories;
mod apt;
mod bench;
mod check;
mod committed_sources;
mod dev;
mod doc_tests;
mod docker_cli;
mod fuzz;
mod golden;
mod layering;
mod licences;
mod metadata;
mod packages;
mod process;
mod relying_parties;
mod schema;
mod spdx;
mod sql_description;
mod sql_server;
mod test;
mod workspace;

use std::process::ExitCode;

const HELP: &str = "\
cargo xtask <command>

To run Portcullis
  dev [OPTIONS]         install what is missing, build, and run `portcullis start-dev OPTIONS`

To test it
  test [OPTIONS]        install what is missing and run every test; OPTIONS go to cargo nextest (or cargo test)
  check                 everything below that can fail without running a test:
                        format, lints, layering, licences, sources, SQL description
  bench console|docker|oidc|realms
                        requests per second and the limits beside them, in a release build; --write keeps the report
  fuzz [TARGET] [OPTIONS]
                        list the fuzz targets, or run one with cargo-fuzz

To renew what is committed (the same command with --check, or without --write, only compares)
  layering [--write]    which crate may use which: docs/layering.txt
  licences [--write]    licences of all dependencies; --write lists them in docs/dependencies.md
  sqlx [--check]        checked queries in crates/store/.sqlx and the schema in crates/store/schema.sql

Missing packages are installed with apt on Debian and Ubuntu, as root or through sudo; elsewhere they are named.";

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let command = arguments.next().unwrap_or_default();
    let rest: Vec<String> = arguments.collect();
    let outcome = match command.as_str() {
        "dev" => dev::run(&rest),
        "test" => test::run(&rest),
        "check" => no_arguments(&rest).and_then(|()| check::run()),
        "bench" => bench::run(&rest),
        "fuzz" => fuzz::run(&rest),
        "layering" => flag(&rest, "--write").and_then(layering::run),
        "licences" => flag(&rest, "--write").and_then(licences::run),
        "sqlx" => flag(&rest, "--check").and_then(sql_description::run),
        "" | "help" | "--help" | "-h" => {
            println!("{HELP}");
            Ok(())
        }
        other => Err(anyhow::anyhow!("no command `{other}`; `cargo xtask --help` lists them")),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Whether the one flag that a command knows was given; anything else is refused with its name.
fn flag(arguments: &[String], known: &str) -> anyhow::Result<bool> {
    match arguments {
        [] => Ok(false),
        [only] if only == known => Ok(true),
        _ => anyhow::bail!("unknown arguments `{}`; the only one known here is {known}", arguments.join(" ")),
    }
}

/// Refuses arguments where a command takes none.
fn no_arguments(arguments: &[String]) -> anyhow::Result<()> {
    anyhow::ensure!(arguments.is_empty(), "this command takes no arguments, but was given `{}`", arguments.join(" "));
    Ok(())
}
