//! Why a test got no database.

/// Why a test got no database.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The private server could not be started, not even with a new cluster.
    #[error("no server for the tests: {0} (set TEST_DATABASE_URL to use one of your own)")]
    Server(String),

    /// `TEST_DATABASE_URL` is not a URL.
    #[error("TEST_DATABASE_URL is not a URL: {0}")]
    Url(#[from] url::ParseError),

    /// [`Template::name_hash`](crate::Template::name_hash) cannot be part of a database's name.
    #[error("a template's hash must be 1 to 48 letters from a to z and digits, not {0:?}")]
    Hash(String),

    /// The caller's preparation of the template failed.
    #[error("the template could not be prepared: {0}")]
    Prepare(#[source] crate::PrepareError),

    /// The server refused something.
    #[error("database administration: {0}")]
    Database(#[from] sqlx::Error),
}
