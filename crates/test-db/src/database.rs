//! A test's own database.

use crate::{
    administration::{connect, execute, is_state, with_database},
    cleanup,
    error::Error,
    template::Template,
};
use sqlx::{Connection, PgConnection};
use std::thread;
use url::Url;

/// `undefined_database`: the template is gone. `object_in_use`: somebody is connected to it.
const MISSING: &str = "3D000";
const IN_USE: &str = "55006";
const ATTEMPTS: u32 = 3;

/// A test's own database, dropped together with this value.
#[derive(Debug)]
pub struct TestDatabase {
    server: Url,
    name: String,
    url: String,
}

impl TestDatabase {
    /// Copies the template, preparing it first if this server has no such template yet.
    ///
    /// # Errors
    /// Every variant of [`Error`].
    pub async fn from_template(template: &Template) -> Result<Self, Error> {
        let source = template.database()?;
        let (mut connection, server) = connect().await?;
        cleanup::left_behind(&mut connection).await?;
        // Name and age come from the server: this crate needs neither clock nor randomness.
        let sql =
            "SELECT 't_' || extract(epoch FROM now())::bigint || '_' || replace(gen_random_uuid()::text, '-', '')";
        let name: String = sqlx::query_scalar(sql).fetch_one(&mut connection).await?;
        let create = format!("CREATE DATABASE {name} TEMPLATE {source}{}", strategy(&mut connection).await?);
        let mut attempt = 1;
        loop {
            template.ensure(&mut connection, &server).await?;
            match execute(&mut connection, create.clone()).await {
                Ok(()) => break,
                // Another process may drop the template as an old one between the two statements.
                Err(error) if attempt < ATTEMPTS && (is_state(&error, MISSING) || is_state(&error, IN_USE)) => {
                    attempt += 1;
                }
                Err(error) => return Err(error.into()),
            }
        }
        let url = with_database(&server, &name);
        // Made before anything else can fail, so that the new database is dropped in any case.
        let database = Self { server, name, url };
        connection.close().await?;
        Ok(database)
    }

    /// The URL to connect to, for sqlx.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Runs statements, for tests of crates that speak no SQL themselves. Nothing is bound: the texts are the test's own.
    ///
    /// # Errors
    /// [`Error`], if the database fails.
    pub async fn run(&self, statements: &[String]) -> Result<(), Error> {
        let mut connection = PgConnection::connect(&self.url).await?;
        for statement in statements {
            execute(&mut connection, statement.clone()).await?;
        }
        Ok(connection.close().await?)
    }

    /// The number of rows of a table.
    ///
    /// # Errors
    /// [`Error`], if the database fails.
    pub async fn count(&self, table: &str) -> Result<i64, Error> {
        let mut connection = PgConnection::connect(&self.url).await?;
        let query = sqlx::AssertSqlSafe(format!("SELECT count(*) FROM {table}"));
        let rows = sqlx::query_scalar(query).fetch_one(&mut connection).await?;
        connection.close().await?;
        Ok(rows)
    }

    /// The database's name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }
}

/// Copies files instead of writing every page to the log as well: for a database in memory less than half the time. The
/// choice exists since PostgreSQL 15; before, copying files was the only way.
async fn strategy(connection: &mut PgConnection) -> Result<&'static str, sqlx::Error> {
    let sql = "SELECT current_setting('server_version_num')::int >= 150000";
    let has_choice: bool = sqlx::query_scalar(sql).fetch_one(connection).await?;
    Ok(if has_choice { " STRATEGY FILE_COPY" } else { "" })
}

impl Drop for TestDatabase {
    /// Drops the database and cuts off who is still connected. Waits for it, because under nextest the process ends
    /// right after the test. On a thread of its own, because a test's runtime cannot be entered a second time.
    fn drop(&mut self) {
        let server = self.server.clone();
        let sql = format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name);
        let dropped = thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
            runtime.block_on(async {
                let mut connection = PgConnection::connect(server.as_str()).await?;
                execute(&mut connection, sql).await?;
                connection.close().await
            })
        });
        // A test that has passed is not failed by this: what is left now is dropped by a later run.
        match dropped.join() {
            Ok(Ok(())) => {}
            Ok(Err(error)) => eprintln!("test database {} was not dropped: {error}", self.name),
            Err(_panic) => eprintln!("test database {} was not dropped", self.name),
        }
    }
}
