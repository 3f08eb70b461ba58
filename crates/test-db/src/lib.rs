//! A PostgreSQL database for each test, cloned from a template, on a private server.
//!
//! Tests run in parallel, each test in a process of its own under nextest, and none may see another's rows. Running the
//! migrations for each test would cost far more than most tests; copying a database that was prepared once costs some
//! 30 ms.
//!
//! * **The server.** If the environment variable `TEST_DATABASE_URL` is set, that server is used; its user needs the
//!   right to create databases, and the database in the URL is used for administration only. Otherwise the first test
//!   process starts a private server (see [`embedded_postgres`]) and all others attach to it. It lives in
//!   `/dev/shm/portcullis-test-<uid>` if there is room, else in the directory for temporary files, does not flush
//!   anything to disk, and stays after the run, so that the next run finds server and template ready. To get rid of it,
//!   send SIGINT to the process whose id is the first line of `pgdata/postmaster.pid` there.
//! * **The template.** A [`Template`] names what it consists of by a hash. The first process that needs it prepares it;
//!   others wait. It gets its final name only when it is complete.
//! * **The databases.** Each is called `t_<seconds since 1970>_<random>` and is dropped with its [`TestDatabase`]. Those
//!   of tests that were killed are dropped later: when nobody is connected and they are an hour old.
//!
//! ```no_run
//! # async fn example() -> Result<(), test_db::Error> {
//! use test_db::{Template, TestDatabase};
//!
//! let template = Template { name_hash: "5f2c".to_owned(), prepare: |_url| Box::pin(async move {
//!     // connect to the URL, migrate, seed, disconnect
//!     Ok(())
//! }) };
//! let database = TestDatabase::from_template(&template).await?;
//! let url = database.url();
//! # let _ = url;
//! # Ok(())
//! # }
//! ```

mod administration;
mod cleanup;
mod database;
mod error;
mod server;
mod template;

#[cfg(test)]
mod tests;

pub use database::TestDatabase;
pub use error::Error;
pub use server::server_url;
pub use template::{PrepareError, PrepareFuture, Template};
