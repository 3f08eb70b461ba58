//! The roles that were given to groups. What members get through them is in [`crate::users::memberships`].

use model::{
    id::{GroupId, RealmId, RoleId},
    role::RoleName,
};
use sqlx::PgConnection;

use crate::Result;

/// The roles given to each of these groups itself, by name.
///
/// # Errors
/// If the database fails.
pub async fn names(conn: &mut PgConnection, realm: RealmId, groups: &[GroupId]) -> Result<Vec<(GroupId, RoleName)>> {
    let groups: Vec<String> = groups.iter().map(|group| group.0.clone()).collect();
    let rows = sqlx::query!(
        r#"select given.group_id, c.client_id as "client_id?", r.name from group_roles given
           join roles r on r.realm_id = given.realm_id and r.id = given.role_id
           left join clients c on c.realm_id = r.realm_id and c.id = r.client
           where given.realm_id = $1 and given.group_id = any($2)
           order by given.group_id, c.client_id, r.name"#,
        realm.0,
        &groups
    )
    .fetch_all(conn)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| (GroupId(row.group_id), RoleName { client: row.client_id, name: row.name }))
        .collect())
}

/// All roles that have to do with a group: its own, those of the groups above and those of the groups below.
///
/// # Errors
/// If the database fails.
pub async fn around(conn: &mut PgConnection, realm: RealmId, group: &GroupId) -> Result<Vec<RoleId>> {
    let roles = sqlx::query_scalar!(
        r#"with recursive up as (
               select id, parent from groups where realm_id = $1 and id = $2
               union
               select g.id, g.parent from up join groups g on g.realm_id = $1 and g.id = up.parent
           ),
           down as (
               select id from groups where realm_id = $1 and id = $2
               union
               select g.id from down join groups g on g.realm_id = $1 and g.parent = down.id
           )
           select distinct given.role_id from group_roles given
           where given.realm_id = $1
             and (given.group_id in (select id from up) or given.group_id in (select id from down))"#,
        realm.0,
        group.as_str()
    )
    .fetch_all(conn)
    .await?;
    Ok(roles.into_iter().map(RoleId).collect())
}
