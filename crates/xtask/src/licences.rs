//! The licences of everything we are built from: Portcullis is Apache-2.0, and what it contains must allow that.

use std::collections::BTreeMap;

use anyhow::{Result, bail};

use crate::metadata::{self, Package};
use crate::spdx::Expression;
use crate::{advisories, golden};

const LIST: &str = "docs/dependencies.md";

/// What we accept. MPL-2.0 and CDLA-Permissive-2.0 bind only the files they came with, which we use unmodified.
/// Everything else stays out until somebody has read it and added it here; the GPL family does not fit.
const ACCEPTED: [&str; 16] = [
    "0BSD",
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "CC0-1.0",
    "CDLA-Permissive-2.0",
    "ISC",
    "MIT",
    "MIT-0",
    "MPL-2.0",
    "OpenSSL",
    "Unicode-3.0",
    "Unlicense",
    "Zlib",
];

/// Checks the licence of every dependency, for whatever target and purpose it is used, and known vulnerabilities where
/// the advisory database can be had; with `write` also renews the list of dependencies.
pub fn run(write: bool) -> Result<()> {
    let metadata = metadata::read()?;
    let others: Vec<&Package> = metadata.others().collect();
    let refusals: Vec<String> = others.iter().filter_map(|package| refusal(package)).collect();
    if !refusals.is_empty() {
        bail!("licences that do not fit:\n{}", refusals.join("\n"));
    }
    println!("licences of {} dependencies: all accepted", others.len());
    if write {
        golden::write(LIST, &list(&others))?;
    }
    advisories::check()
}

/// Why this package may not be used; nothing when it may.
fn refusal(package: &Package) -> Option<String> {
    let name = format!("{} {}", package.name, package.version);
    let Some(text) = &package.license else {
        return Some(format!("{name} does not say its licence"));
    };
    let expression = match Expression::parse(text) {
        Ok(expression) => expression,
        Err(error) => return Some(format!("{name}: cannot read the licence `{text}`: {error}")),
    };
    let refused = expression.refused(&|licence| ACCEPTED.contains(&licence));
    if refused.is_empty() {
        return None;
    }
    Some(format!("{name} is under {text}: {} is not in the list of accepted licences", refused.join(", ")))
}

/// The dependencies as a page, by licence.
fn list(packages: &[&Package]) -> String {
    let mut by_licence: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for package in packages {
        let licence = package.license.as_deref().unwrap_or("none");
        by_licence.entry(licence).or_default().push(format!("{} {}", package.name, package.version));
    }
    let mut page = format!(
        "# Dependencies by licence\n\nMade by `cargo xtask licences --write`; `cargo xtask check` proves that each \
         licence is accepted.\nAll {} crates of the lock file are here, also those for other systems and for tests. \
         All are used unmodified.\n",
        packages.len()
    );
    for (licence, mut names) in by_licence {
        names.sort();
        page.push_str(&format!("\n## {licence}\n\n{}\n", names.join(", ")));
    }
    page
}

#[cfg(test)]
mod tests {
    use super::*;

    fn package(license: Option<&str>) -> Package {
        serde_json::from_value(serde_json::json!({
            "id": "p", "name": "p", "version": "1.0.0", "license": license, "dependencies": []
        }))
        .unwrap()
    }

    #[test]
    fn permissive_licences_are_accepted() {
        for licence in
            ["MIT OR Apache-2.0", "(MIT OR Apache-2.0) AND Unicode-3.0", "MIT OR LGPL-2.1-or-later", "MPL-2.0"]
        {
            assert_eq!(refusal(&package(Some(licence))), None, "{licence}");
        }
    }

    #[test]
    fn a_refusal_names_the_package_and_the_licence() {
        let reason = refusal(&package(Some("MIT AND GPL-3.0-or-later"))).unwrap();
        assert!(reason.contains("p 1.0.0") && reason.contains("GPL-3.0-or-later is not"), "{reason}");
        assert!(refusal(&package(None)).unwrap().contains("does not say"));
        assert!(refusal(&package(Some("MIT OR"))).unwrap().contains("cannot read"));
    }

    #[test]
    fn the_list_is_by_licence() {
        let page = list(&[&package(Some("MIT")), &package(Some("MIT")), &package(Some("ISC"))]);
        assert!(page.contains("## ISC\n\np 1.0.0\n"), "{page}");
        assert!(page.contains("## MIT\n\np 1.0.0, p 1.0.0\n"), "{page}");
    }
}
