//! `cargo xtask bench docker`: what the token endpoint of the release binary gives on this machine.
//!
//! Arguments: `--seconds N` for each measurement (8), `--only NAME` for one kind of request (`password`, `identity`,
//! `identity-warn`, `identity-es256`, `anonymous`, `start`), `--write` to keep the report in `docs/benchmarks/docker.md`.

#![expect(clippy::expect_used, reason = "a measurement that can't be made has nobody to tell but who started it")]

mod measure;
mod report;
mod scene;

use tests::bench::arguments::Arguments;

/// The load comes from one thread, so that it takes no more of the machine than it needs.
#[tokio::main(flavor = "current_thread")]
async fn main() {
    let arguments = Arguments::read(std::env::args().skip(1), 8);
    let results = measure::everything(&arguments).await;
    report::page(&arguments, &results).finish("docker", &arguments);
}
