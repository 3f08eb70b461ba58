//! The applications that log their users in at the server in tests, as far as they come from npm and PyPI.
//!
//! What is wanted is written in `tests/relying-parties`, each package with its version and the hash of its content.
//! It is installed below the build folder, where nothing else uses it, and stays there until what is wanted changes.

mod ecosystem;

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result};
use ecosystem::ECOSYSTEMS;

use crate::{process, workspace};

/// Where the lists are, from the top folder.
const LISTS: &str = "tests/relying-parties";

/// The name of the folder below the build folder.
const FOLDER: &str = "relying-parties";

/// The oldest Node.js with what the packages need; Debian 12 has it.
const FIRST_NODE: u32 = 18;

/// Where the applications are installed. The tests are told, or look for it beside the folder that they lie in.
pub fn folder(target: &Path) -> PathBuf {
    target.join(FOLDER)
}

/// The lists of packages, from the top folder.
pub fn lists() -> impl Iterator<Item = PathBuf> {
    ECOSYSTEMS.iter().flat_map(|ecosystem| ecosystem.lists).map(|name| Path::new(LISTS).join(name))
}

/// Installs the applications below the build folder `target`, unless what is there was made from the same lists.
/// `without` names the interpreters that cannot be used, whose applications are then left out.
pub fn ensure(target: &Path, without: &[&str]) -> Result<()> {
    let (lists, folder) = (workspace::root().join(LISTS), folder(target));
    fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    // Two runs at the same time would each remove what the other one is installing. The lock ends with the file.
    let lock = File::create(folder.join("lock"))?;
    lock.lock().context("cannot lock the applications of the tests")?;
    for ecosystem in ECOSYSTEMS.iter().filter(|ecosystem| !without.contains(&ecosystem.interpreter)) {
        ecosystem.ensure(&lists, &folder)?;
    }
    Ok(())
}

/// Interpreters and browsers that cannot be used here although a program of that name is there, each with the reason.
pub fn not_run() -> Vec<(&'static str, String)> {
    let node = process::read(Command::new("node").arg("--version")).map(|answer| why_not_node(&answer));
    let node = node.unwrap_or_else(|error| Some(format!("`node --version` does not work: {error:#}")));
    // Ubuntu's is only a hint to a package of another kind, which containers can't run.
    let chromium = process::read(Command::new("chromium").args(["--no-sandbox", "--version"])).err();
    let chromium = chromium.map(|error| format!("`chromium --version` does not work: {error:#}"));
    [("node", node), ("chromium", chromium)]
        .into_iter()
        .filter_map(|(name, reason)| reason.map(|reason| (name, reason)))
        .collect()
}

fn why_not_node(answer: &str) -> Option<String> {
    let major = answer.trim().strip_prefix('v').and_then(|version| version.split('.').next()?.parse::<u32>().ok());
    match major {
        Some(major) if major >= FIRST_NODE => None,
        _ => Some(format!("node calls itself `{}`; {FIRST_NODE} or newer is needed", answer.trim())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_old_or_unknown_node_is_refused() {
        assert_eq!(why_not_node("v18.20.4\n"), None);
        assert_eq!(why_not_node("v24.1.0"), None);
        assert!(why_not_node("v16.20.0").unwrap().contains("v16"));
        assert!(why_not_node("bun").unwrap().contains("bun"));
    }
}
