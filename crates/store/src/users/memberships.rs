//! The groups that a user is a direct member of.

use model::id::{GroupId, RealmId, RoleId, UserId};
use sqlx::PgConnection;

use crate::{
    Result, Tx,
    groups::{GroupInTree, Row, select_groups},
    row,
};

/// The groups of a user by name; `name` is a pattern of SQL's `like` in lower case.
///
/// # Errors
/// If the database fails.
pub async fn list(
    conn: &mut PgConnection,
    realm: RealmId,
    user: &UserId,
    name: Option<&str>,
    first: i64,
    max: Option<i64>,
) -> Result<Vec<GroupInTree>> {
    let rows = select_groups!(
        "",
        "join user_groups m on m.realm_id = g.realm_id and m.group_id = g.id
         where g.realm_id = $1 and m.user_id = $2 and ($3::text is null or lower(g.name) like $3)
         order by g.name, g.id offset $4 limit $5",
        realm.0,
        user.as_str(),
        name,
        first,
        max
    )
    .fetch_all(conn)
    .await?;
    Row::read_all(rows)
}

/// How many groups a user is in; `name` as in [`list`].
///
/// # Errors
/// If the database fails.
pub async fn count(conn: &mut PgConnection, realm: RealmId, user: &UserId, name: Option<&str>) -> Result<i64> {
    Ok(sqlx::query_scalar!(
        r#"select count(*) as "count!" from user_groups m join groups g on g.realm_id = m.realm_id and g.id = m.group_id
           where m.realm_id = $1 and m.user_id = $2 and ($3::text is null or lower(g.name) like $3)"#,
        realm.0,
        user.as_str(),
        name
    )
    .fetch_one(conn)
    .await?)
}

/// Makes a user a member of groups; those it is in already stay.
///
/// # Errors
/// A conflict (missing) if the user or a group is gone.
pub async fn join(tx: &mut Tx, user: &UserId, groups: &[GroupId]) -> Result<()> {
    let realm = tx.realm();
    let groups: Vec<String> = groups.iter().map(|group| group.0.clone()).collect();
    sqlx::query!(
        "insert into user_groups (realm_id, user_id, group_id)
         select $1, $2, id from unnest($3::text[]) as given (id) on conflict do nothing",
        realm.0,
        user.as_str(),
        &groups
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Makes a user a member of the groups that every new user joins.
///
/// # Errors
/// If the database fails.
pub async fn join_default_groups(tx: &mut Tx, user: &UserId) -> Result<()> {
    let realm = tx.realm();
    sqlx::query!(
        "insert into user_groups (realm_id, user_id, group_id)
         select $1, $2, group_id from default_groups where realm_id = $1 on conflict do nothing",
        realm.0,
        user.as_str()
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Ends a membership. False if there was none.
///
/// # Errors
/// If the database fails.
pub async fn leave(tx: &mut Tx, user: &UserId, group: &GroupId) -> Result<bool> {
    let realm = tx.realm();
    let done = sqlx::query!(
        "delete from user_groups where realm_id = $1 and user_id = $2 and group_id = $3",
        realm.0,
        user.as_str(),
        group.as_str()
    )
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected() > 0)
}

/// Whether there is such a group.
///
/// # Errors
/// If the database fails.
pub async fn exists(conn: &mut PgConnection, realm: RealmId, group: &GroupId) -> Result<bool> {
    Ok(sqlx::query_scalar!(
        r#"select exists (select from groups where realm_id = $1 and id = $2) as "exists!""#,
        realm.0,
        group.as_str()
    )
    .fetch_one(conn)
    .await?)
}

/// The roles that members of these groups get, from the groups themselves and from those above.
///
/// # Errors
/// If the database fails.
pub async fn roles_of_groups(conn: &mut PgConnection, realm: RealmId, groups: &[GroupId]) -> Result<Vec<RoleId>> {
    let groups: Vec<String> = groups.iter().map(|group| group.0.clone()).collect();
    let roles = sqlx::query_scalar!(
        "with recursive up as (
             select id, parent from groups where realm_id = $1 and id = any($2)
             union
             select g.id, g.parent from up join groups g on g.realm_id = $1 and g.id = up.parent
         )
         select distinct r.role_id from up join group_roles r on r.realm_id = $1 and r.group_id = up.id",
        realm.0,
        &groups
    )
    .fetch_all(conn)
    .await?;
    Ok(roles.into_iter().map(RoleId).collect())
}

/// The groups at these paths, each given as the names from the top down. A path that leads nowhere has none.
///
/// # Errors
/// If the database fails.
pub async fn groups_at(conn: &mut PgConnection, realm: RealmId, paths: &[Vec<String>]) -> Result<Vec<Option<GroupId>>> {
    let rows = sqlx::query!(
        r#"with recursive down as (
               select given.number, given.path, 1 as depth, g.id
               from jsonb_array_elements($2::jsonb) with ordinality as given (path, number)
               join groups g on g.realm_id = $1 and g.parent is null and g.name = given.path ->> 0
               union all
               select down.number, down.path, down.depth + 1, g.id
               from down join groups g on g.realm_id = $1 and g.parent = down.id and g.name = down.path ->> down.depth
           )
           select number as "number!", id as "id!" from down where depth = jsonb_array_length(path)"#,
        realm.0,
        row::write(&paths)
    )
    .fetch_all(conn)
    .await?;
    let mut found = vec![None; paths.len()];
    for row in rows {
        let place = usize::try_from(row.number).ok().and_then(|number| number.checked_sub(1));
        if let Some(slot) = place.and_then(|place| found.get_mut(place)) {
            *slot = Some(GroupId(row.id));
        }
    }
    Ok(found)
}
