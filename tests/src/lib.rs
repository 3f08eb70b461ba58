//! The harness of the whole-server tests: servers, clients, peers and an independent look at tokens.
//!
//! Two ways to have a server: [`TestServer`] runs the real wiring inside the test, with a clock that the test moves and
//! a count of SQL statements; [`Program`] runs the real binary, for everything that is about processes: options, logs,
//! crashes. Both listen on a real port, so the same clients speak with them: [`Admin`] for the Admin API, [`Docker`] for
//! the token endpoint, and the programs of [`peer`] for everything a registry's user does.
//!
//! What goes wrong in the harness panics: there is nobody else to tell.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "this crate is nothing but tests, whose way to fail is to panic"
)]

pub mod admin;
pub mod answer;
pub mod authority;
pub mod bench;
pub mod clock;
pub mod console;
pub mod directory_server;
pub mod docker;
pub mod image;
pub mod jwt;
pub mod localhost;
pub mod mail_server;
pub mod oidc_client;
pub mod peer;
pub mod person;
pub mod poll;
pub mod process;
pub mod program;
pub mod registry;
pub mod relying_parties;
pub mod relying_party;
pub mod row_writes;
pub mod statements;
pub mod template;
pub mod test_server;
pub mod user_agent;
pub mod verifier;

pub use admin::Admin;
pub use answer::Answer;
pub use authority::Authority;
pub use clock::ManualClock;
pub use console::Console;
pub use docker::Docker;
pub use program::Program;
pub use registry::Registry;
pub use relying_party::RelyingParty;
pub use row_writes::RowWrites;
pub use statements::Statements;
pub use test_server::{Hosting, TestServer};
pub use user_agent::UserAgent;
