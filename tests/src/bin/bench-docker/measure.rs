//! The order of the measurements.

use std::{path::Path, time::Duration};

use jose::SignatureAlgorithm;
use tests::bench::{
    arguments::Arguments,
    folder,
    limit::{self, Limit},
    load::{self, Measured, Repeated},
    machine,
    server::{Server, Starts},
};

use crate::scene::Scene;

/// Connections that log in with passwords: enough to keep every hashing thread busy.
const PASSWORD_CONNECTIONS: usize = 8;
/// Connections of the other kinds.
const CONNECTIONS: usize = 32;
/// How long a limit is measured.
const LIMIT_LENGTH: Duration = Duration::from_secs(3);

/// Everything that was measured.
#[derive(Debug)]
pub struct Results {
    /// The load of the machine before the measurement.
    pub load_before: f64,
    /// Passwords that all processors hash.
    pub argon2: Limit,
    /// RSA-2048 signatures, in OpenSSL's own measurement.
    pub openssl_rsa: Limit,
    /// RS256 tokens that one processor signs with our library.
    pub rs256: Limit,
    /// ES256 tokens that one processor signs with our library.
    pub es256: Limit,
    /// Writes that reach the disk one after the other.
    pub flushes: Limit,
    /// The kinds of requests, in the order of measurement.
    pub requests: Vec<(Kind, Measured)>,
    /// Starts, and the memory after one.
    pub starts: Option<Starts>,
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

    fn clients(self, scene: &Scene) -> Vec<Repeated> {
        let requests = match self {
            Self::Password => &scene.password,
            Self::Identity | Self::IdentityWarn => &scene.identity,
            Self::IdentityEs256 => &scene.identity_es256,
            Self::Anonymous => &scene.anonymous,
        };
        let connections = if self == Self::Password { PASSWORD_CONNECTIONS } else { CONNECTIONS };
        Repeated::clients(requests, connections, "")
    }
}

/// Measures what the arguments ask for.
pub async fn everything(arguments: &Arguments) -> Results {
    let load_before = machine::load();
    let folder = folder();
    let (server, _) = Server::start(folder.path(), "info").await;
    let scene = Scene::make(&server).await;
    drop(server);
    let (requests, argon2) = requests(arguments, folder.path(), &scene).await;
    let starts = match arguments.wants("start") {
        true => Some(Starts::measure(folder.path()).await),
        false => None,
    };
    Results {
        load_before,
        argon2,
        openssl_rsa: limit::openssl("rsa2048").sign,
        rs256: limit::signing(SignatureAlgorithm::Rs256, LIMIT_LENGTH),
        es256: limit::signing(SignatureAlgorithm::Es256, LIMIT_LENGTH),
        flushes: limit::flushes(folder.path(), LIMIT_LENGTH),
        requests,
        starts,
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
        let result = load::run(kind.clients(scene), server.address(), arguments.length, &server.processes()).await;
        measured.push((kind, result));
        if kind == Kind::Password {
            // Right before and right after: a machine that others use as well is not the same all the time.
            argon2 = argon2.between(hashing());
        }
        running = Some((server, kind.log_level()));
    }
    (measured, argon2)
}
