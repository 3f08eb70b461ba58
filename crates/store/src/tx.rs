//! Transactions: the only way to write, and the place where a node learns what its own writes changed.

use std::ops::{Deref, DerefMut};

use model::id::RealmId;
use sqlx::{PgConnection, Postgres, Transaction};

use crate::Result;

/// A transaction that changes things of one realm. Dropped without [`Tx::commit`], nothing happened.
#[derive(Debug)]
pub struct Tx {
    realm: RealmId,
    inner: Transaction<'static, Postgres>,
}

/// What a commit changed, so that the writing node's caches are never stale.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Committed {
    /// The realm.
    pub realm: RealmId,
    /// Its generation from now on; none if the realm is gone.
    pub generation: Option<i64>,
}

impl Tx {
    pub(crate) fn new(realm: RealmId, inner: Transaction<'static, Postgres>) -> Self {
        Self { realm, inner }
    }

    /// The realm whose things are changed.
    #[must_use]
    pub fn realm(&self) -> RealmId {
        self.realm
    }

    /// Makes the changes last and tells the realm's newest generation.
    ///
    /// # Errors
    /// If the database can't be reached: then it is unknown whether the changes last.
    pub async fn commit(mut self) -> Result<Committed> {
        let realm = self.realm;
        let generation = sqlx::query_scalar!("select generation from realms where realm_id = $1", realm.0)
            .fetch_optional(&mut *self.inner)
            .await?;
        self.inner.commit().await?;
        Ok(Committed { realm, generation })
    }

    /// Makes the changes last where no cache holds anything of what was changed, such as sessions.
    ///
    /// # Errors
    /// As [`Tx::commit`].
    pub async fn commit_uncached(self) -> Result<()> {
        Ok(self.inner.commit().await?)
    }
}

impl Deref for Tx {
    type Target = PgConnection;

    fn deref(&self) -> &PgConnection {
        &self.inner
    }
}

impl DerefMut for Tx {
    fn deref_mut(&mut self) -> &mut PgConnection {
        &mut self.inner
    }
}

/// A read-only transaction in which every read sees the same state of the data.
#[derive(Debug)]
pub struct Snapshot(pub(crate) Transaction<'static, Postgres>);

impl Snapshot {
    /// Ends it and gives the connection back at once.
    ///
    /// # Errors
    /// If the database can't be reached.
    pub async fn end(self) -> Result<()> {
        Ok(self.0.rollback().await?)
    }
}

impl Deref for Snapshot {
    type Target = PgConnection;

    fn deref(&self) -> &PgConnection {
        &self.0
    }
}

impl DerefMut for Snapshot {
    fn deref_mut(&mut self) -> &mut PgConnection {
        &mut self.0
    }
}
