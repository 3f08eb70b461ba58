//! Where dependencies come from, and how files are named: both are easy to get wrong by accident and hard to see in
//! review.

use std::path::Path;

use anyhow::{Result, bail};

use crate::{relying_parties, workspace};

/// How lock files name the registry that cargo uses when nothing else is configured: by where its index once lay.
const DEFAULT_REGISTRY: &str = "registry+https://github.com/rust-lang/";

/// File names that say nothing about what is inside.
const EMPTY_NAMES: [&str; 7] = ["common", "helper", "helpers", "manager", "misc", "util", "utils"];

/// Fails when a committed file takes dependencies from somewhere else than the default registry, as happens where a
/// mirror was configured on the machine of whoever committed it, or when a source file's name says nothing.
pub fn check() -> Result<()> {
    let root = workspace::root();
    let mut wrong = foreign_sources(&std::fs::read_to_string(root.join("Cargo.lock"))?);
    wrong.extend(replaced_registry(&std::fs::read_to_string(root.join(".cargo/config.toml"))?));
    for file in relying_parties::lists() {
        wrong.extend(named_addresses(&file, &std::fs::read_to_string(root.join(&file))?));
    }
    for folder in ["crates", "tests"] {
        let files = workspace::files(&root.join(folder), "rs")?;
        wrong.extend(files.iter().filter_map(|file| empty_name(file)));
    }
    if !wrong.is_empty() {
        bail!("{}", wrong.join("\n"));
    }
    Ok(())
}

fn foreign_sources(lock: &str) -> Vec<String> {
    let sources = lock.lines().filter_map(|line| line.strip_prefix("source = ")).map(|source| source.trim_matches('"'));
    sources
        .filter(|source| !source.starts_with(DEFAULT_REGISTRY))
        .map(|source| format!("Cargo.lock: a dependency comes from {source}"))
        .collect()
}

fn replaced_registry(config: &str) -> Vec<String> {
    let tables = config
        .lines()
        .map(str::trim)
        .filter(|line| ["[source", "[registries", "[registry"].iter().any(|start| line.starts_with(start)));
    tables.map(|table| format!(".cargo/config.toml: {table} belongs in the configuration of a machine")).collect()
}

/// Lines by which lists of packages for npm and pip say where to fetch from.
fn named_addresses(file: &Path, list: &str) -> Vec<String> {
    const SIGNS: [&str; 6] = ["\"resolved\"", "registry=", "--index-url", "--extra-index-url", "--find-links", " @ "];
    let lines = list.lines().map(str::trim).filter(|line| !line.starts_with(['#', ';']));
    lines
        .filter(|line| SIGNS.iter().any(|sign| line.contains(sign)))
        .map(|line| format!("{}: where packages come from belongs to each machine: {line}", file.display()))
        .collect()
}

fn empty_name(file: &Path) -> Option<String> {
    let name = file.file_stem()?.to_str()?;
    EMPTY_NAMES.contains(&name).then(|| format!("{}: `{name}` says nothing about what is inside", file.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_registry_in_the_lock_file_is_found() {
        let lock =
            format!("name = \"a\"\nsource = \"{DEFAULT_REGISTRY}\"\nsource = \"sparse+https://mirror.example/\"\n");
        assert_eq!(foreign_sources(&lock), ["Cargo.lock: a dependency comes from sparse+https://mirror.example/"]);
    }

    #[test]
    fn a_configured_mirror_is_found() {
        assert_eq!(replaced_registry("[alias]\nxtask = \"\"\n[env]\n"), Vec::<String>::new());
        assert_eq!(replaced_registry("[source.mirror]\nregistry = \"x\"\n").len(), 1);
    }

    #[test]
    fn addresses_in_lists_of_packages_are_found() {
        let found = |list| named_addresses(Path::new("list"), list).len();
        assert_eq!(found("\"resolved\": \"x\",\n\"version\": \"1\""), 1);
        assert_eq!(found("registry=x\nomit-lockfile-registry-resolved=true\n# registry=x"), 1);
        assert_eq!(found("--index-url x\n--find-links y\na @ z\nb==1 \\\n    --hash=sha256:0"), 3);
    }

    #[test]
    fn names_must_say_something() {
        assert!(empty_name(Path::new("crates/web/src/utils.rs")).is_some());
        assert!(empty_name(Path::new("crates/web/src/cookies.rs")).is_none());
    }
}
