//! `cargo xtask bench oidc`: what the endpoints of OpenID Connect give in the release binary on this machine.
//!
//! Arguments: `--seconds N` for each measurement (5), `--only NAME` for one kind of request (the names are in
//! [`measure::Kind`]; `start` too), `--write` to keep the report in `docs/benchmarks/oidc.md`.

#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "a measurement that can't be made has nobody to tell but who started it"
)]

mod browser;
mod measure;
mod refresh;
mod report;
mod scene;

use tests::bench::arguments::Arguments;

/// The load comes from one thread, so that it takes no more of the machine than it needs.
#[tokio::main(flavor = "current_thread")]
async fn main() {
    let arguments = Arguments::read(std::env::args().skip(1), 5);
    let results = measure::everything(&arguments).await;
    report::page(&arguments, &results).finish("oidc", &arguments);
}
