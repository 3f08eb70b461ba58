//! Everything about users that access rules look at, in single statements.

use model::{
    id::{GroupId, RealmId, RoleId, UserId},
    subject::{Assignments, RolesAndGroups, Subject, SubjectGroup},
};
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;

use crate::{Result, row};

#[derive(Deserialize)]
struct Membership {
    id: GroupId,
    path: Vec<String>,
}

/// Takes what was given to a user out of a row of another query.
pub(crate) fn assigned(role_ids: Vec<String>, group_ids: Vec<String>) -> Assignments {
    Assignments {
        roles: role_ids.into_iter().map(RoleId).collect(),
        groups: group_ids.into_iter().map(GroupId).collect(),
    }
}

/// What was given to a user.
///
/// # Errors
/// If the database fails.
pub async fn assignments(conn: &mut PgConnection, realm: RealmId, user: &UserId) -> Result<Assignments> {
    let found = sqlx::query!(
        r#"select
               array(select role_id from user_roles where realm_id = $1 and user_id = $2 order by role_id) as "role_ids!",
               array(select group_id from user_groups where realm_id = $1 and user_id = $2 order by group_id)
                   as "group_ids!""#,
        realm.0,
        user.as_str()
    )
    .fetch_one(conn)
    .await?;
    Ok(assigned(found.role_ids, found.group_ids))
}

/// Roles in effect (given ones, those of given groups and the groups above them, and what all of these contain), the
/// given groups, and the attributes of these and of the groups above them; with the realm's generation, on which nothing
/// else of this depends.
///
/// # Errors
/// If the database fails.
pub async fn resolve(conn: &mut PgConnection, realm: RealmId, given: &Assignments) -> Result<(RolesAndGroups, i64)> {
    let roles: Vec<_> = given.roles.iter().map(|role| role.0.clone()).collect();
    let groups: Vec<_> = given.groups.iter().map(|group| group.0.clone()).collect();
    let found = sqlx::query!(
        r#"with recursive up as (
               select g.id as member_of, g.id, g.parent, g.name, g.attributes, 0 as height
               from groups g where g.realm_id = $1 and g.id = any($3)
               union all
               select up.member_of, g.id, g.parent, g.name, g.attributes, up.height + 1
               from up join groups g on g.realm_id = $1 and g.id = up.parent
           ),
           held as (
               select id as role_id from roles where realm_id = $1 and id = any($2)
               union
               select r.role_id from up join group_roles r on r.realm_id = $1 and r.group_id = up.id
               union
               select c.child from held join role_composites c on c.realm_id = $1 and c.parent = held.role_id
           ),
           paths as (
               select member_of, jsonb_agg(name order by height desc) as path from up group by member_of
           )
           select
               (
                   select coalesce(
                       jsonb_agg(jsonb_build_object('client', c.client_id, 'name', r.name)
                                 order by c.client_id nulls first, r.name),
                       '[]')
                   from held join roles r on r.realm_id = $1 and r.id = held.role_id
                   left join clients c on c.realm_id = $1 and c.id = r.client
               ) as "roles!",
               (
                   select coalesce(
                       jsonb_agg(jsonb_build_object('id', member_of, 'path', path) order by path, member_of), '[]')
                   from paths
               ) as "groups!",
               (
                   select coalesce(jsonb_agg(attributes order by member_of, height), '[]') from up where attributes <> '{}'
               ) as "attributes!",
               coalesce((select generation from realms where realm_id = $1), 0) as "generation!""#,
        realm.0,
        &roles,
        &groups
    )
    .fetch_one(conn)
    .await?;
    let groups: Vec<Membership> = row::read("groups", "name", found.groups)?;
    let resolved = RolesAndGroups {
        roles: row::read("roles", "name", found.roles)?,
        groups: groups.into_iter().map(|group| SubjectGroup { id: group.id, path: group.path }).collect(),
        group_attributes: row::read("groups", "attributes", found.attributes)?,
    };
    Ok((resolved, found.generation))
}

/// A group as the query below takes it.
#[derive(Serialize)]
struct Place {
    names: Vec<String>,
    below: bool,
}

