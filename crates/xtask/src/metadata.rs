//! What cargo says about the workspace and everything it depends on.

use std::collections::BTreeSet;
use std::path::PathBuf;

use anyhow::{Context as _, Result};
use serde::Deserialize;

use crate::{process, workspace};

/// The part of `cargo metadata` that is used here.
#[derive(Deserialize)]
pub struct Metadata {
    /// Every package of the lock file, our own included.
    pub packages: Vec<Package>,
    workspace_members: BTreeSet<String>,
}

/// One package, ours or another's.
#[derive(Deserialize)]
pub struct Package {
    id: String,
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// The SPDX expression from its manifest.
    pub license: Option<String>,
    /// What it declares to depend on, for any target and any purpose.
    pub dependencies: Vec<Dependency>,
}

/// One declared dependency.
#[derive(Deserialize)]
pub struct Dependency {
    /// The name of the package, whatever it is called in the code.
    pub name: String,
    /// `None` for a normal dependency, else `dev` or `build`.
    pub kind: Option<String>,
}

impl Dependency {
    /// Whether only tests use it.
    pub fn is_for_tests(&self) -> bool {
        self.kind.as_deref() == Some("dev")
    }
}

impl Metadata {
    /// Our own packages.
    pub fn ours(&self) -> impl Iterator<Item = &Package> {
        self.packages.iter().filter(|package| self.workspace_members.contains(&package.id))
    }

    /// All others.
    pub fn others(&self) -> impl Iterator<Item = &Package> {
        self.packages.iter().filter(|package| !self.workspace_members.contains(&package.id))
    }
}

/// Everything in the lock file. May fetch manifests; fails when the lock file does not fit the manifests.
pub fn read() -> Result<Metadata> {
    parse(&process::read(workspace::cargo().args(["metadata", "--format-version", "1", "--locked"]))?)
}

fn parse(text: &str) -> Result<Metadata> {
    serde_json::from_str(text).context("cannot read the answer of `cargo metadata`")
}

/// The folder that cargo builds into.
pub fn target_directory() -> Result<PathBuf> {
    #[derive(Deserialize)]
    struct Target {
        target_directory: PathBuf,
    }
    let text = process::read(workspace::cargo().args(["metadata", "--format-version", "1", "--no-deps"]))?;
    let target: Target = serde_json::from_str(&text).context("cannot read the answer of `cargo metadata`")?;
    Ok(target.target_directory)
}

/// A declared dependency, for tests: the package's name and the kind of dependency.
#[cfg(test)]
pub type Use<'a> = (&'a str, Option<&'a str>);

/// A workspace as cargo would describe it, for tests: each crate's name and what it uses.
#[cfg(test)]
pub fn sample(ours: &[(&str, &[Use<'_>])]) -> Metadata {
    let packages: Vec<_> = ours
        .iter()
        .map(|(name, dependencies)| {
            let dependencies: Vec<_> =
                dependencies.iter().map(|(name, kind)| serde_json::json!({"name": name, "kind": kind})).collect();
            serde_json::json!({"id": name, "name": name, "version": "0.0.0", "dependencies": dependencies})
        })
        .collect();
    let members: Vec<_> = ours.iter().map(|(name, _)| name).collect();
    parse(&serde_json::json!({"packages": packages, "workspace_members": members}).to_string()).unwrap()
}
