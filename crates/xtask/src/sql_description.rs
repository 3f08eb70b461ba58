//! `cargo xtask sqlx`: what the compiler knows of the database. The queries of `store` are checked against the
//! committed descriptions in `crates/store/.sqlx`, so that building needs no database; this command makes them from a
//! database that has just been migrated, and the schema with them.
//!
//! There is no need for sqlx's own command line program: its macros write the descriptions while the crate is checked.

use std::collections::BTreeMap;
use std::fs::File;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};

use crate::sql_server::MigratedServer;
use crate::{golden, metadata, packages, process, schema, workspace};

const DESCRIPTIONS: &str = "crates/store/.sqlx";
const SCHEMA: &str = "crates/store/schema.sql";
const RENEW: &str = "cargo xtask sqlx";

/// The descriptions of all queries, by file name.
type Descriptions = BTreeMap<String, String>;

/// Renews the committed descriptions and schema, or with `check` fails when they are not what they should be.
pub fn run(check: bool) -> Result<()> {
    packages::ensure(&[packages::BUILD, packages::DATABASE])?;
    let server = MigratedServer::start()?;
    let schema = schema::tidy(&server.schema()?);
    let folder = workspace::root().join(DESCRIPTIONS);
    if check {
        let schema = golden::compare(SCHEMA, &schema, RENEW);
        return describe(&server.url()).and_then(|described| compare(&read(&folder)?, &described)).and(schema);
    }
    // First, because who gets a query wrong will want to look at it.
    golden::write(SCHEMA, &schema)?;
    let described = describe(&server.url())?;
    replace(&folder, &described)?;
    println!("{DESCRIPTIONS}: {} queries described", described.len());
    Ok(())
}

/// Checks `store` against this database and gives the descriptions that sqlx's macros leave while that happens.
fn describe(url: &str) -> Result<Descriptions> {
    let target = metadata::target_directory()?;
    // In the target folder: it is on no other machine's disk, and cargo's own cleaning takes it away.
    let scratch = Scratch::new(target.join(format!("sqlx-{}", std::process::id())))?;
    // Without a change cargo would not run the macros again.
    touch(&workspace::root().join("crates/store/src/lib.rs"))?;
    process::run(
        workspace::cargo()
            .args(["check", "--quiet", "--package", "store", "--all-targets"])
            .env("DATABASE_URL", url)
            .env("SQLX_OFFLINE", "false")
            .env("SQLX_OFFLINE_DIR", &scratch.0),
    )?;
    read(&scratch.0)
}

#[expect(clippy::disallowed_methods, reason = "the time of a change is the time of the file system")]
fn touch(file: &Path) -> Result<()> {
    let opened = File::options().append(true).open(file).with_context(|| format!("cannot open {}", file.display()))?;
    Ok(opened.set_modified(std::time::SystemTime::now())?)
}

/// A folder that is gone at the end, whatever happened.
struct Scratch(PathBuf);

impl Scratch {
    fn new(folder: PathBuf) -> Result<Self> {
        std::fs::create_dir_all(&folder)?;
        Ok(Self(folder))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        if let Err(error) = std::fs::remove_dir_all(&self.0) {
            eprintln!("cannot remove {}: {error}", self.0.display());
        }
    }
}

/// The descriptions in this folder; none when there is no such folder, as before the first query.
fn read(folder: &Path) -> Result<Descriptions> {
    let mut found = Descriptions::new();
    for file in workspace::files(folder, "json")? {
        let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        found.insert(name, std::fs::read_to_string(&file)?);
    }
    Ok(found)
}

/// Makes the folder hold exactly these, touching only the files that differ.
fn replace(folder: &Path, described: &Descriptions) -> Result<()> {
    let old = read(folder)?;
    if !described.is_empty() {
        std::fs::create_dir_all(folder)?;
    }
    for (name, content) in described {
        if old.get(name) != Some(content) {
            std::fs::write(folder.join(name), content)?;
        }
    }
    for name in old.keys().filter(|name| !described.contains_key(*name)) {
        std::fs::remove_file(folder.join(name))?;
    }
    Ok(())
}

/// Fails, naming what is wrong, unless the committed descriptions are these.
fn compare(committed: &Descriptions, described: &Descriptions) -> Result<()> {
    let mut wrong = Vec::new();
    for (name, content) in described {
        match committed.get(name) {
            None => wrong.push(format!("missing: {name}: {}", query(content))),
            Some(old) if old != content => wrong.push(format!("changed: {name}: {}", query(content))),
            Some(_) => {}
        }
    }
    for (name, content) in committed.iter().filter(|(name, _)| !described.contains_key(*name)) {
        wrong.push(format!("no longer used: {name}: {}", query(content)));
    }
    if wrong.is_empty() {
        println!("{DESCRIPTIONS}: {} queries, all as described", described.len());
        return Ok(());
    }
    bail!("{DESCRIPTIONS} is stale:\n{}\nRenew it: {RENEW}", wrong.join("\n"))
}

/// The beginning of the query that a description is of, in one line.
fn query(description: &str) -> String {
    let parsed: serde_json::Value = serde_json::from_str(description).unwrap_or_default();
    let text = parsed.get("query").and_then(serde_json::Value::as_str).unwrap_or_default();
    text.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(80).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn descriptions(entries: &[(&str, &str)]) -> Descriptions {
        entries.iter().map(|(name, content)| ((*name).to_owned(), (*content).to_owned())).collect()
    }

    #[test]
    fn each_kind_of_staleness_is_named() {
        let committed = descriptions(&[("same", "1"), ("changed", "1"), ("gone", r#"{"query":"SELECT\n  gone"}"#)]);
        let described = descriptions(&[("same", "1"), ("changed", "2"), ("new", r#"{"query":"SELECT new"}"#)]);
        let error = compare(&committed, &described).unwrap_err().to_string();
        for line in ["changed: changed", "missing: new: SELECT new", "no longer used: gone: SELECT gone"] {
            assert!(error.contains(line), "{error}");
        }
        assert!(!error.contains("same"), "{error}");
        assert!(compare(&described, &described).is_ok());
    }

    #[test]
    fn the_folder_becomes_what_was_described() {
        let scratch = Scratch::new(std::env::temp_dir().join(format!("xtask-replace-{}", std::process::id()))).unwrap();
        let folder = scratch.0.join(".sqlx");
        replace(&folder, &Descriptions::new()).unwrap();
        assert!(!folder.exists(), "no queries, no folder");
        replace(&folder, &descriptions(&[("a.json", "1"), ("b.json", "1")])).unwrap();
        let now = descriptions(&[("b.json", "2"), ("c.json", "1")]);
        replace(&folder, &now).unwrap();
        assert_eq!(read(&folder).unwrap(), now);
    }
}
