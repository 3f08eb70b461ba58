//! How many users realms have: rows of what each transaction added or took away, added up now and then.

use time::OffsetDateTime;

use crate::{Result, Store};

/// A realm whose numbers are in no more rows than this is let be.
const ROWS: i64 = 32;

/// Adds up the rows of realms that have many, taking up to `limit` rows, and tells how many it took. Several nodes may do
/// it at once. Whoever reads meanwhile sees either the many rows or the few.
///
/// # Errors
/// If the database fails.
pub async fn add_up(store: &Store, _now: OffsetDateTime, limit: i64) -> Result<u64> {
    let taken = sqlx::query_scalar!(
        r#"with many as materialized (
               -- A realm that is being removed is passed over: its removal and this would wait for each other.
               select r.realm_id from realms r
               join (select realm_id from user_counts group by realm_id having count(*) > $1) m
                   on m.realm_id = r.realm_id
               for key share of r skip locked
           ),
           chosen as materialized (
               select c.realm_id, c.changed_in, c.is_service, c.enabled, c.email_verified
               from user_counts c join many m on m.realm_id = c.realm_id
               limit $2 for update of c skip locked
           ),
           taken as (
               delete from user_counts c using chosen o
               where c.realm_id = o.realm_id and c.changed_in = o.changed_in and c.is_service = o.is_service
                   and c.enabled = o.enabled and c.email_verified = o.email_verified
               returning c.*
           ),
           added as (
               insert into user_counts (realm_id, changed_in, is_service, enabled, email_verified, users)
               select realm_id, pg_current_xact_id(), is_service, enabled, email_verified, sum(users)
               from taken group by realm_id, is_service, enabled, email_verified having sum(users) <> 0
           )
           select count(*) as "taken!" from taken"#,
        ROWS,
        limit
    )
    .fetch_one(&mut *store.acquire().await?)
    .await?;
    Ok(taken.unsigned_abs())
}
