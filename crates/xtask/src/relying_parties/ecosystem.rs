//! npm and pip: what is wanted, whether it is there, and how it is installed.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result};

use crate::{process, workspace};

/// One kind of packages: what is wanted, and how it is installed.
pub struct Ecosystem {
    /// The interpreter, whose name is also that of the folder.
    pub interpreter: &'static str,
    /// How it says its version.
    version: &'static [&'static str],
    /// The files that say what is wanted.
    pub lists: &'static [&'static str],
    /// Installs what the lists say into a folder, in which there is nothing but these.
    install: fn(&Path) -> Result<()>,
}

/// What there is.
pub const ECOSYSTEMS: &[Ecosystem] = &[
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
    /// Installs what the lists in the first folder say below the second one, unless it was made from the same lists.
    /// What an installation was made from is written last: one without that is not whole.
    pub fn ensure(&self, lists: &Path, folder: &Path) -> Result<()> {
        let wanted = self.wanted(lists)?;
        let (place, made_from) =
            (folder.join(self.interpreter), folder.join(format!("{}.made-from", self.interpreter)));
        if place.is_dir() && fs::read_to_string(&made_from).is_ok_and(|found| found == wanted) {
            return Ok(());
        }
        println!("Installing what {} asks for, from {}:", lists.display(), self.lists.join(", "));
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
        (self.install)(place)
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
fn npm(place: &Path) -> Result<()> {
    process::run(
        workspace::command("npm").args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"]).current_dir(place),
    )
}

/// Exactly the listed packages, each compared with its hash, in an environment of their own. Nothing is compiled.
fn pip(place: &Path) -> Result<()> {
    process::run(workspace::command("python3").args(["-m", "venv"]).arg(place))?;
    let mut install = workspace::command(&place.join("bin/python").to_string_lossy());
    install.args(["-m", "pip", "install", "--quiet", "--no-input", "--disable-pip-version-check", "--no-deps"]);
    install.args(["--only-binary", ":all:", "--require-hashes", "--requirement", "requirements.txt"]);
    process::run(install.current_dir(place))
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;

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
            install: |place| {
                assert!(!place.join("installed").exists());
                fs::copy(place.join("list"), place.join("installed"))?;
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
