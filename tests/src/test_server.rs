//! The real wiring, run inside the test, on a database of its own.

use std::{
    net::{Ipv4Addr, TcpListener},
    num::NonZeroUsize,
    sync::Arc,
    time::Duration,
};

use actix_web::dev::ServerHandle;
use rustls::ServerConfig;
use server::{
    http::{Listeners, serve},
    in_flight::InFlight,
    machine::SystemRandom,
    options::Certificate,
    tls,
    wiring::{Parts, Site, assemble},
};
use services::{Services, password_hashing::PasswordHashing, store::Store};
use test_db::{Template, TestDatabase};
use tokio::{runtime::Runtime, sync::watch};
use web::{PublicAddress, TrustedProxies};

use crate::{
    admin::Admin,
    clock::ManualClock,
    docker::Docker,
    localhost,
    statements::Statements,
    template::{ADMIN, ADMIN_PASSWORD, sealing_keys, template},
};

/// How a test's server is reached, and whom it trusts.
#[derive(Clone, Debug, Default)]
pub struct Hosting {
    /// Where the public address comes from.
    pub address: PublicAddress,
    /// The public address, where it is fixed; none is that of the socket without TLS.
    pub public_url: Option<String>,
    /// The proxies that are believed.
    pub proxies: TrustedProxies,
    /// The certificate of a second socket, with TLS.
    pub certificate: Option<Certificate>,
    /// TLS of the only socket, which is then `https://localhost` and the public address too.
    pub secure: Option<ServerConfig>,
    /// PEM: authorities that requests of the server believe.
    pub outgoing_trust: Option<Vec<u8>>,
}

impl Hosting {
    /// [`localhost`] with TLS, believing the applications that are.
    fn localhost() -> Self {
        let (secure, outgoing_trust) = (Some(localhost::tls()), Some(localhost::authority_pem()));
        Self { secure, outgoing_trust, ..Self::default() }
    }
}

/// A server inside the test. It stops when it is dropped, and its database goes with it.
pub struct TestServer {
    url: String,
    tls_port: Option<u16>,
    hosting: Hosting,
    services: Services,
    clock: Arc<ManualClock>,
    statements: Statements,
    stop: watch::Sender<bool>,
    handle: ServerHandle,
    /// The server has a runtime of its own, so that it answers whatever the test's runtime does.
    runtime: Option<Runtime>,
    database_url: String,
    /// Dropped last; none if the database is another server's.
    database: Option<TestDatabase>,
}

impl TestServer {
    /// The administrator's password.
    pub const ADMIN_PASSWORD: &str = ADMIN_PASSWORD;

    /// Starts a server on a database of its own.
    pub async fn start() -> Self {
        Self::hosted(Hosting::default()).await
    }

    /// Starts a server that is reached in this way, on a database of its own.
    pub async fn hosted(hosting: Hosting) -> Self {
        Self::on_copy(&template(), hosting).await
    }

    /// Starts a server that is reached in this way, on a copy of a template.
    pub async fn on_copy(template: &Template, hosting: Hosting) -> Self {
        let database = TestDatabase::from_template(template).await.expect("a database");
        let mut server = Self::node(database.url(), Arc::new(ManualClock::at_present()), hosting).await;
        server.database = Some(database);
        server
    }

    /// Starts a server that is [`localhost`] with TLS and believes the applications that are, on a copy of a template.
    pub async fn secure(template: &Template) -> Self {
        Self::on_copy(template, Hosting::localhost()).await
    }

    /// As [`Self::secure`], on the database at this URL, which has to outlive it.
    pub async fn secure_at(database_url: &str) -> Self {
        Self::node(database_url, Arc::new(ManualClock::at_present()), Hosting::localhost()).await
    }

    /// Starts a server on this database, which has to outlive it.
    pub async fn on(database: &TestDatabase) -> Self {
        Self::node(database.url(), Arc::new(ManualClock::at_present()), Hosting::default()).await
    }

    /// A database with the master realm and its administrator, for [`Self::on`].
    pub async fn database() -> TestDatabase {
        TestDatabase::from_template(&template()).await.expect("a database")
    }

