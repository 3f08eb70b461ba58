//! `check-posture`: the report of what makes realms less safe than the standards ask for.

use std::{
    io::{self, BufWriter, Write},
    process::ExitCode,
};

use anyhow::Context;
use model::clock::Clock;
use serde_json::json;
use services::posture::{Examination, Finding, Seen, Severity};

use super::{run::with_database_read_only, terminal::printable};
use crate::{
    machine::SystemClock,
    options::{Options, ReportFormat},
};

/// Looks at the realms, writing each finding as soon as it is made.
pub fn check(options: &Options) -> anyhow::Result<ExitCode> {
    let check = &options.posture_check;
    let counts = with_database_read_only(options, async |store| {
        let mut examination = Examination::new(store, SystemClock.now(), &check.realms);
        let mut report = Report::new(BufWriter::new(io::stdout().lock()), check.format);
        while let Some(seen) = examination.next().await? {
            report.add(&seen).context("the report can't be written")?;
        }
        report.finish().context("the report can't be written")
    })?;
    Ok(if counts.of(Severity::Violation) > 0 { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

/// What was looked at and found, in numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Counts {
    realms: usize,
    clients: usize,
    found: [usize; Severity::ALL.len()],
}

impl Counts {
    fn of(&self, severity: Severity) -> usize {
        Severity::ALL.iter().zip(self.found).find(|(one, _)| **one == severity).map_or(0, |(_, number)| number)
    }

    fn count(&mut self, severity: Severity) {
        for (one, number) in Severity::ALL.iter().zip(&mut self.found) {
            *number += usize::from(*one == severity);
        }
    }
}

/// The report, as far as it is written. No finding is kept.
struct Report<W: Write> {
    out: W,
    format: ReportFormat,
    counts: Counts,
}

impl<W: Write> Report<W> {
    fn new(out: W, format: ReportFormat) -> Self {
        Self { out, format, counts: Counts::default() }
    }

    fn add(&mut self, seen: &Seen) -> io::Result<()> {
        let findings = match seen {
            Seen::Realm(findings) => {
                self.counts.realms += 1;
                findings
            }
            Seen::Clients(number, findings) => {
                self.counts.clients += number;
                findings
            }
        };
        for finding in findings {
            let first = self.counts.found.iter().all(|number| *number == 0);
            self.counts.count(finding.rule.severity);
            match self.format {
                ReportFormat::Text => text(&mut self.out, finding)?,
                ReportFormat::Json => {
                    let before = if first { "{\"findings\":[\n" } else { ",\n" };
                    write!(self.out, "{before}{}", as_json(finding))?;
                }
            }
        }
        Ok(())
    }

    fn finish(mut self) -> io::Result<Counts> {
        let counts = self.counts;
        let [violations, warnings, notes] = counts.found;
        match self.format {
            ReportFormat::Text => writeln!(
                self.out,
                "{} and {} looked at: {}, {}, {}.",
                number(counts.realms, "realm"),
                number(counts.clients, "client"),
                number(violations, "violation"),
                number(warnings, "warning"),
                number(notes, "note")
            )?,
            ReportFormat::Json => {
                let before = if counts.found == [0; 3] { "{\"findings\":[" } else { "\n" };
                let summary = json!({
                    "realms": counts.realms, "clients": counts.clients,
                    "violations": violations, "warnings": warnings, "notes": notes,
                });
                writeln!(self.out, "{before}],\n\"summary\":{summary}}}")?;
            }
        }
        self.out.flush()?;
        Ok(counts)
    }
}

fn number(of: usize, what: &str) -> String {
    format!("{of} {what}{}", if of == 1 { "" } else { "s" })
}

fn as_json(finding: &Finding) -> serde_json::Value {
    let rule = finding.rule;
    json!({
        "rule": rule.id, "severity": rule.severity.as_str(), "realm": finding.realm, "client": finding.client,
        "found": finding.found, "risk": rule.risk, "remedy": rule.remedy, "reference": rule.reference,
    })
}

fn text(out: &mut impl Write, finding: &Finding) -> io::Result<()> {
    let rule = finding.rule;
    let client = finding.client.as_deref().map(|client| format!(", client {}", printable(client))).unwrap_or_default();
    writeln!(out, "{}: {} (realm {}{client})", rule.severity, rule.id, printable(&finding.realm))?;
    for (label, text) in
        [("Found", finding.found.as_str()), ("Risk", rule.risk), ("Change", rule.remedy), ("See", rule.reference)]
    {
        writeln!(out, "  {label:7} {}", printable(text))?;
    }
    writeln!(out)
}
