//! The groups that every new user joins.

use model::id::{GroupId, RealmId};
use sqlx::PgConnection;

use super::{GroupInTree, Row, select_groups};
use crate::{Result, Tx};

/// The groups that a new user joins, by name.
///
/// # Errors
/// If the database fails.
pub async fn default_groups(conn: &mut PgConnection, realm: RealmId) -> Result<Vec<GroupInTree>> {
    let rows = select_groups!(
        "",
        "join default_groups d on d.realm_id = g.realm_id and d.group_id = g.id
         where g.realm_id = $1 order by g.name, g.id",
        realm.0
    )
    .fetch_all(conn)
    .await?;
    Row::read_all(rows)
}

/// Lets new users join these groups too.
///
/// # Errors
/// A conflict for a missing row if a group is gone.
pub async fn add(tx: &mut Tx, groups: &[GroupId]) -> Result<()> {
    let realm = tx.realm();
    let groups: Vec<String> = groups.iter().map(|group| group.0.clone()).collect();
    sqlx::query!(
        "insert into default_groups (realm_id, group_id)
         select $1, group_id from unnest($2::text[]) as given (group_id) on conflict do nothing",
        realm.0,
        &groups
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// No longer lets new users join a group. False if they didn't.
///
/// # Errors
/// If the database fails.
pub async fn remove(tx: &mut Tx, group: &GroupId) -> Result<bool> {
    let realm = tx.realm();
    let done =
        sqlx::query!("delete from default_groups where realm_id = $1 and group_id = $2", realm.0, group.as_str())
            .execute(&mut **tx)
            .await?;
    Ok(done.rows_affected() > 0)
}
