//! What the caller decides about the private server.

use std::{path::PathBuf, time::Duration};

/// Settings of one private server.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Where everything lives. Made if missing; otherwise it must be empty or come from an earlier start.
    pub data_dir: PathBuf,
    /// The folder with `initdb` and `postgres`, or the folder above their `bin`. `None` searches the usual places.
    pub binaries: Option<PathBuf>,
    /// Whether committed data survives a power failure.
    pub durability: Durability,
    /// Whether the server ends together with this process.
    pub lifetime: Lifetime,
    /// How many sessions PostgreSQL allows at the same time (`max_connections`).
    pub max_connections: u16,
    /// How long a start may take, recovery after a crash included.
    pub start_timeout: Duration,
    /// Further `name`, `value` pairs for PostgreSQL's configuration. They win over what this crate sets.
    pub extra: Vec<(String, String)>,
}

impl Settings {
    /// For data that matters: every commit reaches the disk, and the server ends with this process.
    pub fn durable(data_dir: impl Into<PathBuf>) -> Self {
        Self {
            data_dir: data_dir.into(),
            binaries: None,
            durability: Durability::Durable,
            lifetime: Lifetime::WithParent,
            max_connections: 100,
            start_timeout: Duration::from_secs(60),
            extra: Vec::new(),
        }
    }

    /// For tests: fast, and worthless after a power failure.
    pub fn disposable(data_dir: impl Into<PathBuf>) -> Self {
        Self { durability: Durability::Disposable, ..Self::durable(data_dir) }
    }
}

/// Whether committed data survives a power failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Durability {
    /// `fsync` on: a commit is on the disk when PostgreSQL says so.
    Durable,
    /// Nothing is flushed. Survives the death of processes but not of the machine.
    Disposable,
}

impl Durability {
    /// PostgreSQL's parameters for it.
    pub(crate) fn parameters(self) -> &'static [(&'static str, &'static str)] {
        match self {
            // Given on the command line so that a stray `postgresql.auto.conf` cannot quietly turn them off.
            Self::Durable => &[("fsync", "on"), ("synchronous_commit", "on"), ("full_page_writes", "on")],
            Self::Disposable => &[
                ("fsync", "off"),
                ("synchronous_commit", "off"),
                ("full_page_writes", "off"),
                ("wal_level", "minimal"),
                ("max_wal_senders", "0"),
            ],
        }
    }
}

/// Whether the server ends together with this process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lifetime {
    /// The server is shut down when the [`EmbeddedPostgres`](crate::EmbeddedPostgres) that started it is dropped or its
    /// process dies.
    WithParent,
    /// The server outlives the process that started it, so that later processes find it running. Only
    /// [`EmbeddedPostgres::stop`](crate::EmbeddedPostgres::stop), called on the copy that started it, ends it.
    Detached,
}
