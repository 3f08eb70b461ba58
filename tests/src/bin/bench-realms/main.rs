//! `cargo xtask bench realms`: what the Admin API of the release binary gives at 1, 1,000 and 10,000 realms, and a search
//! among 1,000,000 users.
//!
//! Arguments: `--seconds N` for each kind of request (3), `--only NAME` for one part (`realms`, `users`), `--write` to keep
//! the report in `docs/benchmarks/realms.md`.

#![expect(clippy::expect_used, reason = "a measurement that can't be made has nobody to tell but who started it")]

mod operations;
mod report;

use tests::bench::{
    arguments::Arguments,
    folder, growth, machine,
    server::{Server, Starts},
};

/// How many realms there are when it is measured.
const REALMS: [i64; 3] = [1, 1_000, 10_000];
/// How many users the large realm has.
const USERS: i64 = 1_000_000;

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let arguments = Arguments::read(std::env::args().skip(1), 3);
    let load_before = machine::load();
    let folder = folder();
    let (server, _) = Server::start(folder.path(), "info").await;
    operations::prepare(&server).await;
    let mut running = Some(server);
    let mut sizes = Vec::new();
    for count in REALMS.into_iter().filter(|_| arguments.wants("realms")) {
        let server = running.take().expect("a server");
        growth::realms(&server, count).await;
        drop(server);
        let starts = Starts::measure(folder.path()).await;
        let server = Server::start(folder.path(), "info").await.0;
        let times = operations::measure(&server, arguments.length).await;
        sizes.push(report::Size { count, starts, times, worked: server.processes().server_memory() });
        running = Some(server);
    }
    let server = running.take().expect("a server");
    let searches = match arguments.wants("users") {
        true => {
            growth::users(&server, USERS).await;
            operations::searches(&server, arguments.length).await
        }
        false => Vec::new(),
    };
    report::page(load_before, &arguments, &sizes, &searches).finish("realms", &arguments);
}