    /// Starts a second server with the same database, clock and public address; it has to be dropped before this one.
    pub async fn second_node(&self) -> Self {
        let hosting = Hosting { public_url: Some(self.services.public_url().to_owned()), ..self.hosting.clone() };
        Self::node(&self.database_url, Arc::clone(&self.clock), hosting).await
    }

    async fn node(database_url: &str, clock: Arc<ManualClock>, hosting: Hosting) -> Self {
        let statements = Statements::listen();
        let (listener, port) = socket();
        let url = match &hosting.secure {
            Some(_) => format!("https://localhost:{port}"),
            None => format!("http://{}:{port}", Ipv4Addr::LOCALHOST),
        };
        let public_url = hosting.public_url.clone().unwrap_or_else(|| url.clone());
        let mut tls_port = None;
        let tls = hosting.certificate.as_ref().map(|certificate| {
            let (listener, port) = socket();
            tls_port = Some(port);
            (vec![listener], tls::config(certificate).expect("a certificate"))
        });
        let outgoing = outgoing::Client::new(hosting.outgoing_trust.as_deref()).expect("trust anchors");
        let (address, proxies, secure) = (hosting.address, hosting.proxies.clone(), hosting.secure.clone());
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .thread_name("server")
            .enable_all()
            .build()
            .expect("a runtime");
        let (stop, shutdown) = watch::channel(false);
        let (hands, time) = (database_url.to_owned(), Arc::clone(&clock));
        let starting = runtime.spawn(async move {
            let parts = Parts {
                store: Store::connect(&hands, 8).await.expect("the database answers"),
                clock: time,
                random: Arc::new(SystemRandom),
                sealing: sealing_keys(),
                passwords: PasswordHashing::start(2, 256),
                public_url,
                outgoing,
            };
            let (services, events) = assemble(parts);
            let _running = jobs::start(&services, events, shutdown).await.expect("the jobs start");
            let site = Site { services: services.clone(), address, proxies, in_flight: InFlight::default() };
            let listeners = match secure {
                Some(secure) => Listeners { plain: Vec::new(), tls: Some((vec![listener], secure)) },
                None => Listeners { plain: vec![listener], tls },
            };
            let server = serve(site, listeners, NonZeroUsize::MIN, Duration::ZERO).expect("the server starts");
            let handle = server.handle();
            tokio::spawn(server);
            (services, handle)
        });
        let (services, handle) = starting.await.expect("the server starts");
        let database_url = database_url.to_owned();
        let runtime = Some(runtime);
        Self {
            url,
            tls_port,
            hosting,
            services,
            clock,
            statements,
            stop,
            handle,
            runtime,
            database_url,
            database: None,
        }
    }

    /// The address, without a slash at the end.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The address of the socket with TLS, under the name `localhost`.
    ///
    /// # Panics
    /// If the server was started without a certificate.
    #[must_use]
    pub fn tls_url(&self) -> String {
        format!("https://localhost:{}", self.tls_port.expect("a server with TLS"))
    }

    /// The services that the server works with.
    #[must_use]
    pub fn services(&self) -> &Services {
        &self.services
    }

    /// The server's clock.
    #[must_use]
    pub fn clock(&self) -> &ManualClock {
        &self.clock
    }

    /// The SQL statements of this process.
    #[must_use]
    pub fn statements(&self) -> Statements {
        self.statements
    }

    /// The URL of the server's database.
    #[must_use]
    pub fn database_url(&self) -> &str {
        &self.database_url
    }

    /// The administrator, signed in.
    pub async fn admin(&self) -> Admin {
        Admin::login(&self.url, ADMIN, ADMIN_PASSWORD).await
    }

    /// The token endpoint of a realm.
    #[must_use]
    pub fn docker(&self, realm: &str) -> Docker {
        Docker::new(&self.url, realm)
    }
}

/// A socket on a free port of 127.0.0.1.
fn socket() -> (TcpListener, u16) {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
    listener.set_nonblocking(true).expect("a socket");
    let port = listener.local_addr().expect("an address").port();
    (listener, port)
}

impl Drop for TestServer {
    fn drop(&mut self) {
        let _ = self.stop.send(true);
        // It begins to stop when it is called; nobody has to wait for the end.
        drop(self.handle.stop(false));
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}
