//! `cargo xtask bench docker`: what the token endpoint of the release binary gives on this machine.
//!
//! Server, PostgreSQL and load share the machine, so a rate alone says little: each stands beside its limit, measured
//! in the same run (Argon2 alone, RSA alone), and beside the processor time that a request takes. Nothing here fails
//! because something is slow.
//!
//! Arguments: `--seconds N` for each measurement (8), `--only NAME` for one kind of request (`password`, `identity`,
//! `identity-warn`, `identity-es256`, `anonymous`, `start`), `--no-file` to leave `docs/benchmarks/docker.md` as it is.

#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a measurement that can't be made has nobody to tell but the person who started it"
)]

mod arguments;
mod limit;
mod load;
mod machine;
mod measure;
mod report;
mod scene;
mod server;
mod usage;

use std::fs;

use arguments::Arguments;

/// Where the report goes, seen from the top folder of the repository.
const REPORT: &str = "docs/benchmarks/docker.md";

/// The load comes from one thread, so that it takes no more of the machine than it needs.
#[tokio::main(flavor = "current_thread")]
async fn main() {
    let arguments = Arguments::read(std::env::args().skip(1));
    let results = measure::everything(&arguments).await;
    let text = report::markdown(&arguments, &results);
    println!("{text}");
    if arguments.only.is_none() && arguments.write {
        fs::create_dir_all("docs/benchmarks").expect("a folder for the report");
        fs::write(REPORT, text).expect("the report can be written");
    }
}
