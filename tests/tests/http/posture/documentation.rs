//! `docs/security-posture.md` promises nothing that no test shows, and names every rule.

use std::{collections::BTreeSet, fs, path::Path};

use services::posture::{Severity, rules};

fn read(path: &str) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    fs::read_to_string(root.join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The names of the tests in the files of a folder that begin with one of these.
fn tests_in(folder: &Path, found: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            tests_in(&path, found);
            continue;
        }
        for line in fs::read_to_string(&path).unwrap().lines() {
            let name =
                line.trim().strip_prefix("async fn ").and_then(|rest| rest.split('(').next()).unwrap_or_default();
            if name.starts_with("asvs_") || name.starts_with("rfc_9700_") {
                found.insert(name.to_owned());
            }
        }
    }
}

/// The words in backticks.
fn quoted(text: &str) -> BTreeSet<&str> {
    text.split('`').skip(1).step_by(2).collect()
}

#[test]
fn every_promise_has_its_test_and_every_test_its_promise() {
    let document = read("docs/security-posture.md");
    let mut tests = BTreeSet::new();
    tests_in(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/http/posture"), &mut tests);
    let named: BTreeSet<_> = quoted(&document)
        .into_iter()
        .filter(|word| word.starts_with("asvs_") || word.starts_with("rfc_9700_"))
        .map(str::to_owned)
        .collect();
    assert_eq!(named, tests);
    for item in 1..=11 {
        assert!(document.contains(&format!("| 10.4.{item} ")), "10.4.{item}");
        assert!(named.iter().any(|name| name.starts_with(&format!("asvs_10_4_{item}_"))), "10.4.{item}");
    }
}

#[test]
fn the_list_of_rules_is_the_rules() {
    let document = read("docs/security-posture.md");
    for severity in Severity::ALL {
        for rule in rules().filter(|rule| rule.severity == severity) {
            let row = format!("| `{}` | {severity} | {} |", rule.id, rule.reference);
            assert!(document.contains(&row), "missing: {row}");
        }
    }
    let rows = document
        .lines()
        .filter(|line| ["violation", "warning", "note"].iter().any(|word| line.contains(&format!("` | {word} | "))));
    assert_eq!(rows.count(), rules().count());
}
