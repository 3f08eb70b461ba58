//! Configuration changes: notices from every node to every node, and a look at what changed for those that a notice may
//! not have reached.

use model::id::RealmId;
use sqlx::{PgConnection, postgres::PgListener};
use time::OffsetDateTime;

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

/// A moment in the history of the database: every change that was not yet to be seen then is of a transaction that
/// began at this number or later.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moment(String);

/// What changed since a moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Look {
    /// The moment of this look.
    pub moment: Moment,
    /// The realms that changed, with their generation; the largest number for one that is gone.
    pub changed: Vec<(RealmId, i64)>,
    /// The database is an older one than it was, such as a backup: nothing that was read before can be trusted.
    pub rewound: bool,
}

/// The present moment.
///
/// # Errors
/// If the database fails.
pub async fn moment(conn: &mut PgConnection) -> Result<Moment> {
    let moment = sqlx::query_scalar!(r#"select pg_snapshot_xmin(pg_current_snapshot())::text as "moment!""#);
    Ok(Moment(moment.fetch_one(conn).await?))
}

/// What changed since a moment; a change may be seen again in the next look, and none is missed. It costs one look at an
/// index, however many realms there are.
///
/// A change that can be seen now and could not be seen at the moment was made by a transaction that was running then or
/// began later, so its number isn't smaller than that of the oldest one that was running. Numbers that are still to come
/// stand in tables that were copied from another database; they mean nothing here.
///
/// # Errors
/// If the database fails.
pub async fn look(conn: &mut PgConnection, since: &Moment) -> Result<Look> {
    let rows = sqlx::query!(
        r#"select pg_snapshot_xmin(s.present)::text as "moment!",
               pg_snapshot_xmax(s.present) < $1::text::xid8 as "rewound!",
               c.realm_id as "realm_id?", c.generation as "generation?"
           from (select pg_current_snapshot() as present) s
           left join realm_changes c
               on c.changed_in >= $1::text::xid8 and c.changed_in < pg_snapshot_xmax(s.present)"#,
        since.0
    )
    .fetch_all(conn)
    .await?;
    let mut look = Look { moment: since.clone(), changed: Vec::new(), rewound: false };
    for row in rows {
        look.moment = Moment(row.moment);
        look.rewound |= row.rewound;
        look.changed.extend(row.realm_id.map(RealmId).zip(row.generation));
    }
    Ok(look)
}

/// Forgets realms that are gone for so many transactions that no node can hold anything of them.
///
/// # Errors
/// If the database fails.
pub async fn expire(store: &Store, _: OffsetDateTime, limit: i64) -> Result<u64> {
    let done = sqlx::query!(
        "delete from realm_changes where realm_id in (
             select c.realm_id from realm_changes c
             where c.generation = 9223372036854775807
                 and c.changed_in::text::numeric < pg_snapshot_xmin(pg_current_snapshot())::text::numeric - 10000000
                 and not exists (select from realms r where r.realm_id = c.realm_id)
             limit $1 for update skip locked)",
        limit
    )
    .execute(&mut *store.acquire().await?)
    .await?;
    Ok(done.rows_affected())
}
