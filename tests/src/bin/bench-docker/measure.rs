//! The order of the measurements.

use std::{fs::Permissions, os::unix::fs::PermissionsExt, path::Path, time::Duration};

use jose::SignatureAlgorithm;
use tokio::time::sleep;

use crate::{
    arguments::Arguments,
    limit::{self, Limit},
    load::{Load, Measured},
    machine,
    scene::Scene,
    server::Server,
    usage::Memory,
};

/// Connections that log in with passwords: enough to keep every hashing thread busy.
const PASSWORD_CONNECTIONS: usize = 8;
/// Connections of the other kinds.
const CONNECTIONS: usize = 32;
/// How long a limit is measured.
const LIMIT_LENGTH: Duration = Duration::from_secs(3);
/// How long a server has nothing to do before its idle memory is read.
const REST: Duration = Duration::from_secs(3);
/// How often the server is started with a warm database.
const STARTS: usize = 5;

/// Everything that was measured.
#[derive(Debug)]
pub struct Results {
    /// The load of the machine before the measurement.
    pub load_before: f64,
    /// Passwords that all processors hash.
    pub argon2: Limit,
    /// Signatures in a second of processor time, in OpenSSL's own measurement.
    pub openssl_rsa: f64,
    /// RS256 tokens that one processor signs with our library.
    pub rs256: Limit,
    /// ES256 tokens that one processor signs with our library.
    pub es256: Limit,
    /// Writes that reach the disk one after the other.
    pub flushes: Limit,
    /// The kinds of requests, in the order of measurement.
    pub requests: Vec<(Kind, Measured)>,
    /// From the start of the process to a ready server, with a warm database.
    pub starts: Vec<Duration>,
    /// The server's and PostgreSQL's memory after a start and a rest.
    pub idle: Option<(Memory, Memory)>,
}

/// A kind of request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Name and password.
    Password,
    /// Identity token, RS256.
    Identity,
    /// The same with a server that logs warnings only.
    IdentityWarn,
    /// Identity token, ES256.
    IdentityEs256,
    /// No credentials.
    Anonymous,
}

impl Kind {
    const ALL: [Self; 5] = [Self::Password, Self::Identity, Self::IdentityEs256, Self::Anonymous, Self::IdentityWarn];

    fn name(self) -> &'static str {
        match self {
            Self::Password => "password",
            Self::Identity => "identity",
            Self::IdentityWarn => "identity-warn",
            Self::IdentityEs256 => "identity-es256",
            Self::Anonymous => "anonymous",
        }
    }

    fn log_level(self) -> &'static str {
        if self == Self::IdentityWarn { "warn" } else { "info" }
    }

    fn load(self, scene: &Scene) -> Load {
        let requests = match self {
            Self::Password => &scene.password,
            Self::Identity | Self::IdentityWarn => &scene.identity,
            Self::IdentityEs256 => &scene.identity_es256,
            Self::Anonymous => &scene.anonymous,
        };
        let connections = if self == Self::Password { PASSWORD_CONNECTIONS } else { CONNECTIONS };
        Load { requests: requests.clone(), connections }
    }
}

/// Measures what the arguments ask for.
pub async fn everything(arguments: &Arguments) -> Results {
    let load_before = machine::load();
    // Open to others, because PostgreSQL does not run as root and has to get through.
    let permissions = Permissions::from_mode(0o755);
    let folder = tempfile::Builder::new().prefix("bench").permissions(permissions).tempdir().expect("a folder");
    let (server, _) = Server::start(folder.path(), "info").await;
    let scene = Scene::make(&server).await;
    drop(server);
    let (requests, argon2) = requests(arguments, folder.path(), &scene).await;
    let (starts, idle) = starts(arguments, folder.path()).await;
    Results {
        load_before,
        argon2,
        openssl_rsa: limit::openssl_rsa(),
        rs256: limit::signing(SignatureAlgorithm::Rs256, LIMIT_LENGTH),
        es256: limit::signing(SignatureAlgorithm::Es256, LIMIT_LENGTH),
        flushes: limit::flushes(folder.path(), LIMIT_LENGTH),
        requests,
        starts,
        idle,
    }
}

/// Measures each kind of request, and what password hashing alone can do.
async fn requests(arguments: &Arguments, folder: &Path, scene: &Scene) -> (Vec<(Kind, Measured)>, Limit) {
    let hashing = || limit::argon2(machine::threads(), LIMIT_LENGTH);
    let mut argon2 = hashing();
    let mut measured = Vec::new();
    let mut running: Option<(Server, &str)> = None;
    for kind in Kind::ALL.into_iter().filter(|kind| arguments.wants(kind.name())) {
        let server = match running.take() {
            Some((server, level)) if level == kind.log_level() => server,
            other => {
                drop(other);
                Server::start(folder, kind.log_level()).await.0
            }
        };
        let result = kind.load(scene).run(server.address(), arguments.length, &server.processes()).await;
        measured.push((kind, result));
        if kind == Kind::Password {
            // Right before and right after: a machine that others use as well is not the same all the time.
            argon2 = argon2.between(hashing());
        }
        running = Some((server, kind.log_level()));
    }
    (measured, argon2)
}

async fn starts(arguments: &Arguments, folder: &Path) -> (Vec<Duration>, Option<(Memory, Memory)>) {
    let (mut starts, mut idle) = (Vec::new(), None);
    if arguments.wants("start") {
        for _ in 0..STARTS {
            let (server, took) = Server::start(folder, "info").await;
            starts.push(took);
            if idle.is_none() {
                sleep(REST).await;
                idle = Some((server.processes().server_memory(), server.processes().postgres_memory()));
            }
        }
    }
    starts.sort_unstable();
    (starts, idle)
}
