//! What can go wrong in the database, sorted by who has to act.

/// The result of every store function.
pub type Result<T> = std::result::Result<T, Error>;

/// A failed statement.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A unique index or foreign key refused the change.
    #[error("the change breaks the constraint {constraint}")]
    Conflict {
        /// The constraint's name in the schema.
        constraint: String,
        /// A row that is needed is missing (foreign key), rather than one too many (unique).
        missing: bool,
    },
    /// A stored value can't be read: the database was changed by other hands, or by a newer version.
    #[error("{table}.{column} holds something this version can't read: {reason}")]
    Inconsistent {
        /// The table.
        table: &'static str,
        /// The column.
        column: &'static str,
        /// What was wrong with it.
        reason: String,
    },
    /// Somebody else changed the same things in the meantime.
    #[error("somebody else changed the same things in the meantime")]
    Overtaken,
    /// The database can't be reached, or has no connection free in time.
    #[error("the database can't be reached")]
    Unavailable(#[source] sqlx::Error),
    /// Anything else.
    #[error("the database refused a statement")]
    Database(#[source] sqlx::Error),
    /// The schema could not be brought up to date.
    #[error("the database schema can't be brought up to date")]
    Migration(#[from] sqlx::migrate::MigrateError),
}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        use sqlx::error::ErrorKind;
        match error {
            sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed | sqlx::Error::Io(_) => Self::Unavailable(error),
            sqlx::Error::Database(database) => match (database.constraint(), database.kind()) {
                (Some(constraint), kind @ (ErrorKind::UniqueViolation | ErrorKind::ForeignKeyViolation)) => {
                    Self::Conflict {
                        constraint: constraint.to_owned(),
                        missing: matches!(kind, ErrorKind::ForeignKeyViolation),
                    }
                }
                // A transaction on a snapshot that is no longer the present state, or a deadlock.
                _ if database.code().is_some_and(|code| code == "40001" || code == "40P01") => Self::Overtaken,
                // Class 57 is operator intervention: the server shuts down, crashed, or is starting up.
                _ if database.code().is_some_and(|code| code.starts_with("57P") || code.starts_with("08")) => {
                    Self::Unavailable(sqlx::Error::Database(database))
                }
                _ => Self::Database(sqlx::Error::Database(database)),
            },
            other => Self::Database(other),
        }
    }
}
