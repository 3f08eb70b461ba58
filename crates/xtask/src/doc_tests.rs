//! Whether any documentation holds an example that is a test. Building all crates once more to find none would cost
//! minutes.

use anyhow::Result;

use crate::workspace;

/// Whether a library of the workspace has an example that rustdoc would run.
pub fn exist() -> Result<bool> {
    for file in workspace::files(&workspace::root().join("crates"), "rs")? {
        if has_test(&std::fs::read_to_string(&file)?) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Whether a doc comment in this source opens a code block that rustdoc takes for Rust.
fn has_test(source: &str) -> bool {
    let mut inside = false;
    for line in source.lines() {
        let line = line.trim_start();
        let Some(text) = line.strip_prefix("///").or_else(|| line.strip_prefix("//!")) else {
            inside = false;
            continue;
        };
        let Some(language) = text.trim().strip_prefix("```") else { continue };
        if !inside && is_run(language) {
            return true;
        }
        inside = !inside;
    }
    false
}

/// Whether rustdoc compiles a block of this language: no name means Rust, and the rest are attributes of tests.
fn is_run(language: &str) -> bool {
    const TESTED: [&str; 6] = ["rust", "no_run", "should_panic", "compile_fail", "edition2021", "edition2024"];
    language.split(',').map(str::trim).all(|word| word.is_empty() || TESTED.contains(&word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rust_blocks_are_tests() {
        assert!(has_test("/// Adds.\n/// ```\n/// assert_eq!(1, 1);\n/// ```\nfn f() {}"));
        assert!(has_test("//! ```no_run\n//! ```"));
    }

    #[test]
    fn other_blocks_and_their_ends_are_not() {
        assert!(!has_test("/// ```text\n/// a b\n/// ```\nfn f() {}"));
        assert!(!has_test("/// ```ignore\n/// ```\n/// ```json\n/// ```"));
        assert!(!has_test("let s = \"```\";"));
    }
}
