//! The applications that log their users in at the server in tests, as far as they come from npm and PyPI.
//!
//! What is wanted is written in `tests/relying-parties`, each package with its version and the hash of its content.
//! It is installed below the build folder, where nothing else uses it, and stays there until what is wanted changes.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result};

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

/// One kind of packages: what is wanted, and how it is installed.
struct Ecosystem {
    /// The interpreter, whose name is also that of the folder.
    interpreter: &'static str,
    /// How it says its version.
    version: &'static [&'static str],
    /// The files that say what is wanted.
    lists: &'static [&'static str],
    /// Installs what the lists in the first folder say into the second one, which is new and empty.
    install: fn(&Path, &Path) -> Result<()>,
}

const ECOSYSTEMS: &[Ecosystem] = &[
    Ecosystem {
        interpreter: "node",
        version: &["node", "--version"],
        lists: &["package.json", "package-lock.json", ".npmrc"],
        install: npm,
    },
    Ecosystem {
        interpreter: "python",
        // Its path too, because an environment works only with the Python that made it.
        version: &["python3", "-c", "import sys; print(sys.version, sys.executable)"],
        lists: &["requirements.txt"],
        install: pip,
    },
];

impl Ecosystem {
    /// The file that says what an installation was made from is the last one written: one without it is not whole.
    fn ensure(&self, lists: &Path, folder: &Path) -> Result<()> {
        let wanted = self.wanted(lists)?;
        let (place, made_from) =
            (folder.join(self.interpreter), folder.join(format!("{}.made-from", self.interpreter)));
        if place.is_dir() && fs::read_to_string(&made_from).is_ok_and(|found| found == wanted) {
            return Ok(());
        }
        println!("Installing the applications of {LISTS}/{} into {}:", self.lists.join(", "), place.display());
        let mut outcome = self.install_anew(lists, &place, &made_from);
        if let Err(first) = &outcome {
            println!("{first:#}\nOnce more:");
            outcome = self.install_anew(lists, &place, &made_from);
        }
        outcome?;
        fs::write(&made_from, wanted).with_context(|| format!("cannot write {}", made_from.display()))
    }

    /// Everything that the installation depends on.
    fn wanted(&self, lists: &Path) -> Result<String> {
        let (program, arguments) = self.version.split_first().context("a program that says its version")?;
        let mut wanted = process::read(Command::new(program).args(arguments))?;
        for name in self.lists {
            let file = lists.join(name);
            let text = fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))?;
            wanted.push_str(&format!("=== {name}\n{text}"));
        }
        Ok(wanted)
    }

    fn install_anew(&self, lists: &Path, place: &Path, made_from: &Path) -> Result<()> {
        for leftover in [made_from, place] {
            remove(leftover)?;
        }
        fs::create_dir_all(place)?;
        for name in self.lists {
            fs::copy(lists.join(name), place.join(name))?;
        }
        (self.install)(lists, place)
    }
}

fn remove(path: &Path) -> Result<()> {
    let outcome = if path.is_dir() { fs::remove_dir_all(path) } else { fs::remove_file(path) };
    match outcome {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(error).with_context(|| format!("cannot remove {}", path.display()))
        }
        _ => Ok(()),
    }
}

/// Exactly the packages of the lock file, each compared with its hash.
fn npm(_lists: &Path, place: &Path) -> Result<()> {
    process::run(
        workspace::command("npm").args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"]).current_dir(place),
    )
}

/// Exactly the listed packages, each compared with its hash, in an environment of their own. Nothing is compiled.
fn pip(_lists: &Path, place: &Path) -> Result<()> {
    process::run(workspace::command("python3").args(["-m", "venv"]).arg(place))?;
    let mut install = workspace::command(&place.join("bin/python").to_string_lossy());
    install.args(["-m", "pip", "install", "--quiet", "--no-input", "--disable-pip-version-check", "--no-deps"]);
    install.args(["--only-binary", ":all:", "--require-hashes", "--requirement", "requirements.txt"]);
    process::run(install.current_dir(place))
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

    #[test]
    fn it_is_installed_once_for_each_list() {
        let lists = tempfolder("lists");
        let folder = tempfolder("place");
        fs::write(lists.join("list"), "one").unwrap();
        // Each installation writes what it was made from, and would fail if it found an older one.
        let ecosystem = Ecosystem {
            interpreter: "sh",
            version: &["sh", "-c", "echo 1"],
            lists: &["list"],
            install: |lists, place| {
                assert!(!place.join("installed").exists());
                fs::copy(lists.join("list"), place.join("installed"))?;
                Ok(())
            },
        };
        let installed = || fs::read_to_string(folder.join("sh/installed")).unwrap();
        ecosystem.ensure(&lists, &folder).unwrap();
        assert_eq!(installed(), "one");
        fs::write(folder.join("sh/installed"), "kept").unwrap();
        ecosystem.ensure(&lists, &folder).unwrap();
        assert_eq!(installed(), "kept");

        fs::write(lists.join("list"), "two").unwrap();
        ecosystem.ensure(&lists, &folder).unwrap();
        assert_eq!(installed(), "two");

        // Broken off: the folder is there, but nothing says that it is whole.
        fs::remove_file(folder.join("sh.made-from")).unwrap();
        fs::write(folder.join("sh/installed"), "half").unwrap();
        ecosystem.ensure(&lists, &folder).unwrap();
        assert_eq!(installed(), "two");
        for folder in [lists, folder] {
            fs::remove_dir_all(folder).unwrap();
        }
    }

    fn tempfolder(name: &str) -> PathBuf {
        let folder = std::env::temp_dir().join(format!("xtask-{}-{name}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        folder
    }
}
