//! The database of this run: somebody else's, or a private child process.

use anyhow::{Context, bail};
use embedded_postgres::{EmbeddedPostgres, Settings};
use model::secret::Secret;
use store::Store;

use crate::options::{Command, Database, Options};

/// The database's name in the private PostgreSQL.
const NAME: &str = "portcullis";

/// Where the database is, and the private server while there is one.
pub struct Location {
    url: Secret,
    embedded: Option<EmbeddedPostgres>,
}

/// Finds the database, starting the private server if none was named. It blocks: call it before the asynchronous
/// runtime starts.
///
/// # Errors
/// If the private server can't be started; the text says what to do.
pub fn locate(options: &Options) -> anyhow::Result<Location> {
    let binaries = match &options.database {
        Database::Url(url) => return Ok(Location { url: url.clone(), embedded: None }),
        Database::Embedded { binaries } => binaries.clone(),
    };
    if options.command == Command::Start {
        tracing::warn!(
            "the embedded PostgreSQL is for development and small installations: back up its folder, and move to a \
             server of your own with --database-url before this installation matters"
        );
    }
    let settings = Settings { binaries, ..Settings::durable(options.data_dir.join("postgres")) };
    let only_looks = options.command == Command::CheckPosture;
    if only_looks && !embedded_postgres::cluster_exists(&settings.data_dir) {
        let folder = options.data_dir.display();
        bail!("there is no database in {folder} to look at: name it with --data-dir or --database-url");
    }
    let embedded = EmbeddedPostgres::start(&settings)?;
    if !only_looks {
        embedded.create_database_if_missing(NAME)?;
    }
    Ok(Location { url: Secret::new(embedded.url(NAME)), embedded: Some(embedded) })
}

impl Location {
    /// Connects and brings the schema up to date.
    ///
    /// # Errors
    /// If the database can't be reached or is newer than this program.
    pub async fn open(&self, connections: u32) -> anyhow::Result<Store> {
        let store = Store::connect(self.url.expose(), connections).await.context("the database can't be used")?;
        store.migrate().await?;
        Ok(store)
    }

    /// Connects to look only: nothing can be changed through this connection.
    ///
    /// # Errors
    /// If the database can't be reached, or has not the schema of this program.
    pub async fn open_read_only(&self, connections: u32) -> anyhow::Result<Store> {
        let store = Store::connect_read_only(self.url.expose(), connections).await;
        let store = store.context("the database can't be used")?;
        if !store.is_migrated().await? {
            bail!(
                "the schema of the database is older than this program, or there is none, and this command changes \
                 nothing: run `portcullis migrate` first, or the program that the schema is of"
            );
        }
        Ok(store)
    }

    /// Whether it is the private server.
    #[must_use]
    pub fn is_embedded(&self) -> bool {
        self.embedded.is_some()
    }

    /// Stops the private server, if this process runs it. It blocks.
    pub fn stop(self) {
        if let Some(embedded) = self.embedded {
            embedded.stop();
        }
    }
}
