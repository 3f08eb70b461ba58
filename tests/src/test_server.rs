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
    machine::SystemRandom,
    wiring::{Parts, Site, assemble},
};
use services::{Services, password_hashing::PasswordHashing, store::Store};
use test_db::{Template, TestDatabase};
use tokio::{runtime::Runtime, sync::watch};

use crate::{
    admin::Admin,
    clock::ManualClock,
    docker::Docker,
    localhost,
    statements::Statements,
    template::{ADMIN, ADMIN_PASSWORD, sealing_keys, template},
};

/// A server inside the test. It stops when it is dropped, and its database goes with it.
pub struct TestServer {
    url: String,
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
        let database = TestDatabase::from_template(&template()).await.expect("a database");
        let mut server = Self::on(&database).await;
        server.database = Some(database);
        server
    }

    /// Starts a server on this database, which has to outlive it.
    pub async fn on(database: &TestDatabase) -> Self {
        Self::node(database.url(), Arc::new(ManualClock::at_present()), None, None).await
    }

    /// Starts a server that speaks TLS only, as [`localhost`], on a copy of this template.
    pub async fn with_tls(template: &Template) -> Self {
        let database = TestDatabase::from_template(template).await.expect("a database");
        let mut server = Self::with_tls_at(database.url()).await;
        server.database = Some(database);
        server
    }

    /// As [`Self::with_tls`], on the database at this URL.
    pub async fn with_tls_at(database_url: &str) -> Self {
        Self::node(database_url, Arc::new(ManualClock::at_present()), None, Some(localhost::tls())).await
    }

    /// A database with the master realm and its administrator, for [`Self::on`].
    pub async fn database() -> TestDatabase {
        TestDatabase::from_template(&template()).await.expect("a database")
    }

    /// Starts a second server with the same database, clock and public address; it has to be dropped before this one.
    pub async fn second_node(&self) -> Self {
        Self::node(&self.database_url, Arc::clone(&self.clock), Some(self.services.public_url().to_owned()), None).await
    }

    async fn node(
        database_url: &str,
        clock: Arc<ManualClock>,
        public_url: Option<String>,
        tls: Option<ServerConfig>,
    ) -> Self {
        let statements = Statements::listen();
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
        listener.set_nonblocking(true).expect("a socket");
        let address = listener.local_addr().expect("an address");
        let url = match tls {
            Some(_) => format!("https://localhost:{}", address.port()),
            None => format!("http://{address}"),
        };
        let public_url = public_url.unwrap_or_else(|| url.clone());
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
                outgoing: outgoing::Client::new(Some(&localhost::authority_pem())).expect("trust anchors"),
            };
            let (services, events) = assemble(parts);
            let _running = jobs::start(&services, events, shutdown).await.expect("the jobs start");
            let site = Site { services: services.clone(), proxies: web::TrustedProxies::default() };
            let listeners = match tls {
                Some(tls) => Listeners { plain: Vec::new(), tls: Some((vec![listener], tls)) },
                None => Listeners { plain: vec![listener], tls: None },
            };
            let server = serve(site, listeners, NonZeroUsize::MIN, Duration::ZERO).expect("the server starts");
            let handle = server.handle();
            tokio::spawn(server);
            (services, handle)
        });
        let (services, handle) = starting.await.expect("the server starts");
        let database_url = database_url.to_owned();
        Self { url, services, clock, statements, stop, handle, runtime: Some(runtime), database_url, database: None }
    }

    /// The address, without a slash at the end.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
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
