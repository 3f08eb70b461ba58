//! What the command line runs, from options to a clean end.

mod desired;
mod export;
mod greeting;
mod import;
mod posture;
mod realm_files;
mod run;
mod terminal;

use std::{io::Write, process::ExitCode};

use crate::{
    options::{self, Command, Machine, Options, Stop},
    telemetry,
};

/// Options were refused; as many programs do, told apart from a failure while running.
const WRONG_OPTIONS: u8 = 2;
/// A check could not be done, told apart from one that found something.
const NOT_CHECKED: u8 = 2;

/// Runs the command that the arguments of this process name.
#[must_use]
pub fn main() -> ExitCode {
    let options = match options::load(std::env::args_os(), &Machine::this()) {
        Ok(options) => options,
        Err(Stop::CommandLine(error)) => {
            // Help goes to standard output, a fault to standard error.
            let _ = error.print();
            return if error.use_stderr() { ExitCode::from(WRONG_OPTIONS) } else { ExitCode::SUCCESS };
        }
        Err(Stop::Troubles(troubles)) => {
            complain("Portcullis was not started:");
            for trouble in troubles {
                complain(&format!("  - {trouble}"));
            }
            return ExitCode::from(WRONG_OPTIONS);
        }
    };
    telemetry::start(&options);
    match command(&options) {
        Ok(code) => code,
        Err(error) => {
            tracing::debug!(?error, "stopped by an error");
            complain(&format!("Portcullis stopped: {error:#}"));
            match options.command {
                Command::CheckPosture | Command::Plan | Command::Drift => ExitCode::from(NOT_CHECKED),
                _ => ExitCode::FAILURE,
            }
        }
    }
}

fn command(options: &Options) -> anyhow::Result<ExitCode> {
    match options.command {
        Command::Start | Command::StartDev => run::serve(options)?,
        Command::Migrate => run::migrate(options)?,
        Command::BootstrapAdmin => run::bootstrap_admin(options)?,
        Command::CheckPosture => return posture::check(options),
        Command::Import => import::import(options)?,
        Command::Export => export::export(options)?,
        Command::Plan | Command::Apply | Command::Drift => return desired::compare(options),
    }
    Ok(ExitCode::SUCCESS)
}

/// Writes a line for the person at the terminal. Whether anybody reads it is not our business.
fn complain(line: &str) {
    let _ = writeln!(std::io::stderr(), "{line}");
}
