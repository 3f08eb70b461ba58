//! Connections to PostgreSQL and the migrations of its schema.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use model::id::RealmId;
use sqlx::{
    Connection as _, PgPool, Postgres,
    migrate::Migrator,
    pool::PoolConnection,
    postgres::{PgConnectOptions, PgPoolOptions},
};
use tokio::runtime::Handle;

use crate::{Error, Result, Snapshot, Tx};

/// The schema's history, embedded in the binary. Forward only.
pub static MIGRATIONS: Migrator = sqlx::migrate!("../../migrations");

/// A connection for reading.
pub type Connection = PoolConnection<Postgres>;

/// A connection that was not used for this long is asked whether it still works.
const RESTED: Duration = Duration::from_secs(1);

/// The oldest PostgreSQL that the schema runs on, as `server_version_num`.
const OLDEST_SERVER: i32 = 150_000;

/// The database. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Store {
    pool: PgPool,
    /// Where connections are opened. A connection lives no longer than the runtime that opened it, and those of the HTTP
    /// server's workers end before the last request is answered.
    home: Handle,
    started: Instant,
    /// Seconds from `started` to the last use of the pool.
    last_use: Arc<AtomicU64>,
}

impl Store {
    /// Connects to the database at `url` with at most `connections` connections. The runtime in which it is called must
    /// outlive every use of the store.
    ///
    /// # Errors
    /// [`Error::Unavailable`] if it can't be reached, [`Error::Inconsistent`] if the server is older than
    /// PostgreSQL 15.
    pub async fn connect(url: &str, connections: u32) -> Result<Self> {
        Self::connect_with(url, connections, &[]).await
    }

    /// Connects as [`Self::connect`], to look only: PostgreSQL refuses every change.
    ///
    /// # Errors
    /// As [`Self::connect`].
    pub async fn connect_read_only(url: &str, connections: u32) -> Result<Self> {
        Self::connect_with(url, connections, &[("default_transaction_read_only", "on")]).await
    }

    async fn connect_with(url: &str, connections: u32, settings: &[(&str, &str)]) -> Result<Self> {
        let options: PgConnectOptions = url.parse()?;
        // The schema has no use for JIT: its queries are short, and compiling them costs more than running them.
        let settings = [("jit", "off")].into_iter().chain(settings.iter().copied());
        let options = options.application_name("portcullis").options(settings);
        let pool = PgPoolOptions::new()
            .max_connections(connections)
            .min_connections(1)
            .acquire_timeout(Duration::from_secs(5))
            // Asking each connection before each use would double the round trips. One that rested for a while is asked,
            // so that after a restart of the database its dead connections meet no request.
            .test_before_acquire(false)
            .before_acquire(|connection, state| {
                Box::pin(async move { Ok(state.idle_for < RESTED || connection.ping().await.is_ok()) })
            })
            .connect_with(options)
            .await
            .map_err(Error::Unavailable)?;
        let version: String = sqlx::query_scalar("show server_version_num").fetch_one(&pool).await?;
        if version.parse::<i32>().is_ok_and(|version| version < OLDEST_SERVER) {
            return Err(Error::Inconsistent {
                table: "server",
                column: "version",
                reason: format!("PostgreSQL 15 or newer is needed, this one is {version}"),
            });
        }
        Ok(Self { pool, home: Handle::current(), started: Instant::now(), last_use: Arc::default() })
    }

    /// Brings the schema up to date. Several nodes may call it at once: one works, the others wait. Where nothing is to
    /// be done, nothing is tried, so that a program whose database user may not change the schema starts.
    ///
    /// # Errors
    /// [`Error::Migration`] if a migration fails.
    pub async fn migrate(&self) -> Result<()> {
        if self.is_migrated().await? {
            return Ok(());
        }
        Ok(MIGRATIONS.run(&self.pool).await?)
    }

