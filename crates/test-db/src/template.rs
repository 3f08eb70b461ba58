//! The database that tests get copies of.

use crate::{
    administration::{execute, with_database},
    cleanup,
    error::Error,
};
use sqlx::PgConnection;
use std::{error, pin::Pin};
use url::Url;

/// What [`Template::prepare`] may fail with.
pub type PrepareError = Box<dyn error::Error + Send + Sync>;

/// What [`Template::prepare`] gives; `Box::pin(async move { .. })` makes one.
pub type PrepareFuture = Pin<Box<dyn Future<Output = Result<(), PrepareError>> + Send>>;

/// The database that tests get copies of.
#[derive(Clone, Debug)]
pub struct Template {
    /// Tells templates apart: a hash of everything `prepare` depends on (migrations, seed), as 1 to 48 characters from
    /// `a-z` and `0-9`. An equal hash means that a template prepared earlier is used.
    pub name_hash: String,
    /// Fills the empty database at this URL, and closes its connections. Called once for each hash and server.
    pub prepare: fn(url: String) -> PrepareFuture,
}

/// Key of the advisory lock that a process holds while it prepares a template or removes old databases: "portcull" in
/// ASCII.
pub(crate) const LOCK: i64 = i64::from_be_bytes(*b"portcull");

/// Beginning of the names of complete templates.
pub(crate) const PREFIX: &str = "tpl_";

const LONGEST_HASH: usize = 48;

impl Template {
    /// Name of the complete template.
    ///
    /// # Errors
    /// [`Error::Hash`].
    pub(crate) fn database(&self) -> Result<String, Error> {
        let hash = &self.name_hash;
        let plain = hash.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
        if !plain || hash.is_empty() || hash.len() > LONGEST_HASH {
            return Err(Error::Hash(hash.clone()));
        }
        Ok(format!("{PREFIX}{hash}"))
    }

    /// Makes the template unless it is there. If another process is at it, waits until that one is done or has failed.
    pub(crate) async fn ensure(&self, connection: &mut PgConnection, server: &Url) -> Result<(), Error> {
        let name = self.database()?;
        if exists(connection, &name).await? {
            return Ok(());
        }
        sqlx::query("SELECT pg_advisory_lock($1)").bind(LOCK).execute(&mut *connection).await?;
        let result = self.make(connection, server, &name).await;
        sqlx::query("SELECT pg_advisory_unlock($1)").bind(LOCK).execute(connection).await?;
        result
    }

    /// Only for the holder of the lock.
    async fn make(&self, connection: &mut PgConnection, server: &Url, name: &str) -> Result<(), Error> {
        if exists(connection, name).await? {
            return Ok(());
        }
        cleanup::old_templates(connection).await?;
        let unfinished = format!("unfinished_{name}");
        execute(connection, format!("DROP DATABASE IF EXISTS {unfinished} WITH (FORCE)")).await?;
        execute(connection, format!("CREATE DATABASE {unfinished}")).await?;
        (self.prepare)(with_database(server, &unfinished)).await.map_err(Error::Prepare)?;
        // A database can neither be renamed nor copied while somebody is connected, so nobody may from now on, and who
        // still is (a pool that closes in the background) is cut off.
        execute(connection, format!("ALTER DATABASE {unfinished} ALLOW_CONNECTIONS false")).await?;
        disconnect_all(connection, &unfinished).await?;
        execute(connection, format!("ALTER DATABASE {unfinished} RENAME TO {name}")).await?;
        Ok(())
    }
}

async fn exists(connection: &mut PgConnection, name: &str) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar("SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)")
        .bind(name)
        .fetch_one(connection)
        .await
}

/// Ends the sessions of a database. Gives each up to ten seconds to be gone, because ending is asynchronous.
async fn disconnect_all(connection: &mut PgConnection, name: &str) -> Result<(), sqlx::Error> {
    let sql = "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = $1";
    sqlx::query(sql).bind(name).execute(connection).await.map(|_| ())
}
