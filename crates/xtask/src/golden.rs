//! Files that are made by a command and committed, so that a change of them is seen in review.

use std::path::Path;

use anyhow::{Context as _, Result, bail};

use crate::workspace;

/// Writes the file, given by its path in the repository; says so when that changed it.
pub fn write(path: &str, content: &str) -> Result<()> {
    let file = workspace::root().join(path);
    if std::fs::read_to_string(&file).is_ok_and(|found| found == content) {
        println!("{path} is as it was");
        return Ok(());
    }
    if let Some(folder) = file.parent() {
        std::fs::create_dir_all(folder)?;
    }
    std::fs::write(&file, content).with_context(|| format!("cannot write {path}"))?;
    println!("{path} written");
    Ok(())
}

/// Fails, with the lines that differ and the command that renews the file, unless its content is this.
pub fn compare(path: &str, content: &str, renew: &str) -> Result<()> {
    let found = read(&workspace::root().join(path))?;
    if found == content {
        return Ok(());
    }
    bail!(
        "{path} is not what it should be (- committed, + now):\n{}\nIf that is intended: {renew}",
        difference(&found, content)
    )
}

/// The file's content, empty when there is no such file.
fn read(file: &Path) -> Result<String> {
    match std::fs::read_to_string(file) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(String::new()),
        other => other.with_context(|| format!("cannot read {}", file.display())),
    }
}

/// The lines that only one of the two has. Their order is not compared, which is enough to see what changed.
fn difference(old: &str, new: &str) -> String {
    let gone = old.lines().filter(|line| !new.lines().any(|other| other == *line)).map(|line| format!("- {line}"));
    let come = new.lines().filter(|line| !old.lines().any(|other| other == *line)).map(|line| format!("+ {line}"));
    let lines: Vec<String> = gone.chain(come).collect();
    if lines.is_empty() { "(the same lines in another order or number)".to_owned() } else { lines.join("\n") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_difference_shows_what_went_and_what_came() {
        assert_eq!(difference("a\nb\n", "b\nc\n"), "- a\n+ c");
        assert_eq!(difference("a\nb\n", "b\na\n"), "(the same lines in another order or number)");
    }
}
