//! `cargo xtask check`: everything that can be wrong without a test saying so.

use std::time::{Duration, Instant};

use anyhow::{Result, bail};

use crate::{committed_sources, layering, licences, packages, process, sql_description, workspace};

type Step = (&'static str, fn() -> Result<()>);

/// Cheap ones first, so that a slip in them is seen at once.
const STEPS: &[Step] = &[
    ("format", format),
    ("layering", || layering::run(false)),
    ("licences", || licences::run(false)),
    ("sources", committed_sources::check),
    ("SQL description", || sql_description::run(true)),
    ("lints", lints),
];

/// Runs all steps, also after one failed, and fails with the names of those that did.
pub fn run() -> Result<()> {
    packages::ensure(&[packages::BUILD, packages::DATABASE])?;
    let mut outcomes = Vec::new();
    for (name, step) in STEPS {
        println!("=== {name}");
        let start = Instant::now();
        let outcome = step();
        if let Err(error) = &outcome {
            println!("{error:#}");
        }
        outcomes.push((*name, start.elapsed(), outcome.is_ok()));
    }
    summarise(&outcomes)
}

fn summarise(outcomes: &[(&str, Duration, bool)]) -> Result<()> {
    println!("=== summary");
    for (name, time, passed) in outcomes {
        println!("{:<6} {name:<16} {:>6.1} s", if *passed { "ok" } else { "FAILED" }, time.as_secs_f64());
    }
    let failed: Vec<&str> = outcomes.iter().filter(|(_, _, passed)| !passed).map(|(name, _, _)| *name).collect();
    if !failed.is_empty() {
        bail!("failed: {}", failed.join(", "));
    }
    Ok(())
}

fn format() -> Result<()> {
    process::run(workspace::cargo().args(["fmt", "--all", "--check"]))
}

fn lints() -> Result<()> {
    process::run(workspace::cargo().args(["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_summary_fails_with_the_names_of_what_failed() {
        let second = Duration::from_secs(1);
        assert!(summarise(&[("a", second, true)]).is_ok());
        let error = summarise(&[("a", second, true), ("b", second, false), ("c", second, false)]).unwrap_err();
        assert_eq!(error.to_string(), "failed: b, c");
    }
}
