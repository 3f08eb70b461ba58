//! The real binary, as people start it.

use std::{
    env, fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::{Command, ExitStatus},
};

use tempfile::TempDir;
use test_db::TestDatabase;

use crate::{
    admin::Admin,
    answer::{Answer, http},
    docker::Docker,
    poll::until,
    process::{Log, Process, free_port},
    template::{ADMIN, ADMIN_PASSWORD, SEALING_KEY, template},
};

/// Names the binary; `cargo xtask test` sets it.
const BINARY: &str = "PORTCULLIS_BINARY";
/// What begins the names of the program's own variables.
const PREFIX: &str = "PORTCULLIS_";

/// Which database the program gets.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Database {
    /// A database of the shared test server, with the master realm and its administrator.
    #[default]
    Own,
    /// The program's own PostgreSQL, in a new data directory.
    Embedded,
}

/// How the program is started: `start-dev` with ports and folders of its own, and what is said here.
#[derive(Clone, Debug, Default)]
pub struct Setup {
    /// The database.
    pub database: Database,
    /// Further arguments.
    pub arguments: Vec<String>,
    /// Variables of the environment.
    pub environment: Vec<(String, String)>,
}

/// The running program. It is stopped when it is dropped, and its data go with it.
#[derive(Debug)]
pub struct Program {
    process: Process,
    log: Log,
    setup: Setup,
    port: u16,
    management_port: u16,
    folder: TempDir,
    database: Option<TestDatabase>,
}

impl Program {
    /// The administrator's name.
    pub const ADMIN_USERNAME: &str = ADMIN;
    /// The administrator's password.
    pub const ADMIN_PASSWORD: &str = ADMIN_PASSWORD;

    /// Starts the program and waits until it is ready.
    ///
    /// # Panics
    /// If it ends or does not become ready; the text holds what it wrote.
    pub async fn start(setup: Setup) -> Self {
        // Open to others, because PostgreSQL does not run as root and has to get through.
        let permissions = fs::Permissions::from_mode(0o755);
        let folder =
            tempfile::Builder::new().prefix("portcullis").permissions(permissions).tempdir().expect("a folder");
        let key = folder.path().join("key");
        fs::write(&key, SEALING_KEY).expect("a file");
        fs::set_permissions(&key, fs::Permissions::from_mode(0o600)).expect("a file");
        let database = match setup.database {
            Database::Own => Some(TestDatabase::from_template(&template()).await.expect("a database")),
            Database::Embedded => None,
        };
        let (port, management_port) = (free_port(), free_port());
        let log = Log::default();
        let url = database.as_ref().map(|database| database.url().to_owned());
        let mut command = command(&setup, port, management_port, folder.path(), url.as_deref());
        let process = Process::start(&mut command, &log);
        let mut program = Self { process, log, setup, port, management_port, folder, database };
        program.ready().await;
        program
    }

    /// Runs the program to its end and gives how it ended and what it wrote. For wrong options and short commands.
    #[must_use]
    pub fn run(arguments: &[&str], environment: &[(&str, &str)]) -> (ExitStatus, String) {
        let mut command = clean();
        command.args(arguments).envs(environment.iter().copied());
        let output = command.output().expect("the program can be started");
        let text = [output.stdout, output.stderr].map(|text| String::from_utf8_lossy(&text).into_owned()).concat();
        (output.status, text)
    }

    async fn ready(&mut self) {
        let (client, url) = (http(), format!("{}/health/ready", self.url()));
        let process = &mut self.process;
        let log = &self.log;
        until("the program to be ready", 60, || {
            if let Some(status) = process.ended() {
                panic!("the program ended ({status}):\n{}", log.text());
            }
            let request = client.get(&url);
            async move { Answer::try_to(request).await.ok().filter(|answer| answer.status == 200) }
        })
        .await;
    }

    /// The address, without a slash at the end.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// The address for monitoring.
    #[must_use]
    pub fn management_url(&self) -> String {
        format!("http://127.0.0.1:{}", self.management_port)
    }