    /// Whether the schema is the one that this binary expects, or a newer one: a release's changes to the schema leave
    /// what the release before it needs, so that nodes can be replaced one by one.
    ///
    /// # Errors
    /// If the database can't be asked.
    pub async fn is_migrated(&self) -> Result<bool> {
        let exists: bool =
            sqlx::query_scalar("select to_regclass('_sqlx_migrations') is not null").fetch_one(&self.pool).await?;
        if !exists {
            return Ok(false);
        }
        // Each by itself: one with a lower number may have come later, from work that went on at the same time.
        let applied: Vec<i64> =
            sqlx::query_scalar("select version from _sqlx_migrations where success").fetch_all(&self.pool).await?;
        Ok(MIGRATIONS.iter().all(|migration| applied.contains(&migration.version)))
    }

    /// A connection for reading.
    ///
    /// # Errors
    /// [`Error::Unavailable`] if none is free within five seconds.
    pub async fn read(&self) -> Result<Connection> {
        self.acquire().await
    }

    /// A connection on which several reads see one state of the data.
    ///
    /// # Errors
    /// [`Error::Unavailable`] if none is free within five seconds.
    pub async fn snapshot(&self) -> Result<Snapshot> {
        let pool = self.pool.clone();
        let begin = async move { pool.begin_with("begin isolation level repeatable read read only").await };
        Ok(Snapshot(self.at_home(begin).await?))
    }

    /// A connection for searches whose best plan depends on what is searched for: each statement is planned with its
    /// parameters, and takes an index wherever there is one.
    ///
    /// # Errors
    /// [`Error::Unavailable`] if none is free within five seconds.
    pub async fn searching(&self) -> Result<Snapshot> {
        let pool = self.pool.clone();
        let begin = async move {
            pool.begin_with(
                "begin read only; set local plan_cache_mode = force_custom_plan; set local enable_seqscan = off;
                 set local max_parallel_workers_per_gather = 0",
            )
            .await
        };
        Ok(Snapshot(self.at_home(begin).await?))
    }

    /// A transaction that changes things of `realm`.
    ///
    /// # Errors
    /// [`Error::Unavailable`] if no connection is free within five seconds.
    pub async fn begin(&self, realm: RealmId) -> Result<Tx> {
        let pool = self.pool.clone();
        Ok(Tx::new(realm, self.at_home(async move { pool.begin().await }).await?))
    }

    /// As [`Store::begin`], for changes that follow from what is read first: if somebody else changes the same things in
    /// the meantime, the transaction fails with [`Error::Overtaken`].
    ///
    /// # Errors
    /// [`Error::Unavailable`] if no connection is free within five seconds.
    pub async fn begin_repeatable(&self, realm: RealmId) -> Result<Tx> {
        let pool = self.pool.clone();
        let begin = async move { pool.begin_with("begin isolation level repeatable read").await };
        Ok(Tx::new(realm, self.at_home(begin).await?))
    }

    /// Whether the database answers.
    ///
    /// # Errors
    /// [`Error::Unavailable`] if it doesn't.
    pub async fn ping(&self) -> Result<()> {
        Ok(self.acquire().await?.ping().await?)
    }

    /// Connections in use and connections open, for metrics.
    #[must_use]
    pub fn connections(&self) -> (usize, usize) {
        let open = self.pool.size() as usize;
        (open.saturating_sub(self.pool.num_idle()), open)
    }

    /// Waits until every connection is given back, then closes them.
    pub async fn close(&self) {
        self.pool.close().await;
    }

    /// A connection for one statement.
    pub(crate) async fn acquire(&self) -> Result<Connection> {
        let now = self.started.elapsed().as_secs();
        // Where requests follow each other closely, an open connection is taken as it is.
        if now.saturating_sub(self.last_use.swap(now, Ordering::Relaxed)) < RESTED.as_secs()
            && let Some(connection) = self.pool.try_acquire()
        {
            return Ok(connection);
        }
        let pool = self.pool.clone();
        self.at_home(async move { pool.acquire().await }).await
    }

    /// Runs what may open a connection in the runtime that such a connection can live in.
    async fn at_home<T: Send + 'static>(
        &self,
        work: impl Future<Output = sqlx::Result<T>> + Send + 'static,
    ) -> Result<T> {
        Ok(self.home.spawn(work).await.unwrap_or(Err(sqlx::Error::PoolClosed))?)
    }

    pub(crate) fn pool(&self) -> &PgPool {
        &self.pool
    }
}
