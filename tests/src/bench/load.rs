//! A closed-loop load: so many connections, each sending its next request when the last one is answered.
//!
//! Requests are made beforehand where that can be, and answers are read no further than HTTP needs, so that the load
//! takes little of the processors that it shares with the server.

use std::{
    net::SocketAddr,
    rc::Rc,
    time::{Duration, Instant},
};

use futures_util::future::join_all;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::sleep_until,
};

use super::{
    message::Answer,
    usage::{Busy, Memory, Processes},
};

/// How long the server may get warm before anything counts.
pub const WARM_UP: Duration = Duration::from_secs(2);

/// What is sent on one connection.
pub trait Client {
    /// Writes the next request; `request` is empty.
    fn next(&mut self, request: &mut Vec<u8>);

    /// Looks at the answer. True if it is the last one of what is counted and timed as one operation.
    fn answered(&mut self, answer: &Answer<'_>) -> bool;
}

/// Ready-made requests, over and over. Each must be answered with a 200.
#[derive(Clone, Debug)]
pub struct Repeated {
    requests: Rc<[Vec<u8>]>,
    holding: &'static str,
    next: usize,
}

impl Repeated {
    /// `connections` clients that take the requests in turn. A right answer has `holding` in it.
    #[must_use]
    pub fn clients(requests: &[Vec<u8>], connections: usize, holding: &'static str) -> Vec<Self> {
        let requests: Rc<[_]> = requests.into();
        (0..connections).map(|next| Self { requests: Rc::clone(&requests), holding, next }).collect()
    }
}

impl Client for Repeated {
    fn next(&mut self, request: &mut Vec<u8>) {
        request.extend_from_slice(self.requests.get(self.next % self.requests.len()).expect("a request"));
        self.next += 1;
    }

    fn answered(&mut self, answer: &Answer<'_>) -> bool {
        let body = answer.expect(200).body;
        if !self.holding.is_empty() {
            let body = std::str::from_utf8(body).expect("text");
            assert!(body.contains(self.holding), "no {} in {body}", self.holding);
        }
        true
    }
}

/// What came of it.
#[derive(Clone, Debug)]
pub struct Measured {
    /// Operations per second.
    pub rate: f64,
    /// Half of them took no longer.
    pub p50: Duration,
    /// 95 of 100 took no longer.
    pub p95: Duration,
    /// 99 of 100 took no longer.
    pub p99: Duration,
    /// Processor time of each.
    pub busy: Busy,
    /// The server's memory when it had worked that long.
    pub server: Memory,
    /// PostgreSQL's.
    pub postgres: Memory,
}

/// Applies a load for `length` after a warm-up.
///
/// # Panics
/// If the server answers something that a client doesn't expect, or not at all.
pub async fn run<C: Client>(clients: Vec<C>, address: SocketAddr, length: Duration, processes: &Processes) -> Measured {
    let start = Instant::now() + WARM_UP;
    let end = start + length;
    let usage = async {
        sleep_until(start.into()).await;
        let before = processes.busy();
        sleep_until(end.into()).await;
        (processes.busy() - before, processes.server_memory(), processes.postgres_memory())
    };
    let connections = clients.into_iter().map(|client| connection(client, address, start, end));
    let (latencies, (busy, server, postgres)) = tokio::join!(join_all(connections), usage);
    let mut latencies = latencies.concat();
    latencies.sort_unstable();
    let at = |part: usize| *latencies.get((latencies.len() * part / 100).min(latencies.len() - 1)).expect("answers");
    Measured {
        rate: latencies.len() as f64 / length.as_secs_f64(),
        p50: at(50),
        p95: at(95),
        p99: at(99),
        busy: busy.per(latencies.len()),
        server,
        postgres,
    }
}

/// Sends one request after the other and gives how long those operations took that ended between `start` and `end`.
async fn connection(mut client: impl Client, address: SocketAddr, start: Instant, end: Instant) -> Vec<Duration> {
    let mut stream = TcpStream::connect(address).await.expect("a connection");
    stream.set_nodelay(true).expect("a connection");
    let (mut latencies, mut buffer) = (Vec::new(), Vec::with_capacity(16 * 1_024));
    let mut begun = Instant::now();
    loop {
        buffer.clear();
        client.next(&mut buffer);
        stream.write_all(&buffer).await.expect("the server listens");
        buffer.clear();
        let answer = loop {
            let read = stream.read_buf(&mut buffer).await.expect("an answer");
            assert!(read > 0, "the server hung up: {}", String::from_utf8_lossy(&buffer));
            if let Some(answer) = Answer::read(&buffer) {
                break answer;
            }
        };
        if client.answered(&answer) {
            let now = Instant::now();
            if now >= end {
                return latencies;
            }
            if now >= start {
                latencies.push(now - begun);
            }
            begun = now;
        }
    }
}
