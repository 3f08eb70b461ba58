//! A PostgreSQL for the length of one command, with the schema that the migrations make.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, ensure};
use embedded_postgres::{EmbeddedPostgres, Settings};

use crate::{packages, process, workspace};

const DATABASE: &str = "portcullis";

/// A private server whose one database has been migrated. Dropping it stops the server and removes its data.
pub struct MigratedServer {
    /// `None` only while this is being dropped.
    postgres: Option<EmbeddedPostgres>,
    data: PathBuf,
}

impl MigratedServer {
    /// Starts it and applies all migrations, in the order of their names, each in a transaction of its own as the
    /// server itself does.
    pub fn start() -> Result<Self> {
        let migrations = workspace::files(&workspace::root().join("migrations"), "sql")?;
        ensure!(!migrations.is_empty(), "there are no migrations");
        let data = embedded_postgres::volatile_directory(&format!("portcullis-xtask-{}", std::process::id()));
        // Before the start, so that a start that fails halfway leaves nothing behind either.
        let mut server = Self { postgres: None, data };
        let postgres = EmbeddedPostgres::start(&Settings::disposable(&server.data))
            .context("cannot start a private PostgreSQL")?;
        postgres.create_database_if_missing(DATABASE)?;
        server.postgres = Some(postgres);
        for migration in &migrations {
            server
                .run("psql", &["--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1"], |command| {
                    command.arg("--file").arg(migration)
                })
                .with_context(|| format!("{} does not apply", migration.display()))?;
        }
        Ok(server)
    }

    /// The URL of the migrated database, for sqlx and for PostgreSQL's own programs.
    pub fn url(&self) -> String {
        self.postgres.as_ref().map(|postgres| postgres.url(DATABASE)).unwrap_or_default()
    }

    /// The schema, as pg_dump writes it.
    pub fn schema(&self) -> Result<String> {
        self.run("pg_dump", &["--schema-only", "--no-owner", "--no-privileges"], |command| command)
    }

    /// Runs one of PostgreSQL's client programs on the database and gives what it writes.
    fn run(
        &self,
        program: &str,
        arguments: &[&str],
        further: impl FnOnce(&mut Command) -> &mut Command,
    ) -> Result<String> {
        let mut command = Command::new(client_program(program));
        for (name, _) in std::env::vars_os() {
            // Whoever runs this may have PGHOST, PGOPTIONS and the like set for another server.
            if name.to_str().is_some_and(|name| name.starts_with("PG")) {
                command.env_remove(name);
            }
        }
        command.args(arguments).arg("--dbname").arg(self.url());
        process::read(further(&mut command))
    }
}

impl Drop for MigratedServer {
    fn drop(&mut self) {
        if let Some(postgres) = self.postgres.take() {
            postgres.stop();
        }
        if let Err(error) = remove(&self.data) {
            eprintln!("cannot remove {}: {error}", self.data.display());
        }
    }
}

fn remove(folder: &Path) -> std::io::Result<()> {
    match std::fs::remove_dir_all(folder) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
        other => other,
    }
}

/// The program that belongs to the server, because an older pg_dump refuses a newer server; else the one in `PATH`.
fn client_program(name: &str) -> OsString {
    packages::postgres_programs()
        .map(|folder| folder.join(name))
        .filter(|file| file.exists())
        .map_or_else(|| name.into(), PathBuf::into_os_string)
}
