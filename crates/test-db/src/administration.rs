//! The session on the administration database, and statements whose database names are ours.

use crate::{error::Error, server::server_url};
use sqlx::{AssertSqlSafe, Connection, PgConnection};
use url::Url;

/// Opens a session on the administration database. Gives the server's URL as well.
pub(crate) async fn connect() -> Result<(PgConnection, Url), Error> {
    let url = Url::parse(&server_url().await?)?;
    Ok((PgConnection::connect(url.as_str()).await?, url))
}

/// The same server, another database.
pub(crate) fn with_database(server: &Url, name: &str) -> String {
    let mut url = server.clone();
    url.set_path(name);
    url.into()
}

/// Runs a statement that cannot have parameters. Names in it are made by this crate from `a-z`, `0-9` and `_`.
pub(crate) async fn execute(connection: &mut PgConnection, sql: String) -> Result<(), sqlx::Error> {
    sqlx::raw_sql(AssertSqlSafe(sql)).execute(connection).await.map(|_| ())
}

/// Whether an error has this SQLSTATE (PostgreSQL documentation, appendix A).
pub(crate) fn is_state(error: &sqlx::Error, sqlstate: &str) -> bool {
    error.as_database_error().is_some_and(|error| error.code().as_deref() == Some(sqlstate))
}
