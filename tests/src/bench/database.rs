//! What PostgreSQL gives to a program that asks it for nothing but the least: one row by its key.

use std::time::{Duration, Instant};

use futures_util::future::join_all;
use sqlx::{Connection, PgConnection};

use super::{limit::Limit, server::Server};

/// As many connections as the server has.
const CONNECTIONS: i32 = 20;
const MAKE: &str = "create table bench (id integer primary key, body jsonb not null)";
const FILL: &str =
    "insert into bench select id, jsonb_build_object('family', repeat('x', 200)) from generate_series(1, 20) id";
const READ: &str = "select body from bench where id = $1";
const UPDATE: &str = "update bench set body = jsonb_set(body, '{n}', to_jsonb($2::bigint)) where id = $1";
const DROP: &str = "drop table bench";

/// What single statements cost, with the program that sends them.
#[derive(Clone, Copy, Debug)]
pub struct Statements {
    /// One row is read by its key.
    pub read: Limit,
    /// One row is changed and the change flushed to the disk; connections that do so at once share the flush.
    pub update: Limit,
}

impl Statements {
    /// Takes their measure on the server's own PostgreSQL, with as many connections as the server has.
    ///
    /// # Panics
    /// If PostgreSQL refuses.
    pub async fn measure(server: &Server, length: Duration) -> Self {
        let mut connections = Vec::new();
        for _ in 0..CONNECTIONS {
            connections.push(PgConnection::connect(&server.database_url()).await.expect("PostgreSQL runs"));
        }
        let owner = connections.first_mut().expect("a connection");
        for statement in [MAKE, FILL] {
            sqlx::query(statement).execute(&mut *owner).await.expect("a table");
        }
        let read = measured(server, &mut connections, length, async |connection, id, _| {
            let found: serde_json::Value =
                sqlx::query_scalar(READ).bind(id).fetch_one(connection).await.expect("a row");
            std::hint::black_box(found);
        });
        let read = read.await;
        let update = measured(server, &mut connections, length, async |connection, id, count| {
            sqlx::query(UPDATE).bind(id).bind(count).execute(connection).await.expect("a row");
        });
        let update = update.await;
        let owner = connections.first_mut().expect("a connection");
        sqlx::query(DROP).execute(owner).await.expect("a table");
        Self { read, update }
    }
}

async fn measured(
    server: &Server,
    connections: &mut [PgConnection],
    length: Duration,
    work: impl AsyncFn(&mut PgConnection, i32, i64),
) -> Limit {
    let processes = server.processes();
    let (start, before) = (Instant::now(), processes.busy());
    let work = &work;
    let each = connections.iter_mut().zip(1..).map(|(connection, id)| async move {
        let mut count = 0_i64;
        while start.elapsed() < length {
            work(connection, id, count).await;
            count += 1;
        }
        count
    });
    let count = join_all(each).await.into_iter().sum::<i64>().max(1) as f64;
    let (took, busy) = (start.elapsed(), processes.busy() - before);
    Limit { rate: count / took.as_secs_f64(), busy: (busy.postgres + busy.load).div_f64(count) }
}
