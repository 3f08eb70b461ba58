//! Known vulnerabilities of dependencies, from the RustSec database, with cargo-audit.
//!
//! Neither is part of a Rust installation, and the database lives on a code host that not every machine reaches. Where
//! one of them is missing that is said, not hidden, and does not fail the check.

use std::process::Stdio;

use anyhow::{Context as _, Result};
use serde::Deserialize;

use crate::{process, workspace};

#[derive(Deserialize)]
struct Report {
    vulnerabilities: Vulnerabilities,
}

#[derive(Deserialize)]
struct Vulnerabilities {
    list: Vec<Vulnerability>,
}

#[derive(Deserialize)]
struct Vulnerability {
    advisory: Advisory,
    package: Affected,
}

#[derive(Deserialize)]
struct Advisory {
    id: String,
    title: String,
}

#[derive(Deserialize)]
struct Affected {
    name: String,
    version: String,
}

/// Fails when a dependency has a known vulnerability; says so when that could not be looked up.
pub fn check() -> Result<()> {
    if process::read(workspace::cargo().args(["audit", "--version"])).is_err() {
        println!("NOT CHECKED: known vulnerabilities: cargo-audit is not on this machine (cargo install cargo-audit)");
        return Ok(());
    }
    let output = workspace::cargo().args(["audit", "--json"]).stdin(Stdio::null()).output()?;
    // Without a database there is no report, whatever the exit code; with a report the exit code says nothing more.
    match serde_json::from_slice::<Report>(&output.stdout) {
        Ok(report) => verdict(&report),
        Err(_) => {
            let reason = String::from_utf8_lossy(&output.stderr);
            let reason = reason.trim().lines().next_back().unwrap_or("cargo-audit gave no report");
            println!("NOT CHECKED: known vulnerabilities: the advisory database could not be had: {reason}");
            Ok(())
        }
    }
}

fn verdict(report: &Report) -> Result<()> {
    let found = &report.vulnerabilities.list;
    if found.is_empty() {
        println!("known vulnerabilities: none");
        return Ok(());
    }
    let line = |found: &Vulnerability| {
        let Vulnerability { advisory, package } = found;
        format!("{} {}: {} {}", package.name, package.version, advisory.id, advisory.title)
    };
    Err(anyhow::anyhow!(found.iter().map(line).collect::<Vec<_>>().join("\n"))).context("known vulnerabilities")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_vulnerability_fails_with_its_name() {
        let report = r#"{"vulnerabilities": {"found": true, "count": 1, "list": [{
            "advisory": {"id": "RUSTSEC-2000-0001", "title": "All is lost"},
            "package": {"name": "p", "version": "1.0.0"}}]}}"#;
        let error = verdict(&serde_json::from_str(report).unwrap()).unwrap_err();
        assert!(format!("{error:#}").contains("p 1.0.0: RUSTSEC-2000-0001 All is lost"));
    }

    #[test]
    fn an_empty_report_passes() {
        let report = r#"{"vulnerabilities": {"found": false, "count": 0, "list": []}}"#;
        assert!(verdict(&serde_json::from_str(report).unwrap()).is_ok());
    }
}
