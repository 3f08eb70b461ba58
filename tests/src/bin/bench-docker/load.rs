//! A closed-loop load: so many connections, each sending its next request when the last one is answered.
//!
//! The requests are made beforehand and the answers are read no further than HTTP needs, so that the load takes little
//! of the processors that it shares with the server.

use std::{
    net::SocketAddr,
    time::{Duration, Instant},
};

use futures_util::future::join_all;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::sleep_until,
};

use crate::usage::{Busy, Memory, Processes};

/// How long the server may get warm before anything counts.
const WARM_UP: Duration = Duration::from_secs(2);

/// What is sent, and how much at once.
#[derive(Clone, Debug)]
pub struct Load {
    /// Whole requests, which the connections take in turn.
    pub requests: Vec<Vec<u8>>,
    /// How many connections.
    pub connections: usize,
}

/// What came of it.
#[derive(Clone, Debug)]
pub struct Measured {
    /// Answers per second.
    pub rate: f64,
    /// Half of the answers took no longer.
    pub p50: Duration,
    /// 99 of 100 took no longer.
    pub p99: Duration,
    /// Processor time per request.
    pub busy: Busy,
    /// The server's memory when it had worked that long.
    pub server: Memory,
    /// PostgreSQL's.
    pub postgres: Memory,
}

impl Load {
    /// Applies the load for `length` after a warm-up. Each answer must be a 200.
    ///
    /// # Panics
    /// If the server answers something else or not at all.
    pub async fn run(&self, address: SocketAddr, length: Duration, processes: &Processes) -> Measured {
        let start = Instant::now() + WARM_UP;
        let end = start + length;
        let usage = async {
            sleep_until(start.into()).await;
            let before = processes.busy();
            sleep_until(end.into()).await;
            (processes.busy() - before, processes.server_memory(), processes.postgres_memory())
        };
        let connections = (0..self.connections).map(|number| self.connection(address, number, start, end));
        let (latencies, (busy, server, postgres)) = tokio::join!(join_all(connections), usage);
        let mut latencies = latencies.concat();
        latencies.sort_unstable();
        let at =
            |part: usize| *latencies.get((latencies.len() * part / 100).min(latencies.len() - 1)).expect("answers");
        Measured {
            rate: latencies.len() as f64 / length.as_secs_f64(),
            p50: at(50),
            p99: at(99),
            busy: busy.per(latencies.len()),
            server,
            postgres,
        }
    }

    /// Sends one request after the other and gives how long those took that were answered between `start` and `end`.
    async fn connection(&self, address: SocketAddr, number: usize, start: Instant, end: Instant) -> Vec<Duration> {
        let mut stream = TcpStream::connect(address).await.expect("a connection");
        stream.set_nodelay(true).expect("a connection");
        let (mut latencies, mut buffer) = (Vec::new(), Vec::with_capacity(16 * 1_024));
        for request in self.requests.iter().cycle().skip(number) {
            let sent = Instant::now();
            stream.write_all(request).await.expect("the server listens");
            answer(&mut stream, &mut buffer).await;
            let now = Instant::now();
            if now >= end {
                break;
            }
            if now >= start {
                latencies.push(now - sent);
            }
        }
        latencies
    }
}

/// Reads one answer, which must be a 200 with a length.
async fn answer(stream: &mut TcpStream, buffer: &mut Vec<u8>) {
    buffer.clear();
    let mut wanted = None;
    loop {
        if wanted.is_some_and(|wanted| buffer.len() >= wanted) {
            return;
        }
        let read = stream.read_buf(buffer).await.expect("an answer");
        assert!(read > 0, "the server hung up: {}", String::from_utf8_lossy(buffer));
        if wanted.is_none() {
            wanted = length(buffer);
        }
    }
}

/// The length of the whole answer, once its head is there.
fn length(answer: &[u8]) -> Option<usize> {
    let head = answer.windows(4).position(|window| window == b"\r\n\r\n")?;
    let text = std::str::from_utf8(answer.get(..head)?).expect("a head in ASCII");
    assert!(text.starts_with("HTTP/1.1 200"), "not a token: {}", String::from_utf8_lossy(answer));
    let length = text.lines().filter_map(|line| line.split_once(':'));
    let mut length = length.filter(|(name, _)| name.eq_ignore_ascii_case("content-length"));
    let length: usize =
        length.next_back().and_then(|(_, value)| value.trim().parse().ok()).expect("an answer with a length");
    Some(head + 4 + length)
}