/// The enabled users that have any of these roles in effect or are in any of these groups, by name.
///
/// `roles` are written as Keycloak does: `NAME`, or `CLIENT.NAME` for a client role. `groups` are pairs of a path such
/// as `/a/b` and whether members of the groups below count too. Of the result, the first `first` are skipped and at
/// most `max` given.
///
/// # Errors
/// If the database fails.
pub async fn users_with(
    conn: &mut PgConnection,
    realm: RealmId,
    roles: &[String],
    groups: &[(String, bool)],
    first: i64,
    max: i64,
) -> Result<Vec<(UserId, String)>> {
    let places: Vec<_> = groups
        .iter()
        .map(|(path, below)| Place { names: model::group::path_names(path), below: *below })
        .filter(|place| !place.names.is_empty())
        .collect();
    let rows = sqlx::query!(
        r#"with recursive bringing as (
               -- The named roles, then every role that contains one of them.
               select r.id from roles r left join clients c on c.realm_id = r.realm_id and c.id = r.client
               where r.realm_id = $1
                 and case when r.client is null then r.name else c.client_id || '.' || r.name end = any($2)
               union
               select c.parent from bringing join role_composites c on c.realm_id = $1 and c.child = bringing.id
           ),
           way as (
               -- Down each path, name by name.
               select g.id, place.names, place.below, 1 as level
               from jsonb_to_recordset($3) as place (names jsonb, below boolean)
               join groups g on g.realm_id = $1 and g.parent is null and g.name = place.names ->> 0
               union all
               select g.id, way.names, way.below, way.level + 1
               from way join groups g on g.realm_id = $1 and g.parent = way.id and g.name = way.names ->> way.level
           ),
           within as (
               -- The named groups and those that bring a role; for the latter, and where asked for, all groups below.
               select id, below from way where level = jsonb_array_length(names)
               union
               select given.group_id, true from group_roles given
               where given.realm_id = $1 and given.role_id in (select id from bringing)
               union
               select g.id, true from within join groups g on g.realm_id = $1 and g.parent = within.id
               where within.below
           )
           select u.id, u.username from users u
           where u.realm_id = $1 and u.enabled and u.id in (
               select given.user_id from user_roles given
               where given.realm_id = $1 and given.role_id in (select id from bringing)
               union
               select m.user_id from user_groups m
               where m.realm_id = $1 and m.group_id in (select id from within)
           )
           order by u.username offset $4 limit $5"#,
        realm.0,
        roles,
        row::write(&places),
        first,
        max
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|row| (UserId(row.id), row.username)).collect())
}

/// Several users as rules see them, by name. Users that don't exist are left out.
///
/// # Errors
/// If the database fails.
pub async fn of_users(conn: &mut PgConnection, realm: RealmId, users: &[UserId]) -> Result<Vec<Subject>> {
    let users: Vec<String> = users.iter().map(|user| user.0.clone()).collect();
    let rows = sqlx::query!(
        r#"with recursive asked as (
               select u.id, u.username, u.email, u.email_verified, u.first_name, u.last_name, u.attributes
               from users u where u.realm_id = $1 and u.id = any($2)
           ),
           up as (
               select asked.id as user_id, g.id as member_of, g.id, g.parent, g.name, 0 as height
               from asked join user_groups m on m.realm_id = $1 and m.user_id = asked.id
               join groups g on g.realm_id = $1 and g.id = m.group_id
               union all
               select up.user_id, up.member_of, g.id, g.parent, g.name, up.height + 1
               from up join groups g on g.realm_id = $1 and g.id = up.parent
           ),
           held as (
               select asked.id as user_id, r.role_id from asked
               join user_roles r on r.realm_id = $1 and r.user_id = asked.id
               union
               select up.user_id, r.role_id from up join group_roles r on r.realm_id = $1 and r.group_id = up.id
               union
               select held.user_id, c.child from held
               join role_composites c on c.realm_id = $1 and c.parent = held.role_id
           ),
           paths as (
               select user_id, member_of, jsonb_agg(name order by height desc) as path from up group by user_id, member_of
           )
           select asked.id, asked.username, asked.email, asked.email_verified, asked.first_name, asked.last_name,
               asked.attributes,
               (
                   select coalesce(jsonb_agg(jsonb_build_object('client', c.client_id, 'name', r.name)), '[]')
                   from held join roles r on r.realm_id = $1 and r.id = held.role_id
                   left join clients c on c.realm_id = $1 and c.id = r.client
                   where held.user_id = asked.id
               ) as "roles!",
               (
                   select coalesce(jsonb_agg(jsonb_build_object('id', member_of, 'path', path)), '[]')
                   from paths where paths.user_id = asked.id
               ) as "groups!"
           from asked order by asked.username"#,
        realm.0,
        &users
    )
    .fetch_all(conn)
    .await?;
    rows.into_iter()
        .map(|row| {
            let groups: Vec<Membership> = row::read("groups", "name", row.groups)?;
            Ok(Subject {
                user_id: Some(UserId(row.id)),
                username: row.username,
                email: row.email,
                email_verified: row.email_verified,
                first_name: row.first_name,
                last_name: row.last_name,
                attributes: row::read("users", "attributes", row.attributes)?,
                roles: row::read("roles", "name", row.roles)?,
                groups: groups.into_iter().map(|group| SubjectGroup { id: group.id, path: group.path }).collect(),
                group_attributes: Vec::new(),
            })
        })
        .collect()
}
