//! The log. Set up in the program only: tests that start a server in their process have a log of their own.

use std::io::IsTerminal;

use tracing_subscriber::{EnvFilter, fmt, layer::SubscriberExt, util::SubscriberInitExt};

use crate::options::{LogFormat, Options};

/// Starts the log on standard error, so that standard output is left for what people asked for.
pub fn start(options: &Options) {
    // The level was checked with the other options. sqlx logs each statement at debug; that needs asking for by name.
    let filter = EnvFilter::try_new(format!("sqlx=warn,actix_server=warn,{}", options.log_level))
        .unwrap_or_else(|_| EnvFilter::new("info"));
    let registry = tracing_subscriber::registry().with(filter);
    let started = match options.log_format {
        LogFormat::Text => registry
            .with(
                fmt::layer().with_writer(std::io::stderr).with_target(false).with_ansi(std::io::stderr().is_terminal()),
            )
            .try_init(),
        LogFormat::Json => {
            let layer = fmt::layer().json().flatten_event(true).with_current_span(true).with_span_list(false);
            registry.with(layer.with_writer(std::io::stderr)).try_init()
        }
    };
    if let Err(error) = started {
        tracing::debug!(%error, "a log was set up before");
    }
}
