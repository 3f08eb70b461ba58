//! The programs that people use with registries, each run as its user would, with a home of its own.

use std::{
    env, fs,
    io::{Read, Write},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use serde_json::Value;
use tempfile::TempDir;

/// Names the peers that `cargo xtask test` could not bring here, by comma.
const WITHOUT: &str = "TESTS_WITHOUT";
/// How long a single run of a peer may take.
const PATIENCE: Duration = Duration::from_secs(60);

/// Whether a peer is here. False, with a line that says so, only if the command that runs the tests has said before
/// that it can't be had on this machine.
///
/// # Panics
/// If the peer is missing without that.
#[must_use]
pub fn is_here(name: &str) -> bool {
    if env::var(WITHOUT).unwrap_or_default().split(',').any(|missing| missing == name) {
        println!("NOT RUN: this test needs {name}, which can't be installed on this machine");
        return false;
    }
    let path = env::var_os("PATH").unwrap_or_default();
    let mut folders = env::split_paths(&path).chain(["/usr/sbin", "/sbin"].map(PathBuf::from));
    assert!(folders.any(|folder| folder.join(name).is_file()), "{name} is not on this machine: run `cargo xtask test`");
    true
}

/// What a program did.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// What was run, for messages.
    pub line: String,
    /// It ended well.
    pub success: bool,
    /// Its standard output.
    pub stdout: String,
    /// Its standard error.
    pub stderr: String,
}

impl Outcome {
    /// Its standard output, if it ended well.
    #[track_caller]
    pub fn ok(self) -> String {
        assert!(self.success, "`{}` failed:\n{}{}", self.line, self.stdout, self.stderr);
        self.stdout
    }

    /// Both outputs, if it did not end well.
    #[track_caller]
    pub fn refused(self) -> String {
        assert!(!self.success, "`{}` was expected to fail:\n{}{}", self.line, self.stdout, self.stderr);
        format!("{}{}", self.stdout, self.stderr)
    }

    /// Both outputs as JSON, if it ended well.
    #[track_caller]
    pub fn json(self) -> Value {
        let text = self.ok();
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("no JSON ({error}): {text}"))
    }
}

/// A person's home folder on a machine with the client programs: logins and images live in it.
#[derive(Debug)]
pub struct Home(TempDir);

impl Home {
    /// A home in which nobody has logged in yet. `registry` is the `host:port` that is spoken to without TLS.
    ///
    /// # Panics
    /// If it can't be made.
    #[must_use]
    pub fn new(registry: &str) -> Self {
        let folder = tempfile::Builder::new().prefix("home").tempdir().expect("a folder");
        let path = folder.path();
        let storage =
            format!("[storage]\ndriver = \"vfs\"\ngraphroot = \"{0}/graph\"\nrunroot = \"{0}/run\"\n", path.display());
        fs::write(path.join("storage.conf"), storage).expect("a file");
        let registries = format!("[[registry]]\nlocation = \"{registry}\"\ninsecure = true\n");
        fs::write(path.join("registries.conf"), registries).expect("a file");
        let policy = "{\"default\": [{\"type\": \"insecureAcceptAnything\"}]}";
        let containers = path.join(".config/containers");
        fs::create_dir_all(&containers).expect("a folder");
        fs::write(containers.join("policy.json"), policy).expect("a file");
        fs::create_dir_all(path.join("runtime")).expect("a folder");
        Self(folder)
    }

    /// The folder.
    #[must_use]
    pub fn path(&self) -> &Path {
        self.0.path()
    }

    /// Where podman, skopeo and buildah store logins.
    #[must_use]
    pub fn auth_file(&self) -> PathBuf {
        self.path().join("auth.json")
    }

    /// What docker stores about logins.
    ///
    /// # Panics
    /// If nothing is stored.
    #[must_use]
    pub fn docker_config(&self) -> Value {
        let text = fs::read_to_string(self.path().join("docker/config.json")).expect("docker has a config.json");
        serde_json::from_str(&text).expect("config.json is JSON")
    }

    /// Runs a program with these arguments.
    pub async fn run(&self, program: &str, arguments: &[&str]) -> Outcome {
        self.run_with_input(program, arguments, "").await
    }

    /// Runs a program with these arguments and this standard input, such as a password.
    ///
    /// # Panics
    /// If it can't be started or does not end.
    pub async fn run_with_input(&self, program: &str, arguments: &[&str], input: &str) -> Outcome {
        let line = format!("{program} {}", arguments.join(" "));
        let mut command = self.command(program);
        command.args(arguments);
        let input = input.to_owned();
        // On a thread of its own: the test may have others running at the same time.
        tokio::task::spawn_blocking(move || run_to_end(command, line, &input)).await.expect("the program ends")
    }

    fn command(&self, program: &str) -> Command {
        let home = self.path();
        let mut command = Command::new(program);
        for (name, _) in env::vars_os() {
            if name.to_string_lossy().to_ascii_lowercase().ends_with("_proxy") {
                command.env_remove(name);
            }
        }
        command
            .env("HOME", home)
            .env("XDG_RUNTIME_DIR", home.join("runtime"))
            .env("XDG_CONFIG_HOME", home.join(".config"))
            .env("DOCKER_CONFIG", home.join("docker"))
            .env("REGISTRY_AUTH_FILE", self.auth_file())
            .env("CONTAINERS_STORAGE_CONF", home.join("storage.conf"))
            .env("CONTAINERS_REGISTRIES_CONF", home.join("registries.conf"))
            .env("TMPDIR", home)
            .env("LC_ALL", "C.UTF-8")
            .current_dir(home)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    /// `skopeo login` and the like: program, registry, user and password.
    pub async fn login(&self, program: &str, registry: &str, username: &str, password: &str) -> Outcome {
        let mut arguments = vec!["login"];
        if program != "docker" {
            arguments.push("--tls-verify=false");
        }
        arguments.extend(["--username", username, "--password-stdin", registry]);
        self.run_with_input(program, &arguments, password).await
    }
}

fn run_to_end(mut command: Command, line: String, input: &str) -> Outcome {
    let mut child = command.spawn().unwrap_or_else(|error| panic!("`{line}` can't be started: {error}"));
    let (stdout, stderr) = (read(child.stdout.take()), read(child.stderr.take()));
    if let Some(mut stdin) = child.stdin.take() {
        // A program that reads nothing may be gone already.
        let _ = stdin.write_all(input.as_bytes());
    }
    let deadline = Instant::now() + PATIENCE;
    let status = loop {
        if let Some(status) = child.try_wait().expect("a child can be waited for") {
            break status;
        }
        if Instant::now() > deadline {
            let _ = child.kill();
            panic!("`{line}` does not end");
        }
        thread::sleep(Duration::from_millis(5));
    };
    let [stdout, stderr] = [stdout, stderr].map(|reader| reader.join().expect("the outputs can be read"));
    Outcome { line, success: status.success(), stdout, stderr }
}

fn read(output: Option<impl Read + Send + 'static>) -> JoinHandle<String> {
    thread::spawn(move || {
        let mut bytes = Vec::new();
        if let Some(mut output) = output {
            let _ = output.read_to_end(&mut bytes);
        }
        String::from_utf8_lossy(&bytes).into_owned()
    })
}
