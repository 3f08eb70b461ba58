//! Which crate may use which. The arrows are committed in `docs/layering.txt`, so that a new one is seen in review;
//! three rules hold whatever that file says.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Result, bail};

use crate::metadata::{self, Metadata};
use crate::{golden, workspace};

const GOLDEN: &str = "docs/layering.txt";

const HEAD: &str = "\
# Which of our crates uses which, without what only its tests use.
# Compared by `cargo xtask check`, renewed by `cargo xtask layering --write`.
";

/// Who may speak SQL.
const SQL: [&str; 4] = ["store", "test-db", "tests", "xtask"];

/// Who may speak HTTP, beside every crate whose name begins as in [`FAMILIES`].
const HTTP: [&str; 3] = ["web", "server", "tests"];

/// Families whose members are siblings: each stands beside the others and uses only what is below all of them.
const FAMILIES: [&str; 3] = ["protocol-", "web-", "rest-"];

/// Compares the arrows with the committed ones, or writes these, and checks the rules.
pub fn run(write: bool) -> Result<()> {
    let metadata = metadata::read()?;
    let mut broken = broken_rules(&metadata);
    broken.extend(misplaced_words()?);
    if !broken.is_empty() {
        bail!("the layers are broken:\n{}", broken.join("\n"));
    }
    let arrows = format!("{HEAD}{}", shown(&arrows(&metadata)));
    if write {
        golden::write(GOLDEN, &arrows)
    } else {
        golden::compare(GOLDEN, &arrows, "cargo xtask layering --write")
    }
}

/// For each of our crates those of ours that it uses, without what only its tests use.
fn arrows(metadata: &Metadata) -> BTreeMap<&str, BTreeSet<&str>> {
    let ours: BTreeSet<&str> = metadata.ours().map(|package| package.name.as_str()).collect();
    metadata
        .ours()
        .map(|package| {
            let used = package.dependencies.iter().filter(|dependency| !dependency.is_for_tests());
            let used = used.map(|dependency| dependency.name.as_str()).filter(|name| ours.contains(name));
            (package.name.as_str(), used.collect())
        })
        .collect()
}

/// One line per crate: `crate -> dependency dependency`.
fn shown(arrows: &BTreeMap<&str, BTreeSet<&str>>) -> String {
    let line = |(name, used): (&&str, &BTreeSet<&str>)| {
        let used: String = used.iter().map(|other| format!(" {other}")).collect();
        format!("{name} ->{used}\n")
    };
    arrows.iter().map(line).collect()
}

/// What breaks the three rules of `docs/architecture.md`, each as a sentence. Tests are held to them too.
fn broken_rules(metadata: &Metadata) -> Vec<String> {
    let mut broken = Vec::new();
    for package in metadata.ours() {
        let name = package.name.as_str();
        for other in &package.dependencies {
            let other = other.name.as_str();
            if other.starts_with("sqlx") && !may_sql(name) {
                broken.push(format!("{name} depends on {other}: SQL belongs in `store`"));
            }
            if other.starts_with("actix") && !may_http(name) {
                broken.push(format!("{name} depends on {other}: HTTP belongs in `web` and what is above it"));
            }
            if is_sibling(name) && is_sibling(other) && name != other {
                broken.push(format!("{name} depends on {other}: surfaces and protocols stand beside each other"));
            }
        }
    }
    broken
}

fn may_sql(name: &str) -> bool {
    SQL.contains(&name)
}

fn may_http(name: &str) -> bool {
    HTTP.contains(&name) || is_sibling(name)
}

fn is_sibling(name: &str) -> bool {
    FAMILIES.iter().any(|family| name.starts_with(family))
}

/// Uses of sqlx and actix in code that may not know them. A crate can reach both without depending on them, through
/// what another one hands on with `pub use`.
fn misplaced_words() -> Result<Vec<String>> {
    let root = workspace::root();
    let mut found = Vec::new();
    for file in workspace::files(&root.join("crates"), "rs")? {
        let path = file.strip_prefix(&root).unwrap_or(&file).display().to_string();
        let name = path.split('/').nth(1).unwrap_or_default();
        // Here the words are what is searched for.
        if name == "xtask" {
            continue;
        }
        for word in misplaced(name, &std::fs::read_to_string(&file)?) {
            found.push(format!("{path} uses {word}"));
        }
    }
    Ok(found)
}

fn misplaced(name: &str, source: &str) -> Vec<&'static str> {
    let code: Vec<&str> = source.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
    let mentions = |word: &str| code.iter().any(|line| line.contains(word));
    let mut words = Vec::new();
    if !may_sql(name) && mentions("sqlx::") {
        words.push("sqlx");
    }
    if !may_http(name) && mentions("actix_web") {
        words.push("actix_web");
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arrows_leave_out_tests_and_other_peoples_crates() {
        let metadata = metadata::sample(&[
            ("model", &[("serde", None)]),
            ("store", &[("sqlx", None), ("model", None), ("test-db", Some("dev"))]),
            ("test-db", &[("sqlx", None), ("model", Some("build"))]),
        ]);
        assert_eq!(shown(&arrows(&metadata)), "model ->\nstore -> model\ntest-db -> model\n");
        assert!(broken_rules(&metadata).is_empty());
    }

    #[test]
    fn sql_and_http_stay_in_their_layers() {
        let metadata = metadata::sample(&[
            ("services", &[("sqlx", Some("dev")), ("actix-web", None)]),
            ("rest-admin", &[("actix-web", None)]),
            ("protocol", &[("actix-rt", None)]),
        ]);
        let broken = broken_rules(&metadata);
        assert_eq!(broken.len(), 3, "{broken:?}");
        assert!(broken.iter().any(|line| line.starts_with("services depends on sqlx")));
        assert!(broken.iter().any(|line| line.starts_with("services depends on actix-web")));
        assert!(broken.iter().any(|line| line.starts_with("protocol depends on actix-rt")));
    }

    #[test]
    fn siblings_only_use_the_kits() {
        let metadata = metadata::sample(&[
            ("protocol-docker-v2", &[("protocol", None), ("web", None), ("protocol-openid-connect", None)]),
            ("rest-admin", &[("web-login", Some("dev"))]),
        ]);
        let broken = broken_rules(&metadata);
        assert_eq!(broken.len(), 2, "{broken:?}");
    }

    #[test]
    fn words_in_comments_are_not_uses() {
        assert!(misplaced("services", "// like sqlx::query\n/// or actix_web\n").is_empty());
        assert_eq!(misplaced("services", "use store::sqlx::query;\n"), ["sqlx"]);
        assert_eq!(misplaced("login", "use web::actix_web;\n"), ["actix_web"]);
        assert!(misplaced("store", "use sqlx::query;\n").is_empty());
        assert!(misplaced("web", "use actix_web::web;\n").is_empty());
    }
}
