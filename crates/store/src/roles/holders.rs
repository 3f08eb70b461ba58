//! Who was given a role directly.

use model::{
    id::{RealmId, RoleId},
    user::User,
};
use sqlx::PgConnection;

use crate::{
    Result,
    groups::{self, GroupInTree, members},
};

/// The users that were given the role themselves, by name. The connection as for [`crate::users::search::list`].
///
/// # Errors
/// If the database fails.
pub async fn users(
    conn: &mut PgConnection,
    realm: RealmId,
    role: &RoleId,
    first: i64,
    max: Option<i64>,
) -> Result<Vec<User>> {
    members::select_users!(
        "user_roles where realm_id = $1 and role_id = $2",
        "user_roles given where given.realm_id = $1 and given.user_id = u.id and given.role_id || '' = $2",
        realm.0,
        role.as_str(),
        first,
        max,
        members::FEW
    )
    .fetch_all(conn)
    .await?
    .into_iter()
    .map(crate::users::Row::read)
    .collect()
}

/// The groups that were given the role themselves, by name.
///
/// # Errors
/// If the database fails.
pub async fn groups(
    conn: &mut PgConnection,
    realm: RealmId,
    role: &RoleId,
    first: i64,
    max: Option<i64>,
) -> Result<Vec<GroupInTree>> {
    let rows = groups::select_groups!(
        "",
        "join group_roles given on given.realm_id = g.realm_id and given.group_id = g.id
         where g.realm_id = $1 and given.role_id = $2 order by g.name, g.id offset $3 limit $4",
        realm.0,
        role.as_str(),
        first,
        max
    )
    .fetch_all(conn)
    .await?;
    groups::Row::read_all(rows)
}
