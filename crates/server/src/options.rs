//! Options of the program: read from flags, environment and file, checked all at once, typed from then on.

mod command_line;
mod hint;
mod refusals;
mod setting;
mod sources;
mod typed;

#[cfg(test)]
mod tests;

use std::{collections::BTreeMap, fmt, num::NonZeroUsize, path::PathBuf, time::Duration};

use model::secret::Secret;
use web::TrustedProxies;

pub use command_line::load;

/// What the program is to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Command {
    /// Serve, refusing what is unsafe.
    Start,
    /// Serve on this machine with everything made up that wasn't given.
    StartDev,
    /// Bring the database up to date and end.
    Migrate,
    /// Make an administrator and end.
    BootstrapAdmin,
    /// Say what makes realms less safe than they could be, and end.
    CheckPosture,
    /// Make realms from files and end.
    Import,
    /// Write a realm to a file and end.
    Export,
    /// Say what files would change, and end.
    Plan,
    /// Make realms as files want them, and end.
    Apply,
    /// Find out whether realms are as files want them, and end.
    Drift,
}

impl Command {
    /// The word on the command line.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Start => "start",
            Self::StartDev => "start-dev",
            Self::Migrate => "migrate",
            Self::BootstrapAdmin => "bootstrap-admin",
            Self::CheckPosture => "check-posture",
            Self::Import => "import",
            Self::Export => "export",
            Self::Plan => "plan",
            Self::Apply => "apply",
            Self::Drift => "drift",
        }
    }
}

/// Something wrong with an option: its name as it was written, and what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trouble {
    /// The name of the option at the place where it was given or is missing.
    pub option: String,
    /// What is wrong and what to do about it.
    pub text: String,
}

impl Trouble {
    fn new(option: String, text: String) -> Self {
        Self { option, text }
    }
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.option, self.text)
    }
}

/// Why there are no options.
#[derive(Debug)]
pub enum Stop {
    /// The command line is asked for help, or can't be read. The error prints itself.
    CommandLine(clap::Error),
    /// Options are wrong, missing or unsafe: all of them at once.
    Troubles(Vec<Trouble>),
}

/// A certificate and its private key, as files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Certificate {
    /// PEM: the server's certificate, then its intermediate ones.
    pub certificate: PathBuf,
    /// PEM: the private key.
    pub key: PathBuf,
}

/// Which PostgreSQL is used.
#[derive(Clone, Debug)]
pub enum Database {
    /// One that somebody else runs.
    Url(Secret),
    /// A private child process.
    Embedded {
        /// The folder with its programs; none searches for them.
        binaries: Option<PathBuf>,
    },
}

/// Where the sealing key comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SealingKeyFile {
    /// The file.
    pub path: PathBuf,
    /// Make it if it isn't there.
    pub create: bool,
}

/// The administrator to be made if there is none.
#[derive(Clone, Debug)]
pub struct BootstrapAdmin {
    /// Its name.
    pub username: String,
    /// Its password; none draws one.
    pub password: Option<Secret>,
}

/// The form of log lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    /// For people.
    Text,
    /// One JSON object per line.
    Json,
}

/// The form of a report.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ReportFormat {
    /// For people.
    #[default]
    Text,
    /// One JSON document.
    Json,
}

/// What `check-posture` looks at.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PostureCheck {
    /// The realms; none for all.
    pub realms: Vec<String>,
    /// The form of the report.
    pub format: ReportFormat,
}

/// What `import`, `plan`, `apply` and `drift` read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RealmFiles {
    /// Files, and folders of files.
    pub paths: Vec<PathBuf>,
    /// Try it, and leave nothing behind.
    pub dry_run: bool,
    /// Replace realms that are there.
    pub overwrite: bool,
}

/// What `export` writes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RealmExport {
    /// The realm's name.
    pub realm: String,
    /// With its users.
    pub users: bool,
    /// The file; none is standard output.
    pub file: Option<PathBuf>,
}

/// The options of one run, checked.
#[derive(Clone, Debug)]
pub struct Options {
    /// What to do.
    pub command: Command,
    /// The public address without a path or a slash at the end. None: the address that each request came to.
    pub hostname: Option<String>,
    /// The address or name to listen on.
    pub http_host: String,
    /// The port without TLS, 0 for a free one; none doesn't listen without TLS.
    pub http_port: Option<u16>,
    /// The port with TLS.
    pub https_port: u16,
    /// The certificate; none doesn't listen with TLS.
    pub certificate: Option<Certificate>,
    /// The port for monitoring; none doesn't listen.
    pub management_port: Option<u16>,
    /// The port for monitoring was asked for, so it must be free.
    pub management_port_given: bool,
    /// Which proxies are believed.
    pub proxies: TrustedProxies,
    /// PEM: certificate authorities that requests of the server believe beside those of the machine.
    pub outgoing_trust: Option<PathBuf>,
    /// Where data of our own lives.
    pub data_dir: PathBuf,
    /// The database.
    pub database: Database,
    /// The most connections to it.
    pub database_connections: u32,
    /// The key that seals.
    pub sealing_key: SealingKeyFile,
    /// The first administrator.
    pub bootstrap_admin: BootstrapAdmin,
    /// Directives in the syntax of `tracing-subscriber`.
    pub log_level: String,
    /// The form of log lines.
    pub log_format: LogFormat,
    /// Threads that answer requests.
    pub workers: NonZeroUsize,
    /// Threads that hash passwords.
    pub hashing_threads: NonZeroUsize,
    /// Hashes that may wait for them.
    pub hashing_queue: usize,
    /// RSA keys that are kept ready for new realms.
    pub keys_ahead: usize,
    /// How long requests in flight may take when stopping.
    pub shutdown_timeout: Duration,
    /// What `check-posture` looks at.
    pub posture_check: PostureCheck,
    /// What `import`, `plan`, `apply` and `drift` read.
    pub realm_files: RealmFiles,
    /// What `export` writes.
    pub realm_export: RealmExport,
}

/// The machine, as far as options depend on it.
#[derive(Clone, Debug)]
pub struct Machine {
    /// The variables of the environment.
    pub environment: BTreeMap<String, String>,
    /// Processors that this process may use.
    pub processors: NonZeroUsize,
    /// This process runs as root.
    pub root: bool,
}

impl Machine {
    /// This machine. Variables that aren't Unicode are left out, unless they are ours: then they stand for themselves
    /// with the unreadable letters replaced.
    #[must_use]
    pub fn this() -> Self {
        let environment = std::env::vars_os()
            .filter_map(|(name, value)| Some((name.into_string().ok()?, value.to_string_lossy().into_owned())))
            .collect();
        Self {
            environment,
            processors: std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN),
            root: embedded_postgres::effective_uid() == 0,
        }
    }
}
