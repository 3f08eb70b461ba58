//! The tree of groups, the roles given to them, and the ones that new users join.

use model::{
    group::Group,
    id::{GroupId, RealmId, RoleId},
    role::RoleName,
};
use serde_json::Value;
use sqlx::PgConnection;

use crate::{Result, Tx, row, transfer::same_things};

fn texts(groups: &[GroupId]) -> Vec<String> {
    groups.iter().map(|group| group.0.clone()).collect()
}

/// Saves groups; a parent may be among them.
///
/// # Errors
/// A conflict `groups_name` if a sibling has a group's name; one for a missing row if a parent is gone.
pub async fn put(tx: &mut Tx, groups: &[Group]) -> Result<()> {
    if groups.is_empty() {
        return Ok(());
    }
    let realm = tx.realm();
    let ids: Vec<String> = groups.iter().map(|group| group.id.0.clone()).collect();
    let parents: Vec<Option<String>> =
        groups.iter().map(|group| group.parent.as_ref().map(|parent| parent.0.clone())).collect();
    let names: Vec<String> = groups.iter().map(|group| group.name.clone()).collect();
    let descriptions: Vec<Option<String>> = groups.iter().map(|group| group.description.clone()).collect();
    let attributes: Vec<Value> = groups.iter().map(|group| row::write(&group.attributes)).collect();
    let done = sqlx::query!(
        "insert into groups (realm_id, id, parent, name, description, attributes)
         select $1, * from unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::jsonb[])
         on conflict (realm_id, id) do update set parent = excluded.parent, name = excluded.name,
             description = excluded.description, attributes = excluded.attributes
         where groups.parent is not distinct from excluded.parent and groups.name = excluded.name",
        realm.0,
        &ids,
        &parents as &[Option<String>],
        &names,
        &descriptions as &[Option<String>],
        &attributes
    )
    .execute(&mut **tx)
    .await?;
    same_things("groups_pkey", done.rows_affected(), groups.len())
}

/// Gives each of `groups` exactly the roles that `given` names for it.
///
/// # Errors
/// A conflict for a missing row if a group or a role is gone.
pub async fn replace_roles(tx: &mut Tx, groups: &[GroupId], given: &[(GroupId, RoleId)]) -> Result<()> {
    let realm = tx.realm();
    sqlx::query!("delete from group_roles where realm_id = $1 and group_id = any($2)", realm.0, &texts(groups))
        .execute(&mut **tx)
        .await?;
    let (owners, roles): (Vec<String>, Vec<String>) =
        given.iter().map(|(group, role)| (group.0.clone(), role.0.clone())).unzip();
    sqlx::query!(
        "insert into group_roles (realm_id, group_id, role_id)
         select $1, * from unnest($2::text[], $3::text[]) on conflict do nothing",
        realm.0,
        &owners,
        &roles
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Makes the groups that new users join exactly these.
///
/// # Errors
/// A conflict for a missing row if a group is gone.
pub async fn replace_defaults(tx: &mut Tx, groups: &[GroupId]) -> Result<()> {
    let realm = tx.realm();
    sqlx::query!("delete from default_groups where realm_id = $1 and group_id <> all($2)", realm.0, &texts(groups))
        .execute(&mut **tx)
        .await?;
    crate::groups::defaults::add(tx, groups).await
}

/// All groups of a realm, by name.
///
/// # Errors
/// If the database fails.
pub async fn all(conn: &mut PgConnection, realm: RealmId) -> Result<Vec<Group>> {
    let rows = sqlx::query!(
        "select id, parent, name, description, attributes from groups where realm_id = $1 order by name, id",
        realm.0
    )
    .fetch_all(conn)
    .await?;
    rows.into_iter()
        .map(|found| {
            Ok(Group {
                id: GroupId(found.id),
                parent: found.parent.map(GroupId),
                name: found.name,
                description: found.description,
                attributes: row::read("groups", "attributes", found.attributes)?,
            })
        })
        .collect()
}

/// The roles given to all groups of a realm, by name.
///
/// # Errors
/// If the database fails.
pub async fn roles(conn: &mut PgConnection, realm: RealmId) -> Result<Vec<(GroupId, RoleName)>> {
    let rows = sqlx::query!(
        r#"select given.group_id, c.client_id as "client?", r.name from group_roles given
           join roles r on r.realm_id = given.realm_id and r.id = given.role_id
           left join clients c on c.realm_id = r.realm_id and c.id = r.client
           where given.realm_id = $1 order by c.client_id nulls first, r.name"#,
        realm.0
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|row| (GroupId(row.group_id), RoleName { client: row.client, name: row.name })).collect())
}

/// The roles given to these groups and to those below them.
///
/// # Errors
/// If the database fails.
pub async fn roles_within(conn: &mut PgConnection, realm: RealmId, groups: &[GroupId]) -> Result<Vec<RoleId>> {
    let roles = sqlx::query_scalar!(
        r#"with recursive down as (
               select id from groups where realm_id = $1 and id = any($2)
               union
               select g.id from down join groups g on g.realm_id = $1 and g.parent = down.id
           )
           select distinct role_id from group_roles where realm_id = $1 and group_id in (select id from down)"#,
        realm.0,
        &texts(groups)
    )
    .fetch_all(conn)
    .await?;
    Ok(roles.into_iter().map(RoleId).collect())
}

/// The groups that new users join.
///
/// # Errors
/// If the database fails.
pub async fn defaults(conn: &mut PgConnection, realm: RealmId) -> Result<Vec<GroupId>> {
    let rows = sqlx::query_scalar!("select group_id from default_groups where realm_id = $1", realm.0);
    Ok(rows.fetch_all(conn).await?.into_iter().map(GroupId).collect())
}

/// Removes groups with everything below them.
///
/// # Errors
/// If the database fails.
pub async fn delete(tx: &mut Tx, groups: &[GroupId]) -> Result<()> {
    let realm = tx.realm();
    sqlx::query!("delete from groups where realm_id = $1 and id = any($2)", realm.0, &texts(groups))
        .execute(&mut **tx)
        .await?;
    Ok(())
}
