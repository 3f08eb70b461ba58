//! Notices of configuration changes, from every node to every node.

use model::id::RealmId;
use sqlx::postgres::PgListener;

use crate::{Result, Store};

/// What a node hears about configuration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Notice {
    /// A realm has a new generation.
    Changed(RealmId, i64),
    /// The connection was lost for a while: anything may have changed.
    Lost,
}

/// Listens for configuration changes.
#[derive(Debug)]
pub struct Notices(PgListener);

impl Notices {
    /// Starts listening. What changes from now on is heard.
    ///
    /// # Errors
    /// If the database can't be reached.
    pub async fn listen(store: &Store) -> Result<Self> {
        let mut listener = PgListener::connect_with(store.pool()).await?;
        listener.listen("realm_changed").await?;
        Ok(Self(listener))
    }

    /// Waits for the next notice.
    ///
    /// # Errors
    /// If the connection is lost and can't be made again.
    pub async fn next(&mut self) -> Result<Notice> {
        loop {
            match self.0.try_recv().await? {
                None => return Ok(Notice::Lost),
                Some(notification) => {
                    let parts = notification.payload().split_once(':');
                    if let Some((Ok(realm), Ok(generation))) = parts.map(|(r, g)| (r.parse(), g.parse())) {
                        return Ok(Notice::Changed(RealmId(realm), generation));
                    }
                    tracing::warn!(payload = notification.payload(), "a change notice can't be read");
                }
            }
        }
    }
}
