//! The order of the measurements.

use std::{cell::RefCell, rc::Rc, time::Duration};

use tests::bench::{
    arguments::Arguments,
    database::Statements,
    exchange, folder,
    limit::{self, Limit, OpenSsl},
    load::{self, Measured, Repeated},
    machine, message,
    server::{Server, Starts},
};

use crate::{
    browser::{Browser, Session},
    refresh::Refreshing,
    scene,
};

/// Connections that log in with passwords: enough to keep every hashing thread busy.
const LOGIN_CONNECTIONS: usize = 8;
/// Connections of the other kinds.
const CONNECTIONS: usize = 32;
/// How long a limit is measured.
const LIMIT_LENGTH: Duration = Duration::from_secs(2);
/// How long people log in if logins are not what is to be measured: the sessions are needed all the same.
const SHORT: Duration = Duration::from_secs(2);
/// The length of an answer with keys, roughly.
const ANSWER_LENGTH: usize = 4_000;

/// Everything that was measured.
#[derive(Debug)]
pub struct Results {
    /// The load of the machine before the measurement.
    pub load_before: f64,
    /// What the machine could give.
    pub limits: Limits,
    /// The kinds of requests, in the order of measurement.
    pub requests: Vec<(Kind, Measured)>,
    /// Starts, and the memory after one.
    pub starts: Option<Starts>,
}

/// What the machine could give.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Passwords that all processors hash.
    pub argon2: Limit,
    /// RSA-2048.
    pub rsa: OpenSsl,
    /// ECDSA with P-256.
    pub ecdsa: OpenSsl,
    /// Single statements.
    pub statements: Statements,
    /// An answer over TCP.
    pub exchange: Limit,
    /// Writes that reach the disk one after the other.
    pub flushes: Limit,
}

/// A kind of request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `login`: a login with a password in a browser, up to the tokens.
    Login,
    /// `code`: an authorization code for somebody who is logged in, and the tokens for it.
    Code,
    /// `refresh`: a refresh token for new tokens.
    Refresh,
    /// `refresh-es256`: the same, signed with ES256.
    RefreshEs256,
    /// `introspection`.
    Introspection,
    /// `userinfo`.
    UserInfo,
    /// `client-credentials`: a token for the client itself, RS256.
    ClientCredentials,
    /// `client-credentials-es256`: the same, signed with ES256.
    ClientCredentialsEs256,
    /// `discovery`.
    Discovery,
    /// `certs`: the keys.
    Certs,
}

impl Kind {
    const ALL: [(Self, &'static str); 10] = [
        (Self::Login, "login"),
        (Self::Code, "code"),
        (Self::Refresh, "refresh"),
        (Self::RefreshEs256, "refresh-es256"),
        (Self::Introspection, "introspection"),
        (Self::UserInfo, "userinfo"),
        (Self::ClientCredentials, "client-credentials"),
        (Self::ClientCredentialsEs256, "client-credentials-es256"),
        (Self::Discovery, "discovery"),
        (Self::Certs, "certs"),
    ];
}

/// Measures what the arguments ask for.
pub async fn everything(arguments: &Arguments) -> Results {
    let load_before = machine::load();
    let folder = folder();
    let (server, _) = Server::start(folder.path(), "info").await;
    scene::make(&server).await;
    let (requests, argon2) = requests(arguments, &server).await;
    let limits = Limits {
        argon2,
        rsa: limit::openssl("rsa2048"),
        ecdsa: limit::openssl("ecdsap256"),
        statements: Statements::measure(&server, LIMIT_LENGTH).await,
        exchange: exchange::measure(ANSWER_LENGTH, CONNECTIONS, LIMIT_LENGTH).await,
        flushes: limit::flushes(folder.path(), LIMIT_LENGTH),
    };
    drop(server);
    let starts = match arguments.wants("start") {
        true => Some(Starts::measure(folder.path()).await),
        false => None,
    };
    Results { load_before, limits, requests, starts }
}

/// Measures each kind of request, and what password hashing alone can do.
async fn requests(arguments: &Arguments, server: &Server) -> (Vec<(Kind, Measured)>, Limit) {
    let hashing = || limit::argon2(machine::threads(), LIMIT_LENGTH);
    let (address, processes) = (server.address(), server.processes());
    let sessions = Rc::default();
    // Right before and right after: a machine that others use as well is not the same all the time.
    let before = hashing();
    let people = Browser::strangers(LOGIN_CONNECTIONS, &sessions);
    let length = if arguments.wants("login") { arguments.length } else { SHORT };
    let logins = load::run(people, address, length, &processes).await;
    let argon2 = before.between(hashing());
    let sessions = RefCell::take(&sessions);
    let mut measured = Vec::new();
    for (kind, _) in Kind::ALL.into_iter().filter(|(_, name)| arguments.wants(name)) {
        let length = arguments.length;
        let repeated = async |requests: &[Vec<u8>], holding| {
            load::run(Repeated::clients(requests, CONNECTIONS, holding), address, length, &processes).await
        };
        let refresh = async |es256| {
            let of_kind = sessions.iter().filter(|session| (session.app == scene::APP_ES256) == es256);
            load::run(Refreshing::clients(of_kind, CONNECTIONS), address, length, &processes).await
        };
        let result = match kind {
            Kind::Login => logins.clone(),
            Kind::Code => load::run(Browser::logged_in(CONNECTIONS, &sessions), address, length, &processes).await,
            Kind::Refresh => refresh(false).await,
            Kind::RefreshEs256 => refresh(true).await,
            Kind::Introspection => repeated(&each(&sessions, introspection), "\"active\":true").await,
            Kind::UserInfo => repeated(&each(&sessions, userinfo), "\"sub\"").await,
            Kind::ClientCredentials => repeated(&[scene::client_credentials(false)], "").await,
            Kind::ClientCredentialsEs256 => repeated(&[scene::client_credentials(true)], "").await,
            Kind::Discovery => {
                let path = scene::endpoint("").replace("protocol/openid-connect/", ".well-known/openid-configuration");
                repeated(&[message::get(&path, "")], "").await
            }
            Kind::Certs => repeated(&[message::get(&scene::endpoint("certs"), "")], "").await,
        };
        measured.push((kind, result));
    }
    (measured, argon2)
}

/// A request about each access token that is signed with RS256.
fn each(sessions: &[Session], request: impl Fn(&Session) -> Vec<u8>) -> Vec<Vec<u8>> {
    sessions.iter().filter(|session| session.app != scene::APP_ES256).map(request).collect()
}

fn introspection(session: &Session) -> Vec<u8> {
    scene::client_post(session.app, "token/introspect", &[("token", &session.access_token)])
}

fn userinfo(session: &Session) -> Vec<u8> {
    let header = format!("Authorization: Bearer {}\r\n", session.access_token);
    message::get(&scene::endpoint("userinfo"), &header)
}
