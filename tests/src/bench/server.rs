//! The release binary on an embedded PostgreSQL with durable settings, writing its log to a file.

use std::{
    fs::{self, File},
    net::{Ipv4Addr, SocketAddr},
    path::{Path, PathBuf},
    process::{Child, Stdio},
    time::{Duration, Instant},
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::sleep,
};

use super::usage::{Memory, Processes};
use crate::{
    Admin,
    process::{free_port, signal},
    program,
    template::{ADMIN, ADMIN_PASSWORD},
};

/// How long a start may take, a new database included.
const PATIENCE: Duration = Duration::from_secs(60);
/// How long a server has nothing to do before its idle memory is read.
const REST: Duration = Duration::from_secs(3);
/// How often the server is started with a warm database.
const STARTS: usize = 5;

/// A running server. It is stopped when it is dropped.
#[derive(Debug)]
pub struct Server {
    child: Child,
    port: u16,
    data: PathBuf,
    log: PathBuf,
    started: Instant,
}

impl Server {
    /// Starts the binary with its data in `folder`, and waits until it says that it is ready. Gives how long that took
    /// as well.
    ///
    /// # Panics
    /// If it does not become ready.
    pub async fn start(folder: &Path, log_level: &str) -> (Self, Duration) {
        let (port, data, log) = (free_port(), folder.join("data"), folder.join("log"));
        let mut command = program::clean();
        command
            .args(["start-dev", "--http-host", "127.0.0.1", "--http-port", &port.to_string()])
            .args(["--hostname", &format!("http://127.0.0.1:{port}"), "--management-port", "off"])
            .args(["--log-level", log_level])
            .arg("--data-dir")
            .arg(&data)
            .env("PORTCULLIS_BOOTSTRAP_ADMIN_USERNAME", ADMIN)
            .env("PORTCULLIS_BOOTSTRAP_ADMIN_PASSWORD", ADMIN_PASSWORD)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(File::create(&log).expect("a file for the log"));
        let started = Instant::now();
        let child = command.spawn().expect("the binary can be started");
        let mut server = Self { child, port, data, log, started };
        let took = server.ready().await;
        (server, took)
    }

    async fn ready(&mut self) -> Duration {
        while !is_ready(self.address()).await {
            if let Some(status) = self.child.try_wait().expect("a child") {
                panic!("the server ended ({status}):\n{}", fs::read_to_string(&self.log).unwrap_or_default());
            }
            assert!(self.started.elapsed() < PATIENCE, "the server is not ready");
            sleep(Duration::from_millis(1)).await;
        }
        self.started.elapsed()
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        (Ipv4Addr::LOCALHOST, self.port).into()
    }

    /// Its address, without a slash at the end.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address())
    }

    /// Its administrator, signed in.
    pub async fn admin(&self) -> Admin {
        Admin::login(&self.url(), ADMIN, ADMIN_PASSWORD).await
    }

    /// The URL of its database.
    #[must_use]
    pub fn database_url(&self) -> String {
        let host = self.data.join("postgres/run");
        format!("postgres://portcullis@localhost:5432/portcullis?host={}&sslmode=disable", host.display())
    }

    /// Its process and its PostgreSQL.
    ///
    /// # Panics
    /// If there is no PostgreSQL.
    #[must_use]
    pub fn processes(&self) -> Processes {
        let file = self.data.join("postgres/pgdata/postmaster.pid");
        let text = fs::read_to_string(file).expect("PostgreSQL runs");
        let postmaster = text.lines().next().and_then(|line| line.trim().parse().ok()).expect("a process id");
        Processes { server: self.child.id(), postmaster: Some(postmaster) }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        signal("TERM", self.child.id());
        let _ = self.child.wait();
    }
}

/// How long starts with a warm database take, and what the processes need after one and a rest.
#[derive(Clone, Debug)]
pub struct Starts {
    /// From the start of the process to a ready server, the shortest first.
    pub times: Vec<Duration>,
    /// The server's memory.
    pub server: Memory,
    /// PostgreSQL's.
    pub postgres: Memory,
}

impl Starts {
    /// Starts the server a few times with the data in `folder`.
    pub async fn measure(folder: &Path) -> Self {
        let mut starts = Self { times: Vec::new(), server: Memory::default(), postgres: Memory::default() };
        for number in 0..STARTS {
            let (server, took) = Server::start(folder, "info").await;
            starts.times.push(took);
            if number == 0 {
                sleep(REST).await;
                let processes = server.processes();
                (starts.server, starts.postgres) = (processes.server_memory(), processes.postgres_memory());
            }
        }
        starts.times.sort_unstable();
        starts
    }
}

async fn is_ready(address: SocketAddr) -> bool {
    let ask = async {
        let mut stream = TcpStream::connect(address).await?;
        stream.write_all(b"GET /health/ready HTTP/1.1\r\nHost: bench\r\nConnection: close\r\n\r\n").await?;
        let mut answer = [0; 12];
        stream.read_exact(&mut answer).await?;
        std::io::Result::Ok(answer == *b"HTTP/1.1 200")
    };
    ask.await.unwrap_or(false)
}