    /// The process id.
    #[must_use]
    pub fn id(&self) -> u32 {
        self.process.id()
    }

    /// The folder that the program keeps its data in.
    #[must_use]
    pub fn data_dir(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// The id of the embedded PostgreSQL's main process, while there is one.
    #[must_use]
    pub fn postmaster(&self) -> Option<u32> {
        let file = self.data_dir().join("postgres/pgdata/postmaster.pid");
        fs::read_to_string(file).ok()?.lines().next()?.trim().parse().ok()
    }

    /// Everything that was written to both outputs, by all runs.
    #[must_use]
    pub fn log(&self) -> String {
        self.log.text()
    }

    /// Ends the program at once, as a crash would.
    pub fn kill9(&mut self) {
        self.process.kill9();
    }

    /// Asks the program to end, waits for it and gives how it ended.
    pub fn stop(&mut self) -> ExitStatus {
        self.process.stop()
    }

    /// Starts the program again with the same options and data, and waits until it is ready.
    pub async fn restart(&mut self) {
        let _ = self.process.stop();
        let url = self.database.as_ref().map(|database| database.url().to_owned());
        let mut command = command(&self.setup, self.port, self.management_port, self.folder.path(), url.as_deref());
        self.process = Process::start(&mut command, &self.log);
        self.ready().await;
    }

    /// The administrator, signed in.
    pub async fn admin(&self) -> Admin {
        Admin::login(&self.url(), ADMIN, ADMIN_PASSWORD).await
    }

    /// The token endpoint of a realm.
    #[must_use]
    pub fn docker(&self, realm: &str) -> Docker {
        Docker::new(&self.url(), realm)
    }
}

/// The program without anything of this test's environment that it would take for its own: it takes options from the
/// variables of its own that it knows, and refuses others.
#[must_use]
pub fn clean() -> Command {
    let mut command = Command::new(binary());
    for (name, _) in env::vars_os().filter(|(name, _)| name.as_encoded_bytes().starts_with(PREFIX.as_bytes())) {
        command.env_remove(name);
    }
    command.env_remove("TESTS_WITHOUT").env_remove("RUST_LOG");
    command
}

fn command(setup: &Setup, port: u16, management_port: u16, folder: &Path, database_url: Option<&str>) -> Command {
    let mut command = clean();
    command
        .arg("start-dev")
        .args(["--http-host", "127.0.0.1", "--http-port", &port.to_string()])
        .args(["--hostname", &format!("http://127.0.0.1:{port}")])
        .args(["--management-port", &management_port.to_string()])
        .arg("--data-dir")
        .arg(folder.join("data"))
        .arg("--sealing-key-file")
        .arg(folder.join("key"))
        .env("PORTCULLIS_KEYS_MADE_AHEAD", "0")
        .env("PORTCULLIS_BOOTSTRAP_ADMIN_USERNAME", ADMIN)
        .env("PORTCULLIS_BOOTSTRAP_ADMIN_PASSWORD", ADMIN_PASSWORD);
    if let Some(url) = database_url {
        command.env("PORTCULLIS_DATABASE_URL", url);
    }
    command.args(&setup.arguments).envs(setup.environment.iter().map(|(name, value)| (name, value)));
    command
}

/// The binary under test.
///
/// # Panics
/// If there is none, saying how to get it.
#[must_use]
pub fn binary() -> PathBuf {
    if let Some(named) = env::var_os(BINARY) {
        return PathBuf::from(named);
    }
    let program = env::current_exe().expect("this program has a file");
    // target/debug/deps/interop-…, or target/debug/bench-docker
    let found = program.ancestors().skip(1).take(2).map(|folder| folder.join("portcullis")).find(|file| file.is_file());
    found.unwrap_or_else(|| {
        panic!("the portcullis binary is not beside this test: `cargo build -p server`, or run `cargo xtask test`")
    })
}
