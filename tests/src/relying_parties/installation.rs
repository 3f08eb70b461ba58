//! Where the applications are, and how their programs are started.

use std::{
    env, fs,
    os::unix::fs::symlink,
    path::{Path, PathBuf},
    process::Command,
};

use tempfile::TempDir;

/// Names the folder; `cargo xtask test` sets it.
const FOLDER: &str = "TESTS_RELYING_PARTIES";

/// The folder into which `cargo xtask test` has installed the packages for this interpreter.
///
/// # Panics
/// If it has not.
#[must_use]
pub fn of(interpreter: &str) -> PathBuf {
    let folder = env::var_os(FOLDER).map_or_else(beside_the_build, PathBuf::from);
    let found = folder.join(interpreter);
    // The last thing that is written.
    assert!(
        folder.join(format!("{interpreter}.made-from")).is_file(),
        "the applications of the tests are not in {}: run `cargo xtask test`",
        found.display()
    );
    found
}

/// Where it is unless something else was said: beside the folder that the tests were built in.
fn beside_the_build() -> PathBuf {
    let program = env::current_exe().expect("this program has a file");
    // target/debug/deps/interop-…
    let target = program.ancestors().nth(3).expect("a build folder");
    target.join("relying-parties")
}

/// A folder with one program and, beside it, the packages that it uses.
#[derive(Debug)]
pub struct Workplace(TempDir);

impl Workplace {
    /// For a program in JavaScript: Node.js looks for packages from the program's own folder upwards.
    ///
    /// # Panics
    /// If it can't be made.
    #[must_use]
    pub fn of_node(name: &str, text: &str) -> Self {
        let place = Self::with(name, text);
        symlink(of("node").join("node_modules"), place.path().join("node_modules")).expect("a link");
        place
    }

    /// For a program in Python.
    ///
    /// # Panics
    /// If it can't be made.
    #[must_use]
    pub fn of_python(name: &str, text: &str) -> Self {
        Self::with(name, text)
    }

    fn with(name: &str, text: &str) -> Self {
        let folder = tempfile::Builder::new().prefix("relying-party").tempdir().expect("a folder");
        fs::write(folder.path().join(name), text).expect("a file");
        Self(folder)
    }

    /// The folder.
    #[must_use]
    pub fn path(&self) -> &Path {
        self.0.path()
    }

    /// A command that runs the program with Node.js.
    #[must_use]
    pub fn node(&self, name: &str) -> Command {
        self.command(Path::new("node"), name)
    }

    /// A command that runs the program with Python.
    #[must_use]
    pub fn python(&self, name: &str) -> Command {
        self.command(&of("python").join("bin/python"), name)
    }

    /// The applications speak only with this machine, whatever proxy it uses for others.
    fn command(&self, interpreter: &Path, name: &str) -> Command {
        let mut command = Command::new(interpreter);
        for (variable, _) in env::vars_os() {
            if variable.to_string_lossy().to_ascii_lowercase().ends_with("_proxy") {
                command.env_remove(variable);
            }
        }
        command.arg(self.path().join(name)).current_dir(self.path()).env("HOME", self.path()).env("LC_ALL", "C.UTF-8");
        command
    }
}
