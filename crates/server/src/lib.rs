//! The portcullis program: options, wiring, routes, telemetry, health.
//!
//! It is a library too, so that tests start the same server in their own process: [`wiring`] puts the parts together
//! without touching anything of the process; [`program`] is what the command line runs.

pub mod database;
pub mod health;
pub mod http;
pub mod in_flight;
mod listen;
pub mod machine;
pub mod metrics;
pub mod options;
pub mod program;
pub mod sealing_key;
mod telemetry;
pub mod tls;
pub mod wiring;
